// The floor once more, with node:http by require, as a bundle takes it: an import would have Node 24 load fetch and WebSocket too, since http
// exports them. No whole script is cheaper.
// @ts-check
import { createRequire } from 'node:module';

const { readFileSync } = createRequire(import.meta.url)('node:fs');
const { request } = createRequire(import.meta.url)('node:http');

const [url = '', file = ''] = process.argv.slice(2);
const body = readFileSync(file);
const headers = {
  'content-type': 'application/json',
  'dd-api-key': process.env['DD_API_KEY'] ?? '',
  'content-length': body.length,
};
request(url, { method: 'POST', headers }, (/** @type {import('node:http').IncomingMessage} */ answer) =>
  answer.resume(),
).end(body);
