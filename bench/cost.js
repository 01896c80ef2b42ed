// `npm run bench`: what main and post cost a job as whole processes, as ratios to the floor and to curl, all measured in one run.
// @ts-check
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startIntake } from '../demo/intake.js';
import { startJob } from '../demo/runner.js';

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

/** @param {string} command @param {string[]} args @returns {Promise<number>} milliseconds */
async function time(command, args) {
  const start = performance.now();
  const child = spawn(command, args, { stdio: 'ignore', env: { PATH: process.env['PATH'], DD_API_KEY: KEY } });
  await new Promise((resolve, reject) => child.on('exit', resolve).on('error', reject));
  return performance.now() - start;
}

/** @param {number[]} list */
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? NaN;

const intake = await startIntake({ key: KEY });
const endpoint = `${intake.url}/api/v2/ci/pipeline`;
for (const node of NODES) {
  /** @type {Record<'floor' | 'curl' | 'main' | 'post', number[]>} */
  const times = { floor: [], curl: [], main: [], post: [] };
  for (let round = 0; round < ROUNDS + 2; round += 1) {
    const job = await startJob({ env: ENV, event: EVENT, node });
    const inputs = { 'api-key': KEY, 'intake-url': intake.url, 'job-status': 'success', matrix: 'null', summary: 'false' };
    const step = job.step({ inputs });
    const main = await step.main();
    const body = join(job.folder, 'body.json');
    await writeFile(body, JSON.stringify(intake.requests.at(-1)?.body));
    const floor = await time(node, [join(import.meta.dirname, 'floor.js'), endpoint, body]);
    const post = await step.post();
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
    await job.end();
    if (main.code !== 0 || post.code !== 0) throw new Error(main.stdout + post.stdout);
    // The first rounds fill the disk cache.
    if (round >= 2)
      Object.entries({ floor, curl, main: main.ms, post: post.ms }).forEach(([name, ms]) => times[/** @type {'main'} */ (name)].push(ms));
  }
  const [floor = NaN, curl = NaN, main = NaN, post = NaN] = [times.floor, times.curl, times.main, times.post].map(median);
  const ratio = (/** @type {number} */ ms) =>
    `${ms.toFixed(0).padStart(5)} ms, ${(ms / floor).toFixed(2)} x floor, ${(ms / curl).toFixed(1)} x curl`;
  console.log(`${node === process.execPath ? process.version : node}, median of ${ROUNDS}`);
  for (const [name, ms] of Object.entries({ floor, curl, main, post })) console.log(`  ${name.padEnd(6)}${ratio(ms)}`);
}
await intake.close();
