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

/** The server's API as far as it can be read: what can't be read is undefined, said once, and never fails. */
export interface Server {
  read<T>(read: Read<T>): Promise<T | undefined>;
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
    async read({ path, permission, parse }) {
      if (!get) return undefined;
      if (spent) {
        log.debug(`API: ${path} not read, the rate limit is nearly used up`);
        return undefined;
      }
      try {
        const { status, headers, body } = await get(path, Math.round(deadline.left() * SHARE));
        spent = Number(headers['x-ratelimit-remaining'] ?? Infinity) < RESERVED_REQUESTS;
        if (status >= 200 && status < 300) return parse(body);
        if ((status === 401 || status === 403) && !spent) {
          log.notice(
            `The server's API refused a read (${status}), so details are missing; \`permissions: ${permission}\` in the workflow allows it.`,
          );
        }
        log.debug(`API: ${path} answered ${status}`);
      } catch (error) {
        log.debug(`API: ${path}: ${toCauseChain(error)}`);
      }
      return undefined;
    },
  };
}
