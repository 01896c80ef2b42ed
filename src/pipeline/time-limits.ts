import { toIso } from '../model/time.js';
import type { Log } from '../runner/log.js';

/**
 * Datadog takes events up to 18 hours old (docs, "Send pipeline event"), in milliseconds; sending takes a part of that.
 */
const OLDEST = 18 * 60 * 60 * 1000 - 2 * 60 * 1000;

/** Whether Datadog would refuse what happened at a time, `now` in milliseconds. */
export function isTooOld(time: string, now: number): boolean {
  return now - Date.parse(time) > OLDEST;
}

/** What ended before this time Datadog refuses. */
export function toOldest(now: number): string {
  return toIso(now - OLDEST);
}

/** Says that of something that began that long ago steps may be missing. */
export function warnOldSteps(start: string, now: number, log: Log): void {
  if (!isTooOld(start, now)) return;
  log.notice('Datadog: steps that ended more than 18 hours ago are left out, because Datadog takes nothing older.');
}

/** Clocks that differ by more than this, in milliseconds, are worth a word. */
const SKEW = 5_000;

/** Says that something which is over lies in this runner's future. */
export function warnSkew(times: readonly string[], now: string, log: Log): void {
  const most = times.reduce((most, time) => Math.max(most, Date.parse(time) - Date.parse(now)), 0);
  if (most <= SKEW) return;
  log.notice(
    'Datadog: the clocks of this runner and of whoever told the times before differ by ' +
      `${Math.round(most / 1000)} s, so the end is sent as equal to the latest of them.`,
  );
}
