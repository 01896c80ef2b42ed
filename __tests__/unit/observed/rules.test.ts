import { describe, expect, test } from '@jest/globals';
import { withRetries } from '../../../src/server/with-retries.js';
import type { ApiAnswer } from '../../../src/runner/runner.js';
import type { Client, RateLimit } from '../../../src/server/client.js';
import { bindServer } from '../../../src/server/server.js';
import { listJobs, parseJobPage } from '../../../src/server/job-list.js';
import { detectPlatform } from '../../../src/server/platforms/detect.js';
import { createDeadline } from '../../../src/runner/deadline.js';
import { toOwnJobs, toPartialRetry } from '../../../src/pipeline/partial-retry.js';
import { toGantt } from '../../../src/observed/gantt.js';
import { createGraph, type Graph } from '../../../src/observed/graph.js';
import { createFinder } from '../../../src/observed/pattern.js';
import { type FileJob, parseWorkflowFile } from '../../../src/server/workflow-file.js';

const job = (key: string, parts: Partial<FileJob> = {}): FileJob => ({
  key,
  needs: [],
  hasMatrix: false,
  steps: [],
  ...parts,
});

describe('which job of the file a name belongs to', () => {
  const jobs = [
    job('build', { hasMatrix: true }),
    job('build-docs'),
    job('test', { name: 'Test on ${{ matrix.os }} with ${{ matrix.node }}', hasMatrix: true }),
    job('lint', { name: 'Lint' }),
    job('any', { name: '${{ inputs.name }}' }),
    job('fix', { name: 'Fix', hasMatrix: true }),
    job('twin-a', { name: 'Twin ${{ matrix.a }}' }),
    job('twin-b', { name: 'Twin ${{ matrix.b }}' }),
    job('format', { name: "${{ format('Shard {0}', matrix.n) }} of many", hasMatrix: true }),
    job('same-a', { name: 'Same' }),
    job('same-b', { name: 'Same' }),
  ];
  const find = createFinder(jobs);

  test.each([
    ['build (20, ubuntu)', 'build'],
    ['build', 'build'],
    ['build-docs', 'build-docs'],
    ['Test on ubuntu with 20', 'test'],
    ['Lint', 'lint'],
    ['Fix (3)', 'fix'],
    ['something else', 'any'],
    ['Twin 1', undefined],
    ['Shard 7 of many', 'format'],
    ['Same', undefined],
    ['build (a / b)', 'build'],
  ])('%s', (name, key) => {
    expect(find(name)?.job.key).toBe(key);
  });

  test.each([
    ['a name of more gaps than people write', [job('evil', { name: 'a${{ x }}'.repeat(21) })]],
    [
      'more names with gaps than people write',
      Array.from({ length: 201 }, (_, index) => job(`evil-${index}`, { name: `${index} a\${{ x }}` })),
    ],
  ])('%s: none with gaps counts, all others do', (_, evil) => {
    const findAmong = createFinder([...evil, job('fine', { name: 'Fine ${{ x }}' }), job('plain')]);
    expect([findAmong('a'.repeat(500)), findAmong('Fine 1'), findAmong('plain')?.job.key]).toEqual([
      undefined,
      undefined,
      'plain',
    ]);
  });
});

describe('the graph', () => {
  const graph = async (text: string, called: Record<string, string> = {}): Promise<Graph> => {
    const files = await Promise.all(
      Object.entries(called).map(async ([uses, inner]) => [uses, (await parseWorkflowFile(inner))!] as const),
    );
    return createGraph({ file: (await parseWorkflowFile(text))!, called: new Map(files) });
  };

  test('a need on a job of a matrix means all its jobs, one on a call all inner jobs, at any depth', async () => {
    const { needsOf, groupsOf, callOf, isFirst } = await graph(
      'jobs:\n  a: { strategy: { matrix: { n: [1, 2] } } }\n  call: { needs: a, uses: ./mid.yml, strategy: { matrix: { r: [eu, us] } } }\n  end: { needs: call }\n',
      {
        './mid.yml': 'jobs:\n  inner: { uses: ./low.yml }\n  after: { needs: inner }\n',
        './low.yml': 'jobs:\n  x: {}\n  y: { needs: x }\n',
      },
    );
    const names = [
      'a (1)',
      'a (2)',
      'call (eu) / inner / x',
      'call (eu) / inner / y',
      'call (eu) / after',
      'call (us) / inner / x',
      'end',
    ];
    const waitedFor = (name: string): string[] =>
      names.filter((other) => groupsOf(other).some((group) => needsOf(name).includes(group)));
    expect(Object.fromEntries(names.map((name) => [name, waitedFor(name)]))).toEqual({
      'a (1)': [],
      'a (2)': [],
      'call (eu) / inner / x': ['a (1)', 'a (2)'],
      'call (eu) / inner / y': ['call (eu) / inner / x'],
      'call (eu) / after': ['call (eu) / inner / x', 'call (eu) / inner / y'],
      'call (us) / inner / x': ['a (1)', 'a (2)'],
      end: names.slice(2, 6),
    });
    expect([
      callOf('call (eu) / inner / x'),
      callOf('a (1)'),
      isFirst('a (1)'),
      isFirst('end'),
      isFirst('unknown'),
    ]).toEqual(['call (eu)', undefined, true, false, false]);
  });

  test('a call comes before a job whose name may be anything, whether it ran or was skipped', async () => {
    const { callOf, groupsOf, needsOf } = await graph(
      "jobs:\n  build: { name: '${{ matrix.os }}', strategy: { matrix: { os: [a] } } }\n  call: { uses: ./x.yml, needs: build }\n  region: { uses: ./x.yml, strategy: { matrix: { r: [eu] } } }\n",
      { './x.yml': 'jobs:\n  inner: {}\n' },
    );
    expect(
      ['a', 'call / inner', 'call', 'region (eu) / inner'].map((name) => [callOf(name), groupsOf(name), needsOf(name)]),
    ).toEqual([
      [undefined, ['["build"]'], []],
      ['call', ['["call"]', '["call","inner"]'], ['["build"]']],
      [undefined, ['["call"]'], ['["build"]']],
      ['region (eu)', ['["region"]', '["region (eu)","inner"]'], []],
    ]);
  });

  test('a job of a matrix within a call of a matrix is no skipped call', async () => {
    const { callOf, groupsOf, needsOf } = await graph(
      "jobs:\n  pre: {}\n  ci: { name: 'ci ${{ matrix.v }}', needs: pre, strategy: { matrix: { v: [a] } }, uses: ./l.yml }\n  un: { strategy: { matrix: { v: [a] } }, uses: ./l.yml }\n",
      { './l.yml': 'jobs:\n  zero: {}\n  one: { needs: zero, strategy: { matrix: { n: [1] } } }\n' },
    );
    expect(['ci a / one (1)', 'un (a) / one (1)'].map((name) => [callOf(name), groupsOf(name), needsOf(name)])).toEqual(
      [
        ['ci a', ['["ci"]', '["ci a","one"]'], ['["ci a","zero"]']],
        ['un (a)', ['["un"]', '["un (a)","one"]'], ['["un (a)","zero"]']],
      ],
    );
  });

  test('a need that is written many times counts once', async () => {
    expect((await parseWorkflowFile('jobs:\n  a: {}\n  b: { needs: [a, a, a] }\n'))?.jobs[1]?.needs).toEqual(['a']);
  });

  test('a name of people’s own with a slash in it is no call', async () => {
    const { callOf, knows } = await graph('jobs:\n  lint: { name: lint / format }\n');
    expect([callOf('lint / format'), knows('lint / format')]).toEqual([undefined, true]);
  });
});

describe('retries', () => {
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

test('a page of jobs keeps steps packed, and gives them as they are understood', () => {
  const step = {
    name: 'make',
    number: 2,
    conclusion: 'failure',
    started_at: '2026-01-01T12:00:00Z',
    completed_at: null,
  };
  const page = parseJobPage(
    {
      total_count: 7,
      jobs: [{ id: 1, name: 'a', steps: [step, null, 'x'] }, { id: 2, steps: 'none' }, { id: 3 }, null],
    },
    1,
  );
  expect([page?.total, page?.jobs.map(({ id, steps }) => [id, steps.length])]).toEqual([
    7,
    [
      ['1', 1],
      ['2', 0],
      ['3', 0],
    ],
  ]);
  expect(page?.jobs[0]?.steps).toEqual([
    { name: 'make', number: 2, conclusion: 'failure', startedAt: '2026-01-01T12:00:00.000Z', completedAt: undefined },
  ]);
  expect(parseJobPage('<html>', 1)).toBeUndefined();
});

test.each([
  [1, 1],
  [4, 4],
  [10, 9],
])('behind the first page, pages are read side by side: %d at once', async (atOnce, expected) => {
  let [open, most] = [0, 0];
  const jobs = Array.from({ length: 10 }, (_, id) => ({ id, name: 'x' }));
  const client: Client = {
    async read({ path, parse }) {
      open += 1;
      most = Math.max(most, open);
      // All that are asked for at once are, before one is answered.
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      const page = Number(/&page=(\d+)/.exec(path)![1]);
      return parse({ total_count: 100, jobs: jobs.map((job) => ({ ...job, id: page * 100 + job.id })) });
    },
  };
  const place = { env: {}, server: '', repository: 'a/b', runId: '1', runNumber: '1', attempt: 1 };
  const list = await listJobs(bindServer(client, detectPlatform({}), place), atOnce);
  expect([list.jobs.length, list.missing, most]).toEqual([100, 0, expected]);
});

describe('the picture', () => {
  const bar = {
    name: 'a',
    status: 'success' as const,
    start: '2026-01-01T12:00:00.000Z',
    end: '2026-01-01T12:00:10.000Z',
  };

  test('has at most 50 bars, the longest ones, and says so', () => {
    const lines = toGantt(
      Array.from({ length: 80 }, (_, index) => ({
        ...bar,
        name: `job ${index}`,
        end: new Date(Date.parse(bar.end) + index).toISOString(),
      })),
    );
    expect(lines.filter((line) => line.includes('✓'))).toHaveLength(50);
    expect(lines.join('\n')).not.toContain('job 29 ');
    expect(lines).toContain('The 50 longest of 80 jobs.');
  });

  test('is not drawn where nothing ran', () => {
    expect(toGantt([{ ...bar, status: 'skipped' }])).toEqual([]);
  });
});

describe('patience', () => {
  /** A GET that gets these answers in turn, and the waits between them, on a clock of its own. */
  const ask = async (
    answers: (Partial<ApiAnswer> | Error)[],
    { seconds = 60, mostTries = Infinity, limit = { spent: false } } = {},
  ) => {
    let now = 0;
    const waits: number[] = [];
    const get = withRetries(
      () => {
        const answer = answers.shift()!;
        return answer instanceof Error
          ? Promise.reject(answer)
          : Promise.resolve({ status: 200, headers: {}, body: {}, ...answer });
      },
      {
        deadline: createDeadline(seconds, () => now),
        mostTries,
        sleep: (milliseconds) => {
          waits.push(milliseconds);
          now += milliseconds;
          return Promise.resolve();
        },
        now: () => 1_000_000,
        random: () => 0.5,
        debug: () => {},
        limit,
      },
    );
    const outcome = await get('/x', 1_000).then(({ status }) => status, String);
    return { outcome, waits, left: answers.length };
  };
  const limited = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1007' };

  test.each<[string, (Partial<ApiAnswer> | Error)[], object | undefined, object]>([
    ['a network error', [new Error('x'), {}], undefined, { outcome: 200, waits: [375] }],
    ['404 is an answer', [{ status: 404 }], undefined, { outcome: 404, waits: [] }],
    ['403 is an answer', [{ status: 403 }], undefined, { outcome: 403, waits: [] }],
    [
      'the primary rate limit ends at a time',
      [{ status: 403, headers: limited }, {}],
      undefined,
      { outcome: 200, waits: [7_000] },
    ],
    ['which may be too late', [{ status: 403, headers: limited }, {}], { seconds: 5 }, { outcome: 403, waits: [] }],
    [
      'the secondary rate limit, told in words only',
      [{ status: 403, body: { message: 'You have exceeded a secondary rate limit' } }, {}],
      { seconds: 90 },
      { outcome: 200, waits: [60_000] },
    ],
    [
      'no more tries than allowed',
      [{ status: 500 }, { status: 500 }, {}],
      { mostTries: 2 },
      { outcome: 500, waits: [375] },
    ],
  ])('%s', async (_, answers, options, expected) => {
    expect(await ask(answers, options)).toMatchObject(expected);
  });

  test('a server that is out of order for one thing may still be asked for others', async () => {
    const limit: RateLimit = { spent: false };
    await ask([{ status: 503, headers: { 'retry-after': '120' } }], { limit });
    expect(await ask([{}], { limit })).toMatchObject({ outcome: 200 });
  });

  test('a wait that is too long is obeyed by all who share the limit: nobody asks', async () => {
    const limit: RateLimit = { spent: false };
    await ask([{ status: 429, headers: { 'retry-after': '120' } }], { limit });
    expect(await ask([{}], { limit })).toMatchObject({ outcome: 429, left: 1 });
  });
});
