// `npm run bench:observe`: how time, memory and requests of observe/ grow with the jobs of a run. Needs `npm run build` before.
// @ts-check
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'rolldown';
import { runObserve, toRun } from './observe-process.js';

const SIZES = (process.env['BENCH_SIZES'] ?? '100,1000,10000').split(',').map(Number);
const STEPS = 10;
const DELAY = 50;
const RUN = 4711;
const SHA = 'bbf2e4734624c8254232b7c79199574dfb07813d';
const BEGIN = Date.now() - 3_600_000;
const SELF = fileURLToPath(import.meta.url);

/** @param {number} second */
const at = (second) => new Date(BEGIN + second * 1000).toISOString().replace(/\.\d+Z$/, 'Z');

/** A server in a process of its own, so that its memory and its work are not counted. */
function serve() {
  let [requests, events, bytes] = [0, 0, 0];
  /** @type {Map<string, [number, string]>} made once: a real server is another machine */
  const answers = new Map();
  const server = createServer(async (message, response) => {
    requests += 1;
    let body = '';
    for await (const chunk of message) body += chunk;
    const url = new URL(message.url ?? '', 'http://x');
    const [, count = '0'] = /acme\/n(\d+)\//.exec(url.pathname) ?? [];
    if (message.method === 'POST') {
      events += JSON.parse(body).data.length;
      bytes += body.length;
    }
    setTimeout(() => {
      const known = answers.get(message.url ?? '');
      const [status, answer] =
        known ?? (message.method === 'POST' ? [202, '{"data":null}'] : toAnswer(url, Number(count)));
      if (message.method === 'GET') answers.set(message.url ?? '', [status, answer]);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(answer);
    }, DELAY);
  });
  process.on('message', () => {
    process.send?.({ requests, events, bytes });
    [requests, events, bytes] = [0, 0, 0];
  });
  process.on('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', () =>
    process.send?.({ port: /** @type {import('node:net').AddressInfo} */ (server.address()).port }),
  );
}

/**
 * @param {URL} url
 * @param {number} count
 * @returns {[number, string]}
 */
function toAnswer(url, count) {
  const body = toBody(url, count);
  return body === undefined ? [404, '{"message":"Not Found"}'] : [200, JSON.stringify(body)];
}

/**
 * @param {URL} url
 * @param {number} count
 */
function toBody({ pathname, searchParams }, count) {
  if (pathname.endsWith('/jobs')) {
    const [page, size] = [Number(searchParams.get('page')), Number(searchParams.get('per_page'))];
    const from = (page - 1) * size;
    const jobs = Array.from({ length: Math.max(0, Math.min(size, count - from)) }, (_, index) => toJob(from + index));
    return { total_count: count, jobs };
  }
  if (pathname.includes('/contents/')) {
    const file = 'name: Bench\njobs:\n  test:\n    strategy: { matrix: { shard: [1] } }\n';
    return { type: 'file', encoding: 'base64', size: file.length, content: Buffer.from(file).toString('base64') };
  }
  return /\/attempts\/1$/.test(pathname) ? toRun(RUN, SHA, at) : undefined;
}

/** @param {number} index as large as GitHub's: the fields that nobody reads are there too */
const toJob = (index) => ({
  id: 40_000_000_000 + index,
  run_id: RUN,
  run_url: `https://api.github.com/repos/acme/shop/actions/runs/${RUN}`,
  run_attempt: 1,
  node_id: 'CR_kwDOACpyoM8AAAAJUJQeAQ',
  head_sha: SHA,
  url: `https://api.github.com/repos/acme/shop/actions/jobs/${40_000_000_000 + index}`,
  html_url: `https://github.com/acme/shop/actions/runs/${RUN}/job/${40_000_000_000 + index}`,
  name: `test (${index})`,
  status: 'completed',
  conclusion: 'success',
  created_at: at(1),
  started_at: at(5 + (index % 1000)),
  completed_at: at(1500 + (index % 1000)),
  steps: Array.from({ length: STEPS }, (_, step) => ({
    name: `Run step number ${step}`,
    status: 'completed',
    conclusion: 'success',
    number: step + 1,
    started_at: at(6 + (index % 1000) + step * 100),
    completed_at: at(100 + (index % 1000) + step * 100),
  })),
  check_run_url: `https://api.github.com/repos/acme/shop/check-runs/${40_000_000_000 + index}`,
  labels: ['ubuntu-latest'],
  runner_id: index,
  runner_name: `GitHub Actions ${index}`,
  runner_group_id: 0,
  runner_group_name: 'GitHub Actions',
  workflow_name: 'Bench',
  head_branch: 'main',
});

/**
 * @param {number} port
 * @param {number} count
 * @param {string} folder
 */
const observe = (port, count, folder) =>
  runObserve(port, folder, {
    GITHUB_REPOSITORY: `acme/n${count}`,
    'INPUT_RUN-ID': `${RUN}`,
    INPUT_ATTEMPT: '1',
    INPUT_STEPS: 'auto',
  });

/** What reads the pages of a run's jobs. */
const PARTS = [
  'server/job-list',
  'server/get',
  'delivery/http',
  'server/client',
  'server/platforms/detect',
  'server/server',
];

/**
 * These parts of src/ as programs of their own.
 * @param {string} dir
 */
const buildParts = (dir) =>
  build({
    input: Object.fromEntries(
      PARTS.map((part) => [part, fileURLToPath(new URL(`../src/${part}.ts`, import.meta.url))]),
    ),
    platform: 'node',
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
    logLevel: 'warn',
    output: { dir, entryFileNames: '[name].js' },
  });

/**
 * The pages of 1,000 jobs, read by the action's own reader.
 * @param {number} port
 * @param {number} atOnce
 * @param {string} parts
 */
async function readPages(port, atOnce, parts) {
  const [{ listJobs }, { createGet }, { createLoad }, { createClient }, { openPlatform }, { bindServer }] =
    await Promise.all(PARTS.map((part) => import(pathToFileURL(join(parts, `${part}.js`)).href)));
  const log = { debug() {}, info() {}, notice() {}, warn() {}, group() {}, logged: [] };
  const client = createClient(createGet('token', `http://127.0.0.1:${port}`, createLoad({})), {
    deadline: { remaining: () => 60_000 },
    log,
  });
  const ref = { serverUrl: '', repository: 'acme/n1000', id: `${RUN}`, number: '1', attempt: 1 };
  const { platform } = openPlatform({ env: {} });
  await listJobs(bindServer(client, platform, { ...ref, repository: 'acme/n100' }), 1);
  const started = performance.now();
  const { jobs } = await listJobs(bindServer(client, platform, ref), atOnce);
  if (jobs.length !== 1_000) throw new Error(`${jobs.length} jobs`);
  return performance.now() - started;
}

async function measure() {
  if (!existsSync(new URL('../dist/observe/index.js', import.meta.url)))
    throw new Error('Nothing is measured: run `npm run build` before.');
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const server = fork(SELF, ['serve']);
  /** @returns {Promise<any>} */
  const next = () => new Promise((resolve) => server.once('message', resolve));
  const { port } = await next();
  const ask = () => {
    const answer = next();
    server.send('counts');
    return answer;
  };
  console.log(`${STEPS} steps a job, ${DELAY} ms an answer, Node ${process.version}\n`);
  console.log('   jobs   wall s   peak MiB   requests    events   MB sent     wall   memory');
  /** @type {{ ms: number, mib: number } | undefined} */
  let before;
  for (const count of SIZES) {
    const { ms, mib } = await observe(port, count, folder);
    const { requests, events, bytes } = await ask();
    const expected = 1 + count * (STEPS + 1);
    if (events !== expected) throw new Error(`${events} events, not ${expected}`);
    const growth = before ? [`x ${(ms / before.ms).toFixed(2)}`, `x ${(mib / before.mib).toFixed(2)}`] : ['', ''];
    const cells = [
      count,
      (ms / 1000).toFixed(2),
      mib.toFixed(0),
      requests,
      events,
      (bytes / 1e6).toFixed(1),
      ...growth,
    ];
    console.log(cells.map((cell, index) => String(cell).padStart([7, 8, 10, 10, 9, 9, 8, 8][index] ?? 8)).join(' '));
    before = { ms, mib };
  }
  const parts = join(folder, 'parts');
  await buildParts(parts);
  // In turn, and the best of five: other processes only ever add to a time.
  /** @type {number[]} */
  const ones = [];
  /** @type {number[]} */
  const tens = [];
  for (let turn = 0; turn < 5; turn += 1) {
    ones.push(await readPages(port, 1, parts));
    tens.push(await readPages(port, 10, parts));
  }
  const [one, ten] = [Math.min(...ones), Math.min(...tens)];
  console.log(
    `\npages of 1,000 jobs: one by one ${one.toFixed(0)} ms, side by side ${ten.toFixed(0)} ms, ${(one / ten).toFixed(1)} times as fast`,
  );
  server.kill();
  await rm(folder, { recursive: true, force: true });
}

if (process.argv[2] === 'serve') serve();
else await measure();
