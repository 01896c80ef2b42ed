// @ts-check
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { isRefused } from '../intake/failure.js';
import { createHandler } from '../intake/intake.js';
import { isForeign, isLoopback, isOwnHost, toUrl } from './host.js';
import { createPage } from './page.js';
import { createStore, toRecords } from './store.js';

/** @typedef {import('node:http').IncomingMessage} Message */
/** @typedef {import('node:http').ServerResponse} Response */
/** @typedef {import('../run/record.js').StoredRecord} StoredRecord */

/**
 * @typedef {object} ViewerOptions
 * @property {number} [port] any free one if 0
 * @property {string} [host] the address to listen on
 * @property {import('../intake/failure.js').Failures} [fail]
 * @property {((request: import('../intake/request.js').IntakeRequest) => void)} [onRequest]
 */

/** @typedef {Awaited<ReturnType<typeof startViewer>>} Viewer */

/** Records in one message to a page. */
const MOST_AT_ONCE = 500;
/** A page that takes nothing any more is let go with so much waiting, in bytes, and asks again. */
const MOST_WAITING = 64 * 1024 * 1024;

/**
 * The intake with a page: what is sent to it is shown at its root, as it comes in.
 * @param {ViewerOptions} [options]
 */
export async function startViewer({ port = 0, host = '127.0.0.1', fail, onRequest } = {}) {
  if (isRefused(fail)) throw new TypeError("'refused' would close the page too: say 'silent' or 'dies'");
  const store = createStore();
  const page = createPage();
  const life = randomUUID();
  const handler = createHandler({
    fail,
    onRequest(request) {
      store.add(toRecords(request));
      onRequest?.(request);
    },
  });
  const names = isLoopback(host) ? [] : [host];

  /** @type {Record<string, (message: Message, response: Response) => unknown>} */
  const pages = {
    '/': (_, response) => {
      response.setHeader('content-security-policy', page.policy);
      answer(response, 'text/html; charset=utf-8', page.render({ records: [], isLive: true, now: Date.now() }));
    },
    '/save': (_, response) => {
      response.setHeader('content-disposition', 'attachment; filename="pipelines.html"');
      const data = { records: store.records(), isLive: false, now: Date.now() };
      answer(response, 'text/html; charset=utf-8', page.render(data));
    },
    '/events': (message, response) => stream({ message, response, store, life }),
  };

  const server = createServer((message, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (!isOwnHost(message.headers.host, names)) return refuse(response, 421, NOT_OWN);
    if (isForeign(message.headers)) return refuse(response, 403, 'A page of another site asked for this.');
    const show = message.method === 'GET' ? pages[(message.url ?? '').replace(/\?.*/, '')] : undefined;
    if (show) return show(message, response);
    handler.handle(message, response).catch(() => response.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());

  return {
    url: toUrl(isLoopback(host) ? host : address.address, address.port),
    port: address.port,
    store,
    page,
    async close() {
      handler.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const NOT_OWN =
  'The Host header names another machine. Use the address that was printed, or give the name with --host.';

const HEADERS = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * @param {Response} response
 * @param {string} type
 * @param {string} body
 */
const answer = (response, type, body) => void response.writeHead(200, { 'content-type': type }).end(body);

/**
 * @param {Response} response
 * @param {number} status
 * @param {string} why
 */
const refuse = (response, status, why) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ errors: [why] }));

/**
 * Server-sent events: all records after the one that the page had last, then each as it comes. An id names this server's
 * life, so that a page which outlived another one begins anew.
 * @param {{ message: Message, response: Response, store: ReturnType<typeof createStore>, life: string }} asked
 */
async function stream({ message, response, store, life }) {
  const [before, last] = String(message.headers['last-event-id'] ?? '').split('/');
  const isSame = before === life;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`retry: 1000\nevent: begin\ndata: ${JSON.stringify({ isNew: !isSame })}\n\n`);
  /** @param {StoredRecord[]} records */
  const write = (records) => response.write(`id: ${life}/${records.at(-1)?.n}\ndata: ${JSON.stringify(records)}\n\n`);
  let waiting = store.records().filter(({ n }) => !isSame || n > Number(last));
  let isCaughtUp = false;
  const end = store.listen((records) => {
    if (!isCaughtUp) waiting.push(...records);
    else if (response.writableLength > MOST_WAITING) response.destroy();
    else write(records);
  });
  response.on('close', end);
  while (waiting.length > 0 && !response.destroyed) {
    const next = waiting.slice(0, MOST_AT_ONCE);
    waiting = waiting.slice(MOST_AT_ONCE);
    if (!write(next)) await Promise.race([once(response, 'drain'), once(response, 'close')]).catch(() => {});
  }
  isCaughtUp = true;
}
