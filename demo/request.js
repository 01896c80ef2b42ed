// @ts-check
import { gunzipSync } from 'node:zlib';
import { LOG_PATH } from './job-log.js';

/** @typedef {import('./event.js').CiEvent} CiEvent */

/**
 * A request as it came, and the status that it got: undefined as long as it is not answered.
 * @typedef {object} IntakeRequest
 * @property {string} method
 * @property {string} path
 * @property {Record<string, string>} headers
 * @property {number} bytes uncompressed
 * @property {unknown} body undefined if it is not JSON
 * @property {CiEvent[]} elements its `data`, always as a list
 * @property {import('./job-log.js').LogItem[]} lines of logs
 * @property {number} time
 * @property {number | undefined} status
 */

const PATH = '/api/v2/ci/pipeline';
const MOST_BYTES = 5_000_000;
const MOST_ELEMENTS = 1000;

/**
 * The whole request, or nothing if the client went away in the middle of it.
 * @param {import('node:http').IncomingMessage} message
 * @param {number} time
 * @returns {Promise<IntakeRequest | undefined>}
 */
export async function receive(message, time) {
  const bytes = await collect(message)
    .then((raw) => (message.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw))
    .catch(() => undefined);
  if (!bytes) return undefined;
  const body = parse(bytes);
  return {
    method: message.method ?? '',
    path: message.url ?? '',
    headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)])),
    bytes: bytes.length,
    body,
    elements: elementsOf(body),
    lines: message.url === LOG_PATH && Array.isArray(body) ? body : [],
    time,
    status: undefined,
  };
}

/**
 * Why Datadog would refuse the request, whatever its elements are.
 * @param {IntakeRequest} request
 * @returns {{ status: number, detail: string } | undefined}
 */
export function judgeRequest({ method, path, headers, bytes, body, elements }) {
  const type = headers['content-type'] ?? '';
  if (path !== PATH) return { status: 404, detail: `${path} is not ${PATH}` };
  if (method !== 'POST') return { status: 405, detail: `${method} is not POST` };
  if (!/^application\/json\s*(;|$)/i.test(type))
    return { status: 415, detail: `content-type '${type}' is not application/json` };
  if (bytes > MOST_BYTES) return { status: 413, detail: `${bytes} bytes are more than ${MOST_BYTES}` };
  if (body === undefined) return { status: 400, detail: 'the body is not JSON in UTF-8' };
  if (elements.length === 0) return { status: 400, detail: 'data must be an object, or a list of at least one' };
  if (elements.length > MOST_ELEMENTS)
    return { status: 400, detail: `${elements.length} elements are more than ${MOST_ELEMENTS}` };
  return undefined;
}

/** @param {AsyncIterable<Buffer>} message */
async function collect(message) {
  const chunks = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * @param {Buffer} bytes
 * @returns {unknown}
 */
function parse(bytes) {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/**
 * @param {unknown} body
 * @returns {CiEvent[]}
 */
function elementsOf(body) {
  if (typeof body !== 'object' || body === null || !('data' in body)) return [];
  const { data } = body;
  if (Array.isArray(data)) return data;
  return typeof data === 'object' && data !== null ? [/** @type {CiEvent} */ (data)] : [];
}
