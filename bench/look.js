// Part of `npm run bench:observe`: time, memory and requests of a scheduled look at many repositories. Needs `npm run build` before.
// @ts-check
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runObserve, toRun } from './observe-process.js';

/** Repositories, and the runs of each. */
const SIZES = [
  [10, 50],
  [40, 50],
];
/** The same with a server that answers one request after the other, which takes as long as asking one by one, or less. */
const COMPARED = [8, 10];
const [JOBS, STEPS, DELAY] = [10, 10, 50];
const SHA = 'bbf2e4734624c8254232b7c79199574dfb07813d';
const BEGIN = Date.now() - 3_600_000;
const SELF = fileURLToPath(import.meta.url);

/** @param {number} second */
const at = (second) => new Date(BEGIN + second * 1000).toISOString().replace(/\.\d+Z$/, 'Z');

/** A server in a process of its own, so that its memory and its work are not counted. */
function serve() {
  let [requests, events, isOneByOne] = [0, 0, false];
  let last = Promise.resolve();
  const wait = () => new Promise((resolve) => setTimeout(resolve, DELAY));
  const server = createServer(async (message, response) => {
    requests += 1;
    let text = '';
    for await (const chunk of message) text += chunk;
    const isPost = message.method === 'POST';
    if (isPost) events += JSON.parse(text).data.length;
    const body = isPost ? { data: null } : toBody(new URL(message.url ?? '', 'http://x'));
    last = isOneByOne ? last.then(wait) : wait();
    await last;
    response.writeHead(isPost ? 202 : body ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { message: 'Not Found' }));
  });
  process.on('message', (/** @type {boolean} */ next) => {
    process.send?.({ requests, events });
    [requests, events, isOneByOne] = [0, 0, next];
  });
  process.on('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', () =>
    process.send?.({ port: /** @type {import('node:net').AddressInfo} */ (server.address()).port }),
  );
}

/**
 * The owner's name tells how much there is: `o40x50` has 40 repositories of 50 runs.
 * @param {URL} url
 */
function toBody({ pathname, searchParams }) {
  const [, repositories = 0, runs = 0] = (/\/o(\d+)x(\d+)\//.exec(pathname) ?? []).map(Number);
  const [page, size] = [Number(searchParams.get('page') ?? 1), Number(searchParams.get('per_page') ?? 100)];
  /** @template T @param {number} count @param {(index: number) => T} make */
  const cut = (count, make) =>
    Array.from({ length: Math.max(0, Math.min(size, count - (page - 1) * size)) }, (_, index) =>
      make((page - 1) * size + index),
    );
  if (pathname.startsWith('/orgs/')) return cut(repositories, (index) => toRepository(pathname.split('/')[2], index));
  if (/\/actions\/runs$/.test(pathname))
    return { total_count: runs, workflow_runs: cut(runs, (index) => toRun(runs - index, SHA, at)) };
  if (/\/jobs$/.test(pathname)) return { total_count: JOBS, jobs: cut(JOBS, toJob) };
  if (/\/ops\/actions\/runs\/1000$/.test(pathname))
    return {
      ...toRun(1000, SHA, at),
      path: '.github/workflows/datadog.yml',
      event: 'schedule',
      status: 'in_progress',
      conclusion: null,
    };
  if (!pathname.includes('/contents/')) return undefined;
  const file = 'name: Bench\njobs:\n  test:\n    strategy: { matrix: { shard: [1] } }\n';
  return { type: 'file', encoding: 'base64', size: file.length, content: Buffer.from(file).toString('base64') };
}

/** @param {string | undefined} owner @param {number} index */
const toRepository = (owner, index) => ({
  full_name: `${owner}/r${index}`,
  html_url: `https://github.com/${owner}/r${index}`,
  default_branch: 'main',
});

/** @param {number} index */
const toJob = (index) => ({
  id: 40_000_000_000 + index,
  run_attempt: 1,
  name: `test (${index})`,
  status: 'completed',
  conclusion: 'success',
  created_at: at(1),
  started_at: at(5),
  completed_at: at(1500),
  steps: Array.from({ length: STEPS }, (_, step) => ({
    name: `Run step number ${step}`,
    conclusion: 'success',
    number: step + 1,
    started_at: at(6 + step * 100),
    completed_at: at(100 + step * 100),
  })),
  labels: ['ubuntu-latest'],
  runner_name: `GitHub Actions ${index}`,
});

/**
 * @param {number} port
 * @param {string} owner
 * @param {string} folder
 */
const look = (port, owner, folder) =>
  runObserve(port, folder, {
    GITHUB_EVENT_NAME: 'schedule',
    GITHUB_REPOSITORY: 'acme/ops',
    INPUT_REPOSITORIES: `${owner}/*`,
    INPUT_SINCE: at(-60),
  });

async function measure() {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const server = fork(SELF, ['serve']);
  /** @returns {Promise<any>} */
  const next = () => new Promise((resolve) => server.once('message', resolve));
  const { port } = await next();
  /** @param {boolean} isOneByOne what the server is from now on */
  const ask = (isOneByOne = false) => {
    const answer = next();
    server.send(isOneByOne);
    return answer;
  };
  console.log(`\na look at runs of ${JOBS} jobs of ${STEPS} steps, ${DELAY} ms an answer, Node ${process.version}\n`);
  console.log('repositories   runs    jobs   wall s   peak MiB   requests    events');
  for (const [repositories = 0, runs = 0] of SIZES) {
    const { ms, mib } = await look(port, `o${repositories}x${runs}`, folder);
    const { requests, events } = await ask();
    const count = repositories * runs;
    const expected = count * (1 + JOBS * (STEPS + 1));
    if (events !== expected) throw new Error(`${events} events, not ${expected}`);
    const cells = [repositories, count, count * JOBS, (ms / 1000).toFixed(1), mib.toFixed(0), requests, events];
    console.log(cells.map((cell, index) => String(cell).padStart([12, 6, 7, 8, 10, 10, 9][index] ?? 8)).join(' '));
  }
  const owner = `o${COMPARED.join('x')}`;
  const together = await look(port, owner, folder);
  await ask(true);
  const alone = await look(port, owner, folder);
  const times = (alone.ms / together.ms).toFixed(1);
  console.log(
    `\n${COMPARED.join(' x ')} runs: one by one ${(alone.ms / 1000).toFixed(1)} s, ` +
      `side by side ${(together.ms / 1000).toFixed(1)} s, ${times} times as fast`,
  );
  server.kill();
  await rm(folder, { recursive: true, force: true });
}

if (process.argv[2] === 'serve') serve();
else await measure();
