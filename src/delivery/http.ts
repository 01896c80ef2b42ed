import type { Env } from '../platform.js';
import { goDirectly } from './direct.js';

/** What a server answered; header names in lower case. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface Request {
  url: string;
  headers: Record<string, string>;
  body: Buffer;
  /** Milliseconds for the whole exchange; over that it throws. */
  timeout: number;
}

/** Sends one POST, follows no redirect, and throws (with the cause chain) when there is no whole answer. */
export type Post = (request: Request) => Promise<Answer>;

/** A POST through the proxies of the environment, and the end of all its sockets. */
export interface Http {
  post: Post;
  close(): Promise<void>;
}

/** How a request gets to the server: directly, or through proxies. */
export interface Way {
  /** Sends one POST and resolves with the head of the answer; the signal ends the reading of its body too. */
  post(request: Outgoing): Promise<Incoming>;
  /** Ends all sockets. */
  close(): Promise<void>;
}

export interface Outgoing {
  origin: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
  signal: AbortSignal;
}

/** An answer whose body is still to be read. */
export type Incoming = Omit<Answer, 'body'> & { body: AsyncIterable<Uint8Array> };

/** More of an answer is not read: an error page may be of any size. */
const LONGEST_ANSWER = 64 * 1024;

/** HTTP through `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in either case; throws on a proxy that is no URL. */
export async function createHttp(env: Env): Promise<Http> {
  const way = await findWay(env);
  return {
    post: async ({ url, headers, body, timeout }) => {
      const { origin, pathname } = new URL(url);
      const signal = AbortSignal.timeout(timeout);
      try {
        const answer = await way.post({ origin, path: pathname, headers, body, signal });
        return { status: answer.status, headers: answer.headers, body: await readBeginning(answer.body) };
      } catch (error) {
        // Sockets that were cut off tell of the cut, not of the time that was up.
        throw signal.aborted ? signal.reason : error;
      }
    },
    close: way.close,
  };
}

/** Most jobs have no proxy, and need not wait for undici to load. */
async function findWay(env: Env): Promise<Way> {
  const proxy = (name: string): string => env[name.toLowerCase()] || env[name] || '';
  const proxies = { http: proxy('HTTP_PROXY'), https: proxy('HTTPS_PROXY'), except: proxy('NO_PROXY') };
  if (!proxies.http && !proxies.https) return goDirectly();
  const { goThroughProxies } = await import('./proxies.js');
  return goThroughProxies(proxies);
}

async function readBeginning(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LONGEST_ANSWER) break;
  }
  return text;
}
