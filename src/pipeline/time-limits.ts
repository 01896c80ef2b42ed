import { LONGEST_AGE, toIso } from '../model/time.js';

/** Milliseconds; sending takes a part of what Datadog allows. */
const OLDEST = LONGEST_AGE - 120_000;

/** Whether Datadog would refuse what happened at a time, `now` in milliseconds. */
export function isTooOld(time: string, now: number): boolean {
  return now - Date.parse(time) > OLDEST;
}

/** What ended before this time Datadog refuses. */
export function toOldest(now: number): string {
  return toIso(now - OLDEST);
}
