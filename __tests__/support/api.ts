import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ApiRequest {
  method: string;
  /** Path and query, as asked for. */
  path: string;
  headers: IncomingHttpHeaders;
}

/** Text is sent as it is, anything else as JSON. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** A JSON body for 200, a whole reply (its `status` is a number), or 'silent' for no answer until the server closes. */
export type Answer = Reply | 'silent' | Record<string, unknown>;

/**
 * An answer, a function that gives one, or a list of these: one per request, the last one for all that follow. A body that is
 * an array, or text, is therefore written as a reply.
 */
export type Route = Step | readonly Step[];
type Step = Answer | ((request: ApiRequest) => Answer | Promise<Answer>);

export interface TestApi {
  /** The origin, without prefix. */
  url: string;
  /** All requests in the order of their arrival, unknown routes too. */
  requests: ApiRequest[];
  close(): Promise<void>;
}

/** A real local server that answers `GET /path?query`, else `GET /path`, below an optional prefix, and 404 for the rest. */
export async function startApi(routes: Record<string, Route>, { prefix = '' } = {}): Promise<TestApi> {
  const requests: ApiRequest[] = [];
  const served = new Map<string, number>();

  const answerTo = async (request: ApiRequest): Promise<Answer> => {
    const key = routeKey(routes, request, prefix);
    if (key === undefined) return { status: 404, body: { message: 'Not Found' } };
    const count = served.get(key) ?? 0;
    served.set(key, count + 1);
    const route = routes[key]!;
    const step = isList(route) ? route[Math.min(count, route.length - 1)]! : route;
    return typeof step === 'function' ? step(request) : step;
  };

  const server = createServer((incoming, response) => {
    const request = toRequest(incoming);
    requests.push(request);
    incoming.resume();
    answerTo(request).then(
      (answer) => send(response, answer),
      (error: unknown) => send(response, { status: 500, body: { message: String(error) } }),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function routeKey(routes: Record<string, Route>, { method, path }: ApiRequest, prefix: string): string | undefined {
  if (!path.startsWith(`${prefix}/`)) return undefined;
  const full = `${method} ${path.slice(prefix.length)}`;
  return [full, full.replace(/\?.*$/, '')].find((key) => Object.hasOwn(routes, key));
}

function isList(route: Route): route is readonly Step[] {
  return Array.isArray(route);
}

function toRequest({ method = '', url = '', headers }: IncomingMessage): ApiRequest {
  return { method, path: url, headers };
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === 'silent') return;
  const { status, headers, body } = isReply(answer) ? answer : { status: 200, headers: undefined, body: answer };
  const type = typeof body === 'string' ? 'text/plain' : 'application/json; charset=utf-8';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
}

// A job of the API has a `status` too, but it is a word.
function isReply(answer: Exclude<Answer, 'silent'>): answer is Reply {
  return typeof answer.status === 'number';
}
