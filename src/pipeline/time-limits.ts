import { toIso } from '../model/time.js';

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
