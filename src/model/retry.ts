import { type Headers, toHeader } from './headers.js';

/** What to do after a try that did not end in an answer that settles it. */
type Decision = { wait: number } | { giveUp: string };

const FIRST_WAIT = 250;
const LONGEST_WAIT = 5_000;

/** Whether another try may end differently: network errors always, of the answers these. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/**
 * Waits grow exponentially with jitter; a time that the server names is obeyed, never sooner, and when it does not fit
 * what is left of the deadline, it gives up at once. All in milliseconds; `tries` counts those made, `random` is from
 * [0, 1).
 */
export function decide({
  tries,
  named,
  remaining,
  random,
}: {
  tries: number;
  named?: number | undefined;
  remaining: number;
  random: number;
}): Decision {
  const most = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries);
  const backoff = Math.round(most / 2 + (most / 2) * random);
  if (named !== undefined && named >= remaining) {
    return { giveUp: `the server asks to wait ${Math.ceil(named / 1000)} s, longer than \`timeout\` allows` };
  }
  // Whoever is told the same time with many others comes a little later than that, each at another moment.
  const spread = named && Math.max(named, Math.min(named + backoff * random, remaining - 1));
  // A server that asks for no wait at all, for ever, still gets a growing one.
  const wait = Math.round(spread || backoff);
  return wait < remaining ? { wait } : { giveUp: `no time is left for try ${tries + 1}` };
}

/** The dates of RFC 9110, 5.6.7; Date.parse takes much else for one. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * The milliseconds of `Retry-After` (seconds or an HTTP date, RFC 9110 10.2.3). A malformed one counts as absent: a
 * retry only loses the server's timing.
 */
export function toRetryAfter(headers: Headers, now: number): number | undefined {
  const after = toHeader(headers, 'retry-after');
  if (/^\d+$/.test(after)) return Number(after) * 1000;
  // A date that no month has is NaN.
  const date = HTTP_DATE.test(after) ? Date.parse(after) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
