// @ts-check
import { appendFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { startJob } from '../runner/runner.js';
import { KEY, toEnvironment, toPush } from './stage.js';

/** @typedef {import('../runner/runner.js').StageResult} StageResult */

/**
 * Runs this action as GitHub would for a push of the commit, in a job that is a pipeline of its own.
 * @param {import('./stage.js').Stage} stage
 * @returns {Promise<{ main: StageResult, told: string, post: StageResult }>}
 */
export async function playOne({ commit, intake }) {
  const job = await startJob({ env: toEnvironment(commit), event: toPush(commit) });
  try {
    const step = job.step({
      action: '',
      inputs: {
        'api-key': KEY,
        'intake-url': intake,
        'job-status': 'success',
        matrix: 'null',
        'check-run-id': '40000000001',
        token: '',
      },
    });
    const main = await step.main();
    const told = await pretend(job.env['DD_PIPELINE_FILE']);
    return { main, told, post: await step.post() };
  } finally {
    await job.end();
  }
}

/**
 * Takes a moment, and tells the action something as any step can.
 * @param {string | undefined} file
 */
async function pretend(file) {
  await sleep(1200);
  if (!file) return 'DD_PIPELINE_FILE is not set: nothing told';
  const lines = 'tag.team=payments\nmeasure.bundle_kb=812.5\n';
  await appendFile(file, lines);
  return `wrote to DD_PIPELINE_FILE:\n${lines.trimEnd()}`;
}
