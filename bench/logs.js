// `npm run bench:logs`: how time and memory of observe/ grow with the lines of a job's log. Needs `npm run build` before.
// @ts-check
import { fork, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';

const SIZES = (process.env['BENCH_LINES'] ?? '1000,100000,1000000').split(',').map(Number);
const SELF = fileURLToPath(import.meta.url);
const OBSERVE = fileURLToPath(new URL('../dist/observe/index.js', import.meta.url));
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

/** Runs in the process that is measured: its own peak of memory, said when it ends. */
const PROBE = `process.on('exit', () => process.stderr.write('RSS ' + process.resourceUsage().maxRSS + '\\n'));`;

/**
 * @param {number} port
 * @param {string} folder
 * @param {{ count: number, most: number, logs?: string }} log
 * @returns {Promise<{ ms: number, rss: number }>}
 */
async function observe(port, folder, { count, most, logs = 'all' }) {
  const event = join(folder, 'event.json');
  const probe = join(folder, 'probe.mjs');
  await writeFile(event, '{}');
  await writeFile(probe, PROBE);
  const base = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env['PATH'],
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: `acme/n${count}`,
    GITHUB_RUN_ID: '1000',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_JOB: 'observe',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: base,
    GITHUB_EVENT_PATH: event,
    INPUT_TOKEN: 'token-of-nobody-0123456789',
    'INPUT_API-KEY': '0123456789abcdef0123456789abcdef',
    'INPUT_INTAKE-URL': base,
    'INPUT_RUN-ID': `${RUN}`,
    INPUT_ATTEMPT: '1',
    INPUT_TIMEOUT: '600',
    INPUT_LOGS: logs,
    'INPUT_LOG-LINES': `${most}`,
  };
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', pathToFileURL(probe).href, OBSERVE], { env });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  await new Promise((resolve) => child.on('close', resolve));
  const [, rss] = /RSS (\d+)/.exec(stderr) ?? [];
  if (!rss || /^::(warning|error)/m.test(stdout)) throw new Error(`${stdout}\n${stderr}`);
  return { ms: performance.now() - started, rss: Number(rss) / 1024 };
}

async function measure() {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const server = fork(SELF, ['serve']);
  /** @returns {Promise<any>} */
  const next = () => new Promise((resolve) => server.once('message', resolve));
  const port = await next();
  const without = await observe(port, folder, { count: 1, most: 1, logs: 'none' });
  console.log(`Node ${process.version}; without logs ${without.rss.toFixed(0)} MiB\n`);
  console.log('    lines   wanted     sent   wall s   lines/s   peak MiB');
  for (const most of [20_000, 2_000_000]) {
    for (const count of SIZES) {
      const { ms, rss } = await observe(port, folder, { count, most });
      const counted = next();
      server.send('count');
      const sent = await counted;
      if (sent !== Math.min(count, most)) throw new Error(`${sent} lines arrived`);
      const row = [count, most, sent, (ms / 1000).toFixed(1), ((count / ms) * 1000).toFixed(0), rss.toFixed(0)];
      console.log(row.map((value, index) => `${value}`.padStart(index < 3 ? 9 : index === 5 ? 11 : 9)).join(''));
    }
  }
  server.disconnect();
  await rm(folder, { recursive: true });
}

if (process.argv[2] === 'serve') serve();
else await measure();
