import { describe, expect, test } from '@jest/globals';
import type { ApiJobs } from '../../../src/server/answers.js';
import type { Client } from '../../../src/server/client.js';
import { bindServer } from '../../../src/server/server.js';
import { readPartialRetry, toOwnJobs, toPartialRetry } from '../../../src/pipeline/partial-retry.js';
import { anApiJob, aRunRef, platformOf } from '../../support/builders.js';

const fresh = anApiJob();
const carried = anApiJob({ carriedOver: true });
const all = (...jobs: ApiJobs['jobs']): ApiJobs => ({ jobs, complete: true });
const some = (...jobs: ApiJobs['jobs']): ApiJobs => ({ jobs, complete: false });

/** A server that answers every read alike, and counts. */
function aServer(answer: ApiJobs | undefined): Client & { reads: number } {
  const server = {
    reads: 0,
    read: () => {
      server.reads += 1;
      return Promise.resolve(answer as never);
    },
  };
  return server;
}

const KNOWN: string[] = [];
const ASSUMED = ['partial_retry_source:assumed'];

test.each<
  [string, { input?: boolean; attempt: number; answer?: ApiJobs }, { partial: boolean; tags: string[]; reads: number }]
>([
  ['the input says yes', { input: true, attempt: 1 }, { partial: true, tags: KNOWN, reads: 0 }],
  ['the input says no', { input: false, attempt: 2, answer: all(carried) }, { partial: false, tags: KNOWN, reads: 0 }],
  ['the first attempt', { attempt: 1, answer: all(carried) }, { partial: false, tags: KNOWN, reads: 0 }],
  ['a job was carried over', { attempt: 2, answer: all(fresh, carried) }, { partial: true, tags: KNOWN, reads: 1 }],
  ['all jobs run again', { attempt: 2, answer: all(fresh, fresh) }, { partial: false, tags: KNOWN, reads: 1 }],
  [
    'a job was carried over, and the list goes on',
    { attempt: 2, answer: some(carried) },
    { partial: true, tags: KNOWN, reads: 1 },
  ],
  [
    'all that are listed run again, but the list goes on',
    { attempt: 2, answer: some(fresh) },
    { partial: true, tags: ASSUMED, reads: 1 },
  ],
  ['no job is listed', { attempt: 2, answer: all() }, { partial: true, tags: ASSUMED, reads: 1 }],
  ["the server can't be asked", { attempt: 3 }, { partial: true, tags: ASSUMED, reads: 1 }],
])('%s', async (_, { input, attempt, answer }, { partial, tags, reads }) => {
  const server = aServer(answer);
  const found = await readPartialRetry(
    { partialRetry: input, role: 'whole' },
    bindServer(server, platformOf({}), aRunRef({ attempt })),
    Promise.resolve(undefined),
  );
  expect({ ...found, reads: server.reads }).toEqual({ partial, tags, reads, listed: reads > 0 ? answer : undefined });
});

describe('where tasks tell the times', () => {
  const env = { FORGEJO_ACTIONS: 'true' };
  const RUN = { created: '2026-11-26T04:18:54Z', started: '2026-11-26T04:20:15Z' };
  const task = (id: number, name: string, second: string, status = 'success') => ({
    id,
    name,
    run_number: 212,
    status,
    created_at: `2026-11-26T04:${second}Z`,
    updated_at: `2026-11-26T04:${second}Z`,
  });
  const OLD = [
    task(3, 'report', '19:03'),
    task(2, 'test', '18:57'),
    task(1, 'build', '18:54'),
    { ...task(0, 'other', '14:00'), run_number: 9 },
  ];
  const job = (id: number, name: string, attempt: number, task_id: number, status: string) => ({
    id,
    name,
    attempt,
    task_id,
    status,
  });

  /** A server that knows a run, maybe a list of jobs, and tasks. */
  const serve = (list: unknown[] | undefined, tasks: unknown[]): Client => ({
    read: ({ path, parse }, onMiss) => {
      const body = path.includes('/tasks') ? { workflow_runs: tasks } : path.endsWith('/jobs') ? list : RUN;
      if (body === undefined) onMiss?.({ why: 'the server answered 404', status: 404 });
      return Promise.resolve(body && parse(body));
    },
  });
  const ALL16 = [job(7, 'build', 2, 4, 'success'), job(8, 'test', 2, 5, 'success'), job(9, 'report', 2, 6, 'running')];
  const ALL = [task(6, 'report', '20:24', 'running'), task(5, 'test', '20:20'), task(4, 'build', '20:15'), ...OLD];
  const ONE16 = [job(7, 'build', 1, 1, 'success'), job(8, 'test', 2, 5, 'success'), job(9, 'report', 2, 6, 'running')];
  const ONE = [task(6, 'report', '20:24', 'running'), task(5, 'test', '20:15'), ...OLD];
  // What a run's second job sees at its start.
  const SOME16 = [job(7, 'build', 2, 4, 'success'), job(8, 'test', 2, 5, 'running'), job(9, 'report', 2, 0, 'blocked')];
  const SOME = [task(5, 'test', '20:20', 'running'), task(4, 'build', '20:15'), ...OLD];

  test.each<[string, 'closing' | 'member' | 'whole', unknown[] | undefined, unknown[], boolean, string[]]>([
    ['16: all jobs again', 'closing', ALL16, ALL, false, KNOWN],
    ['16: one job again', 'closing', ONE16, ONE, true, KNOWN],
    ['16: all jobs again, and some still wait', 'member', SOME16, SOME, false, KNOWN],
    ['16: all again in a pipeline that is one job', 'whole', ALL16, ALL, false, KNOWN],
    [
      '16: an earlier retry left the attempts as they are',
      'whole',
      [job(7, 'build', 2, 1, 'success'), ...ONE16.slice(1)],
      ONE,
      true,
      KNOWN,
    ],
    ['16: tasks can not be read', 'closing', ALL16, [], true, ASSUMED],
    ['15: all jobs again', 'closing', undefined, ALL, false, KNOWN],
    ['15: one job again', 'closing', undefined, ONE, true, KNOWN],
    ['15: what waits is not listed, so nobody knows yet', 'member', undefined, SOME, true, ASSUMED],
    [
      '15: a pipeline that is one job',
      'whole',
      undefined,
      [task(4, 'build', '20:15', 'running'), ...OLD.slice(2)],
      false,
      KNOWN,
    ],
  ])('%s', async (_, role, list, tasks, partial, tags) => {
    const server = bindServer(serve(list, tasks), platformOf(env), aRunRef({ attempt: 2 }));
    const serverRun = role === 'whole' ? Promise.resolve(undefined) : server.run();
    expect(await readPartialRetry({ role }, server, serverRun)).toMatchObject({ partial, tags });
  });
});

describe('where attempts count per job, a job of several', () => {
  const runStart = '2026-11-20T09:00:00.000Z';
  const ended = (completedAt: string | undefined, attempt: number) =>
    anApiJob({ conclusion: 'success', completedAt, attempt });
  test.each<[string, ApiJobs, boolean, string[]]>([
    ['is in a partial retry, though its own first attempt', all(ended('2026-11-20T08:00:00.000Z', 1)), true, KNOWN],
    ['is in a full retry, whatever the attempts', all(ended('2026-11-20T09:10:00.000Z', 2)), false, KNOWN],
    ['is in a first run where no times are told', all(ended(undefined, 1)), false, KNOWN],
  ])('%s', async (_, answer, partial, tags) => {
    const server = bindServer(aServer(answer), platformOf({ GITEA_ACTIONS: 'true' }), aRunRef({ attempt: 1 }));
    const serverRun = Promise.resolve({ start: runStart });
    expect(await readPartialRetry({ role: 'member' }, server, serverRun)).toMatchObject({ partial, tags });
  });
});

describe('a whole run, as its list of jobs tells it', () => {
  const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString();
  const one = (parts: object) => ({
    name: 'x',
    labels: [],
    steps: [],
    carriedOver: false,
    conclusion: 'success',
    startedAt: at(10),
    completedAt: at(20),
    ...parts,
  });
  const list = (jobs: ReturnType<typeof one>[], missing = 0) => ({ jobs, missing, unread: false });

  test('nothing is carried over into a first attempt, whatever clocks say', () => {
    const jobs = [one({ startedAt: at(0), carriedOver: true })];
    expect(toOwnJobs(jobs, { number: 1, start: at(5) })).toEqual({ own: jobs, isPartial: false });
  });

  test.each([
    [
      'known to be partial',
      { number: 2 },
      list([one({ completedAt: at(0) }), one({})]),
      { partial: true, certain: true },
    ],
    ['known to be whole', { number: 2 }, list([one({})]), { partial: false, certain: true }],
    ['unknown, because jobs are missing', { number: 2 }, list([one({})], 5), { partial: true, certain: false }],
    ['unknown, because jobs are not listed', { number: 2 }, undefined, { partial: true, certain: false }],
    ['a first attempt', { number: 1 }, undefined, { partial: false, certain: true }],
    [
      'attempts that count per job, and one did again',
      {},
      list([one({ attempt: 1, completedAt: at(0) }), one({ attempt: 2 })]),
      { partial: true, certain: true },
    ],
    ['attempts that count per job, and no list', {}, undefined, { partial: false, certain: false }],
    [
      'attempts that count per job, and a job whose times are not told',
      {},
      list([one({ attempt: 1, startedAt: undefined, completedAt: undefined }), one({ attempt: 2 })]),
      { partial: false, certain: false },
    ],
    [
      'attempts that count per job, and one was cancelled before it began',
      {},
      list([
        one({ attempt: 2, startedAt: undefined, completedAt: undefined, conclusion: 'cancelled', neverRan: true }),
        one({ attempt: 2 }),
      ]),
      { partial: false, certain: true },
    ],
    [
      'attempts that count per job, and the one of a retry never ran before',
      {},
      list([one({ attempt: 1, carriedOver: true }), one({ attempt: 1 })]),
      { partial: true, certain: true },
    ],
  ])('%s', (_, facts, jobs, expected) => {
    expect(toPartialRetry(jobs, { ...facts, start: at(5) })).toEqual(expected);
  });

  test('of a run that goes on, a job of an earlier attempt may run again where the list omits what waits', () => {
    const jobs = { ...list([one({ attempt: 1, carriedOver: true }), one({ attempt: 2 })]), omitsWaiting: true };
    const facts = { start: at(5) };
    expect([toPartialRetry(jobs, facts, true), toPartialRetry(jobs, facts)]).toEqual([
      { partial: true, certain: false },
      { partial: true, certain: true },
    ]);
  });
});
