import type { Answer } from './http.js';

/** What to do after a try that did not end in an answer that settles it. */
export type Decision = { wait: number } | { giveUp: string };

const FIRST_WAIT = 250;
const LONGEST_WAIT = 5_000;

/** Whether another try may end differently: network errors always, of the answers these. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/**
 * Waits grow exponentially with full jitter; where the server names a time it is obeyed to the letter, and when that does not fit what is
 * left of the deadline, it gives up at once. All in milliseconds; `tries` counts those made, `random` is from [0, 1).
 */
export function decide(facts: { tries: number; answer?: Answer | undefined; left: number; now: number; random: number }): Decision {
  const named = facts.answer && toNamedWait(facts.answer, facts.now);
  if (named !== undefined) {
    return named < facts.left
      ? { wait: named }
      : { giveUp: `the server asks to wait ${Math.ceil(named / 1000)} s, longer than \`timeout\` allows` };
  }
  const most = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** facts.tries);
  const wait = Math.round(most / 2 + (most / 2) * facts.random);
  return wait < facts.left ? { wait } : { giveUp: `no time is left for try ${facts.tries + 1}` };
}

/**
 * `Retry-After` (seconds or an HTTP date, RFC 9110 10.2.3), then Datadog's `X-RateLimit-Reset` (seconds; docs, "Rate limits"). Malformed
 * ones count as absent: a retry only loses the server's timing.
 */
function toNamedWait({ status, headers }: Answer, now: number): number | undefined {
  const header = (name: string): string => [headers[name]].flat()[0]?.trim() ?? '';
  const after = header('retry-after');
  if (/^\d+$/.test(after)) return Number(after) * 1000;
  if (after && !Number.isNaN(Date.parse(after))) return Math.max(0, Date.parse(after) - now);
  const reset = header('x-ratelimit-reset');
  return status === 429 && /^\d+$/.test(reset) ? Number(reset) * 1000 : undefined;
}
