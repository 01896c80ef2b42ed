// @ts-check
import { deepEqual, equal } from 'node:assert/strict';
import { lastOf, tagOf, toOutline } from './outline.js';
import { REPOSITORY } from './workspace.js';

/** @typedef {import('../viewer/run/event.js').CiEvent} CiEvent */
/** @typedef {import('./runners.js').Runner} Runner */
/** @typedef {import('./scenarios.js').Scenario} Scenario */

/**
 * A workflow of `examples/`, which stands there for GitHub and for Forgejo; those for Gitea run on a live server (live/scenarios.js).
 * @typedef {object} Example
 * @property {string} workflow
 * @property {string} pipeline
 * @property {string[]} jobs
 * @property {Pick<Scenario, 'inputs' | 'warnings' | 'check'>} [more]
 */

const TIME = new Date(Date.now() - 60_000).toISOString();
const PARENT = '0f0e0d0c-0b0a-4908-8706-050403020100';
const START = `/repos/${REPOSITORY}/actions/workflows/deploy.yml/dispatches`;

/** @type {Example[]} */
const ROWS = [
  { workflow: 'one-job', pipeline: 'One job', jobs: ['build'] },
  { workflow: 'matrix', pipeline: 'Matrix', jobs: ['datadog', 'test (20)', 'test (24)'] },
  { workflow: 'several-jobs', pipeline: 'Several jobs', jobs: ['build', 'datadog', 'test'] },
  { workflow: 'reusable-workflow', pipeline: 'Reusable workflow', jobs: ['compile', 'datadog'] },
  {
    workflow: 'composite',
    pipeline: 'Composite action',
    jobs: ['build'],
    more: {
      // GitHub's example needs no `status=`; act is no GitHub, and Forgejo's example has it.
      warnings: ({ provider }) => (provider === 'act' ? ['How this job ended is not known for certain'] : []),
      check: ({ events }) => equal(tagOf(lastOf(events, 'pipeline')[0], 'team'), 'payments'),
    },
  },
  {
    workflow: 'start-deploy',
    pipeline: 'Build and start the deployment',
    jobs: ['build'],
    more: {
      check: ({ runner, events, asked, bodies }) => {
        deepEqual(
          asked.filter((request) => request.startsWith('POST ')),
          [`POST ${runner.apiPath}${START}`],
        );
        const parent = lastOf(events, 'pipeline')[0]?.unique_id;
        deepEqual(
          bodies.map((body) => JSON.parse(body)),
          [{ ref: 'main', inputs: { parent } }],
        );
      },
    },
  },
  {
    workflow: 'deploy',
    pipeline: 'Deploy',
    jobs: ['deploy'],
    more: {
      inputs: { parent: PARENT },
      check: ({ events }) => {
        const [pipeline] = lastOf(events, 'pipeline');
        equal(pipeline?.parent_pipeline?.id, PARENT);
        deepEqual(pipeline?.parameters, { parent: PARENT });
        deepEqual(new Set(events.map(({ attributes }) => attributes.env)), new Set(['production']));
      },
    },
  },
];

/** @type {Scenario[]} */
export const EXAMPLES = ROWS.flatMap((row) => [
  toScenario(row, 'github', ({ name }) => name === 'act'),
  toScenario(row, 'forgejo', ({ provider, standIn }) => provider === 'forgejo' && standIn === true),
]);

/**
 * @param {Example} row
 * @param {'github' | 'forgejo'} example
 * @param {(runner: Runner) => boolean} only
 * @returns {Scenario}
 */
function toScenario({ workflow, pipeline, jobs, more }, example, only) {
  return {
    name: `examples/${example}/${workflow}.yml`,
    workflow,
    example,
    only,
    secrets: { GITHUB_TOKEN: 'not-a-real-token' },
    answers: ({ apiPath }, runId) => {
      const run = `${apiPath}/repos/${REPOSITORY}/actions/runs/${runId}`;
      const times = { run_started_at: TIME, started_at: TIME, started: TIME };
      return { [run]: times, [`${run}/attempts/1`]: times, [`${apiPath}${START}`]: {} };
    },
    ...more,
    check: (seen) => {
      const ends = toOutline(seen.events).map((one) => [one.name, one.statuses.at(-1), one.jobs.map(toEnd)]);
      deepEqual(ends, [[pipeline, 'success', jobs.map((name) => [name, 'success'])]]);
      more?.check(seen);
    },
  };
}

/** @param {import('./outline.js').Story} job */
const toEnd = ({ name, statuses }) => [name, statuses.at(-1)];
