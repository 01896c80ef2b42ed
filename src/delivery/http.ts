// A few files of undici instead of its index: that would load fetch, WebSocket and caches too, 40 ms in every job.
import connect from 'undici/lib/api/api-connect.js';
import requestOf from 'undici/lib/api/api-request.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import type { Env } from '../platform.js';

// As undici's index does; proxies tunnel with it.
Dispatcher.prototype.connect = connect;

/** What a server answered; header names in lower case. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface Request {
  url: string;
  headers: Record<string, string>;
  body: string;
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

/** More of an answer is not read: an error page may be of any size. */
const LONGEST_ANSWER = 64 * 1024;

/** HTTP by undici through `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in either case; throws on a proxy that is no URL. */
export function createHttp(env: Env): Http {
  const proxy = (name: string): string => env[name.toLowerCase()] || env[name] || '';
  const agent = new EnvHttpProxyAgent({
    httpProxy: proxy('HTTP_PROXY'),
    httpsProxy: proxy('HTTPS_PROXY'),
    noProxy: proxy('NO_PROXY'),
    // Plain http goes to a proxy in the absolute form, as curl does it; many proxies refuse to tunnel to port 80.
    proxyTunnel: false,
  });
  return {
    post: async ({ url, headers, body, timeout }) => {
      const signal = AbortSignal.timeout(timeout);
      const { origin, pathname } = new URL(url);
      const answer = await requestOf.call(agent, {
        origin,
        path: pathname,
        method: 'POST',
        headers,
        body,
        signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      let text = '';
      for await (const chunk of answer.body) {
        text += String(chunk);
        if (text.length > LONGEST_ANSWER) break;
      }
      return { status: answer.statusCode, headers: answer.headers, body: text };
    },
    close: () => agent.destroy(),
  };
}
