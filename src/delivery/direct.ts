import * as http from 'node:http';
import * as https from 'node:https';
import type { Incoming } from '../runner/runner.js';
import type { Outgoing, Transport } from './transport.js';

/** Straight to the server, with Node's own client. */
export function directTransport(): Transport {
  // Kept alive, because a run that is read from a server takes many requests.
  const options = { keepAlive: true };
  const plain = { agent: new http.Agent(options), request: http.request };
  const secure = { agent: new https.Agent(options), request: https.request };
  const send = (outgoing: Outgoing, isFresh = false): Promise<Incoming> =>
    new Promise((resolve, reject) => {
      const { method, origin, path, headers, body, signal } = outgoing;
      const { agent, request } = origin.startsWith('https:') ? secure : plain;
      let isAnswered = false;
      const sent = request(
        `${origin}${path}`,
        { method, headers, agent: isFresh ? false : agent, signal },
        (answer) => {
          isAnswered = true;
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer });
        },
      );
      // A server may close a connection just when it is used again (Node's documentation, `request.reusedSocket`).
      const mayGoAgain = (): boolean => sent.reusedSocket && !isAnswered && !signal.aborted;
      sent
        .on('error', (error) => (mayGoAgain() ? resolve(send(outgoing, true)) : reject(error)))
        // An answer that is none, 101, ends it without an error.
        .on('close', () => reject(new Error('the connection was closed')))
        .end(body);
    });
  return {
    send: (request) => send(request),
    close: () => {
      [plain, secure].forEach(({ agent }) => agent.destroy());
      return Promise.resolve();
    },
  };
}
