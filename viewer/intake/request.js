// @ts-check
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';

/** @typedef {import('../run/event.js').CiEvent} CiEvent */

/**
 * A request as it came, what Datadog would object to (a list for each element, or one for the whole), and the status
 * that it got: undefined as long as it is not answered.
 * @typedef {object} IntakeRequest
 * @property {string} method
 * @property {string} path
 * @property {Record<string, string>} headers
 * @property {number} bytes
 * @property {unknown} body undefined if it is not JSON
 * @property {CiEvent[]} elements its `data`, always as a list
 * @property {LogLine[]} logs the lines of a job's log, of a request for those
 * @property {number} time
 * @property {string[][]} problems
 * @property {number | undefined} status
 * @property {boolean} isAccepted
 */

/**
 * A line of a job's log, as Datadog's intake for those takes it (`ci_log_item.py` of datadog-api-client 2.62.0).
 * @typedef {object} LogLine
 * @property {string} job_id
 * @property {string} pipeline_unique_id
 * @property {string} message
 * @property {number} [line_number]
 * @property {string} [timestamp]
 * @property {string} [status]
 * @property {string} [section_name]
 */

export const EVENTS_PATH = '/api/v2/ci/pipeline';
export const LOGS_PATH = '/api/v2/cilogs';

/** Bytes, uncompressed, and elements. */
const MOST = new Map([
  [EVENTS_PATH, { bytes: 5_000_000, elements: 1000 }],
  [LOGS_PATH, { bytes: 5.1 * 1024 * 1024, elements: 1000 }],
]);

/** What is larger is not even read to its end. */
const MOST_READ = 32 * 1024 * 1024;

/**
 * The whole request, or nothing if the client went away in the middle of it.
 * @param {import('node:http').IncomingMessage} message
 * @param {number} time
 * @returns {Promise<IntakeRequest | undefined>}
 */
export async function receive(message, time) {
  const isLogs = message.url === LOGS_PATH;
  const sent = await collect(message).catch(() => undefined);
  if (!sent) return undefined;
  // For events no encoding is documented, so that a compressed body is no JSON.
  const bytes = isLogs ? await decompress(sent, message.headers['content-encoding']) : sent;
  const body = parse(bytes);
  return {
    method: message.method ?? '',
    path: message.url ?? '',
    headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)])),
    bytes: bytes.length,
    body,
    elements: isLogs ? [] : elementsOf(body),
    logs: isLogs ? linesOf(body) : [],
    time,
    problems: [],
    status: undefined,
    isAccepted: false,
  };
}

/**
 * Why Datadog would refuse the request, whatever its elements are.
 * @param {IntakeRequest} request
 * @returns {{ status: number, detail: string } | undefined}
 */
export function checkRequest({ method, path, headers, bytes, body, elements, logs }) {
  const type = headers['content-type'] ?? '';
  const most = MOST.get(path);
  const count = elements.length + logs.length;
  if (!most) return { status: 404, detail: `${path} is not ${EVENTS_PATH}` };
  if (method !== 'POST') return { status: 405, detail: `${method} is not POST` };
  if (!/^application\/json\s*(;|$)/i.test(type))
    return { status: 415, detail: `content-type '${type}' is not application/json` };
  if (bytes > most.bytes) return { status: 413, detail: `${bytes} bytes are more than ${most.bytes}` };
  if (body === undefined) return { status: 400, detail: 'the body is not JSON in UTF-8' };
  if (count === 0) return { status: 400, detail: 'data must be an object, or a list of at least one' };
  if (count > most.elements) return { status: 400, detail: `${count} elements are more than ${most.elements}` };
  return undefined;
}

/** @param {AsyncIterable<Buffer>} message */
async function collect(message) {
  const chunks = [];
  let length = 0;
  for await (const chunk of message) {
    length += chunk.length;
    if (length > MOST_READ) throw new RangeError(`more than ${MOST_READ} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * What cannot be decompressed stays as it is, and is no JSON.
 * @param {Buffer} bytes
 * @param {string | undefined} encoding
 * @returns {Promise<Buffer>}
 */
async function decompress(bytes, encoding) {
  const method = encoding === 'gzip' ? gunzip : encoding === 'deflate' ? inflate : undefined;
  if (!method) return bytes;
  return promisify(method)(bytes, { maxOutputLength: MOST_READ }).catch(() => bytes);
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

/**
 * @param {unknown} body
 * @returns {LogLine[]}
 */
function linesOf(body) {
  if (Array.isArray(body)) return body;
  return typeof body === 'object' && body !== null ? [/** @type {LogLine} */ (body)] : [];
}
