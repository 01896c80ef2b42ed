/** A file of the spool, by its name. */
export interface SpoolFile {
  name: string;
  /** The name without a claim. */
  base: string;
  /** Tells accounts and intakes apart, and names none. */
  owner: string;
  /** When it was written, in milliseconds since the epoch. */
  time: number;
  claim?: Claim;
}

/** When a job took a file, by two clocks: one that may be set, and one that begins with the machine. */
export interface Claim {
  /** Milliseconds since the epoch. */
  time: number;
  /** Seconds since the machine started. */
  uptime: number;
}

/** No phase lives that long, so whoever took the file is dead; in seconds. */
const LONGEST_CLAIM = 15 * 60;

const NAME = /^(datadog-([\da-f]{8})-(\d{13})-[\w-]+\.json)(?:\.claim-(\d{1,15})-(\d{1,12}))?$/;

/** `datadog-<owner>-<time>-<id>.json`. */
export function toBaseName({ owner, time }: Pick<SpoolFile, 'owner' | 'time'>, id: string): string {
  return `datadog-${owner}-${String(time).padStart(13, '0')}-${id}.json`;
}

/** The name while a job has the file: a rename takes it, and only one rename of several succeeds. */
export function toClaimed(base: string, { time, uptime }: Claim): string {
  return `${base}.claim-${time}-${uptime}`;
}

/** A file by its name; undefined where no spool gives such names. */
export function parseName(name: string): SpoolFile | undefined {
  const [, base, owner, time, claimed, uptime] = NAME.exec(name) ?? [];
  if (base === undefined || owner === undefined) return undefined;
  const file = { name, base, owner, time: Number(time) };
  return claimed === undefined ? file : { ...file, claim: { time: Number(claimed), uptime: Number(uptime) } };
}

/**
 * Whether a claim is a dead job's, by both clocks: one may be set while a job lives, the other tells nothing of claims
 * before a restart, or of another machine.
 */
export function isAbandoned(claim: Claim, now: Claim): boolean {
  const isOldByWall = Math.abs(now.time - claim.time) > LONGEST_CLAIM * 1000;
  const isOldByMachine = now.uptime < claim.uptime || now.uptime - claim.uptime > LONGEST_CLAIM;
  return isOldByWall && isOldByMachine;
}
