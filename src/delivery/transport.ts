import type { Answer } from '../runner/runner.js';

/** How a request gets to the server: directly, or through proxies. */
export interface Transport {
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
