// @ts-check
import { timeOf } from './label.js';

/**
 * A line of a job's log as it is sent.
 * @typedef {object} LogItem
 * @property {string} job_id
 * @property {string} pipeline_unique_id
 * @property {string} message
 * @property {string} [provider_name]
 * @property {number} [line_number]
 * @property {string} [timestamp]
 * @property {string} [status]
 * @property {string} [section_name]
 */

export const LOG_PATH = '/api/v2/cilogs';

const MOST_LINES = 1000;
const MOST_BYTES = 5.1 * 1024 * 1024;
const HOUR = 3_600_000;

/**
 * What Datadog objects to in a request with lines of logs (API reference, "Send CI job logs"); empty: nothing.
 * @param {unknown} body
 * @param {number} bytes uncompressed
 * @param {number} now
 * @returns {string[]}
 */
export function judgeLogs(body, bytes, now) {
  const items = Array.isArray(body) ? body : [body];
  if (items.length === 0 || items.length > MOST_LINES)
    return [`${items.length} lines are none, or more than ${MOST_LINES}`];
  if (bytes > MOST_BYTES) return [`${bytes} bytes are more than ${MOST_BYTES}`];
  return [...new Set(items.flatMap((item) => judgeLine(item, now)))];
}

/**
 * @param {Partial<Record<keyof LogItem, unknown>> | null} item
 * @param {number} now
 * @returns {string[]}
 */
function judgeLine(item, now) {
  if (typeof item !== 'object' || item === null) return ['a line is no object'];
  const { job_id, pipeline_unique_id, message, provider_name, line_number, timestamp } = item;
  const isText = (/** @type {unknown} */ value) => typeof value === 'string' && value !== '';
  const age = timestamp === undefined ? 0 : now - (timeOf(timestamp) ?? NaN);
  /** @type {[string, boolean][]} */
  const rules = [
    ['job_id', isText(job_id)],
    ['pipeline_unique_id', isText(pipeline_unique_id)],
    ['message', isText(message)],
    ['provider_name', provider_name === undefined || (isText(provider_name) && !String(provider_name).includes(','))],
    ['line_number', line_number === undefined || (Number.isSafeInteger(line_number) && Number(line_number) >= 0)],
    ['timestamp', age <= 18 * HOUR && age >= -12 * HOUR],
  ];
  return rules.flatMap(([field, holds]) => (holds ? [] : [`a line has a wrong ${field}`]));
}
