import type { Agent, request, RequestOptions } from 'node:http';
import type { Incoming } from '../runner/runner.js';

/** How a request gets to the server: directly, or through proxies. */
export interface Transport {
  /** Sends one request and resolves with the head of the answer; the signal ends the reading of its body too. */
  send(request: Outgoing): Promise<Incoming>;
  /** Ends all sockets. */
  close(): void;
}

/** A request on its way. */
export interface Outgoing {
  method: 'GET' | 'POST';
  url: URL;
  headers: Record<string, string>;
  body?: Buffer | undefined;
  signal: AbortSignal;
}

/** How Node's own client sends a request. */
export interface Call {
  request: typeof request;
  agent: Agent;
  url: string;
  /** Other than the request's own. */
  options?: RequestOptions;
}

/** An address without user, password and fragment. */
export function toAddress({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search}`;
}

/** A transport that makes each request as `toCall` says. */
export function createTransport(toCall: (outgoing: Outgoing) => Call, agents: readonly Agent[]): Transport {
  const send = (outgoing: Outgoing): Promise<Incoming> =>
    new Promise((resolve, reject) => {
      const { method, headers, body, signal } = outgoing;
      const { request, agent, url, options } = toCall(outgoing);
      // A request that still waits for its connection would wait on.
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      let isAnswered = false;
      const sent = request(url, { method, headers, signal, agent, ...options }, (answer) => {
        isAnswered = true;
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer });
      });
      // A server may close a connection just when it is used again (Node's documentation, `request.reusedSocket`).
      const mayGoAgain = (): boolean => sent.reusedSocket && !isAnswered && !signal.aborted;
      sent
        .on('error', (error) => (mayGoAgain() ? resolve(send(outgoing)) : reject(error)))
        // An answer that is none, 101, ends it without an error.
        .on('close', () => reject(new Error('the connection was closed')))
        .end(body);
    });
  return { send, close: () => agents.forEach((agent) => agent.destroy()) };
}
