// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { startApi } from './api.js';
import { startIntake } from '../intake/intake.js';
import { startJob } from '../runner/runner.js';

/**
 * What a workflow file says of a job, as far as this demo plays it.
 * @typedef {object} Planned
 * @property {string} key
 * @property {string[]} needs
 * @property {object} [matrix]
 * @property {number} ms how long its steps take
 * @property {string} status what `job.status` is at its end
 */

/** @type {Planned[][]} jobs that run side by side, in the order of their needs; the last one closes the pipeline */
const PLAN = [
  [{ key: 'build', needs: [], ms: 600, status: 'success' }],
  [
    { key: 'test', needs: ['build'], matrix: { node: 20 }, ms: 900, status: 'success' },
    { key: 'test', needs: ['build'], matrix: { node: 24 }, ms: 500, status: 'failure' },
  ],
  [{ key: 'report', needs: ['build', 'test'], ms: 100, status: 'success' }],
];

/**
 * Plays a run of several jobs: each is a process of its own that knows of the others what `needs` and the server's API tell it.
 * @param {Record<string, string>} env
 * @param {object} event
 * @param {string} key
 */
export async function playSeveral(env, event, key) {
  /** @type {import('./api.js').ListedJob[]} */
  const listed = [];
  const intake = await startIntake({ key });
  const api = await startApi({ start: new Date().toISOString(), jobs: listed });
  /** @type {Record<string, { result: string, outputs: object }>} */
  const ended = {};

  /** @param {Planned} planned */
  const play = async ({ key: jobKey, needs, matrix, ms, status }) => {
    const entry = toListed(50_000_000_001 + listed.length, jobKey, matrix);
    listed.push(entry);
    const job = await startJob({
      env: { ...env, GITHUB_JOB: jobKey, GITHUB_RUN_ID: '20000000002', GITHUB_API_URL: api.url },
      event,
    });
    const step = job.step({
      inputs: {
        'api-key': key,
        'intake-url': intake.url,
        level: jobKey === 'report' ? 'pipeline' : 'job',
        needs: needs.length > 0 ? JSON.stringify(Object.fromEntries(needs.map((name) => [name, ended[name]]))) : '',
        matrix: JSON.stringify(matrix ?? null),
        'check-run-id': `${entry.id}`,
        token: 'the-token-of-the-demo',
      },
    });
    await step.main({ inputs: { 'job-status': 'success' } });
    await sleep(ms);
    await step.post({ inputs: { 'job-status': status } });
    await job.end();
    entry.conclusion = status;
    const failed = status === 'failure' || ended[jobKey]?.result === 'failure';
    ended[jobKey] = { result: failed ? 'failure' : 'success', outputs: {} };
  };

  for (const jobs of PLAN) await Promise.all(jobs.map(play));
  await Promise.all([intake.close(), api.close()]);
  return intake;
}

/**
 * @param {number} id
 * @param {string} key
 * @param {object | undefined} matrix
 * @returns {import('./api.js').ListedJob}
 */
function toListed(id, key, matrix) {
  const name = matrix ? `${key} (${Object.values(matrix).join(', ')})` : key;
  const now = new Date().toISOString();
  return { id, name, status: 'in_progress', conclusion: null, created_at: now, started_at: now, steps: [] };
}
