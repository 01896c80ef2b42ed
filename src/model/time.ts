/** What servers write for a time that was never set (Go's zero time, Gitea's Unix zero). */
const UNSET = /^(0001-|1970-01-01)/;

/** The year 10000. */
const LAST_SECOND = 253_402_300_800;

const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:?\d{2})$/;

/** A time of a server in UTC with milliseconds; undefined for what is unset, without a zone, or no time. */
export function toTime(raw: unknown): string | undefined {
  if (typeof raw !== 'string' || UNSET.test(raw) || !RFC3339.test(raw)) return undefined;
  const date = new Date(raw.replace(' ', 'T'));
  return toTimeOfUnix(date.getTime() / 1000);
}

/** Seconds since the epoch as RFC 3339 in UTC; undefined for zero and less, and for years that RFC 3339 has not. */
export function toTimeOfUnix(seconds: number): string | undefined {
  return seconds > 0 && seconds < LAST_SECOND ? toIso(seconds * 1000) : undefined;
}

/** Milliseconds since the epoch as RFC 3339 in UTC. */
export function toIso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** The later of two times; an end is clamped to its start with it. */
export function latest(a: string, b: string): string {
  return Date.parse(a) >= Date.parse(b) ? a : b;
}

/** The time itself, or the nearer end of a span that it lies outside of. */
export function within(time: string, { start, end }: { start: string; end: string }): string {
  const after = latest(time, start);
  return latest(after, end) === after ? end : after;
}

/** Milliseconds from creation to start; undefined where one is unknown, or the clocks say less than nothing. */
export function toQueueTime(created: string | undefined, started: string | undefined): number | undefined {
  if (!created || !started) return undefined;
  const queue = Date.parse(started) - Date.parse(created);
  return queue >= 0 ? queue : undefined;
}

/** How long something took, in words: `0.4 s`, `12 s`, `7 m 00 s`, `1 h 05 m 09 s`; never less than nothing. */
export function toDuration(start: string, end: string): string {
  const tenths = Math.round(Math.max(0, Date.parse(end) - Date.parse(start)) / 100);
  if (tenths < 100) return `${tenths / 10} s`;
  const all = Math.round(tenths / 10);
  const parts = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const first = parts.findIndex((part) => part > 0);
  const shown = parts.map((part, at) => `${at > first ? `${part}`.padStart(2, '0') : part} ${'hms'[at]}`);
  return shown.slice(first).join(' ');
}

/** In milliseconds. */
export const HOUR = 3_600_000;

/** So old may be what Datadog takes (docs, "Send Custom Pipelines": up to 18 hours in the past), in milliseconds. */
export const LONGEST_AGE = 18 * HOUR;

/** The earliest of times of which some are unknown. */
export function earliest(times: readonly (string | undefined)[]): string | undefined {
  return times.filter((time) => time !== undefined).sort()[0];
}

/** The newest of times of which some are unknown. */
export function newest(times: readonly (string | undefined)[]): string | undefined {
  return times
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
}
