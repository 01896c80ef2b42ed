// `npm run bench:logs`: how time and memory of observe/ grow with the lines of a job's log. Needs `npm run build` before.
// @ts-check
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { runObserve } from './observe-process.js';

const SIZES = (process.env['BENCH_LINES'] ?? '1000,100000,1000000').split(',').map(Number);
const SELF = fileURLToPath(import.meta.url);
const RUN = 4711;
const LINES_A_CHUNK = 500;
const BEGIN = new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');

/** A server in a process of its own, so that its memory and its work are not counted. */
function serve() {
  let lines = 0;
  const server = createServer(async (message, response) => {
    const { pathname } = new URL(message.url ?? '', 'http://x');
    const [, count = '0'] = /acme\/n(\d+)\//.exec(pathname) ?? [];
    if (message.method === 'POST') {
      const chunks = [];
      for await (const chunk of message) chunks.push(chunk);
      if (pathname.endsWith('/cilogs')) lines += JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()).length;
      return void response.writeHead(202, { 'content-type': 'application/json' }).end('{"data":null}');
    }
    if (pathname.endsWith('/logs')) return void (await writeLog(response, Number(count)));
    const body = toBody(pathname);
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
  });
  process.on('message', () => {
    process.send?.(lines);
    lines = 0;
  });
  process.on('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', () =>
    process.send?.(/** @type {import('node:net').AddressInfo} */ (server.address()).port),
  );
}

/**
 * A log with a step every thousand lines, written no faster than it is read.
 * @param {import('node:http').ServerResponse} response
 * @param {number} count
 */
async function writeLog(response, count) {
  response.writeHead(200, { 'content-type': 'text/plain' });
  const time = `${BEGIN.slice(0, -1)}.1234567Z`;
  for (let from = 0; from < count; from += LINES_A_CHUNK) {
    const texts = Array.from({ length: Math.min(LINES_A_CHUNK, count - from) }, (_, index) =>
      (from + index) % 1000 === 0
        ? `${time} ##[group]Run step ${from + index}\n`
        : `${time} \u001b[36mPASS\u001b[0m src/module-${from + index}/index.test.ts (${index}.5 s), see https://example.com/\n`,
    );
    if (!response.write(texts.join('')))
      await new Promise((resolve) => response.once('drain', () => resolve(undefined)));
  }
  response.end();
}

/** @param {string} pathname */
function toBody(pathname) {
  const job = { id: 1, name: 'test', conclusion: 'failure', status: 'completed', created_at: BEGIN, steps: [] };
  if (pathname.endsWith('/jobs')) {
    return { total_count: 1, jobs: [{ ...job, run_attempt: 1, started_at: BEGIN, completed_at: BEGIN }] };
  }
  if (!pathname.endsWith('/attempts/1')) return undefined;
  const times = { created_at: BEGIN, run_started_at: BEGIN, updated_at: BEGIN };
  const how = { event: 'push', status: 'completed', conclusion: 'failure', head_branch: 'main', run_attempt: 1 };
  return { id: RUN, name: 'Bench', path: '.github/workflows/bench.yml', run_number: 1, ...times, ...how };
}

/**
 * @param {number} port
 * @param {string} folder
 * @param {{ count: number, most: number, logs?: string }} log
 */
const observe = (port, folder, { count, most, logs = 'all' }) =>
  runObserve(port, folder, {
    GITHUB_REPOSITORY: `acme/n${count}`,
    'INPUT_RUN-ID': `${RUN}`,
    INPUT_ATTEMPT: '1',
    INPUT_LOGS: logs,
    'INPUT_LOG-LINES': `${most}`,
  });

async function measure() {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const server = fork(SELF, ['serve']);
  /** @returns {Promise<any>} */
  const next = () => new Promise((resolve) => server.once('message', resolve));
  const port = await next();
  const without = await observe(port, folder, { count: 1, most: 1, logs: 'none' });
  console.log(`Node ${process.version}; without logs ${without.mib.toFixed(0)} MiB\n`);
  console.log('    lines   wanted     sent   wall s   lines/s   peak MiB');
  for (const most of [20_000, 2_000_000]) {
    for (const count of SIZES) {
      const { ms, mib } = await observe(port, folder, { count, most });
      const counted = next();
      server.send('count');
      const sent = await counted;
      if (sent !== Math.min(count, most)) throw new Error(`${sent} lines arrived`);
      const row = [count, most, sent, (ms / 1000).toFixed(1), ((count / ms) * 1000).toFixed(0), mib.toFixed(0)];
      console.log(row.map((value, index) => `${value}`.padStart(index < 3 ? 9 : index === 5 ? 11 : 9)).join(''));
    }
  }
  server.disconnect();
  await rm(folder, { recursive: true });
}

if (process.argv[2] === 'serve') serve();
else await measure();
