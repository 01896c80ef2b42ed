import { describe, expect, test } from '@jest/globals';
import { toJobId, toPipelineId, toStageId, toStepId } from '../../src/model/identity.js';
import { aJob, aRun, aSkippedJob, at, github, needsOf, observe, of, REPO, RUN, sent, SHA } from '../support/observe.js';

const identity = { serverUrl: 'https://github.com', repository: 'acme/shop', id: `${RUN}`, attemptId: '1' };
const page = `https://github.com/acme/shop/actions/runs/${RUN}`;

const FILE = `
name: CI
on: pull_request
jobs:
  build:
    strategy: { matrix: { node: [20, 24] } }
    runs-on: ubuntu-latest
  lint:
    name: Lint all
    runs-on: ubuntu-latest
  deploy:
    needs: [build, lint]
    runs-on: ubuntu-latest
`;

describe('a run that has ended', () => {
  const jobs = [
    aJob('build (20)', [10, 100]),
    aJob('build (24)', [12, 120]),
    aJob('Lint all', [10, 30]),
    aJob('deploy', [125, 300]),
  ];

  test('is sent with its jobs and steps, the pipeline first', async () => {
    const outcome = await observe(github(aRun(), jobs, { '.github/workflows/ci.yml': FILE }), {
      inputs: { tags: 'team:payments', measures: 'cost:1.5', env: 'ci' },
    });
    const [pipeline] = outcome.resources;
    expect(pipeline).toEqual({
      level: 'pipeline',
      unique_id: toPipelineId(identity),
      pipeline_id: `${RUN}`,
      name: 'CI',
      url: `${page}/attempts/1`,
      start: sent(0),
      end: sent(300),
      status: 'success',
      partial_retry: false,
      git: {
        repository_url: 'https://github.com/acme/shop.git',
        sha: SHA,
        branch: 'feature/totals',
        default_branch: 'main',
        author_name: 'Carol Example',
        author_email: 'carol@example.com',
        author_time: sent(-20),
        committer_name: 'Carol Example',
        committer_email: 'carol@example.com',
        commit_time: sent(-20),
        message: 'Round totals before tax',
      },
      tags: expect.arrayContaining([
        'team:payments',
        'event:pull_request',
        'actor:alice',
        'run_number:414',
        'pull_request:128',
        'run_attempt:1',
        'conclusion:success',
      ]),
      metrics: ['cost:1.5'],
    });
    expect(outcome.events[0]!.attributes).toMatchObject({ env: 'ci', service: 'github.com', provider_name: 'github' });
    const [first] = of('job', outcome);
    expect(first).toMatchObject({
      id: toJobId(identity, { key: 'build (20)' }),
      name: 'build (20)',
      url: `${page}/job/${jobs[0]!['id'] as number}`,
      start: sent(10),
      end: sent(100),
      queue_time: 2000,
      node: { name: 'GitHub Actions 7', labels: ['ubuntu-latest'] },
    });
    expect(first!.metrics).toBeUndefined();
    expect(of('step', outcome)[1]).toMatchObject({
      id: toStepId(identity, { key: 'build (20)' }, 2),
      name: 'Run make',
      job_id: first!.id,
      start: sent(11),
      end: sent(100),
    });
    expect(needsOf(outcome)).toEqual({
      'build (20)': [],
      'build (24)': [],
      'Lint all': [],
      deploy: ['Lint all', 'build (20)', 'build (24)'],
    });
    expect([outcome.code, outcome.resources.length, outcome.sizes, outcome.warnings, outcome.notices]).toEqual([
      0,
      13,
      [13],
      [],
      [],
    ]);
    expect(outcome.outputs['pipeline-id']).toBe(toPipelineId(identity));
  });

  test('has a summary with a table and a picture', async () => {
    const { summary } = await observe(github(aRun(), jobs, { '.github/workflows/ci.yml': FILE }));
    expect(summary).toContain('| CI | success | 300.0 | 4 |');
    expect(summary).toContain('| build &#40;24&#41; |  | success | 108.0 | GitHub Actions 7 |');
    expect(summary).toMatch(/```mermaid\ngantt\n[^`]*✓ deploy :done, \d+, \d+\n```/);
    expect(summary).toContain(`](${page}/attempts/1)`);
  });

  test('is sent without its jobs where they report themselves, with its end and its failure as they tell them', async () => {
    const failing = aJob('deploy', [125, 300], { conclusion: 'failure' });
    const outcome = await observe(github(aRun({ conclusion: 'failure' }), [...jobs.slice(0, 3), failing]), {
      inputs: { jobs: 'false' },
    });
    expect(outcome.resources).toEqual([
      expect.objectContaining({
        unique_id: toPipelineId(identity),
        start: sent(0),
        end: sent(300),
        status: 'error',
        error: expect.objectContaining({ type: 'Step failed', message: expect.stringContaining('Run make') }),
      }),
    ]);
  });

  test('is sent without its jobs where their list can not be read, as ended when the server last touched it', async () => {
    const outcome = await observe(
      { [`GET ${REPO}/actions/runs/${RUN}/attempts/1`]: aRun() },
      { inputs: { jobs: 'false' } },
    );
    expect(outcome.resources).toEqual([expect.objectContaining({ status: 'success', end: sent(305) })]);
    expect([outcome.warnings, outcome.notices]).toEqual([[], []]);
  });

  test('is sent with what the event tells where the server answers nothing, and says what is missing', async () => {
    const outcome = await observe({}, { told: aRun({ conclusion: 'cancelled' }) });
    expect(outcome.resources).toEqual([
      expect.objectContaining({ level: 'pipeline', status: 'canceled', end: sent(305) }),
    ]);
    expect(outcome.resources[0]!.tags).toContain('incomplete:jobs');
    expect(outcome.warnings).toEqual([expect.stringContaining('The jobs of this run are missing in Datadog')]);
  });

  test('fails: the jobs say why, with what the server noted', async () => {
    const failing = aJob('test', [10, 50], { conclusion: 'failure' });
    const lost = aJob('lost', [10, 60], { conclusion: 'failure', steps: [] });
    const noted = (job: Record<string, unknown>): string => `GET ${REPO}/check-runs/${job['id'] as number}/annotations`;
    const outcome = await observe(
      github(
        aRun({ conclusion: 'failure' }),
        [aJob('build', [1, 5]), failing, lost],
        {},
        {
          [noted(failing)]: {
            status: 200,
            body: [{ annotation_level: 'failure', message: 'Process completed with exit code 2.' }],
          },
          [noted(lost)]: {
            status: 200,
            body: [{ annotation_level: 'failure', message: 'The hosted runner lost communication with the server.' }],
          },
        },
      ),
    );
    expect(of('job', outcome).map(({ status, error }) => [status, error?.type, error?.domain])).toEqual([
      ['success', undefined, undefined],
      ['error', 'Step failed', 'user'],
      ['error', 'Runner lost', 'provider'],
    ]);
    expect(outcome.resources[0]).toMatchObject({
      status: 'error',
      error: { domain: 'unknown', message: expect.stringContaining('Failed: test, lost') },
    });
    expect(of('step', outcome).filter(({ status }) => status === 'error')).toHaveLength(1);
  });

  test('was cancelled: jobs that never began have no length', async () => {
    const never = aJob('deploy', [0, 90], {
      conclusion: 'cancelled',
      started_at: null,
      created_at: at(80),
      steps: [],
      runner_name: null,
    });
    const outcome = await observe(
      github(aRun({ conclusion: 'cancelled' }), [aJob('build', [5, 90], { conclusion: 'cancelled' }), never]),
    );
    expect(outcome.resources[0]).toMatchObject({ status: 'canceled', end: sent(90) });
    expect(of('job', outcome).map(({ status, start, end, error }) => [status, start, end, error])).toEqual([
      ['canceled', sent(5), sent(90), undefined],
      ['canceled', sent(90), sent(90), undefined],
    ]);
  });

  test('has skipped jobs, on which nothing depends', async () => {
    const file = 'jobs:\n  build: {}\n  maybe: { needs: build }\n  last: { needs: [build, maybe] }\n';
    const list = [aJob('build', [5, 50]), aSkippedJob('maybe', 51), aJob('last', [55, 80])];
    const outcome = await observe(github(aRun(), list, { '.github/workflows/ci.yml': file }));
    expect(of('job', outcome).map(({ name, status, queue_time: queue }) => [name, status, queue])).toEqual([
      ['build', 'success', 2000],
      ['maybe', 'skipped', undefined],
      ['last', 'success', 2000],
    ]);
    expect(needsOf(outcome)).toEqual({ build: [], maybe: ['build'], last: ['build'] });
  });

  test('times outside of their parents are clamped', async () => {
    const odd = aJob('odd', [-30, 40], {
      steps: [{ name: 'x', number: 1, conclusion: 'success', started_at: at(-40), completed_at: at(500) }],
    });
    const outcome = await observe(github(aRun(), [odd, aJob('back', [50, 45])]));
    const [pipeline] = outcome.resources;
    for (const { start, end } of outcome.resources) {
      expect([start >= pipeline!.start, end! <= pipeline!.end!, end! >= start]).toEqual([true, true, true]);
    }
  });
});

describe('ids of jobs', () => {
  const idsOf = async (jobs: Record<string, unknown>[], run = aRun()): Promise<Map<number, string>> => {
    const outcome = await observe(github(run, jobs));
    return new Map(of('job', outcome).map(({ url, id }) => [Number(url!.split('/').at(-1)), id!]));
  };

  test('of two jobs with one name are two, and stay the same when a part of the list is missing the first time', async () => {
    const [first, second, other] = [aJob('build', [1, 20]), aJob('build', [1, 30]), aJob('test', [40, 50])];
    const [firstNumber, secondNumber] = [first, second].map((job) => job['id'] as number);
    const whole = await idsOf([second, other, first]);
    expect(whole.get(firstNumber!)).toBe(toJobId(identity, { key: 'build' }));
    expect(whole.get(secondNumber!)).toBe(toJobId(identity, { key: 'build', unique: `${secondNumber}` }));
    const sentBefore = [...(await idsOf([other, second])).values(), ...(await idsOf([other, first])).values()];
    expect([...whole.values()]).toEqual(expect.arrayContaining(sentBefore));
  });

  test('of a job whose twin goes on is the same when that has ended', async () => {
    const [first, second] = [aJob('build', [1, 20]), aJob('build', [1, 30])];
    const number = second['id'] as number;
    const before = await idsOf([{ ...first, status: 'in_progress', conclusion: null, completed_at: null }, second]);
    const after = await idsOf([first, second]);
    expect(after.get(number)).toBe(before.get(number));
  });

  test('of names that are no key hold the number, whoever else is listed', async () => {
    const named = aJob('Unit tests (fast)', [1, 20]);
    expect([...(await idsOf([named])).values()]).toEqual([
      toJobId(identity, { key: 'Unit tests (fast)', unique: `${named['id'] as number}` }),
    ]);
  });

  test('of steps without numbers tell them apart', async () => {
    const step = { name: 'make', conclusion: 'success', started_at: at(2), completed_at: at(3) };
    const outcome = await observe(github(aRun(), [aJob('build', [1, 20], { steps: [step, step] })]));
    expect(new Set(of('step', outcome).map(({ id }) => id)).size).toBe(2);
  });
});

describe('re-runs', () => {
  const again = aRun({ run_attempt: 2, run_started_at: at(0), created_at: at(-9_000) });

  test('of the failed jobs: those carried over are not sent', async () => {
    const kept = aJob('build', [-8_000, -7_900], { created_at: at(0), run_attempt: 2 });
    const skipped = aSkippedJob('docs', -7_800, { run_attempt: 2 });
    const outcome = await observe(github(again, [kept, skipped, aJob('test', [5, 60], { run_attempt: 2 })]), {
      told: { run_attempt: 2 },
    });
    expect(outcome.resources[0]).toMatchObject({
      unique_id: toPipelineId({ ...identity, attemptId: '2' }),
      partial_retry: true,
      previous_attempt: { id: toPipelineId(identity), url: `${page}/attempts/1` },
      end: sent(60),
    });
    expect(of('job', outcome).map(({ name }) => name)).toEqual(['test']);
  });

  test('of all jobs, by clocks that differ: a job that began a second before its creation did run', async () => {
    const early = aJob('build', [5, 50], { created_at: at(6), run_attempt: 2 });
    const outcome = await observe(github(again, [early, aJob('test', [55, 60], { run_attempt: 2 })]), {
      told: { run_attempt: 2 },
    });
    expect(of('job', outcome).map(({ name }) => name)).toEqual(['build', 'test']);
    expect([outcome.resources[0]!.partial_retry, outcome.warnings]).toEqual([false, []]);
  });

  test('of all jobs', async () => {
    const outcome = await observe(
      github(again, [aJob('build', [5, 50], { run_attempt: 2 }), aJob('test', [55, 60], { run_attempt: 2 })]),
      {
        told: { run_attempt: 2 },
      },
    );
    expect(outcome.resources[0]).toMatchObject({
      partial_retry: false,
      previous_attempt: { id: toPipelineId(identity) },
    });
    expect(of('job', outcome)).toHaveLength(2);
  });

  test('the input names the attempt; without it, the latest', async () => {
    const routes = { ...github(again, [aJob('build', [5, 50])]), [`GET ${REPO}/actions/runs/${RUN}`]: again };
    const named = await observe(routes, { told: null, inputs: { 'run-id': `${RUN}`, attempt: '2' } });
    const latest = await observe(routes, { told: null, inputs: { 'run-id': `${RUN}` } });
    expect(named.resources[0]!.unique_id).toBe(toPipelineId({ ...identity, attemptId: '2' }));
    expect(latest.resources).toEqual(named.resources);
  });
});

test.each([
  ['run', { id: 77 }],
  ['attempt', { run_attempt: 3 }],
])('an answer about another %s than the one that is meant is no answer', async (_, parts) => {
  const setting = { told: null, inputs: { 'run-id': `${RUN}`, attempt: '1' } };
  const { resources, warnings } = await observe(
    { [`GET ${REPO}/actions/runs/${RUN}/attempts/1`]: aRun(parts) },
    setting,
  );
  expect([resources, warnings]).toEqual([[], [expect.stringContaining('the answer is not understood')]]);
});

describe('a run that goes on', () => {
  const going = aRun({ status: 'in_progress', conclusion: null });

  test('is sent as running, with the id, name and start of its final event', async () => {
    const running = await observe(github(going, []), { told: { status: 'in_progress', conclusion: null } });
    const ended = await observe(github(aRun(), [aJob('build', [5, 50])]));
    const of = ({ unique_id, name, start, partial_retry }: Record<string, unknown>): unknown => ({
      unique_id,
      name,
      start,
      partial_retry,
    });
    expect(running.resources.map(({ level, status }) => [level, status])).toEqual([['pipeline', 'running']]);
    expect(of({ ...running.resources[0]! })).toEqual(of({ ...ended.resources[0]! }));
    expect(running.reads).not.toContainEqual(expect.stringContaining('/jobs'));
  });

  test('goes on only in what a server answers that lags behind its own event: it is sent as ended', async () => {
    const outcome = await observe(github(going, [aJob('build', [5, 50])]), { told: aRun({ conclusion: 'failure' }) });
    expect(outcome.resources[0]).toMatchObject({ level: 'pipeline', status: 'error', end: sent(50) });
    expect(outcome.reads.filter((path) => path.endsWith('/attempts/1'))).toHaveLength(4);
  }, 40_000);

  test('lags behind with little time left: its jobs come before another look', async () => {
    const outcome = await observe(github(going, [aJob('build', [5, 50])]), {
      told: aRun({ conclusion: 'failure' }),
      inputs: { timeout: '5' },
    });
    expect([of('job', outcome).length, outcome.warnings]).toEqual([1, []]);
  });

  test('goes on after an approval that its event still waited for: it is sent as running', async () => {
    const outcome = await observe(github(going, []), { told: aRun({ conclusion: 'action_required' }) });
    expect(outcome.resources.map(({ status }) => status)).toEqual(['running']);
  });

  test('has an intake that is slow: its running event is given up before a final one could have come', async () => {
    const started = performance.now();
    const { resources, code } = await observe(github(going, []), {
      told: { status: 'in_progress', conclusion: null },
      fail: { status: 503 },
      inputs: { timeout: '60' },
    });
    expect([resources, code, performance.now() - started < 20_000]).toEqual([[], 0, true]);
  }, 40_000);

  test('has ended since the event: it is sent as ended', async () => {
    const { resources } = await observe(github(aRun(), []), { told: { status: 'in_progress', conclusion: null } });
    expect(resources.map(({ status }) => status)).toEqual(['success']);
  });

  test('is not sent as running where nobody can ask whether it still goes on', async () => {
    const { resources, warnings } = await observe({}, { told: { status: 'in_progress', conclusion: null } });
    expect([resources, warnings]).toEqual([[], [expect.stringContaining(`the run ${RUN} can't be read`)]]);
  });
});

describe('reusable workflows', () => {
  const caller = `
name: CI
jobs:
  prepare: {}
  east: { uses: ./.github/workflows/deploy.yml, needs: prepare }
  west: { uses: ./.github/workflows/deploy.yml, needs: [prepare] }
  remote: { uses: acme/tools/.github/workflows/x.yml@v1, needs: west }
  report: { needs: [east, west, remote] }
`;
  const called = 'on: workflow_call\njobs:\n  build: {}\n  ship: { needs: build, name: "Ship it" }\n';
  const jobs = [
    aJob('prepare', [1, 10]),
    aJob('east / build', [12, 40]),
    aJob('east / Ship it', [42, 60], { conclusion: 'failure' }),
    aJob('west / build', [13, 50]),
    aJob('west / Ship it', [52, 80]),
    aJob('remote / scan', [82, 90]),
    aJob('report', [95, 99]),
  ];

  test('become stages, one a call, and inner needs count', async () => {
    const outcome = await observe(
      github(aRun({ conclusion: 'failure' }), jobs, {
        '.github/workflows/ci.yml': caller,
        '.github/workflows/deploy.yml': called,
      }),
    );
    expect(of('stage', outcome).map(({ id, name, start, end, status }) => ({ id, name, start, end, status }))).toEqual([
      { id: toStageId(identity, 'east'), name: 'east', start: sent(12), end: sent(60), status: 'error' },
      { id: toStageId(identity, 'west'), name: 'west', start: sent(13), end: sent(80), status: 'success' },
      { id: toStageId(identity, 'remote'), name: 'remote', start: sent(82), end: sent(90), status: 'success' },
    ]);
    expect(of('job', outcome)[1]).toMatchObject({
      id: toJobId(identity, { key: 'build', unique: `${jobs[1]!['id'] as number}` }),
      stage_id: toStageId(identity, 'east'),
      stage_name: 'east',
    });
    expect(needsOf(outcome)).toEqual({
      prepare: [],
      'east / build': ['prepare'],
      'east / Ship it': ['east / build'],
      'west / build': ['prepare'],
      'west / Ship it': ['west / build'],
      'remote / scan': ['west / Ship it', 'west / build'],
      report: ['east / Ship it', 'east / build', 'remote / scan', 'west / Ship it', 'west / build'],
    });
    expect(outcome.summary).toContain('section › west');
  });

  test('are none where a separator stands in the values of a matrix, with the file or without', async () => {
    const list = [aJob('build (linux / x64)', [1, 20]), aJob('call (a / b) / build', [1, 20])];
    const file =
      'jobs:\n  build: { strategy: { matrix: { os: [linux / x64] } } }\n  call: { uses: ./x.yml, strategy: { matrix: { v: [a / b] } } }\n';
    const outcomes = [
      await observe(github(aRun(), list)),
      await observe(github(aRun(), list, { '.github/workflows/ci.yml': file })),
    ];
    for (const outcome of outcomes) {
      expect(of('job', outcome).map(({ id, stage_name: stage }) => [id, stage])).toEqual([
        [toJobId(identity, { key: 'build (linux / x64)' }), undefined],
        [toJobId(identity, { key: 'build', unique: `${list[1]!['id'] as number}` }), 'call (a / b)'],
      ]);
    }
  });
});

describe('a closing job', () => {
  const OWN = 19200000041;
  const run = aRun({
    id: OWN,
    run_number: 77,
    status: 'in_progress',
    conclusion: null,
    head_sha: '5e347a2da2239ed813803f58a00075c657ddce79',
    event: 'push',
  });
  const closing = aJob('close', [70, 70], { status: 'in_progress', conclusion: null, completed_at: null, steps: [] });
  const others = [aJob('build', [5, 50]), aJob('test', [5, 60], { conclusion: 'failure' })];

  test('reports all but itself, with the worst of their results and the ids that `level: job` computes', async () => {
    const outcome = await observe(github(run, [...others, closing]), {
      told: null,
      checkRunId: `${closing['id'] as number}`,
    });
    const own = { ...identity, id: `${OWN}` };
    expect(outcome.resources[0]).toMatchObject({
      unique_id: toPipelineId(own),
      name: 'Report',
      status: 'error',
      start: sent(0),
    });
    expect(of('job', outcome).map(({ id }) => id)).toEqual([
      toJobId(own, { key: 'build' }),
      toJobId(own, { key: 'test' }),
    ]);
    expect(outcome.notices).toEqual([]);
  });

  test('knows itself by its runner where the server has no number for it, and names those that go on', async () => {
    const going = { ...closing, id: 1, name: 'slow', runner_name: 'other' };
    const outcome = await observe(github(run, [others[0]!, going, { ...closing, runner_name: 'me' }]), {
      told: null,
      env: { RUNNER_NAME: 'me' },
    });
    expect(outcome.resources[0]).toMatchObject({ status: 'success' });
    expect(outcome.notices).toEqual([expect.stringMatching(/1 jobs have not ended.*"slow"/)]);
  });

  test('on a machine whose clock is behind ends when its last job did, and says that', async () => {
    const ahead = Math.round((Date.now() - Date.parse(at(0))) / 1000) + 90;
    const outcome = await observe(github(run, [aJob('build', [5, ahead]), closing]), {
      told: null,
      checkRunId: `${closing['id'] as number}`,
    });
    expect(outcome.resources[0]).toMatchObject({ end: sent(ahead) });
    expect(of('job', outcome)[0]).toMatchObject({ end: sent(ahead) });
    expect(outcome.notices).toEqual([expect.stringMatching(/clocks of this runner and .* differ by \d+ s/)]);
  });

  test.each([
    ['failure', 'error'],
    ['success', 'success'],
  ])('run again alone takes over how the others ended before: %s', async (conclusion, status) => {
    const again = { ...run, run_attempt: 2 };
    const kept = aJob('build', [-900, -800], { conclusion, created_at: at(0), run_attempt: 2 });
    const { resources, warnings } = await observe(github(again, [kept, closing]), {
      told: null,
      env: { GITHUB_RUN_ATTEMPT: '2' },
      checkRunId: `${closing['id'] as number}`,
    });
    expect([resources.map((one) => [one.level, one.status]), warnings]).toEqual([[['pipeline', status]], []]);
  });

  test('alone in its run says nothing of how that ended', async () => {
    const { resources, warnings } = await observe(github(run, [closing]), {
      told: null,
      checkRunId: `${closing['id'] as number}`,
    });
    expect([resources, warnings]).toEqual([[], [expect.stringContaining('how the run ends is not known')]]);
  });
});

describe('git', () => {
  test.each([
    [
      'a branch of a fork',
      { head_repository: { full_name: 'mallory/shop', owner: { login: 'mallory' } } },
      { branch: 'mallory:feature/totals' },
    ],
    ['the default branch', { event: 'push', head_branch: 'main' }, { branch: 'main' }],
    ['a tag that was pushed', { event: 'push', head_branch: 'v1.0' }, { tag: 'v1.0' }],
    ['a branch that was pushed', { event: 'push', head_branch: 'fix' }, { branch: 'fix' }],
    ['a release', { event: 'release', head_branch: 'v2' }, { tag: 'v2' }],
  ])('%s', async (_, parts, expected) => {
    const tag = { [`GET ${REPO}/git/ref/tags/v1.0`]: { ref: 'refs/tags/v1.0' } };
    const { resources } = await observe(github(aRun(parts), [], {}, tag), { inputs: { jobs: 'false' } });
    const { branch, tag: tagged } = resources[0]!.git as { branch?: string; tag?: string };
    expect({ ...(branch ? { branch } : {}), ...(tagged ? { tag: tagged } : {}) }).toEqual(expected);
  });
});

test.each([
  [250, 3],
  [1_000, 10],
])('%d jobs: none is lost or doubled', async (count, pages) => {
  const jobs = Array.from({ length: count }, (_, index) => aJob(`shard (${index})`, [index / 10, 150 + index / 10]));
  const outcome = await observe(github(aRun(), jobs));
  const names = of('job', outcome).map(({ name }) => name);
  expect([names.length, new Set(names).size]).toEqual([count, count]);
  expect(new Set(outcome.resources.map(({ id, unique_id: unique }) => id ?? unique)).size).toBe(1 + count * 3);
  expect(outcome.resources[0]!.level).toBe('pipeline');
  expect(outcome.sizes.reduce((a, b) => a + b)).toBe(1 + count * 3);
  expect(Math.max(...outcome.sizes)).toBeLessThanOrEqual(1_000);
  expect(outcome.reads.filter((path) => path.includes('/jobs')).length).toBe(pages);
  expect(outcome.summary.length).toBeLessThan(200_000);
});
