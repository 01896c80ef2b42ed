import * as http from 'node:http';
import * as https from 'node:https';
import { type Call, createTransport, type Outgoing, type Transport } from './transport.js';

/** Kept alive, because a run that is read from a server takes many requests. */
export const KEPT = { keepAlive: true };

/** Straight to the server. */
export function directTransport(): Transport {
  const plain = { request: http.request, agent: new http.Agent(KEPT) };
  const secure = { request: https.request, agent: new https.Agent(KEPT) };
  const toCall = ({ origin, path }: Outgoing): Call => ({
    ...(origin.startsWith('https:') ? secure : plain),
    url: `${origin}${path}`,
  });
  return createTransport(toCall, [plain.agent, secure.agent]);
}
