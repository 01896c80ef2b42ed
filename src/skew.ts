import type { Log } from './log.js';

/** Clocks that differ by more than this, in milliseconds, are worth a word. */
const SKEW = 5_000;

/** Says that something which is over lies in this runner's future. */
export function tellSkew(times: readonly string[], now: string, log: Log): void {
  const most = times.reduce((most, time) => Math.max(most, Date.parse(time) - Date.parse(now)), 0);
  if (most <= SKEW) return;
  log.notice(
    `Datadog: the clocks of this runner and of whoever told the times before differ by ${Math.round(most / 1000)} s, so the end is sent as equal to the latest of them.`,
  );
}
