import type { Env, Http } from '../runner/runner.js';
import { directTransport } from './direct.js';
import type { Transport } from './transport.js';

/** More of an answer is not read: an error page may be of any size. */
const LONGEST_ANSWER = 64 * 1024;

/** HTTP through `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in either case; throws on a proxy that is no URL. */
export async function createHttp(env: Env): Promise<Http> {
  const transport = await findTransport(env);
  return {
    post: async ({ url, headers, body, timeout }) => {
      const { origin, pathname } = new URL(url);
      const signal = AbortSignal.timeout(timeout);
      try {
        const answer = await transport.send({ method: 'POST', origin, path: pathname, headers, body, signal });
        return { status: answer.status, headers: answer.headers, body: await readBeginning(answer.body) };
      } catch (error) {
        // Sockets that were cut off tell of the cut, not of the time that was up.
        throw signal.aborted ? signal.reason : error;
      }
    },
    get: ({ url, headers, timeout }) => {
      const { origin, pathname, search } = new URL(url);
      const signal = AbortSignal.timeout(timeout);
      return transport.send({ method: 'GET', origin, path: `${pathname}${search}`, headers, signal });
    },
    close: transport.close,
  };
}

/** Most jobs have no proxy, and need not wait for undici to load. */
async function findTransport(env: Env): Promise<Transport> {
  const proxy = (name: string): string => env[name.toLowerCase()] || env[name] || '';
  const proxies = { http: proxy('HTTP_PROXY'), https: proxy('HTTPS_PROXY'), except: proxy('NO_PROXY') };
  if (!proxies.http && !proxies.https) return directTransport();
  const { proxyTransport } = await import('./proxies.js');
  return proxyTransport(proxies);
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
