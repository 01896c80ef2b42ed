import { createHmac } from 'node:crypto';
import type { Event } from '../events/schema.js';
import { LONGEST_AGE } from '../model/time.js';
import type { Deadline } from '../runner/deadline.js';
import type { Folder } from '../runner/runner.js';
import type { Session } from '../runner/session.js';
import { deliver } from './intake.js';
import type { Intake } from './posting.js';
import { type Claim, isAbandoned, parseName, type SpoolFile, toBaseName, toClaimed } from './spool-name.js';

/** More is not kept for one key and one intake; a job's payload has some 10 KB. */
const MOST_FILES = 1_000;
const MOST_BYTES = 64 * 1024 * 1024;

/** More is neither written nor read. */
const LONGEST_FILE = 8 * 1024 * 1024;

/** Undelivered final events of one account and one intake, on the disk of a runner. */
export type Spool = Awaited<ReturnType<typeof openSpool>>;

/** Where to send, and how long. */
interface Limits {
  intake: Intake;
  deadline: Deadline;
  /** By the intake's own clock, in milliseconds since the epoch; undefined where it tells none. */
  time?: number | undefined;
}

/** A file that this job has. */
export type Held = ReturnType<typeof toHeld>;

/** What became of the files, by their number. */
export interface Resent {
  sent: number;
  refused: number;
  expired: number;
  left: number;
  /** Not written with this key for this intake. */
  foreign: number;
}

interface Store {
  folder: Folder;
  owner: string;
  sign(text: string): string;
  now(): Claim;
}

/** The spool in `undelivered-dir`; throws where there is none and none can be made. */
export async function openSpool({ runner, config }: Session) {
  const { apiKey, intake } = config;
  const hmac = (text: string): string => createHmac('sha256', apiKey).update(text).digest('hex');
  const folder = await runner.openFolder(config.undeliveredDir ?? '');
  const store: Store = {
    folder,
    // The whole of it would be a check for guessed keys, as the signatures are; keys have 128 random bits.
    owner: hmac(intake).slice(0, 8),
    sign: (text) => hmac(`${intake}\n${text}`),
    now: () => ({ time: runner.now(), uptime: folder.uptime() }),
  };
  return {
    /** Writes events, held: as long as this job lives no other one sends them. Throws where that is not possible. */
    add: (events: readonly Event[]) => add(events, runner.uuid(), store),
    /** Sends what earlier jobs left, oldest first, until something is not delivered; throws on an unreadable folder. */
    resend: (limits: Limits) => resend(store, limits),
  };
}

/** One line of JSON, and one that proves who wrote it for where. */
function add(events: readonly Event[], id: string, store: Store): Held {
  const { folder, owner, sign } = store;
  const json = JSON.stringify({ data: events });
  const text = `${json}\n${sign(json)}\n`;
  const now = store.now();
  const size = Buffer.byteLength(text);
  const sizes = toSizes(store, now);
  const isFull = sizes.length >= MOST_FILES || sizes.reduce((a, b) => a + b, size) > MOST_BYTES;
  if (isFull) throw new Error(`it is full: ${MOST_FILES} files, or ${MOST_BYTES / 1024 ** 2} MiB`);
  if (size > LONGEST_FILE) throw new Error(`the payload has ${size} bytes, more than ${LONGEST_FILE}`);
  const base = toBaseName({ owner, time: now.time }, id);
  const name = toClaimed(base, now);
  folder.write(name, text);
  return toHeld({ name, base }, store);
}

/** Of what may still be sent: the rest may lie there for ever, and must not keep out what comes. */
function toSizes({ folder, owner }: Store, now: Claim): number[] {
  return toOwn(folder.list(), owner)
    .filter(({ time }) => Math.abs(now.time - time) <= LONGEST_AGE)
    .map(({ name }) => folder.size(name) ?? 0)
    .filter((size) => size <= LONGEST_FILE);
}

async function resend(store: Store, limits: Limits): Promise<Resent> {
  const { folder, owner, now } = store;
  const all = folder.list();
  const own = toOwn(all, owner);
  const counts: Resent = { sent: 0, refused: 0, expired: 0, left: 0, foreign: all.length - own.length };
  const waiting = own.filter(({ claim }) => !claim || isAbandoned(claim, now())).sort((a, b) => a.time - b.time);
  for (const [index, file] of waiting.entries()) {
    const became = limits.deadline.remaining() > 0 ? await resendFile(file, store, limits) : 'left';
    if (became === 'left') {
      counts.left = waiting.length - index;
      break;
    }
    if (became) counts[became] += 1;
  }
  return counts;
}

/** What became of a file; undefined where another job has it. */
async function resendFile(file: SpoolFile, store: Store, limits: Limits): Promise<keyof Resent | undefined> {
  const { intake, deadline, time } = limits;
  const events = readEvents(file, store);
  if (!events) return store.folder.size(file.name) === undefined ? undefined : 'foreign';
  const held = claim(file, store);
  if (!held) return undefined;
  // By the intake's clock alone: this machine's may have been wrong, and what is removed is gone.
  if (time !== undefined && time - file.time > LONGEST_AGE) {
    held.remove();
    return 'expired';
  }
  const { refused, reason } = await deliver(events, intake, deadline);
  const whys = new Set([reason?.why ?? '', ...refused.map(({ why }) => why)].filter(Boolean));
  whys.forEach((why) => intake.debug(`a payload of an earlier job: ${why}`));
  if (reason) held.release();
  else held.remove();
  if (reason) return 'left';
  return refused.length > 0 ? 'refused' : 'sent';
}

function toOwn(all: ReturnType<Folder['list']>, owner: string): SpoolFile[] {
  const files = all.flatMap(({ name, isFile }) => (isFile ? (parseName(name) ?? []) : []));
  return files.filter((file) => file.owner === owner);
}

/** The events of a file; undefined where it was not written with this key for this intake, or is gone. */
function readEvents({ name }: SpoolFile, { folder, sign }: Store): Event[] | undefined {
  const [json = '', signature, ...rest] = folder.read(name, LONGEST_FILE)?.split('\n') ?? [];
  if (signature !== sign(json) || rest.join('') !== '') return undefined;
  return (JSON.parse(json) as { data: Event[] }).data;
}

function claim({ name, base }: SpoolFile, store: Store): Held | undefined {
  const claimed = toClaimed(base, store.now());
  return store.folder.rename(name, claimed) === undefined ? undefined : toHeld({ name: claimed, base }, store);
}

function toHeld({ name, base }: Pick<SpoolFile, 'name' | 'base'>, { folder }: Store) {
  return {
    /** Gives it to the next job, and returns its path. */
    release: () => folder.rename(name, base),
    remove: () => folder.remove(name),
  };
}
