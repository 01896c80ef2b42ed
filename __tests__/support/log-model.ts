import { gunzipSync } from 'node:zlib';
import { expect } from '@jest/globals';
import type { LogItem } from '../../src/events/log-item.js';

/** Datadog's limits of one request, in lines and uncompressed bytes (API reference, "Send CI job logs"). */
const MOST_LINES = 1_000;
const MOST_BYTES = 5.1 * 1024 * 1024;

const FIELDS = [
  'job_id',
  'line_number',
  'message',
  'pipeline_unique_id',
  'provider_name',
  'section_name',
  'status',
  'timestamp',
];
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const HOUR = 3_600_000;

/** The lines of a request to the intake for job logs, after they were held against Datadog's rules. */
export function parseLogRequest(
  { body, headers }: { body: Buffer; headers: Record<string, string> },
  now: number,
): LogItem[] {
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'content-encoding': 'gzip' });
  const text = gunzipSync(body);
  expect(text.length).toBeLessThanOrEqual(MOST_BYTES);
  const items = JSON.parse(text.toString()) as LogItem[];
  expect(items.length).toBeGreaterThan(0);
  expect(items.length).toBeLessThanOrEqual(MOST_LINES);
  expect(items.flatMap((item) => toFaults(item, now))).toEqual([]);
  return items;
}

/** The same rules stand in Datadog's Python client, which `.ci/run` asks by log-model.py. */
function toFaults(item: LogItem, now: number): string[] {
  const { job_id, pipeline_unique_id, message, provider_name, line_number, timestamp, status, section_name } = item;
  const age = timestamp === undefined ? 0 : now - Date.parse(timestamp);
  const rules: [string, boolean][] = [
    ['fields', Object.keys(item).every((field) => FIELDS.includes(field))],
    ['ids', [job_id, pipeline_unique_id, message].every((text) => typeof text === 'string' && text !== '')],
    ['provider', provider_name === undefined || (provider_name !== '' && !provider_name.includes(','))],
    ['number', Number.isInteger(line_number) && line_number >= 0],
    ['time', timestamp === undefined || (TIME.test(timestamp) && age < 18 * HOUR && age > -12 * HOUR)],
    ['words', [status, section_name].every((text) => text === undefined || (typeof text === 'string' && text !== ''))],
    ['plain', !message.includes('\n') && message.isWellFormed()],
  ];
  return rules.flatMap(([name, holds]) => (holds ? [] : [`${name}: ${JSON.stringify(item).slice(0, 300)}`]));
}
