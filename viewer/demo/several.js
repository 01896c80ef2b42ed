// @ts-check
import { appendFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { startJob } from '../runner/runner.js';
import { startApi } from './api.js';
import { KEY, toEnvironment, toPush } from './stage.js';

/**
 * What a workflow file says of a job, as far as this demo plays it.
 * @typedef {object} Planned
 * @property {string} key
 * @property {string[]} needs
 * @property {object} [matrix]
 * @property {[name: string, ms: number][]} steps
 * @property {'success' | 'failure' | 'cancelled'} [ends]
 * @property {string} [reason] what its last step writes for Datadog
 */

/** @typedef {{ id: number, workflow: string, attempt: number, waves: Planned[][] }} Plan jobs in the order of their needs */

/**
 * A job as the server's API lists it.
 * @typedef {object} ListedJob
 * @property {number} id
 * @property {string} name
 * @property {number} run_attempt
 * @property {string} status
 * @property {string | null} conclusion
 * @property {string} created_at
 * @property {string} started_at
 * @property {string} [completed_at]
 * @property {object[]} steps
 */

/**
 * What a run leaves to its next attempt.
 * @typedef {object} Played
 * @property {ListedJob[]} listed
 * @property {Record<string, { result: string, outputs: object }>} results by the jobs' keys
 */

const REPORT = { key: 'report', steps: /** @type {[string, number][]} */ ([['Report', 100]]) };
const BUILD = { key: 'build', needs: [], steps: steps(['Check out', 200], ['Build', 500]) };
const TEST = { key: 'test', needs: ['build'] };

/** @type {Plan} a job of a matrix fails, and says why */
export const FAILED = {
  id: 20000000002,
  workflow: 'CI',
  attempt: 1,
  waves: [
    [BUILD],
    [
      { ...TEST, matrix: { node: 20 }, steps: steps(['Install', 300], ['Test', 600]) },
      {
        ...TEST,
        matrix: { node: 24 },
        steps: steps(['Install', 300], ['Test', 300]),
        ends: 'failure',
        reason: '3 of 412 tests failed: totals, rounds before tax: expected 12.34, got 12.35',
      },
    ],
    [{ ...REPORT, needs: ['build', 'test'] }],
  ],
};

/** @type {Plan} the failed job is run again, and with it those that need it */
export const RETRIED = {
  ...FAILED,
  attempt: 2,
  waves: [
    [{ ...TEST, matrix: { node: 24 }, steps: steps(['Install', 300], ['Test', 400]) }],
    [{ ...REPORT, needs: ['build', 'test'] }],
  ],
};

/** @type {Plan} somebody cancels a deployment; the closing job runs in any case */
export const CANCELLED = {
  id: 20000000003,
  workflow: 'Deploy',
  attempt: 1,
  waves: [
    [BUILD],
    [
      { key: 'deploy', needs: ['build'], matrix: { region: 'eu' }, steps: steps(['Deploy', 500]) },
      { key: 'deploy', needs: ['build'], matrix: { region: 'us' }, steps: steps(['Deploy', 800]), ends: 'cancelled' },
    ],
    [{ ...REPORT, needs: ['build', 'deploy'] }],
  ],
};

/**
 * Plays a run of several jobs: each is a process of its own that knows of the others what `needs` and the server's API
 * tell it.
 * @param {Plan} plan
 * @param {import('./stage.js').Stage} stage
 * @param {Played} [before] the attempt before
 * @returns {Promise<Played>}
 */
export async function playSeveral(plan, stage, before = { listed: [], results: {} }) {
  const repeated = new Set(plan.waves.flat().map(toName));
  const kept = before.listed.filter(({ name }) => !repeated.has(name));
  /** @type {Played} */
  const played = { listed: [...kept], results: { ...before.results } };
  const start = new Date().toISOString();
  const run = `actions/runs/${plan.id}`;
  const details = { id: plan.id, run_attempt: plan.attempt, run_started_at: start, status: 'in_progress' };
  /** @type {import('./api.js').Answers} */
  const answers = {
    [run]: details,
    [`${run}/attempts/${plan.attempt}`]: details,
    [`${run}/attempts/${plan.attempt}/jobs`]: () => ({ total_count: played.listed.length, jobs: played.listed }),
  };
  const api = await startApi(answers);
  for (const wave of plan.waves) {
    await Promise.all(
      wave.map((planned) => {
        const entry = toListed(planned, plan, played.listed.length);
        played.listed.push(entry);
        answers[`actions/jobs/${entry.id}`] = entry;
        return playJob(planned, { plan, stage, played, entry, api: api.url });
      }),
    );
  }
  await api.close();
  return played;
}

/**
 * @param {Planned} planned
 * @param {{ plan: Plan, stage: import('./stage.js').Stage, played: Played, entry: ListedJob, api: string }} around
 */
async function playJob({ key, needs, matrix, steps, ends = 'success', reason }, { plan, stage, played, entry, api }) {
  const { commit, intake } = stage;
  const job = await startJob({
    env: {
      ...toEnvironment(commit),
      GITHUB_API_URL: api,
      GITHUB_JOB: key,
      GITHUB_RUN_ATTEMPT: `${plan.attempt}`,
      GITHUB_RUN_ID: `${plan.id}`,
      GITHUB_WORKFLOW: plan.workflow,
    },
    event: toPush(commit),
  });
  const results = Object.fromEntries(needs.map((name) => [name, played.results[name]]));
  const step = job.step({
    action: '',
    inputs: {
      'api-key': KEY,
      'intake-url': intake,
      level: key === 'report' ? 'pipeline' : 'job',
      needs: needs.length > 0 ? JSON.stringify(results) : '',
      matrix: JSON.stringify(matrix ?? null),
      'check-run-id': `${entry.id}`,
      token: 'the-token-of-the-demo',
    },
  });
  await step.main({ inputs: { 'job-status': 'success' } });
  await playSteps(steps, ends, entry);
  if (reason) await appendFile(job.env['DD_PIPELINE_FILE'] ?? '', `error.message=${reason}\n`);
  await step.post({ inputs: { 'job-status': ends } });
  await job.end();
  Object.assign(entry, { status: 'completed', conclusion: ends, completed_at: new Date().toISOString() });
  const others = plan.waves.flat().filter((other) => other.key === key);
  const worst = others.find((other) => other.ends !== undefined)?.ends ?? ends;
  played.results[key] = { result: worst, outputs: {} };
}

/**
 * Takes the time of the steps, and lists them as the server does.
 * @param {Planned['steps']} steps
 * @param {string} ends how the last one does
 * @param {ListedJob} entry
 */
async function playSteps(steps, ends, entry) {
  for (const [index, [name, ms]] of steps.entries()) {
    const started_at = new Date().toISOString();
    await sleep(ms);
    const conclusion = index === steps.length - 1 ? ends : 'success';
    const completed_at = new Date().toISOString();
    entry.steps.push({ number: index + 2, name, status: 'completed', conclusion, started_at, completed_at });
  }
}

/** @param {Planned} planned */
const toName = ({ key, matrix }) => (matrix ? `${key} (${Object.values(matrix).join(', ')})` : key);

/**
 * @param {Planned} planned
 * @param {Plan} plan
 * @param {number} index
 * @returns {ListedJob}
 */
function toListed(planned, { id, attempt }, index) {
  const now = new Date().toISOString();
  return {
    id: id * 10 + 100 * attempt + index,
    name: toName(planned),
    run_attempt: attempt,
    status: 'in_progress',
    conclusion: null,
    created_at: now,
    started_at: now,
    steps: [],
  };
}

/** @param {[name: string, ms: number][]} list */
function steps(...list) {
  return list;
}
