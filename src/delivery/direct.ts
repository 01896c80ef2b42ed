import * as http from 'node:http';
import * as https from 'node:https';
import { type Call, createTransport, type Outgoing, toAddress, type Transport } from './transport.js';

/** Kept alive, because a run that is read from a server takes many requests. */
export const KEPT = { keepAlive: true };

/** Straight to the server. */
export function directTransport(): Transport {
  const plain = { request: http.request, agent: new http.Agent(KEPT) };
  const secure = { request: https.request, agent: new https.Agent(KEPT) };
  const toCall = ({ url }: Outgoing): Call => ({
    ...(url.protocol === 'https:' ? secure : plain),
    url: toAddress(url),
  });
  return createTransport(toCall, [plain.agent, secure.agent]);
}
