import { describe, expect, test } from '@jest/globals';
import { type ApiJob, parseJobs } from '../../../src/server/answers.js';
import { listAttemptJobs, readAttemptJobs } from '../../../src/server/attempt-jobs.js';
import { createClient } from '../../../src/server/client.js';
import { bindServer } from '../../../src/server/server.js';
import {
  isEnough,
  parseTasks,
  reachesBefore,
  type RunTimes,
  type Tasks,
  toReporting,
  toTaskJobs,
  toTimedJobs,
  toWanted,
} from '../../../src/server/tasks.js';
import { aLog, anApiJob, aRunRef, platformOf } from '../../support/builders.js';

const day = (time: string): string => `2026-11-26T${time}.000Z`;

/** A task as Forgejo 15 and 16 list it. */
const aTask = (id: number, name: string, status: string, from: string, to: string, run = 15) => ({
  id,
  name,
  run_number: run,
  status,
  workflow_id: 'ci.yml',
  created_at: `2026-11-26T${from}Z`,
  run_started_at: `2026-11-26T${from}Z`,
  updated_at: `2026-11-26T${to}Z`,
});

/** What Forgejo 16 told after a re-run of one job, and 15 in the same way, newest first (seen on live servers; another run's task is added). */
const ONE_AGAIN = [
  aTask(27, 'report', 'success', '04:20:09', '04:20:11'),
  aTask(26, 'test (24)', 'failure', '04:20:06', '04:20:08'),
  aTask(23, 'build', 'success', '04:19:06', '04:19:09', 16),
  aTask(22, 'report', 'success', '04:19:03', '04:19:05'),
  aTask(21, 'test (24)', 'failure', '04:18:58', '04:19:00'),
  aTask(20, 'test (20)', 'success', '04:18:57', '04:19:01'),
  aTask(19, 'build', 'success', '04:18:54', '04:18:56'),
  aTask(3, 'build', 'failure', '04:14:32', '04:14:34', 3),
];
/** After all of them were run again. */
const ALL_AGAIN = [
  aTask(31, 'report', 'running', '04:20:24', '04:20:24'),
  aTask(30, 'test (24)', 'failure', '04:20:21', '04:20:23'),
  aTask(29, 'test (20)', 'success', '04:20:20', '04:20:22'),
  aTask(28, 'build', 'success', '04:20:15', '04:20:18'),
  ...ONE_AGAIN,
];
const CREATED = day('04:18:54');
const tasksOf = (bodies: unknown[], isAll = false, run: RunTimes = {}): Tasks => ({
  tasks: parseTasks({ workflow_runs: bodies })!.items,
  isAll,
  run,
});
const listOf = (...jobs: [id: number, name: string, attempt: number, task: number, status: string][]) =>
  jobs.map(([id, name, attempt, task_id, status]) => ({ id, name, attempt, task_id, status, needs: null }));
const brief = ({ name, attempt, startedAt, completedAt, carriedOver }: ApiJob) => [
  name,
  attempt,
  startedAt?.slice(11, 19),
  completedAt?.slice(11, 19),
  carriedOver,
];

test('a task is understood, and what is none is left out', () => {
  expect(parseTasks({ workflow_runs: [ONE_AGAIN[0], ALL_AGAIN[0], { id: 'x' }, null], total_count: 25 })).toEqual({
    items: [
      {
        id: 27,
        name: 'report',
        runNumber: '15',
        conclusion: 'success',
        createdAt: day('04:20:09'),
        startedAt: day('04:20:09'),
        endedAt: day('04:20:11'),
      },
      // A task that goes on has an `updated_at` as well.
      {
        id: 31,
        name: 'report',
        runNumber: '15',
        conclusion: undefined,
        createdAt: day('04:20:24'),
        startedAt: day('04:20:24'),
      },
    ],
    total: 25,
  });
  expect(
    parseTasks({ workflow_runs: [{ id: 1, name: 'a', run_started_at: '1970-01-01T00:00:00Z' }] })!.items[0],
  ).toMatchObject({
    startedAt: undefined,
  });
  expect([parseTasks([]), parseTasks(null)]).toEqual([undefined, undefined]);
});

describe('listed jobs with their tasks (Forgejo 16)', () => {
  const first = listOf([24, 'build', 1, 19, 'success'], [25, 'test (20)', 1, 20, 'success']);
  const timed = (body: unknown, tasks: Tasks, start: string) =>
    toTimedJobs(parseJobs(body, undefined)!.jobs, { ...tasks, run: { start } });

  test('a re-run of one job: the others were carried over', () => {
    const list = [...first, ...listOf([26, 'test (24)', 2, 26, 'failure'], [27, 'report', 2, 27, 'success'])];
    expect(timed(list, tasksOf(ONE_AGAIN), day('04:20:06')).map(brief)).toEqual([
      ['build', 1, '04:18:54', '04:18:56', true],
      ['test (20)', 1, '04:18:57', '04:19:01', true],
      ['test (24)', 2, '04:20:06', '04:20:08', false],
      ['report', 2, '04:20:09', '04:20:11', false],
    ]);
  });

  test('a re-run of all jobs: none was carried over', () => {
    const list = listOf(
      [24, 'build', 2, 28, 'success'],
      [25, 'test (20)', 2, 29, 'success'],
      [26, 'test (24)', 3, 30, 'failure'],
      [27, 'report', 3, 31, 'running'],
    );
    expect(timed(list, tasksOf(ALL_AGAIN), day('04:20:15')).map(brief)).toEqual([
      ['build', 2, '04:20:15', '04:20:18', false],
      ['test (20)', 2, '04:20:20', '04:20:22', false],
      ['test (24)', 3, '04:20:21', '04:20:23', false],
      ['report', 3, '04:20:24', undefined, false],
    ]);
  });

  test('what is older than all that was read, and than the attempt, was carried over; of others nothing is guessed', () => {
    const read = tasksOf(ONE_AGAIN.slice(0, 4));
    expect(timed(listOf([24, 'build', 1, 19, 'success']), read, day('04:20:06')).map(brief)).toEqual([
      ['build', 1, undefined, undefined, true],
    ]);
    expect(timed(listOf([24, 'build', 1, 25, 'success']), read, day('04:20:06')).map(brief)).toEqual([
      ['build', 1, undefined, undefined, false],
    ]);
  });

  test.each<[string, string, string, string, boolean]>([
    ['the first task of an attempt, stored in the second before the start', '04:20:05', '04:20:08', '04:20:06', false],
    ['one that took less than a second', '04:20:05', '04:20:06', '04:20:06', false],
    ['one that had ended before', '04:20:04', '04:20:05', '04:20:06', true],
    ['one that ended in the second in which a quick retry began', '04:20:03', '04:20:06', '04:20:06', true],
    ['one of the same second', '04:20:06', '04:20:07', '04:20:06', false],
  ])('%s', (_, from, to, start, carriedOver) => {
    const jobs = timed(listOf([1, 'a', 1, 5, 'success']), tasksOf([aTask(5, 'a', 'success', from, to)]), day(start));
    expect(jobs[0]!.carriedOver).toBe(carriedOver);
  });

  test('a job without a task waits, or has ended before it began', () => {
    const list = listOf([1, 'a', 1, 0, 'waiting'], [2, 'b', 1, 0, 'skipped'], [3, 'c', 1, 0, 'cancelled']);
    expect(timed(list, tasksOf([]), day('04:00:00')).map(({ neverRan }) => neverRan)).toEqual([undefined, true, true]);
  });

  test('what a task tells as its creation is no queue', () => {
    const [job] = timed(first, tasksOf(ONE_AGAIN), CREATED);
    expect(job!.createdAt).toBeUndefined();
  });

  test('a job that ended between the two reads has ended', () => {
    const [job] = timed(listOf([24, 'build', 1, 19, 'running']), tasksOf(ONE_AGAIN), CREATED);
    expect(job).toMatchObject({ conclusion: 'success', completedAt: day('04:18:56') });
  });

  test.each<[string, number[], unknown[], string | undefined, boolean]>([
    ['all are found', [27, 26], ONE_AGAIN.slice(0, 2), day('04:20:06'), true],
    ['one is missing', [27, 26], ONE_AGAIN.slice(0, 1), day('04:20:06'), false],
    ['older ones were carried over', [27, 19], ONE_AGAIN.slice(0, 4), day('04:20:06'), true],
    ['older ones, but nobody knows the start', [27, 19], ONE_AGAIN.slice(0, 4), undefined, false],
    ['the one that is missing is no longer there', [25], ONE_AGAIN.slice(0, 3), undefined, true],
  ])('whether to read on: %s', (_, wanted, bodies, start, enough) => {
    expect(isEnough(wanted, tasksOf(bodies, false, { start }))).toBe(enough);
  });

  test('nothing is to be read of jobs that go on or wait', () => {
    expect(
      toWanted(
        parseJobs(listOf([1, 'a', 1, 7, 'running'], [2, 'b', 1, 0, 'blocked'], [3, 'c', 1, 6, 'success']), undefined)!
          .jobs,
      ),
    ).toEqual([6]);
  });
});

describe('jobs made from tasks alone (Forgejo 15)', () => {
  const make = (tasks: Tasks, start: string) =>
    toTaskJobs({ ...tasks, run: { created: CREATED, start } }, { runNumber: '15', taskId: 31, jobId: '9' });

  test('a re-run of one job', () => {
    const { jobs, complete } = make(tasksOf(ONE_AGAIN), day('04:20:06'));
    expect(complete).toBe(true);
    expect(jobs.map(brief)).toEqual([
      ['build', 1, '04:18:54', '04:18:56', true],
      ['test (20)', 1, '04:18:57', '04:19:01', true],
      ['test (24)', 2, '04:20:06', '04:20:08', false],
      ['report', 2, '04:20:09', '04:20:11', false],
    ]);
  });

  test('a re-run of all jobs, seen by the last one', () => {
    const { jobs } = make(tasksOf(ALL_AGAIN), day('04:20:15'));
    expect(jobs.map((job) => [job.id, ...brief(job)])).toEqual([
      [undefined, 'build', 2, '04:20:15', '04:20:18', false],
      [undefined, 'test (20)', 2, '04:20:20', '04:20:22', false],
      [undefined, 'test (24)', 3, '04:20:21', '04:20:23', false],
      ['9', 'report', 3, '04:20:24', undefined, false],
    ]);
  });

  test('two jobs of one name: what ran twice in an attempt is no retry', () => {
    const tasks = [
      aTask(3, 'Test', 'success', '04:19:03', '04:19:05'),
      aTask(2, 'Test', 'failure', '04:19:02', '04:19:04'),
    ];
    const { jobs } = make(tasksOf(tasks), CREATED);
    expect(jobs.map(({ id, conclusion, attempt }) => [id, conclusion, attempt])).toEqual([
      ['task-2', 'failure', undefined],
      ['task-3', 'success', undefined],
    ]);
  });

  test('without the oldest tasks attempts are not known, and a job of unknown attempt can be no dependency', () => {
    const made = make(tasksOf(ONE_AGAIN.slice(0, 4)), day('04:20:06'));
    expect([made.complete, made.jobs.map(({ attempt }) => attempt)]).toEqual([false, [undefined, undefined]]);
    expect(toReporting(made).jobs.map(({ carriedOver }) => carriedOver)).toEqual([true, true]);
  });

  test.each<[string, Tasks, string | undefined, boolean]>([
    ['there are no older ones', tasksOf([], true), undefined, true],
    ['an older one was seen', tasksOf(ONE_AGAIN), CREATED, true],
    ['none was', tasksOf(ONE_AGAIN.slice(0, 7)), CREATED, false],
    ['nobody knows how old', tasksOf(ONE_AGAIN), undefined, false],
  ])('whether the run is read from its beginning: %s', (_, tasks, time, reached) => {
    expect(reachesBefore(tasks, time)).toBe(reached);
  });
});

test('a needed job that never ran reports under no id', () => {
  const [never, ran] = [anApiJob({ neverRan: true, attempt: 1 }), anApiJob({ attempt: 1 })];
  expect(toReporting({ jobs: [never, ran], complete: true }).jobs.map(({ carriedOver }) => carriedOver)).toEqual([
    true,
    false,
  ]);
});

test('of a run of first attempts no tasks are read, which would tell no more than times', async () => {
  const asked: string[] = [];
  const get = (path: string) => {
    asked.push(path.replace(/\?.*/, ''));
    return Promise.resolve({
      status: 200,
      headers: {},
      body: [{ id: 1, name: 'build', attempt: 1, status: 'success', task_id: 4 }],
    });
  };
  const client = createClient(get, { deadline: { remaining: () => 1_000 }, log: aLog().log });
  const server = bindServer(client, platformOf({ FORGEJO_ACTIONS: 'true' }), aRunRef());
  expect((await readAttemptJobs(() => undefined, server))?.jobs).toMatchObject([{ name: 'build', carriedOver: false }]);
  await readAttemptJobs(() => undefined, server, { wantsTimes: true });
  const list = '/repos/acme/shop/actions/runs/4401/jobs';
  expect(asked).toEqual([list, list, '/repos/acme/shop/actions/tasks']);
});

describe('reading', () => {
  const claims = Buffer.from(JSON.stringify({ TaskID: 31, JobID: 9, RunID: 18 })).toString('base64url');
  const platform = platformOf({ FORGEJO_ACTIONS: 'true', ACTIONS_RUNTIME_TOKEN: `a.${claims}.c` });
  const ref = aRunRef({ id: '18', number: '15' });
  const JOBS = '/repos/acme/shop/actions/runs/18/jobs';
  const page = (number: number): string => `/repos/acme/shop/actions/tasks?limit=50&page=${number}`;

  /** A server with pages of two tasks, and what was read of it. */
  function aServer(list: unknown, tasks: unknown[], status = 200) {
    const reads: string[] = [];
    const get = (path: string) => {
      reads.push(path);
      const number = Number(/page=(\d+)$/.exec(path)?.[1]);
      const body =
        path === JOBS ? list : { workflow_runs: tasks.slice(number * 2 - 2, number * 2), total_count: tasks.length };
      const answer = path === JOBS ? (list === undefined ? 404 : 200) : status;
      return Promise.resolve({ status: answer, headers: {}, body });
    };
    const { log, words } = aLog();
    return {
      server: bindServer(createClient(get, { deadline: { remaining: () => 5_000 }, log }), platform, ref),
      reads,
      words,
    };
  }
  const run = { created: CREATED, start: day('04:20:15') };
  const LIST = listOf(
    [24, 'build', 2, 28, 'success'],
    [25, 'test (20)', 2, 29, 'success'],
    [27, 'report', 3, 31, 'running'],
  );

  test('16: as many pages as it takes to find the tasks', async () => {
    const { server, reads } = aServer(LIST, ALL_AGAIN);
    const { jobs } = (await readAttemptJobs(() => run, server))!;
    expect(reads).toEqual([JOBS, page(1), page(2)]);
    expect(jobs.map(brief)).toEqual([
      ['build', 2, '04:20:15', '04:20:18', false],
      ['test (20)', 2, '04:20:20', '04:20:22', false],
      ['report', 3, '04:20:24', undefined, false],
    ]);
  });

  test('16: the first job of a run asks for no tasks, nor for the run', async () => {
    const { server, reads } = aServer(
      listOf([27, 'build', 1, 31, 'running'], [28, 'test', 1, 0, 'blocked']),
      ALL_AGAIN,
    );
    await readAttemptJobs(() => Promise.reject(new Error('asked')), server);
    expect(reads).toEqual([JOBS]);
  });

  test('15: back to the creation of the run, and this job has its number', async () => {
    const { server, reads } = aServer(undefined, ALL_AGAIN);
    const { jobs, complete } = (await readAttemptJobs(() => run, server))!;
    // Pages of two: the fourth one has the run's first task but one.
    expect([reads.length, complete]).toEqual([5, false]);
    expect(jobs.map(({ name, id }) => [name, id])).toEqual([
      ['build', undefined],
      ['test (20)', undefined],
      ['test (24)', undefined],
      ['report', '9'],
    ]);
  });

  test('a job reads at most four pages of tasks, whoever reports the whole run more', async () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      aTask(1000 - index, 'x', 'success', '05:00:00', '05:00:01', 99),
    );
    const [inside, outside] = [aServer(LIST, [...many, ...ALL_AGAIN]), aServer(LIST, [...many, ...ALL_AGAIN])];
    await readAttemptJobs(() => run, inside.server);
    await listAttemptJobs(run, outside.server);
    expect([inside.reads.length, outside.reads.length]).toEqual([1 + 4, 1 + 50]);
  });

  test('tasks that can not be read leave the list as it is', async () => {
    const { server, words } = aServer(LIST, [], 500);
    const listed = (await readAttemptJobs(() => run, server))!;
    expect(listed.jobs.map(({ name, startedAt, carriedOver }) => [name, startedAt, carriedOver])).toEqual([
      ['build', undefined, false],
      ['test (20)', undefined, false],
      ['report', undefined, false],
    ]);
    expect(words.filter(({ kind }) => kind !== 'debug')).toEqual([]);
    const made = aServer(undefined, [], 404);
    expect(await readAttemptJobs(() => run, made.server)).toBeUndefined();
    expect(await listAttemptJobs(run, made.server)).toMatchObject({ unread: true, why: { status: 404 } });
  });

  test('a list that is refused is not replaced by tasks, which lack the numbers of jobs', async () => {
    const reads: string[] = [];
    const refusing = createClient(
      (path) => Promise.resolve({ status: (reads.push(path), 500), headers: {}, body: {} }),
      {
        deadline: { remaining: () => 5_000 },
        log: aLog().log,
      },
    );
    expect(await readAttemptJobs(() => run, bindServer(refusing, platform, ref))).toBeUndefined();
    expect(reads).toEqual([JOBS]);
  });

  test('15: whoever reports the whole run says what is missing', async () => {
    const whole = aServer(undefined, ALL_AGAIN);
    expect(await listAttemptJobs(run, whole.server)).toMatchObject({ missing: 0, unread: false, omitsWaiting: true });
    const cut = aServer(
      undefined,
      Array.from({ length: 200 }, (_, index) => aTask(1000 - index, 'x', 'success', '05:00:00', '05:00:01')),
    );
    expect(await listAttemptJobs(run, cut.server)).toMatchObject({
      missing: 1,
      why: { why: expect.stringContaining('tasks') as unknown },
    });
  });
});
