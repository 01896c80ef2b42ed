import type { Answer, Env, Http, Incoming, Load, Query, Request } from '../runner/runner.js';
import { directTransport } from './direct.js';
import type { Transport } from './transport.js';

/** More of the answer to a POST is not read: an error page may be of any size. */
const LONGEST_REPLY = 64 * 1024;

/** Bytes of the answer to a GET: a hundred jobs with a hundred steps each are half of that. */
const LONGEST_ANSWER = 8 * 1024 * 1024;

/** A GET is redirected so often, as where a repository was renamed twice. */
const MOST_REDIRECTS = 3;

/** A proxy does not reach what runs on this machine. */
const LOOPBACK = 'localhost,127.0.0.1,[::1]';

/** HTTP through `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in either case; throws on a proxy that is no URL. */
export async function createHttp(env: Env): Promise<Http> {
  const transport = await findTransport(env);
  return {
    post: (request) => within(request.timeout, (signal) => post(transport, request, signal)),
    get: ({ url, headers, timeout }) =>
      transport.send({ method: 'GET', url: new URL(url), headers, signal: AbortSignal.timeout(timeout) }),
    close: () => Promise.resolve(transport.close()),
  };
}

/** GETs through the same proxies, which are looked for at the first one. */
export function createLoad(env: Env): Load {
  let transport: Promise<Transport> | undefined;
  return (request) =>
    within(request.timeout, async (signal) =>
      load(await (transport ??= findTransport(env, LOOPBACK)), request, signal),
    );
}

/** Most jobs have no proxy, and need not wait for what goes through one to load. */
async function findTransport(env: Env, direct = ''): Promise<Transport> {
  const proxy = (name: string): string => env[name.toLowerCase()] || env[name] || '';
  const [http, https] = [proxy('HTTP_PROXY'), proxy('HTTPS_PROXY')];
  if (!http && !https) return directTransport();
  const { proxyTransport } = await import('./proxies.js');
  return proxyTransport({ http, https, except: [proxy('NO_PROXY'), direct].filter(Boolean).join() });
}

async function within<T>(timeout: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(timeout);
  try {
    return await work(signal);
  } catch (error) {
    // Sockets that were cut off tell of the cut, not of the time that was up.
    throw signal.aborted ? signal.reason : error;
  }
}

async function post(
  transport: Transport,
  { headers, body, ...request }: Request,
  signal: AbortSignal,
): Promise<Answer> {
  const url = new URL(request.url);
  url.search = '';
  const answer = await transport.send({ method: 'POST', url, headers, body, signal });
  return { ...answer, body: await readBeginning(answer.body) };
}

async function load(transport: Transport, request: Query, signal: AbortSignal): Promise<Answer> {
  const first = new URL(request.url);
  const { authorization = '', ...others } = request.headers;
  const open = { ...others, 'accept-encoding': 'gzip' };
  let url = first;
  for (let redirects = 0; ; redirects += 1) {
    const headers = authorization && url.origin === first.origin ? { ...open, authorization } : open;
    const answer = await transport.send({ method: 'GET', url, headers, signal });
    const { location } = answer.headers;
    const body = await readWhole(answer);
    const isRedirect = [301, 302, 303, 307, 308].includes(answer.status) && typeof location === 'string';
    if (!isRedirect || redirects === MOST_REDIRECTS) return { ...answer, body };
    url = new URL(location, url);
  }
}

async function readBeginning(body: Incoming['body']): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LONGEST_REPLY) break;
  }
  return text;
}

/** Throws on what is too long, or not whole because the connection died. */
async function readWhole({ headers, body }: Incoming): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LONGEST_ANSWER) throw new Error(`the answer is longer than ${LONGEST_ANSWER} bytes`);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (headers['content-encoding'] !== 'gzip') return bytes.toString();
  const { gunzipSync } = await import('node:zlib');
  return gunzipSync(bytes, { maxOutputLength: LONGEST_ANSWER }).toString();
}
