import type { Deadline } from '../deadline.js';
import type { Log } from '../log.js';
import type { Read } from '../platform.js';
import { toCauseChain } from '../problem.js';

/** What a server's API answered. */
export interface ApiAnswer {
  status: number;
  headers: Record<string, unknown>;
  body: unknown;
}

/** One GET below the API's base URL; throws where there is no answer within `timeout` milliseconds. */
export type Get = (path: string, timeout: number) => Promise<ApiAnswer>;

/** Why something could not be read. */
export interface Unread {
  why: string;
  /** Absent where there was no answer. */
  status?: number | undefined;
}

/** The server's API as far as it can be read: what can't be read is undefined, said once, and never fails; `tell` hears why. */
export interface Server {
  read<T>(read: Read<T>, tell?: (unread: Unread) => void): Promise<T | undefined>;
}

/** Others' steps share the token's rate limit (GitHub: 1,000 an hour and repository). */
const RESERVED_REQUESTS = 50;

/** Reads may take this share of what is left of the phase: the events are worth more. */
const SHARE = 0.4;

/** The means to read the API where there is a token for it. */
export function toGet(token: string, apiUrl: string, createGet: (token: string, baseUrl: string) => Get): Get | undefined {
  return token && apiUrl ? createGet(token, apiUrl) : undefined;
}

/** A server that is asked at most once for each thing, and no more when its rate limit is nearly used up. */
export function createServer(get: Get | undefined, deadline: Deadline, log: Log): Server {
  let spent = false;
  return {
    async read({ path, permission, parse }, tell) {
      const miss = (why: string, status?: number): undefined => {
        log.debug(`API: ${path}: ${why}`);
        tell?.({ why, status });
      };
      if (!get) return void tell?.({ why: 'there is no token to read it with' });
      if (spent) return miss('not read, the rate limit is nearly used up');
      try {
        const { status, headers, body } = await get(path, Math.round(deadline.left() * SHARE));
        spent = Number(headers['x-ratelimit-remaining'] ?? Infinity) < RESERVED_REQUESTS;
        if (status >= 200 && status < 300) return parse(body) ?? miss('the answer is not understood', status);
        if (isRateLimit(status, headers)) return miss(`the rate limit is used up (${status})`);
        if ((status === 401 || status === 403) && !spent) {
          log.notice(
            `The server's API refused a read (${status}), so details are missing; \`permissions: ${permission}\` in the workflow allows it.`,
          );
        }
        return miss(`the server answered ${status}`, status);
      } catch (error) {
        return miss(toCauseChain(error));
      }
    },
  };
}

/** GitHub answers 403 or 429 to whoever asks too much, and says so in headers (REST docs, "Rate limits"). */
export function isRateLimit(status: number, headers: ApiAnswer['headers']): boolean {
  return (
    status === 429 ||
    (status === 403 && (headers['retry-after'] !== undefined || Number(headers['x-ratelimit-remaining'] ?? Infinity) === 0))
  );
}
