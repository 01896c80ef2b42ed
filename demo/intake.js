// @ts-check
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { errorBody, failingAnswer, isRefused, queueOf } from './failure.js';
import { judgeLogs, LOG_PATH } from './job-log.js';
import { judgeRequest, receive } from './request.js';
import { judgeEvent, judgeHistory } from './rules.js';

/** @typedef {import('./event.js').CiEvent} CiEvent */
/** @typedef {import('./failure.js').Answer} Answer */
/** @typedef {import('./failure.js').Failure} Failure */
/** @typedef {import('./failure.js').Failures} Failures */
/** @typedef {import('./request.js').IntakeRequest} IntakeRequest */
/** @typedef {Awaited<ReturnType<typeof startIntake>>} Intake */

/**
 * @typedef {object} IntakeOptions
 * @property {number} [port]
 * @property {string | undefined} [key] the only API key that is let in; without it, all are
 * @property {Failures} [fail]
 * @property {number | undefined} [failLogs] the status for lines of logs, or no answer at all with 0
 * @property {((request: IntakeRequest) => void) | undefined} [onRequest] called as soon as the answer is decided
 * @property {() => number} [now]
 */

/** @type {Answer} */
const ACCEPTED = { status: 202, headers: { 'content-type': 'application/vnd.api+json' }, body: { data: null } };

/**
 * A server that receives pipeline events as Datadog does, keeps them, and notes whatever Datadog would object to;
 * requests that it is asked to fail are judged like the others, but their events are not accepted.
 * @param {IntakeOptions} [options]
 */
export async function startIntake({ port = 0, key, fail, failLogs, onRequest, now = Date.now } = {}) {
  /** @type {IntakeRequest[]} */
  const requests = [];
  /** @type {CiEvent[]} */
  const events = [];
  /** @type {import('./job-log.js').LogItem[]} */
  const logs = [];
  /** @type {string[]} */
  const problems = [];
  const closing = new AbortController();
  let nextFailure = queueOf(fail);

  /** @param {string[]} found */
  const note = (found) => problems.push(...new Set(found.filter((problem) => !problems.includes(problem))));

  /**
   * @param {IntakeRequest} request
   * @returns {Answer}
   */
  const judge = (request) => {
    if (key !== undefined && request.headers['dd-api-key'] !== key) return { status: 403, body: errorBody(403) };
    const refusal = judgeRequest(request);
    const found = refusal
      ? [refusal.detail]
      : request.elements.flatMap((element, index) => judgeEvent(element, now(), `data[${index}]`));
    if (found.length === 0) return ACCEPTED;
    note(found);
    const status = refusal?.status ?? 400;
    return { status, body: errorBody(status, found.join('; ')) };
  };

  /**
   * Lines of logs have an endpoint, and failures, of their own.
   * @param {IntakeRequest} request
   * @returns {Answer | undefined}
   */
  const takeLogs = ({ headers, body, bytes, lines }) => {
    if (failLogs !== undefined) return failLogs === 0 ? undefined : { status: failLogs, body: errorBody(failLogs) };
    if (key !== undefined && headers['dd-api-key'] !== key) return { status: 403, body: errorBody(403) };
    const found = judgeLogs(body, bytes, now());
    note(found);
    if (found.length > 0) return { status: 400, body: errorBody(400, found.join('; ')) };
    logs.push(...lines);
    return ACCEPTED;
  };

  const server = createServer(async (message, response) => {
    const request = await receive(message, now());
    if (!request) return;
    requests.push(request);
    if (request.path === LOG_PATH) {
      const answer = takeLogs(request);
      request.status = answer?.status;
      if (answer) send(response, answer);
      return;
    }
    const failure = nextFailure();
    const trouble = failure && 'mode' in failure ? failure : undefined;
    const verdict = judge(request);
    if (trouble?.mode === 'slow') await sleep(trouble.ms, undefined, { signal: closing.signal }).catch(() => {});
    if (response.destroyed) return;
    const noAnswer = trouble && trouble.mode !== 'slow';
    const answer = noAnswer ? undefined : (failingAnswer(failure, request.elements) ?? verdict);
    request.status = answer?.status;
    if (answer === ACCEPTED) {
      events.push(...request.elements);
      note(judgeHistory(events));
    }
    onRequest?.(request);
    if (answer) send(response, answer);
    if (trouble?.mode === 'dies') die(response, trouble.in);
  });

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
    logs,
    problems,
    /**
     * Fails otherwise from the next request on; needs to be awaited only where 'refused' begins or ends.
     * @param {Failures} next
     */
    async setFail(next) {
      nextFailure = queueOf(next);
      if (isRefused(next)) await stop();
      else if (!server.listening) await listen(ownPort);
    },
    async close() {
      closing.abort();
      await stop();
    },
  };
}

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

async function runByHand() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      key: { type: 'string' },
      fail: { type: 'string', multiple: true },
    },
  });
  const fails = values.fail?.map((word) => /** @type {Failure} */ (Number(word) || word)) ?? [];
  /** @type {Intake} */
  const intake = await startIntake({
    port: Number(values.port),
    key: values.key,
    fail: fails.length > 1 ? fails : fails[0],
    onRequest({ method, path, status, elements }) {
      console.log(`${method} ${path} -> ${status ?? 'no answer'}`);
      for (const element of elements) console.log(`  ${JSON.stringify(element)}`);
      for (const problem of intake.problems.splice(0)) console.log(`  problem: ${problem}`);
    },
  });
  console.log(intake.url);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runByHand();
