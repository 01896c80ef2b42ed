import type { Incoming } from '../runner/runner.js';

/** How a request gets to the server: directly, or through proxies. */
export interface Transport {
  /** Sends one request and resolves with the head of the answer; the signal ends the reading of its body too. */
  send(request: Outgoing): Promise<Incoming>;
  /** Ends all sockets. */
  close(): Promise<void>;
}

export interface Outgoing {
  method: 'GET' | 'POST';
  origin: string;
  path: string;
  headers: Record<string, string>;
  body?: Buffer | undefined;
  signal: AbortSignal;
}
