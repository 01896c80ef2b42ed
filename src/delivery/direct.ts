import * as http from 'node:http';
import * as https from 'node:https';
import type { Incoming, Way } from './http.js';

/** Straight to the server, with Node's own client. */
export function goDirectly(): Way {
  // Kept alive, because a run that is read from a server takes many requests.
  const options = { keepAlive: true };
  const plain = { agent: new http.Agent(options), request: http.request };
  const secure = { agent: new https.Agent(options), request: https.request };
  return {
    post: ({ origin, path, headers, body, signal }) =>
      new Promise<Incoming>((resolve, reject) => {
        const { agent, request } = origin.startsWith('https:') ? secure : plain;
        request(`${origin}${path}`, { method: 'POST', headers, agent, signal }, (answer) =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer }),
        )
          .on('error', reject)
          // An answer that is none, 101, ends it without an error.
          .on('close', () => reject(new Error('the connection was closed')))
          .end(body);
      }),
    close: () => {
      [plain, secure].forEach(({ agent }) => agent.destroy());
      return Promise.resolve();
    },
  };
}
