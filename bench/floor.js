// What any JavaScript action has to pay for at least: Node starts and makes the same POST with node:http.
// @ts-check
import { readFileSync } from 'node:fs';
import { request } from 'node:http';

const [url = '', file = ''] = process.argv.slice(2);
const body = readFileSync(file);
const headers = {
  'content-type': 'application/json',
  'dd-api-key': process.env['DD_API_KEY'] ?? '',
  'content-length': body.length,
};
request(url, { method: 'POST', headers }, (answer) => answer.resume()).end(body);
