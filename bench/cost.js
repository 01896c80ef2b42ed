// `npm run bench`: what a job downloads, and what main and post cost it as whole processes: requests, and times as ratios to the floor and to
// curl, all measured in one run and in turns. docs/develop/cost.md has the results.
// @ts-check
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startIntake } from '../viewer/intake/intake.js';
import { startJob } from '../viewer/runner/runner.js';

const ROUNDS = Number(process.argv[2] ?? 30);
const KEY = '0123456789abcdef0123456789abcdef';
const NODES = (process.env['BENCH_NODES'] ?? process.execPath).split(',');
const SHA = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';
const PERSON = { name: 'Ada Example', email: 'ada@example.com' };
const EVENT = {
  repository: { full_name: 'acme/shop', html_url: 'https://github.com/acme/shop', default_branch: 'main' },
  head_commit: { id: SHA, message: 'Add a page', timestamp: '2026-01-02T03:04:05Z', author: PERSON, committer: PERSON },
};
const ENV = {
  GITHUB_ACTIONS: 'true',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_RUN_ID: '42',
  GITHUB_RUN_NUMBER: '7',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_JOB: 'build',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_SHA: SHA,
  GITHUB_WORKFLOW: 'CI',
  GITHUB_ACTOR: 'ada',
};

const INPUTS = { 'api-key': KEY, 'job-status': 'success', matrix: 'null', summary: 'false' };
/** What GitHub's API says of a job while its post runs. */
const JOB = {
  id: 7,
  run_id: 42,
  name: 'build',
  status: 'in_progress',
  conclusion: null,
  created_at: '2026-01-02T03:04:05Z',
  started_at: '2026-01-02T03:04:06Z',
  steps: [
    {
      name: 'Test',
      number: 2,
      status: 'completed',
      conclusion: 'success',
      started_at: '2026-01-02T03:04:06Z',
      completed_at: '2026-01-02T03:04:07Z',
    },
  ],
};

/** What a hosted runner downloads, as committed, and what of dist/ a phase starts with. */
function printSizes() {
  const root = join(import.meta.dirname, '..');
  const archive = execFileSync('git', ['archive', '--format=tar.gz', 'HEAD'], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  console.log(`archive of HEAD: ${archive.length} bytes`);
  for (const name of readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).sort()) {
    if (!name.endsWith('.js')) continue;
    const code = readFileSync(join(root, 'dist', name));
    console.log(`  dist/${name}: ${code.length} bytes, ${gzipSync(code).length} packed`);
  }
}

/** @param {string} command @param {string[]} args @returns {Promise<number>} milliseconds */
async function time(command, args) {
  const start = performance.now();
  const child = spawn(command, args, { stdio: 'ignore', env: { PATH: process.env['PATH'], DD_API_KEY: KEY } });
  await new Promise((resolve, reject) => child.on('exit', resolve).on('error', reject));
  return performance.now() - start;
}

/** @param {number[]} list */
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? NaN;

/** @param {Record<string, string>} inputs @param {Record<string, string>} env @param {string} node */
async function startStep(inputs, env, node) {
  const job = await startJob({ env: { ...ENV, ...env }, event: EVENT, node });
  return { job, step: job.step({ inputs: { ...INPUTS, ...inputs } }) };
}

const intake = await startIntake({ key: KEY });
/** @type {string[]} */
let reads = [];
const api = createServer(({ url = '' }, response) => {
  reads.push(url);
  response.end(JSON.stringify(JOB));
}).listen(0, '127.0.0.1');
await once(api, 'listening');
const apiUrl = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (api.address()).port}`;
const endpoint = `${intake.url}/api/v2/ci/pipeline`;
printSizes();
for (const node of NODES) {
  /** @type {Record<string, number[]>} */
  const times = {};
  for (let round = 0; round < ROUNDS + 2; round += 1) {
    const { job, step } = await startStep({ 'intake-url': intake.url }, {}, node);
    const main = await step.main();
    const body = join(job.folder, 'body.json');
    await writeFile(body, JSON.stringify(intake.requests.at(-1)?.body));
    const floor = await time(node, [join(import.meta.dirname, 'floor.js'), endpoint, body]);
    const post = await step.post();
    const required = await time(node, [join(import.meta.dirname, 'floor-required.js'), endpoint, body]);
    const curl = await time('curl', [
      '-s',
      '-X',
      'POST',
      endpoint,
      '-H',
      `DD-API-KEY: ${KEY}`,
      '-H',
      'Content-Type: application/json',
      '-d',
      `@${body}`,
    ]);
    // With a token, as on GitHub: post reads its own job.
    const other = await startStep(
      { 'intake-url': intake.url, token: 't0ken-for-api', 'check-run-id': '7' },
      { GITHUB_API_URL: apiUrl },
      node,
    );
    const begun = await other.step.main();
    const before = intake.requests.length;
    reads = [];
    const read = await other.step.post();
    const asked = reads.map((path) => `${apiUrl}${path}`);
    if (round === 0)
      console.log(`post that reads the API: ${asked.length} GET, ${intake.requests.length - before} POST`);
    await writeFile(body, JSON.stringify(intake.requests.at(-1)?.body));
    const floorReads = await time(node, [join(import.meta.dirname, 'floor-reads.js'), endpoint, body, ...asked]);
    await Promise.all([job.end(), other.job.end()]);
    if ([main, post, begun, read].some(({ code }) => code !== 0))
      throw new Error(main.stdout + post.stdout + begun.stdout + read.stdout);
    const measured = {
      floor,
      required,
      curl,
      main: main.ms,
      post: post.ms,
      'floor with the reads': floorReads,
      'post that reads the API': read.ms,
    };
    // The first rounds fill the disk cache.
    if (round >= 2) Object.entries(measured).forEach(([name, ms]) => (times[name] ??= []).push(ms));
  }
  const medians = Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
  const { floor = NaN, required = NaN, curl = NaN, 'floor with the reads': floorReads = NaN } = medians;
  const ratio = (/** @type {string} */ name, /** @type {number} */ ms) =>
    [
      `${ms.toFixed(0).padStart(5)} ms`,
      `${(ms / (name.includes('reads') ? floorReads : floor)).toFixed(2)} x its floor`,
      `${(ms / required).toFixed(2)} x required`,
      `${(ms / curl).toFixed(1)} x curl`,
    ].join(', ');
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  console.log(`Node ${version.replace('v', '')}, median of ${ROUNDS}`);
  for (const [name, ms] of Object.entries(medians)) console.log(`  ${name.padEnd(24)}${ratio(name, ms)}`);
}
await intake.close();
api.close();
