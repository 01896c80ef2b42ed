import { HOUR, latest, toIso } from '../model/time.js';
import { toOldest } from '../pipeline/time-limits.js';

/** The time whose runs a look reports: all that ended since. */
export interface Window {
  since: string;
  /** What ended before that is lost: it was asked for, but Datadog takes nothing as old. */
  isCut: boolean;
}

/** Milliseconds by which a look reaches into the one before: a server may tell of an end some seconds late. */
const OVERLAP = 120_000;

/** Milliseconds of the first look. */
const FIRST = HOUR;

/**
 * From the input `since`, else from a little before the start of the last look that left nothing out; `now` is in
 * milliseconds. All by the server's clock, so that no runner's matters.
 */
export function toWindow(
  { since, lastLook }: { since?: string | undefined; lastLook?: string | undefined },
  now: number,
): Window {
  const first = toIso(now - FIRST);
  const wanted = since ?? (lastLook === undefined ? first : toIso(Date.parse(lastLook) - OVERLAP));
  const from = latest(wanted, toOldest(now));
  return { since: from, isCut: from !== wanted };
}

/** Whether something ended within the window; what has no time may have. */
export function endedSince(end: string | undefined, { since }: Window): boolean {
  return end === undefined || Date.parse(end) >= Date.parse(since);
}

/** The time before which nothing was created that ends within the window. */
export function toHorizon({ since }: Window, hours: number): string {
  return toIso(Date.parse(since) - hours * HOUR);
}
