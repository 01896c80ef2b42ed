// @ts-check
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorBody, failingAnswer, isRefused, queueOf } from './failure.js';
import { checkRequest, LOGS_PATH, receive } from './request.js';
import { checkEvent, checkHistory, checkLogLine } from './rules.js';

/** @typedef {import('../run/event.js').CiEvent} CiEvent */
/** @typedef {import('./failure.js').Answer} Answer */
/** @typedef {import('./failure.js').Failures} Failures */
/** @typedef {import('./request.js').IntakeRequest} IntakeRequest */
/** @typedef {Awaited<ReturnType<typeof startIntake>>} Intake */

/**
 * @typedef {object} HandlerOptions
 * @property {string | undefined} [key] the only API key that is let in; without it, all are
 * @property {Failures} [fail]
 * @property {Failures} [failLogs] the same for lines of logs alone
 * @property {((request: IntakeRequest) => void) | undefined} [onReceive] called as soon as it is here
 * @property {((request: IntakeRequest) => void) | undefined} [onRequest] called as soon as the answer is decided
 * @property {() => number} [now]
 */

/** @typedef {HandlerOptions & { port?: number }} IntakeOptions */

/** @type {Answer} */
const ACCEPTED = { status: 202, headers: { 'content-type': 'application/vnd.api+json' }, body: { data: null } };

/**
 * What receives requests as Datadog does, for a server of any kind: checks each, answers it, and tells it to
 * `onRequest`; requests that it is asked to fail are checked like the others.
 * @param {HandlerOptions} [options]
 */
export function createHandler({ key, fail, failLogs, onReceive, onRequest, now = Date.now } = {}) {
  const closing = new AbortController();
  let nextFailure = queueOf(fail);
  const nextLogFailure = queueOf(failLogs);

  /** @param {IntakeRequest} request */
  const check = (request) => {
    if (key !== undefined && request.headers['dd-api-key'] !== key) return { status: 403, body: errorBody(403) };
    const refusal = checkRequest(request);
    request.problems = refusal ? [[refusal.detail]] : checkElements(request, now());
    const found = request.problems.flat();
    const status = refusal?.status ?? 400;
    return found.length === 0 ? ACCEPTED : { status, body: errorBody(status, found.join('; ')) };
  };

  return {
    /**
     * @param {import('node:http').IncomingMessage} message
     * @param {import('node:http').ServerResponse} response
     */
    async handle(message, response) {
      const request = await receive(message, now());
      if (!request) return;
      const isLogs = failLogs !== undefined && request.path === LOGS_PATH;
      const failure = isLogs ? nextLogFailure() : nextFailure();
      const trouble = failure && 'mode' in failure ? failure : undefined;
      const verdict = check(request);
      onReceive?.(request);
      if (trouble?.mode === 'slow') await sleep(trouble.ms, undefined, { signal: closing.signal }).catch(() => {});
      if (response.destroyed) return;
      const noAnswer = trouble && trouble.mode !== 'slow';
      const answer = noAnswer ? undefined : (failingAnswer(failure, request.elements) ?? verdict);
      request.status = answer?.status;
      request.isAccepted = answer === ACCEPTED;
      onRequest?.(request);
      if (answer) send(response, answer);
      if (trouble?.mode === 'dies') die(response, trouble.in);
    },
    /** @param {Failures} next how it fails from the next request on */
    setFail(next) {
      nextFailure = queueOf(next);
    },
    /** Ends what waits. */
    close: () => closing.abort(),
  };
}

/**
 * A server that receives pipeline events as Datadog does, keeps them, and notes whatever Datadog would object to;
 * the events of requests that it is asked to fail are not accepted.
 * @param {IntakeOptions} [options]
 */
export async function startIntake({ port = 0, key, fail, failLogs, onRequest, now = Date.now } = {}) {
  /** @type {IntakeRequest[]} */
  const requests = [];
  /** @type {CiEvent[]} */
  const events = [];
  /** @type {string[]} */
  const problems = [];

  /** @param {string[]} found */
  const note = (found) => problems.push(...new Set(found.filter((problem) => !problems.includes(problem))));

  const handler = createHandler({
    key,
    fail,
    failLogs,
    now,
    onReceive(request) {
      requests.push(request);
      note(request.problems.flat());
    },
    onRequest(request) {
      if (request.isAccepted) {
        events.push(...request.elements);
        note(checkHistory(events));
      }
      onRequest?.(request);
    },
  });
  const server = createServer((message, response) => void handler.handle(message, response));

  /** @param {number} at */
  const listen = async (at) => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
  };

  const stop = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };

  const ownPort = await listen(port);
  if (isRefused(fail)) await stop();

  return {
    url: `http://127.0.0.1:${ownPort}`,
    requests,
    events,
    problems,
    /**
     * Fails otherwise from the next request on; needs to be awaited only where 'refused' begins or ends.
     * @param {Failures} next
     */
    async setFail(next) {
      handler.setFail(next);
      if (isRefused(next)) await stop();
      else if (!server.listening) await listen(ownPort);
    },
    async close() {
      handler.close();
      await stop();
    },
  };
}

/**
 * @param {IntakeRequest} request
 * @param {number} now
 */
const checkElements = ({ elements, logs }, now) => [
  ...elements.map((element, index) => checkEvent(element, now, `data[${index}]`)),
  ...logs.map((line, index) => checkLogLine(line, now, `[${index}]`)),
];

/**
 * @param {import('node:http').ServerResponse} response
 * @param {Answer} answer
 */
function send(response, { status, headers = {}, body }) {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {'head' | 'body'} part the part that is cut in half
 */
function die({ socket }, part) {
  const head = 'HTTP/1.1 202 Accepted\r\ncontent-type: application/vnd.api+json\r\ncontent-length: 13\r\n\r\n';
  socket?.write(part === 'head' ? head.slice(0, head.length / 2) : `${head}{"data`, () => socket.destroy());
}
