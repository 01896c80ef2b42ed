/** What servers write for a time that was never set (Go's zero time, Gitea's Unix zero). */
const UNSET = /^(0001-|1970-01-01)/;

const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:?\d{2})$/;

/** A time of a server in UTC with milliseconds; undefined for what is unset, without a zone, or no time. */
export function toTime(raw: unknown): string | undefined {
  if (typeof raw !== 'string' || UNSET.test(raw) || !RFC3339.test(raw)) return undefined;
  const date = new Date(raw.replace(' ', 'T'));
  return Number.isNaN(date.getTime()) || date.getTime() <= 0 ? undefined : date.toISOString();
}

/** Milliseconds since the epoch as RFC 3339 in UTC. */
export function toIso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** The later of two times; an end is clamped to its start with it. */
export function latest(a: string, b: string): string {
  return Date.parse(a) >= Date.parse(b) ? a : b;
}
