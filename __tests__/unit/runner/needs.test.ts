import { describe, expect, test } from '@jest/globals';
import type { ApiJob } from '../../../src/server/answers.js';
import { type Need, parseNeeds } from '../../../src/runner/needs.js';
import { toNeededJobs } from '../../../src/pipeline/needed-jobs.js';
import { toPipelineStatus } from '../../../src/pipeline/pipeline-end.js';

const RESULTS = ['success', 'failure', 'cancelled', 'skipped'] as const;

/** The status of a pipeline by its jobs, said once more in the plainest way. */
function expected(results: readonly string[], own: string): string {
  const all = [...results, own];
  if (all.includes('failure')) return 'error';
  if (all.includes('cancelled')) return 'canceled';
  if (results.every((result) => result === 'skipped')) return 'skipped';
  return 'success';
}

const OWN = { success: 'success', failure: 'error', cancelled: 'canceled' } as const;

describe('the status of a closing job', () => {
  const combinations = RESULTS.flatMap((a) =>
    RESULTS.flatMap((b) =>
      RESULTS.flatMap((c) => (Object.keys(OWN) as (keyof typeof OWN)[]).map((own) => ({ results: [a, b, c], own }))),
    ),
  );

  test.each(combinations)('$results and its own $own', ({ results, own }) => {
    const needs = results.map((result, index) => ({ key: `job${index}`, result }));
    expect(toPipelineStatus(needs, OWN[own])).toBe(expected(results, own));
  });

  test('is its own where `needs` lists no job', () => {
    expect(toPipelineStatus([], 'success')).toBe('success');
    expect(toPipelineStatus([], 'error')).toBe('error');
  });
});

describe('needs are read from', () => {
  test.each<[string, string, Need[], boolean]>([
    ['JSON', '{"build":{"result":"success","outputs":{}}}', [{ key: 'build', result: 'success' }], true],
    ['JSON of no job', '{}', [], true],
    ['JSON null, as a job without needs has it', 'null', [], true],
    [
      'lines',
      'build=success\n test = failure \r\n\n',
      [
        { key: 'build', result: 'success' },
        { key: 'test', result: 'failure' },
      ],
      true,
    ],
    ['neither', 'build, test', [], false],
    ['lines of which one has no result', 'build=success\ntest=', [{ key: 'build', result: 'success' }], false],
    ['a line with no result of a job', 'build=green', [], false],
    ['JSON that is no object', '["build"]', [], false],
    ['JSON of another shape', '{"build":"success"}', [], false],
    ['JSON without a result', '{"build":{},"test":{"result":"failure"}}', [{ key: 'test', result: 'failure' }], false],
    ['JSON that is cut off', '{"build":{"result":"succ', [], false],
  ])('%s', (_name, raw, needs, complete) => {
    expect(parseNeeds(raw)).toEqual({ needs, complete });
  });

  test('the outputs that carry times and a stage, and only usable ones', () => {
    const outputs = { 'pipeline-start': '2026-11-20T10:00:00+01:00', 'job-start': 'soon', stage: 'check', other: 'x' };
    expect(parseNeeds(JSON.stringify({ build: { result: 'success', outputs } })).needs).toEqual([
      {
        key: 'build',
        result: 'success',
        pipelineStart: '2026-11-20T09:00:00.000Z',
        jobStart: undefined,
        stage: 'check',
      },
    ]);
  });

  test('500 jobs', () => {
    const raw = JSON.stringify(
      Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`job${index}`, { result: 'success' }])),
    );
    expect(parseNeeds(raw).needs).toHaveLength(500);
  });
});

function listed(name: string, changes: Partial<ApiJob> = {}): ApiJob {
  return {
    id: name,
    name,
    conclusion: 'success',
    startedAt: '2026-11-20T09:00:00.000Z',
    labels: [],
    steps: [],
    carriedOver: false,
    ...changes,
  };
}

describe('the jobs behind needs', () => {
  const needs = (...keys: string[]): Need[] => keys.map((key) => ({ key, result: 'success' }));
  const list = (...jobs: ApiJob[]) => ({ jobs, complete: true });

  test.each<[string, Need[], ApiJob[], string[]]>([
    [
      'are the jobs of a matrix',
      needs('test'),
      [listed('test (20)'), listed('test (24)'), listed('testing')],
      ['test (20)', 'test (24)'],
    ],
    ['have a separator in their values', needs('build'), [listed('build (a / b)')], ['build (a / b)']],
    ['are those of a workflow that a called one calls', needs('call'), [listed('call / deep / lint')], ['lint']],
    [
      'are those of a reusable workflow',
      needs('call'),
      [listed('call / lint'), listed('call / test (20)')],
      ['lint', 'test (20)'],
    ],
    [
      'are not guessed where jobs have names of their own, and maybe a matrix',
      needs('build'),
      [listed('Build it')],
      [],
    ],
    [
      'leave out what was skipped',
      [
        { key: 'a', result: 'skipped' },
        { key: 'b', result: 'failure' },
      ],
      [listed('a'), listed('b')],
      ['b'],
    ],
    [
      'are no calls, which run nowhere',
      needs('call', 'build'),
      [listed('call'), listed('build', { labels: ['ubuntu-latest'] })],
      ['build'],
    ],
    [
      'leave out what an earlier attempt ran',
      needs('a', 'b'),
      [listed('a', { carriedOver: true }), listed('b')],
      ['b'],
    ],
    [
      'leave out the skipped ones of a matrix',
      needs('t'),
      [listed('t (1)'), listed('t (2)', { conclusion: 'skipped' })],
      ['t (1)'],
    ],
  ])('%s', (_name, given, jobs, keys) => {
    expect(toNeededJobs(given, list(...jobs), { job: undefined, isCalled: false }).map(({ key }) => key)).toEqual(keys);
  });

  test('inside a workflow that a called one calls are those of the innermost call', () => {
    const jobs = list(listed('one / deep / build'), listed('one / build'));
    const found = toNeededJobs(needs('build'), jobs, { job: listed('one / deep / test'), isCalled: true });
    expect(found.map(({ key, listed: job }) => [key, job.name])).toEqual([['build', 'one / deep / build']]);
  });

  test('inside a reusable workflow are none where the list does not tell the calls apart', () => {
    const found = toNeededJobs(needs('build'), list(listed('build'), listed('test')), {
      job: listed('test'),
      isCalled: true,
    });
    expect(found).toEqual([]);
  });

  test('inside a reusable workflow are those of the same call', () => {
    const jobs = list(listed('one / build'), listed('two / build'), listed('two / test'));
    const found = toNeededJobs(needs('build'), jobs, { job: listed('two / test'), isCalled: true });
    expect(found.map(({ listed: job }) => job.name)).toEqual(['two / build']);
  });
});
