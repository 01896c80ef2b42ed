import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCommit, parseJob, parseJobs, parseRun } from '../../../src/server/answers.js';
import { SHA } from '../../support/builders.js';

describe('a commit', () => {
  const person = { name: 'Alice', email: 'alice@example.com', date: '2026-11-20T10:15:02+01:00' };
  const expected = { name: 'Alice', email: 'alice@example.com', time: '2026-11-20T09:15:02.000Z' };

  test.each<[string, unknown]>([
    ["in GitHub's shape", { sha: SHA, message: 'Fix', author: person, committer: person }],
    [
      'in the shape of Gitea and Forgejo, where the account stands above the author',
      {
        sha: SHA,
        author: { login: 'alice', email: 'x@x' },
        committer: null,
        commit: { message: 'Fix', author: person, committer: person },
      },
    ],
  ])('%s', (_, body) => {
    expect(parseCommit(body)).toEqual({ sha: SHA, message: 'Fix', author: expected, committer: expected });
  });

  test('whose parts are unset', () => {
    const body = {
      sha: SHA,
      message: null,
      author: { name: null, email: 7, date: '0001-01-01T00:00:00Z' },
      committer: null,
    };
    expect(parseCommit(body)).toEqual({ sha: SHA, author: {}, committer: {} });
  });

  test.each([null, undefined, 'text', [], {}, { sha: 7 }])('is none: %j', (body) => {
    expect(parseCommit(body)).toBeUndefined();
  });
});

describe('a run', () => {
  test.each<[string, object, object]>([
    [
      'GitHub: run_started_at',
      { run_started_at: '2026-11-20T09:15:10Z', created_at: '2026-11-20T09:00:00Z' },
      { start: '2026-11-20T09:15:10.000Z' },
    ],
    [
      "Gitea: started_at, in the server's zone",
      { started_at: '2026-11-20T10:15:10+01:00' },
      { start: '2026-11-20T09:15:10.000Z' },
    ],
    ['Forgejo: started', { started: '2026-11-20T09:15:10Z' }, { start: '2026-11-20T09:15:10.000Z' }],
    ['a start that is unset', { started_at: '1970-01-01T00:00:00Z' }, {}],
    ['a conclusion', { status: 'completed', conclusion: 'cancelled' }, { conclusion: 'cancelled' }],
    ['Forgejo: the conclusion is the status', { status: 'cancelled' }, { conclusion: 'cancelled' }],
    ['not yet', { status: 'in_progress', conclusion: null }, {}],
    ['not yet, as Gitea writes it', { status: 'running', conclusion: '' }, {}],
  ])('%s', (_, body, expected) => {
    expect(parseRun(body)).toEqual(expected);
  });
});

describe('a job', () => {
  test('with its steps', () => {
    const body = {
      id: 9001,
      name: 'build (20)',
      status: 'completed',
      conclusion: 'failure',
      labels: ['ubuntu-latest'],
      runner_name: 'runner-1',
      created_at: '2026-11-20T09:15:10Z',
      started_at: '2026-11-20T09:15:20Z',
      completed_at: null,
      steps: [
        {
          name: 'npm test',
          number: 3,
          conclusion: 'failure',
          started_at: '2026-11-20T09:15:30Z',
          completed_at: '1970-01-01T00:00:00Z',
        },
      ],
    };
    expect(parseJob(body, 1)).toEqual({
      id: '9001',
      name: 'build (20)',
      conclusion: 'failure',
      labels: ['ubuntu-latest'],
      runnerName: 'runner-1',
      createdAt: '2026-11-20T09:15:10.000Z',
      startedAt: '2026-11-20T09:15:20.000Z',
      completedAt: undefined,
      carriedOver: false,
      steps: [
        {
          name: 'npm test',
          number: 3,
          conclusion: 'failure',
          startedAt: '2026-11-20T09:15:30.000Z',
          completedAt: undefined,
        },
      ],
    });
  });

  test('of which nothing is usable', () => {
    expect(parseJob({ id: null, name: 7, labels: 'x', steps: null, conclusion: '' }, 1)).toEqual({
      name: '',
      labels: [],
      steps: [],
      carriedOver: false,
    });
  });
});

describe('a job was carried over from an earlier attempt', () => {
  const time = (minute: number) => `2026-11-20T09:${minute}:00Z`;
  test.each<[string, object, boolean]>([
    [
      'it ended before it was created',
      { conclusion: 'success', completed_at: time(10), created_at: time(20), run_attempt: 2 },
      true,
    ],
    [
      'it ended behind its creation',
      { conclusion: 'success', completed_at: time(21), created_at: time(20), run_attempt: 2 },
      false,
    ],
    [
      'it started a little before its creation, by some clock',
      { conclusion: 'success', started_at: time(19), completed_at: time(25), created_at: time(20), run_attempt: 2 },
      false,
    ],
    ['it has not started', { conclusion: null, started_at: null, created_at: time(20) }, false],
    ['it has not started, as Gitea writes it', { started_at: '1970-01-01T00:00:00Z', created_at: time(20) }, false],
    [
      'it was skipped, which may look older than it is',
      { conclusion: 'skipped', started_at: time(10), created_at: time(20) },
      false,
    ],
    ['it ended with an earlier attempt of its own', { conclusion: 'success', run_attempt: 1 }, true],
    ["it ended so on Forgejo, in Forgejo's words", { status: 'failure', attempt: 1 }, true],
    ['its own attempt is this one', { conclusion: 'success', run_attempt: 2 }, false],
    ['it is still running an earlier attempt of its own', { status: 'in_progress', run_attempt: 1 }, false],
    ['its attempt is not counted', { conclusion: 'success', run_attempt: 0 }, false],
    ['its attempt is unknown', { conclusion: 'success' }, false],
  ])('%s', (_, body, expected) => {
    expect(parseJob(body, 2)?.carriedOver).toBe(expected);
  });
});

describe('a list of jobs', () => {
  const job = { name: 'build' };
  test.each<[string, unknown, { count: number; complete: boolean }]>([
    ['all of them', { total_count: 2, jobs: [job, job] }, { count: 2, complete: true }],
    ['the first page', { total_count: 3, jobs: [job, job] }, { count: 2, complete: false }],
    ['without a count', { jobs: [job] }, { count: 1, complete: true }],
    ['bare, as Forgejo has it', [job, job], { count: 2, complete: true }],
    ['with something else in it', { total_count: 2, jobs: [job, null] }, { count: 1, complete: false }],
    ['empty', { total_count: 0, jobs: [] }, { count: 0, complete: true }],
  ])('%s', (_, body, expected) => {
    const parsed = parseJobs(body, 1);
    expect({ count: parsed?.jobs.length, complete: parsed?.complete }).toEqual(expected);
  });

  test.each([null, 'text', {}, { jobs: null }])('is none: %j', (body) => {
    expect(parseJobs(body, 1)).toBeUndefined();
  });
});

test('no answer of any server is a reason to fail', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      parseCommit(body);
      parseRun(body);
      parseJob(body, 1);
      parseJobs({ jobs: [body] }, 2);
      parseJobs(body, 2);
    }),
  );
});
