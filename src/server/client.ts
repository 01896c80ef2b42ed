import { toCauseChain } from '../model/problem.js';
import type { Deadline } from '../runner/deadline.js';
import type { Log } from '../runner/log.js';
import type { ApiAnswer, Get } from '../runner/runner.js';
import type { Read } from './platforms/platform.js';
import { isRateLimit, noteRemaining, type RateLimit } from './rate-limit.js';

/** Why something could not be read. */
export interface Unread {
  why: string;
  /** Absent where there was no answer. */
  status?: number | undefined;
  /** What to do about it, where that is known. */
  fix?: string | undefined;
  /** The server itself, and nothing in between, does not accept the token. */
  refusesToken?: boolean;
}

/** Hears why something could not be read. */
export type OnMiss = (unread: Unread) => void;

/** Reads the server's API and never fails: what can't be read is undefined, and said once. */
export interface Client {
  read<T>(read: Read<T>, onMiss?: OnMiss): Promise<T | undefined>;
}

/** What to do about a token that is not accepted. */
export const OTHER_TOKEN = 'Leave `token` at its default, or give it one that reads this repository.';

/** Reads may take this share of what is left of the phase: the events are worth more. */
const SHARE = 0.4;

/** A read that the server refused. */
export interface Refusal extends Unread {
  status: number;
  /** What the read takes. */
  permission: string;
}

/** How a server is asked. */
export interface ClientOptions {
  deadline: Deadline;
  log: Pick<Log, 'debug'>;
  limit?: RateLimit;
  /** Hears of what the server refused; a refused token may be what whoever asks is out for. */
  onRefusal?: ((refusal: Refusal) => void) | undefined;
  /** The token is the job's own: there is none that would be accepted in its place. */
  isJobToken?: boolean;
  /** The server answers 404 to who may not read, as it does for a private repository. */
  hidesRefusals?: boolean | undefined;
}

/** A client that asks no more when its rate limit is nearly used up. */
export function createClient(get: Get | undefined, options: ClientOptions): Client {
  const { deadline, log, limit = { spent: false }, onRefusal } = options;
  return {
    async read({ path, permission, parse }, onMiss) {
      const miss = (unread: Unread): undefined => {
        log.debug(`API: ${path}: ${unread.why}`);
        onMiss?.(unread);
      };
      if (!get)
        return void onMiss?.({
          why: "there is no token for the server's API, or the API's address is not known",
          fix: OTHER_TOKEN,
        });
      if (limit.spent) return miss({ why: 'not read, the rate limit is nearly used up' });
      try {
        const answer = await get(path, Math.round(deadline.remaining() * SHARE));
        const { status, headers, body } = answer;
        noteRemaining(headers, limit);
        if (status >= 200 && status < 300) return parse(body) ?? miss({ why: 'the answer is not understood', status });
        if (isRateLimit(answer)) return miss({ why: `the rate limit is used up (${status})` });
        const refusal = toRefusal(answer, permission, options);
        if (refusal) onRefusal?.({ ...refusal, permission });
        return miss(refusal ?? { why: toWords(status), status });
      } catch (error) {
        return miss({ why: toCauseChain(error) });
      }
    },
  };
}

function toWords(status: number): string {
  return `the server answered ${status}`;
}

/** What an answer refuses; undefined where it refuses nothing, but has nothing either. */
function toRefusal(
  { status, body }: ApiAnswer,
  permission: string,
  { isJobToken, hidesRefusals }: ClientOptions,
): Omit<Refusal, 'permission'> | undefined {
  const why = toWords(status);
  if (status === 401) return { why, status, fix: isJobToken ? undefined : OTHER_TOKEN, refusesToken: isObject(body) };
  // A file may not be there, and a job of the past neither; without a permission nothing of its kind is.
  const isHidden = status === 404 && hidesRefusals && permission === 'actions: read';
  if (status !== 403 && !isHidden) return undefined;
  return { why, status, fix: 'Give the token the permission that is named above (`permissions:` of this workflow).' };
}

/** Servers refuse in JSON; a proxy's or a portal's page is none of theirs. */
function isObject(body: unknown): boolean {
  return typeof body === 'object' && body !== null;
}
