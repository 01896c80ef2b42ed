import { expect, test } from '@jest/globals';
import { toJobId } from '../../../src/model/identity.js';
import { TOKEN } from '../../support/builders.js';
import { fixtures } from '../../support/fixtures.js';
import { startFakeJob } from '../../support/runner.js';

const PUSH = fixtures().find(({ platform, name }) => platform === 'forgejo' && name === 'push')!;
const at = (time: string): string => `2026-11-20T09:${time}Z`;
const RUN = '/repos/acme/shop/actions/runs/7301';
const TASKS = '/repos/acme/shop/actions/tasks?limit=50&page=1';

const SELF = 'steps: [{ uses: acme/datadog-pipeline-events@v1 }]';
const WORKFLOW = `jobs: { build: { ${SELF} }, test: { ${SELF} } }`;
const FILE = `/repos/acme/shop/contents/.forgejo/workflows/ci.yml?ref=${PUSH.env['GITHUB_SHA']}`;

const aTask = (id: number, name: string, from: string, to: string, status = 'success') => ({
  id,
  name,
  run_number: 150,
  status,
  created_at: at(from),
  run_started_at: at(from),
  updated_at: at(to),
});
/** The first attempt; a run from before stands at the end. */
const OLD = [
  aTask(4, 'report', '05:30', '05:40'),
  aTask(3, 'test (24)', '05:15', '05:25', 'failure'),
  aTask(2, 'test (20)', '05:15', '05:20'),
  aTask(1, 'build', '05:00', '05:10'),
  { ...aTask(0, 'build', '01:00', '01:10'), run_number: 149 },
];
const aJob = (id: number, name: string, attempt: number, task_id: number, status = 'success') => ({
  id,
  name,
  attempt,
  task_id,
  status,
});

/** Jobs that were run again, as Forgejo 16 lists them, with the tasks, which 15 has alone. */
const AGAIN = {
  all: {
    list: [
      aJob(1, 'build', 2, 5),
      aJob(2, 'test (20)', 2, 6),
      aJob(3, 'test (24)', 2, 7),
      aJob(4, 'report', 2, 8, 'running'),
    ],
    tasks: [
      aTask(8, 'report', '15:29', '15:29', 'running'),
      aTask(7, 'test (24)', '15:10', '15:25'),
      aTask(6, 'test (20)', '15:10', '15:20'),
      aTask(5, 'build', '15:00', '15:05'),
      ...OLD,
    ],
    // With no attempt of its own: all of them ran for the second time.
    ran: ['build', 'test (20)', 'test (24)'],
    stage: { start: '2026-11-20T09:15:10.000Z', end: '2026-11-20T09:15:25.000Z' },
  },
  one: {
    list: [
      aJob(1, 'build', 1, 1),
      aJob(2, 'test (20)', 1, 2),
      aJob(3, 'test (24)', 2, 7),
      aJob(4, 'report', 2, 8, 'running'),
    ],
    tasks: [aTask(8, 'report', '15:29', '15:29', 'running'), aTask(7, 'test (24)', '15:00', '15:25'), ...OLD],
    ran: ['test (24)'],
    stage: { start: '2026-11-20T09:15:00.000Z', end: '2026-11-20T09:15:25.000Z' },
  },
};

test.each<[string, 15 | 16, keyof typeof AGAIN, boolean]>([
  ['all jobs', 16, 'all', false],
  ['all jobs', 15, 'all', false],
  ['one job', 16, 'one', true],
  ['one job', 15, 'one', true],
])('a closing job after a re-run of %s, Forgejo %i', async (_, version, which, partial) => {
  const { list, tasks, ran, stage } = AGAIN[which];
  const job = startFakeJob({
    env: {
      ...PUSH.env,
      GITHUB_JOB: 'report',
      GITHUB_RUN_ATTEMPT: '2',
      GITHUB_WORKFLOW_REF: 'acme/shop/.forgejo/workflows/ci.yml@refs/heads/main',
    },
    event: PUSH.event,
    api: {
      [RUN]: {
        status: 200,
        body: { status: 'running', created: at('05:00'), started: at('15:00'), stopped: at('05:40') },
      },
      ...(version === 16 ? { [`${RUN}/jobs`]: { status: 200, body: list } } : {}),
      [FILE]: {
        status: 200,
        body: { type: 'file', size: WORKFLOW.length, encoding: 'base64', content: btoa(WORKFLOW) },
      },
      [TASKS]: { status: 200, body: { workflow_runs: tasks, total_count: 900 } },
    },
  });
  const needs = JSON.stringify({
    build: { result: 'success' },
    test: { result: 'success', outputs: { stage: 'checks' } },
  });
  const step = job.step({ token: TOKEN, needs });
  await step.main();
  await step.post();

  const resources = job.accepted.map(({ attributes }) => attributes.resource);
  const pipelines = resources.filter(({ level }) => level === 'pipeline');
  expect(pipelines.map(({ partial_retry }) => partial_retry)).toEqual([partial, partial]);
  expect(pipelines.flatMap(({ tags }) => tags!).filter((tag) => tag.startsWith('partial_retry_source'))).toEqual([]);
  const identity = {
    serverUrl: 'https://git.example.com',
    repository: 'acme/shop',
    id: '7301',
    attemptId: 'started:2026-11-20T09:15:00.000Z',
  };
  const report = resources.findLast(({ level }) => level === 'job')!;
  expect(report.id).toBe(toJobId(identity, { key: 'report', attempt: '2' }));
  expect(report.dependencies).toEqual(ran.map((key) => toJobId(identity, { key, attempt: '2' })));
  expect(resources.find(({ level }) => level === 'stage')).toMatchObject({ name: 'checks', ...stage });
  expect(job.said('warning', 'notice')).toEqual([]);
});
