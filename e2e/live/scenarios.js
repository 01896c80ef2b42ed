// @ts-check
import { lastOf, tagOf } from '../outline.js';
import { differ } from './differ.js';

/** @typedef {import('../../viewer/run/event.js').CiEvent} CiEvent */
/** @typedef {import('./repository.js').Attempt} Attempt */
/** @typedef {import('./repository.js').Repository} Repository */

/**
 * What the server has to say in the end of an attempt: the run's conclusion, and those of its jobs. The events are held against what it
 * does say (check.js), so this only makes sure that the scenario is the one that is meant.
 * @typedef {[run: string, jobs: Record<string, string>]} Conclusion
 */

/**
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string} [workflow] the file of `workflows/`
 * @property {string[]} [examples] files of `examples/gitea/`, in its place
 * @property {Record<string, string>} [variables] of the repository
 * @property {boolean} [recipe] whether the workflow of docs/observe.md is there too
 * @property {(repository: Repository) => Promise<Attempt[]>} [play] after the first push, until everything has ended; absent: nothing more
 * @property {Conclusion[]} says one for each attempt of each run, in order
 * @property {boolean} [observed] whether all jobs are told of, those too that never ran
 * @property {boolean} [open] whether nobody closes the pipeline
 * @property {Record<string, string>} [called] the job that reports itself inside a reusable workflow, by the name of the call
 * @property {string} [silent] the job that does not tell of itself
 * @property {Record<string, string[]>} [needs] who waits for whom, by names in the list of jobs
 * @property {(events: CiEvent[]) => string[]} [check] what else is wrong
 */

/** @param {string} word */
const build = (word) => /** @type {Conclusion} */ ([word, { build: word }]);

const SEVERAL = {
  needs: { 'test (20)': ['lint'], 'test (24)': ['lint'], done: ['lint', 'test (20)', 'test (24)'] },
  /** @type {Conclusion} */
  success: ['success', { lint: 'success', 'test (20)': 'success', 'test (24)': 'success', done: 'success' }],
  /** @type {Conclusion} */
  failure: ['failure', { lint: 'success', 'test (20)': 'failure', 'test (24)': 'success', done: 'success' }],
};

const OBSERVED = {
  needs: { test: ['build (20)', 'build (24)'], deploy: ['build (20)', 'build (24)'] },
  jobs: { 'build (20)': 'success', 'build (24)': 'success', test: 'failure', deploy: 'skipped' },
};

/**
 * Runs the attempt's job of that name again, or all jobs.
 * @param {Repository} repository
 * @param {string} [name]
 */
async function again(repository, name) {
  const [attempt] = await repository.ended();
  if (!attempt) return;
  await repository.rerun(
    attempt.run,
    attempt.jobs.find((job) => job.name === name),
  );
}

/** @param {Repository} repository */
async function cancelled(repository) {
  await repository.cancel(await repository.inStep('Wait'));
  return repository.ended();
}

/** @type {Scenario[]} */
export const SCENARIOS = [
  { name: 'success', workflow: 'one-job', variables: { EXIT: '0' }, says: [build('success')] },
  { name: 'failure', workflow: 'one-job', variables: { EXIT: '1' }, says: [build('failure')] },
  { name: 'tolerated step at the end', workflow: 'tolerated-last', says: [build('success')] },
  { name: 'tolerated step before a skipped one', workflow: 'tolerated-then-skipped', says: [build('success')] },
  { name: 'failed step before one that always runs', workflow: 'failed-then-always', says: [build('failure')] },
  { name: 'cancelled by a person', workflow: 'waiting', play: cancelled, says: [build('cancelled')] },
  {
    name: 'cancelled in a composite action',
    workflow: 'waiting-composite',
    play: cancelled,
    says: [build('cancelled')],
  },
  {
    name: 'cancelled by the next push',
    workflow: 'waiting',
    play: async (repository) => {
      await repository.inStep('Wait');
      await repository.push('refs/heads/main');
      return repository.ended(2);
    },
    says: [build('cancelled'), build('success')],
  },
  {
    name: 'cancelled while the closing job waits',
    workflow: 'several-jobs-waiting',
    play: cancelled,
    says: [['cancelled', { lint: 'success', test: 'cancelled', done: 'cancelled' }]],
    open: true,
    needs: { test: ['lint'] },
  },
  { name: 'composite action', workflow: 'composite', variables: { EXIT: '0' }, says: [build('success')] },
  {
    name: 'composite action before a failed step',
    workflow: 'composite',
    variables: { EXIT: '1' },
    says: [build('failure')],
  },
  {
    name: 'several jobs',
    workflow: 'several-jobs',
    variables: { EXIT: '0' },
    says: [SEVERAL.success],
    needs: SEVERAL.needs,
  },
  {
    name: 'several jobs, one fails',
    workflow: 'several-jobs',
    variables: { EXIT: '1' },
    says: [SEVERAL.failure],
    needs: SEVERAL.needs,
  },
  {
    name: 're-run of one job and of all',
    workflow: 'several-jobs',
    variables: { EXIT: '1' },
    play: async (repository) => {
      const attempts = await repository.ended();
      await again(repository, 'test (20)');
      attempts.push(...(await repository.ended()));
      await again(repository);
      return [...attempts, ...(await repository.ended())];
    },
    says: [SEVERAL.failure, SEVERAL.failure, SEVERAL.failure],
    needs: SEVERAL.needs,
  },
  {
    name: 're-run of a one-job pipeline',
    workflow: 'one-job',
    variables: { EXIT: '1' },
    play: async (repository) => {
      const attempts = await repository.ended();
      await again(repository);
      return [...attempts, ...(await repository.ended())];
    },
    says: [build('failure'), build('failure')],
  },
  {
    name: 'dispatch with inputs',
    workflow: 'dispatch',
    play: async (repository) => {
      await repository.dispatch('dispatch.yml', { region: 'us' });
      return repository.ended();
    },
    says: [build('success')],
    check: (events) => {
      const [pipeline] = lastOf(events, 'pipeline');
      return [
        ...differ('is_manual', pipeline?.is_manual, true),
        ...differ('parameters', pipeline?.parameters, { region: 'us', color: 'red' }),
      ];
    },
  },
  {
    name: 'pull request',
    workflow: 'pull-request',
    play: async (repository) => {
      await repository.push('refs/heads/sundays');
      await repository.propose('sundays');
      return repository.ended();
    },
    says: [build('success')],
    check: (events) => differ('branch', lastOf(events, 'pipeline')[0]?.git?.branch, 'sundays'),
  },
  {
    name: 'tag',
    workflow: 'tag',
    play: async (repository) => {
      await repository.push('refs/tags/v1.2.3');
      return repository.ended();
    },
    says: [build('success')],
    check: (events) => differ('tag', lastOf(events, 'pipeline')[0]?.git?.tag, 'v1.2.3'),
  },
  {
    name: 'observe in a closing job',
    workflow: 'observed-closing',
    says: [['failure', { ...OBSERVED.jobs, datadog: 'success' }]],
    observed: true,
    silent: 'datadog',
    needs: OBSERVED.needs,
  },
  {
    name: 'observe on workflow_run',
    workflow: 'observed',
    recipe: true,
    // The push's own run, and one of the recipe's for its beginning and for its end.
    play: async (repository) => (await repository.ended(3)).filter(({ run }) => run.path.startsWith('observed.yml@')),
    says: [['failure', OBSERVED.jobs]],
    observed: true,
    needs: OBSERVED.needs,
  },
  { name: 'examples: one job', examples: ['one-job'], says: [build('success')] },
  {
    name: 'examples: matrix',
    examples: ['matrix'],
    says: [['success', { 'test (20)': 'success', 'test (24)': 'success', datadog: 'success' }]],
    needs: { datadog: ['test (20)', 'test (24)'] },
  },
  {
    name: 'examples: several jobs',
    examples: ['several-jobs'],
    says: [['success', { build: 'success', test: 'success', datadog: 'success' }]],
    needs: { test: ['build'], datadog: ['build', 'test'] },
  },
  {
    name: 'examples: reusable workflow',
    examples: ['reusable-workflow', 'reusable-called'],
    says: [['success', { build: 'success', datadog: 'success' }]],
    // The runner plays a reusable workflow within the call's job, up to 1.26.
    called: { build: 'compile' },
  },
  {
    name: 'examples: composite action',
    examples: ['composite'],
    says: [build('success')],
    check: (events) => differ('tag team', tagOf(lastOf(events, 'pipeline')[0], 'team'), 'payments'),
  },
  {
    name: 'examples: a deployment with its parent',
    examples: ['start-deploy', 'deploy'],
    play: (repository) => repository.ended(2),
    says: [build('success'), ['success', { deploy: 'success' }]],
    check: (events) => {
      const [parent] = lastOf(events, 'pipeline', 'Build and start the deployment');
      return differ(
        'parent of the deployment',
        lastOf(events, 'pipeline', 'Deploy')[0]?.parent_pipeline?.id,
        parent?.unique_id,
      );
    },
  },
];
