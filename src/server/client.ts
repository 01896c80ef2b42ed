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

/** The means to read the API where there is a token for it. */
export function toGet(
  token: string,
  apiUrl: string,
  createGet: (token: string, baseUrl: string) => Get,
): Get | undefined {
  return token && apiUrl ? createGet(token, apiUrl) : undefined;
}

/** How a server is asked. */
export interface ClientOptions {
  deadline: Deadline;
  log: Log;
  limit?: RateLimit;
  /** The token is the job's own: there is none that would be accepted in its place. */
  isJobToken?: boolean;
  /** A refused token means something here, and whoever asks says what. */
  expectsRefusal?: boolean;
  /** The server answers 404 to who may not read, as it does for a private repository. */
  hidesRefusals?: boolean | undefined;
}

/** A client that asks no more when its rate limit is nearly used up. */
export function createClient(
  get: Get | undefined,
  {
    deadline,
    log,
    limit = { spent: false },
    isJobToken = false,
    expectsRefusal = false,
    hidesRefusals = false,
  }: ClientOptions,
): Client {
  return {
    async read({ path, permission, parse }, onMiss) {
      const miss = (why: string, status?: number, fix?: string): undefined => {
        log.debug(`API: ${path}: ${why}`);
        onMiss?.({ why, status, fix });
      };
      if (!get)
        return void onMiss?.({
          why: "there is no token for the server's API, or the API's address is not known",
          fix: OTHER_TOKEN,
        });
      if (limit.spent) return miss('not read, the rate limit is nearly used up');
      try {
        const answer = await get(path, Math.round(deadline.remaining() * SHARE));
        const { status, headers, body } = answer;
        noteRemaining(headers, limit);
        if (status >= 200 && status < 300) return parse(body) ?? miss('the answer is not understood', status);
        if (isRateLimit(answer)) return miss(`the rate limit is used up (${status})`);
        const refusal = toRefusal(answer, { isJobToken, hidesRefusals }, permission);
        if (refusal.notice && !(expectsRefusal && refusal.refusesToken)) log.notice(refusal.notice);
        log.debug(`API: ${path}: ${refusal.why}`);
        return void onMiss?.(refusal);
      } catch (error) {
        return miss(toCauseChain(error));
      }
    },
  };
}

/** What an answer without what was asked for means, with what to say of it. */
function toRefusal(
  { status, body }: ApiAnswer,
  { isJobToken, hidesRefusals }: Required<Pick<ClientOptions, 'isJobToken' | 'hidesRefusals'>>,
  permission: string,
): Unread & { notice?: string } {
  const why = `the server answered ${status}`;
  if (status === 401) {
    const fix = isJobToken ? undefined : OTHER_TOKEN;
    const whose = isJobToken ? "this job's token" : 'the token';
    const notice = `The server's API does not accept ${whose} (401), so details are missing. ${fix ?? ''}`.trim();
    return { why, status, fix, refusesToken: isObject(body), notice };
  }
  // A file may not be there, and a job of the past neither; without a permission nothing of its kind is.
  const isHidden = status === 404 && hidesRefusals && permission === 'actions: read';
  if (status !== 403 && !isHidden) return { why, status };
  const fix = 'Give the token the permission that is named above (`permissions:` of this workflow).';
  const notice =
    `The server's API refused a read (${status}), so details are missing; ` +
    `\`permissions: ${permission}\` in the workflow allows it.`;
  return { why, status, fix, notice };
}

/** Servers refuse in JSON; a proxy's or a portal's page is none of theirs. */
function isObject(body: unknown): boolean {
  return typeof body === 'object' && body !== null;
}
