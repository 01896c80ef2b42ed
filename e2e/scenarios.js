// @ts-check
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { checkEvent } from '../viewer/intake/rules.js';
import { EXAMPLES } from './example-scenarios.js';
import { lastOf, tagOf, toOutline } from './outline.js';
import { REPOSITORY } from './workspace.js';

/** @typedef {import('../viewer/run/event.js').CiEvent} CiEvent */
/** @typedef {import('../viewer/intake/intake.js').Intake} Intake */
/** @typedef {import('./runners.js').Ending} Ending */
/** @typedef {import('./runners.js').Outcome} Outcome */
/** @typedef {import('./runners.js').Runner} Runner */

/**
 * What a scenario left behind.
 * @typedef {object} Seen
 * @property {Runner} runner
 * @property {CiEvent[]} events
 * @property {Intake['requests']} requests
 * @property {string} log
 * @property {string[]} asked requests to the server's API
 * @property {string[]} bodies of those that are no reads
 * @property {number} ms
 */

/**
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string} workflow name of its file, without the ending
 * @property {keyof typeof import('./examples.js').FOLDERS} [example] it is one of this server's in `examples/`, not of this folder's
 * @property {Record<string, string>} [inputs] of a start by hand; absent: the workflow is started by a push
 * @property {boolean} [fails] whether the run fails, as its steps say; the action never makes it fail
 * @property {Record<string, string>} [vars]
 * @property {Record<string, string>} [secrets]
 * @property {import('../viewer/intake/failure.js').Failures} [intake] how the intake fails
 * @property {boolean} [interrupted] once the step runs that waits
 * @property {boolean} [serverless] as by hand: run id 1, and nothing that a server's job would be told
 * @property {string} [remote] of the repository, from which the runner then takes its name
 * @property {(runner: Runner) => boolean} [only] for these runners; absent: for all
 * @property {number} [runs]
 * @property {(runner: Runner, runId: string) => Record<string, unknown>} [answers] of the server's API
 * @property {(runner: Runner) => string[]} [warnings] how the action's warnings begin, all of them; none where this is absent
 * @property {(seen: Seen) => void} check
 */

const ASSUMED = 'How this job ended is not known for certain';
const PER_JOB = 'When jobs of this run are run again, they may show as several pipelines';

/** @param {Outcome} outcome */
const warnsOf = ({ source }) => (source === 'assumed' ? [ASSUMED] : []);

/** @param {Runner} runner */
const warnsOfAttempts = ({ countsJobAttempts }) => (countsJobAttempts ? [PER_JOB] : []);

/**
 * @param {string} name
 * @param {Outcome} outcome
 * @param {string[]} [before]
 */
const story = (name, { status, source }, before = ['running']) => ({
  name,
  statuses: [...before, status],
  ...(source === undefined ? {} : { source }),
});

/**
 * A pipeline that is its one job `build`.
 * @param {string} name
 * @param {Outcome} outcome
 * @param {string[]} [before]
 */
const onePipeline = (name, outcome, before) => [
  { ...story(name, outcome, before), jobs: [story('build', outcome, before)] },
];

/** @type {Outcome} */
const SUCCESS = { status: 'success' };
/** @type {Outcome} */
const ERROR = { status: 'error' };
/** Inside a composite action of these runners `job.status` knows that action's steps only, so its success is worth nothing. */
/** @type {Outcome} */
const UNKNOWN = { status: 'success', source: 'assumed' };

/** Where the run's start comes from in a scenario whose server answers. */
const RUN_START = new Date(Date.now() - 60_000).toISOString();

/** @type {Scenario[]} */
export const SCENARIOS = [
  {
    name: 'one job succeeds',
    workflow: 'one-job',
    warnings: (runner) => warnsOf(runner.success),
    check: ({ runner, events, requests }) => {
      deepEqual(toOutline(events), onePipeline('One job', runner.success));
      equal(requests.length, 2, 'one request at the start, one at the end');
      const job = lastOf(events, 'job')[0];
      equal(job?.dependencies ?? undefined, undefined);
      equal(tagOf(job, 'event'), runner.knowsEvent ? 'push' : undefined);
      ok(job?.node?.hostname && job.node.workspace, 'the job tells its machine');
    },
  },
  {
    name: 'one job fails in a step',
    workflow: 'one-job',
    vars: { EXIT: '1' },
    fails: true,
    warnings: (runner) => warnsOf(runner.failure),
    check: ({ runner, events }) => deepEqual(toOutline(events), onePipeline('One job', runner.failure)),
  },
  {
    name: 'status written, succeeds',
    workflow: 'status',
    check: ({ events }) => {
      deepEqual(toOutline(events), onePipeline('Status written', SUCCESS));
      equal(lastOf(events, 'job')[0]?.error, undefined);
    },
  },
  {
    name: 'status written, fails with a reason',
    workflow: 'status',
    vars: { EXIT: '3' },
    fails: true,
    check: ({ events }) => {
      deepEqual(toOutline(events), onePipeline('Status written', ERROR));
      for (const resource of [...lastOf(events, 'pipeline'), ...lastOf(events, 'job')]) {
        equal(resource.error?.type, 'Quota');
        equal(resource.error?.message, 'Quota exceeded');
      }
    },
  },
  {
    name: "status written, other than the runner's word",
    workflow: 'own-status',
    vars: { EXIT: '1' },
    check: ({ events }) => deepEqual(toOutline(events), onePipeline("Status of one's own", ERROR)),
  },
  {
    name: 'a step fails that may',
    workflow: 'tolerated',
    check: ({ events }) => deepEqual(toOutline(events), onePipeline('Tolerated', SUCCESS)),
  },
  {
    name: 'tags through the run-time file',
    workflow: 'run-time-file',
    warnings: () => ['A part of what steps wrote into DD_PIPELINE_FILE is not sent: line 7'],
    check: ({ events }) => {
      deepEqual(toOutline(events), onePipeline('Run-time file', SUCCESS));
      for (const { attributes } of events.slice(0, 2)) equal(tagOf(attributes.resource, 'team'), 'platform');
      for (const resource of [...lastOf(events, 'pipeline'), ...lastOf(events, 'job')]) {
        equal(tagOf(resource, 'team'), 'payments', 'the step has the last word');
        equal(tagOf(resource, 'tier'), 'two');
        equal(tagOf(resource, 'coverage'), '81.5');
        equal(tagOf(resource, 'bundle_kb'), '812.5');
        deepEqual(resource.parameters, { region: 'eu', notes: 'first line\nsecond line' });
      }
    },
  },
  {
    name: 'an update step',
    workflow: 'update',
    check: ({ events, requests }) => {
      deepEqual(toOutline(events), onePipeline('Update', SUCCESS, ['running', 'running']));
      equal(requests.length, 3);
      for (const { attributes } of events.slice(0, 2)) equal(tagOf(attributes.resource, 'artifact'), undefined);
      for (const { attributes } of events.slice(2)) {
        equal(tagOf(attributes.resource, 'team'), 'payments');
        equal(tagOf(attributes.resource, 'artifact'), 'web');
        equal(tagOf(attributes.resource, 'bundle_kb'), '812.5');
        deepEqual(attributes.resource.parameters, { region: 'eu' });
      }
    },
  },
  {
    name: 'several jobs succeed',
    workflow: 'several-jobs',
    warnings: warnsOfAttempts,
    check: ({ events }) => {
      // Nobody knows the run's start before the closing job, so the pipeline is not shown running.
      deepEqual(toOutline(events), severalJobs(SUCCESS, [], SUCCESS));
      const { start, tags } = checkSeveralJobs(events);
      equal(start, lastOf(events, 'job', 'lint')[0]?.start, 'the pipeline starts with its first job');
      ok(tags?.includes('start_source:job-start'));
    },
  },
  {
    name: 'several jobs, one fails',
    workflow: 'several-jobs',
    vars: { EXIT: '1' },
    fails: true,
    warnings: warnsOfAttempts,
    check: ({ events }) => {
      deepEqual(toOutline(events), severalJobs(ERROR, [], ERROR));
      match(checkSeveralJobs(events).error?.message ?? '', /"test"/);
    },
  },
  {
    name: "several jobs, the run's start from the API",
    workflow: 'several-jobs',
    secrets: { GITHUB_TOKEN: 'not-a-real-token' },
    answers: (runner, runId) => {
      const run = `${runner.apiPath}/repos/${REPOSITORY}/actions/runs/${runId}`;
      const times = { run_started_at: RUN_START, started_at: RUN_START, started: RUN_START };
      return { [run]: times, [`${run}/attempts/1`]: times };
    },
    check: ({ events, asked }) => {
      // Each of the three jobs says that the pipeline runs.
      deepEqual(toOutline(events), severalJobs(SUCCESS, ['running', 'running', 'running'], SUCCESS));
      const { start, tags } = checkSeveralJobs(events);
      equal(start, RUN_START);
      equal(
        tags?.find((tag) => tag.startsWith('start_source:')),
        undefined,
      );
      ok(asked.every((request) => request.startsWith('GET ')));
    },
  },
  {
    name: 'a matrix with a closing job',
    workflow: 'matrix',
    vars: { EXIT: '1' },
    fails: true,
    warnings: warnsOfAttempts,
    check: ({ events }) => {
      deepEqual(toOutline(events), [
        {
          ...story('Matrix', ERROR, []),
          jobs: [story('build (20, ubuntu)', ERROR), story('build (24, ubuntu)', SUCCESS), story('done', SUCCESS)],
        },
      ]);
    },
  },
  {
    name: 'a matrix of pipelines',
    workflow: 'matrix-alone',
    warnings: () => ['Each job of this matrix shows as a pipeline of its own'],
    check: ({ events }) => {
      deepEqual(
        toOutline(events),
        ['build (20)', 'build (24)'].map((job) => ({ ...story('Matrix alone', SUCCESS), jobs: [story(job, SUCCESS)] })),
      );
    },
  },
  ...['composite', 'nested'].flatMap(inComposite),
  {
    name: 'a matrix, in a composite action',
    workflow: 'matrix-composite',
    // A server's job token tells its jobs apart there; `exec` has none.
    only: (runner) => !runner.countsJobAttempts,
    warnings: () => [ASSUMED],
    check: ({ events }) =>
      deepEqual(toOutline(events), [
        ...onePipeline('Matrix in report', UNKNOWN),
        ...onePipeline('Matrix in report', UNKNOWN),
      ]),
  },
  {
    name: "an organisation's action after the own step",
    workflow: 'twice',
    check: ({ events, requests, log }) => {
      deepEqual(toOutline(events), onePipeline('Twice', SUCCESS));
      equal(requests.length, 2);
      match(log, /an earlier step of this job reports it already/);
    },
  },
  {
    name: 'the same in a matrix',
    workflow: 'twice-matrix',
    warnings: () => ['Each job of this matrix shows as a pipeline of its own'],
    check: ({ events, requests }) => {
      deepEqual(toOutline(events), [{ ...story('Twice in a matrix', SUCCESS), jobs: [story('build (20)', SUCCESS)] }]);
      equal(requests.length, 2);
    },
  },
  {
    name: 'the intake is down',
    workflow: 'unreachable',
    intake: 'refused',
    warnings: () => [
      'The running pipeline "Unreachable" and job "build" did not reach Datadog: ',
      'The final pipeline "Unreachable" and job "build" did not reach Datadog: ',
    ],
    check: ({ requests, log, ms }) => {
      deepEqual(requests, []);
      ok(ms < 15_000, `two phases of two seconds took ${ms} ms`);
      const kept = toKept(log);
      deepEqual(toOutline(kept), onePipeline('Unreachable', SUCCESS, []));
      deepEqual(
        kept.flatMap((event) => checkEvent(event, Date.now())),
        [],
        'what the log keeps can be sent',
      );
    },
  },
  {
    name: 'the intake fails once',
    workflow: 'status',
    intake: [503],
    check: ({ events, requests }) => {
      deepEqual(toOutline(events), onePipeline('Status written', SUCCESS));
      deepEqual(
        requests.map(({ status }) => status),
        [503, 202, 202],
      );
    },
  },
  {
    name: 'cancelled by an interrupt',
    workflow: 'cancelled',
    fails: true,
    interrupted: true,
    check: ({ runner, events, log }) => {
      deepEqual(toOutline(events), onePipeline('Cancelled', runner.cancel));
      equal(log.includes('| not reached'), false);
    },
  },
  {
    name: 'cancelled, in a composite action',
    workflow: 'cancelled-composite',
    fails: true,
    interrupted: true,
    warnings: (runner) => warnsOf(runner.cancelInComposite),
    check: ({ runner, events }) =>
      deepEqual(toOutline(events), onePipeline('Cancelled in report', runner.cancelInComposite)),
  },
  {
    name: 'without a server, fails in a step',
    workflow: 'one-job',
    serverless: true,
    vars: { EXIT: '1' },
    fails: true,
    check: ({ events }) => {
      const [pipeline] = lastOf(events, 'pipeline');
      ok(
        pipeline?.status === 'error' || tagOf(pipeline, 'status_source'),
        `${pipeline?.status} is told as if it were known`,
      );
    },
    warnings: (runner) => warnsOf(runner.failure),
  },
  {
    name: 'without a server, run twice',
    workflow: 'status',
    serverless: true,
    runs: 2,
    check: ({ events }) => {
      deepEqual(toOutline(events), [
        ...onePipeline('Status written', SUCCESS),
        ...onePipeline('Status written', SUCCESS),
      ]);
      deepEqual(new Set(lastOf(events, 'pipeline').map((pipeline) => pipeline.pipeline_id)), new Set(['1']));
    },
  },
  {
    name: 'without a server, the remote is elsewhere',
    workflow: 'status',
    serverless: true,
    remote: 'https://ada:not-a-password@git.example.com/OWNER/repository.git',
    check: ({ events, log }) => {
      deepEqual(toOutline(events), onePipeline('Status written', SUCCESS));
      for (const resource of [...lastOf(events, 'pipeline'), ...lastOf(events, 'job')]) {
        equal(/https?:/.test(new URL(resource.url ?? '').pathname), false, `the page is ${resource.url}`);
        const repository = resource.git?.repository_url ?? 'https://git.example.com/OWNER/repository.git';
        equal(repository, 'https://git.example.com/OWNER/repository.git');
      }
      equal(`${log}${JSON.stringify(events)}`.includes('not-a-password'), false, 'the password of the remote is shown');
    },
  },
  ...EXAMPLES,
];

/**
 * @param {Outcome} test how the job `test` ended
 * @param {string[]} before what the pipeline went through
 * @param {Outcome} pipeline how it ended
 */
const severalJobs = (test, before, pipeline) => [
  {
    ...story('Several jobs', pipeline, before),
    jobs: [story('done', SUCCESS), story('lint', SUCCESS), story('test', test)],
  },
];

/**
 * What holds for these jobs however they end; returns the pipeline.
 * @param {CiEvent[]} events
 */
function checkSeveralJobs(events) {
  // No server lists the jobs here, and a key might stand for a matrix, whose jobs report under other ids.
  deepEqual(
    ['lint', 'test', 'done'].flatMap((name) => lastOf(events, 'job', name)[0]?.dependencies ?? []),
    [],
  );
  const [pipeline] = lastOf(events, 'pipeline');
  ok(pipeline);
  const ends = lastOf(events, 'job').map(({ end }) => Date.parse(end ?? ''));
  ok(Date.parse(pipeline.end ?? '') >= Math.max(...ends), 'the pipeline ends last');
  return pipeline;
}

/**
 * @param {string} workflow
 * @returns {Scenario[]}
 */
function inComposite(workflow) {
  const where = workflow === 'composite' ? 'in a composite action' : 'in a composite in a composite';
  const name = workflow === 'composite' ? 'In report' : 'In organisation';
  return [
    {
      name: `${where}, succeeds`,
      workflow,
      warnings: () => [ASSUMED],
      check: ({ events, requests }) => {
        deepEqual(toOutline(events), onePipeline(name, UNKNOWN));
        equal(requests.length, 2);
        equal(tagOf(lastOf(events, 'job')[0], 'team'), 'payments');
      },
    },
    {
      name: `${where}, a later step fails`,
      workflow,
      vars: { EXIT: '1' },
      fails: true,
      warnings: () => [ASSUMED],
      check: ({ events }) => deepEqual(toOutline(events), onePipeline(name, UNKNOWN)),
    },
    {
      name: `${where}, its own step fails`,
      workflow,
      vars: { INNER_EXIT: '1' },
      fails: true,
      check: ({ events }) => deepEqual(toOutline(events), onePipeline(name, ERROR)),
    },
  ];
}

/**
 * The events that stand in the log for later.
 * @param {string} log
 * @returns {CiEvent[]}
 */
function toKept(log) {
  const payload = /^.*?(\{"data":.*)$/m.exec(log)?.[1];
  ok(payload, 'the log holds the payload');
  return JSON.parse(payload).data;
}
