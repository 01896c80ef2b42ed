/** What to do after a try that did not end in an answer that settles it. */
type Decision = { wait: number } | { giveUp: string };

/** What of an answer decides; header names in lower case. */
interface AnswerHead {
  status: number;
  headers: Record<string, string | string[] | undefined>;
}

const FIRST_WAIT = 250;
const LONGEST_WAIT = 5_000;

/** Whether another try may end differently: network errors always, of the answers these. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/**
 * Waits grow exponentially with jitter; where the server names a time it is obeyed, never sooner, and when that
 * does not fit what is left of the deadline, it gives up at once. All in milliseconds; `tries` counts those made,
 * `random` is from [0, 1).
 */
export function decide(facts: {
  tries: number;
  answer?: AnswerHead | undefined;
  remaining: number;
  now: number;
  random: number;
}): Decision {
  const most = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** facts.tries);
  const backoff = Math.round(most / 2 + (most / 2) * facts.random);
  const named = facts.answer && toNamedWait(facts.answer, facts.now);
  if (named !== undefined && named >= facts.remaining) {
    return { giveUp: `the server asks to wait ${Math.ceil(named / 1000)} s, longer than \`timeout\` allows` };
  }
  // Whoever is told the same time with many others comes a little later than that, each at another moment.
  const spread = named && Math.max(named, Math.min(named + backoff * facts.random, facts.remaining - 1));
  // A server that asks for no wait at all, for ever, still gets a growing one.
  const wait = Math.round(spread || backoff);
  return wait < facts.remaining ? { wait } : { giveUp: `no time is left for try ${facts.tries + 1}` };
}

/** The dates of RFC 9110, 5.6.7; Date.parse takes much else for one. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * `Retry-After` (seconds or an HTTP date, RFC 9110 10.2.3), then Datadog's `X-RateLimit-Reset` (seconds; docs, "Rate
 * limits"). Malformed ones count as absent: a retry only loses the server's timing.
 */
function toNamedWait({ status, headers }: AnswerHead, now: number): number | undefined {
  const header = (name: string): string => [headers[name]].flat()[0]?.trim() ?? '';
  const after = header('retry-after');
  if (/^\d+$/.test(after)) return Number(after) * 1000;
  if (HTTP_DATE.test(after)) return Math.max(0, Date.parse(after) - now);
  const reset = header('x-ratelimit-reset');
  return status === 429 && /^\d+$/.test(reset) ? Number(reset) * 1000 : undefined;
}
