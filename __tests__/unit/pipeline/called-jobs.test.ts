import { describe, expect, test } from '@jest/globals';
import { toCalledJobs, withCalledJobs } from '../../../src/pipeline/called-jobs.js';
import type { ApiJob } from '../../../src/server/answers.js';
import type { Calls } from '../../../src/server/platforms/platform.js';
import { parseWorkflowFile } from '../../../src/server/workflow-file.js';
import type { Workflow } from '../../../src/server/workflow.js';
import { anApiJob } from '../../support/builders.js';

const WHEN_READY: Calls = { areAhead: false, areInKeys: false, numbersNames: false };
const AHEAD: Calls = { areAhead: true, areInKeys: true, numbersNames: true };
const INNER = 'jobs:\n  build: {}\n  test: { needs: build, strategy: { matrix: { n: [1, 2] } } }\n';

async function workflow(jobs: string, called: Record<string, string> = { './in.yml': INNER }): Promise<Workflow> {
  const files = Object.entries(called).map(async ([uses, text]) => [uses, (await parseWorkflowFile(text))!] as const);
  return { file: (await parseWorkflowFile(`jobs:\n${jobs}`))!, called: new Map(await Promise.all(files)) };
}

/** `id name`, and the seconds from when to when it ran. */
function job(text: string, span?: [number, number?], parts: Partial<ApiJob> = {}): ApiJob {
  const [, id, name = ''] = /^(\d+) (.*)$/.exec(text) ?? [];
  const time = (second: number | undefined): string | undefined =>
    second === undefined ? undefined : new Date(second * 1000).toISOString();
  const ended = span?.[1] === undefined ? {} : { conclusion: 'success' };
  return anApiJob({
    id,
    name,
    labels: ['linux'],
    startedAt: time(span?.[0]),
    completedAt: time(span?.[1]),
    ...ended,
    ...parts,
  });
}

function call(text: string, span?: [number, number?], parts: Partial<ApiJob> = {}): ApiJob {
  return job(text, span, { labels: [], ...parts });
}

function told(jobs: readonly ApiJob[]): string[] {
  return jobs.map(({ id, name, called }) =>
    called ? `${id} ${called.fullName || 'unknown'} [${called.key ?? ''}]` : `${id} ${name}`,
  );
}

describe('inner jobs that are listed by plain names', () => {
  test('belong to the call before them, and a call is no job', async () => {
    const files = await workflow('  a: { uses: ./in.yml }\n  b: { uses: ./in.yml }\n  end: { needs: [a, b] }\n');
    const jobs = [
      call('1 a', [10, 19]),
      job('2 build', [10, 12]),
      job('3 test (1)', [13, 19]),
      call('4 b', [10, 19]),
      job('5 build', [10, 12]),
      job('6 test (1)', [13, 19]),
      job('7 end', [20, 21]),
    ];
    expect(told(toCalledJobs(jobs, files, WHEN_READY))).toEqual([
      '2 a / build [build]',
      '3 a / test (1) [test (1)]',
      '5 b / build [build]',
      '6 b / test (1) [test (1)]',
      '7 end',
    ]);
  });

  test('belong to the call in whose time they run', async () => {
    const files = await workflow('  a: { uses: ./in.yml }\n  b: { needs: a, uses: ./in.yml }\n');
    const jobs = [call('1 a', [10, 19]), call('2 b', [20, 29]), job('8 build', [20, 22]), job('9 build', [10, 12])];
    expect(told(toCalledJobs(jobs, files, WHEN_READY))).toEqual(['8 b / build [build]', '9 a / build [build]']);
  });

  test('belong to no call that is known where several may be meant', async () => {
    const files = await workflow(
      '  first: {}\n  a: { needs: first, uses: ./in.yml }\n  b: { needs: first, uses: ./in.yml }\n',
    );
    const jobs = [
      job('1 first', [0, 9]),
      call('2 a', [10, 19]),
      call('3 b', [10, 19]),
      job('4 build', [10, 12]),
      job('5 build', [10, 12]),
    ];
    expect(told(toCalledJobs(jobs, files, WHEN_READY))).toEqual(['1 first', '4 unknown []', '5 unknown []']);
  });

  test('are told from a job of the run itself that has the same key', async () => {
    const files = await workflow('  build: {}\n  a: { needs: build, uses: ./in.yml }\n');
    const jobs = [job('1 build', [0, 9]), call('2 a', [10, 19]), job('3 build', [10, 12])];
    expect(told(toCalledJobs(jobs, files, WHEN_READY))).toEqual(['1 build', '3 a / build [build]']);
    expect(told(toCalledJobs([...jobs.slice(0, 1), call('2 a')], files, WHEN_READY))).toEqual(['1 build']);
  });

  test('of a file that could not be read belong to the one call that may be meant, and nobody knows their keys', async () => {
    const files = await workflow('  build: {}\n  a: { uses: acme/shared/.gitea/workflows/x.yml@v1 }\n', {});
    const jobs = [job('1 build', [0, 9]), call('2 a', [10, 19]), job('3 deploy', [10, 12])];
    expect(told(toCalledJobs(jobs, files, WHEN_READY))).toEqual(['1 build', '3 a / deploy []']);
  });

  test('may be called by a job that is called', async () => {
    const files = await workflow('  a: { uses: ./mid.yml }\n', {
      './mid.yml': 'jobs:\n  deep: { uses: ./in.yml }\n',
      './in.yml': INNER,
    });
    const jobs = [call('1 a', [1, 9]), call('2 deep', [1, 9]), job('3 build', [1, 9])];
    expect(told(toCalledJobs(jobs, files, WHEN_READY))).toEqual(['3 a / deep / build [build]']);
    expect(told(toCalledJobs(jobs, files, AHEAD))).toEqual(['3 a / deep / build [a.deep.build]']);
  });

  test('have no key that is known where a matrix hides behind a name of their own', async () => {
    const named = 'jobs:\n  one: { name: Build it }\n  two: { name: Test it, strategy: { matrix: { n: [1] } } }\n';
    const files = await workflow('  a: { uses: ./in.yml }\n', { './in.yml': named });
    const jobs = [call('1 a', [1, 9]), job('2 Build it', [1, 9]), job('3 Test it (1)', [1, 9])];
    expect(told(toCalledJobs(jobs, files, WHEN_READY))).toEqual(['2 a / Build it [one]', '3 a / Test it (1) []']);
  });

  test('are told apart by order and by what they wait for where all are created with the run', async () => {
    const files = await workflow('  a: { uses: ./in.yml }\n  b: { uses: ./in.yml }\n', {});
    const jobs = [
      call('1 a', [9, 9], { needs: ['a.build', 'a.test'] }),
      call('2 b', [9, 9], { needs: ['b.build', 'b.test'] }),
      job('3 build', [1, 2]),
      job('4 test (1)', [3, 4], { needs: ['a.build'] }),
      job('5 build-1', [1, 2]),
      job('6 test (1)-1', [3, 4], { needs: ['b.build'] }),
    ];
    expect(told(toCalledJobs(jobs, files, AHEAD))).toEqual([
      '3 a / build [a.build]',
      '4 a / test (1) [a.test (1)]',
      '5 b / build [b.build]',
      '6 b / test (1) [b.test (1)]',
    ]);
  });

  test('a call that was skipped, or failed without any job, stays', async () => {
    const files = await workflow('  a: { uses: ./in.yml }\n  b: { uses: ./in.yml }\n  end: {}\n');
    const skipped = call('1 a', undefined, { conclusion: 'skipped' });
    const failed = call('2 b', [1, 2], { conclusion: 'failure' });
    const end = job('3 end', [1, 2]);
    expect(told(toCalledJobs([skipped, failed, end], files, WHEN_READY))).toEqual(['1 a', '2 b', '3 end']);
    const filled = [skipped, failed, end, job('4 build', [1, 2])];
    expect(told(toCalledJobs(filled, files, WHEN_READY))).toEqual(['1 a', '3 end', '4 b / build [build]']);
  });

  test('without the files keep their names, and calls are still no jobs', () => {
    expect(told(toCalledJobs([call('1 a'), job('2 build')], undefined, WHEN_READY))).toEqual(['2 build']);
  });

  test('a list has calls where some jobs name no runner, but not where none does', async () => {
    const [a, build] = [call('1 a'), job('2 build')];
    let reads = 0;
    const left = async (jobs: ApiJob[], calls: Calls | undefined): Promise<[string[], number]> => {
      const list = await withCalledJobs({ jobs }, () => void (reads += 1), calls);
      return [told(list.jobs), reads];
    };
    expect(await left([a], AHEAD)).toEqual([['1 a'], 0]);
    expect(await left([build], AHEAD)).toEqual([['2 build'], 0]);
    expect(await left([a, build], undefined)).toEqual([['1 a', '2 build'], 0]);
    expect(await left([a, build], AHEAD)).toEqual([['2 build'], 1]);
  });

  test('as many as nobody writes keep no time', async () => {
    const count = 2_000;
    const files = await workflow(Array.from({ length: 1_000 }, (_, n) => `  c${n}: { uses: ./in.yml }\n`).join(''));
    const calls = Array.from({ length: 1_000 }, (_, n) => call(`${n + 1} c${n}`, [1, 9]));
    const jobs = Array.from({ length: count }, (_, n) => job(`${n + 2_000} build`, [1, 9]));
    const placed = toCalledJobs([...calls, ...jobs], files, WHEN_READY);
    expect(placed.map(({ called }) => called?.fullName)).toEqual(Array.from({ length: count }, () => ''));
  });
});
