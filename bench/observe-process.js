// What the benchmarks of `observe` share: the bundle as a process of its own, measured, and a run as GitHub tells of it.
// @ts-check
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const BUNDLE = fileURLToPath(new URL('../dist/observe/index.js', import.meta.url));

/** Runs in the process that is measured: its own peak of memory, said when it ends. */
const PROBE = `process.on('exit', () => process.stderr.write('RSS ' + process.resourceUsage().maxRSS + '\\n'));`;

/**
 * Starts `observe` in a job whose server and intake listen on one port; fails where it has anything to warn of.
 * @param {number} port
 * @param {string} folder for its files
 * @param {Record<string, string>} variables what this job has beside
 * @returns {Promise<{ ms: number, mib: number, stdout: string }>}
 */
export async function runObserve(port, folder, variables) {
  const [event, probe] = [join(folder, 'event.json'), join(folder, 'probe.mjs')];
  await writeFile(event, '{}');
  await writeFile(probe, PROBE);
  const base = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env['PATH'],
    GITHUB_ACTIONS: 'true',
    GITHUB_RUN_ID: '1000',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_JOB: 'observe',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: base,
    GITHUB_EVENT_PATH: event,
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    INPUT_TOKEN: 'token-of-nobody-0123456789',
    'INPUT_API-KEY': '0123456789abcdef0123456789abcdef',
    'INPUT_INTAKE-URL': base,
    INPUT_TIMEOUT: '600',
    ...variables,
  };
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', pathToFileURL(probe).href, BUNDLE], { env });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  await new Promise((resolve) => child.on('close', resolve));
  const [, rss] = /RSS (\d+)/.exec(stderr) ?? [];
  if (!rss || /^::(warning|error)/m.test(stdout)) throw new Error(`${stdout}\n${stderr}`);
  return { ms: performance.now() - started, mib: Number(rss) / 1024, stdout };
}

/**
 * A run that has ended well.
 * @param {number} id
 * @param {string} sha
 * @param {(seconds: number) => string} at the time so long after its start
 */
export const toRun = (id, sha, at) => ({
  id,
  name: 'Bench',
  path: '.github/workflows/bench.yml',
  run_number: id,
  run_attempt: 1,
  event: 'push',
  status: 'completed',
  conclusion: 'success',
  head_branch: 'main',
  head_sha: sha,
  created_at: at(0),
  run_started_at: at(0),
  updated_at: at(3000),
  head_commit: { id: sha, message: 'Round totals', timestamp: at(-9), author: { name: 'C', email: 'c@example.com' } },
});
