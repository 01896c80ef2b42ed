import { describe, expect, test } from '@jest/globals';
import type { ApiRequest, Answer } from '../support/api.js';
import {
  aFile,
  aJob,
  aRun,
  aSkippedJob,
  at,
  github,
  needsOf,
  observe,
  of,
  paged,
  REPO,
  RUN,
  sent,
  SHA,
} from '../support/observe.js';
import { toPage } from '../support/page.js';

const ATTEMPT = `GET ${REPO}/actions/runs/${RUN}/attempts/1`;
const JOBS = `${ATTEMPT}/jobs`;

describe('an API that fails in the middle of paging', () => {
  const jobs = Array.from({ length: 250 }, (_, index) => aJob(`shard (${index})`, [index, index + 20]));
  const pages = paged(jobs);
  const isSecond = ({ path }: ApiRequest): boolean => path.endsWith('page=2');

  /** Page 2 is answered with these, one after the other, and then as it should be, or with the last one for ever. */
  const failing = (answers: Answer[], forEver = false): ((request: ApiRequest) => Answer) => {
    const left = [...answers];
    return (request) =>
      isSecond(request) ? ((forEver && left.length === 1 ? left[0] : left.shift()) ?? pages(request)) : pages(request);
  };

  test.each<[string, Answer[]]>([
    ['once with 502', [{ status: 502, body: { message: 'Bad Gateway' } }]],
    [
      'twice, with 429 and a time to wait',
      [{ status: 429, headers: { 'retry-after': '1' }, body: {} }, { status: 503 }],
    ],
    [
      'with 403 and a time to wait, which is the secondary rate limit',
      [{ status: 403, headers: { 'retry-after': '1' }, body: {} }],
    ],
    [
      'in the middle of the answer',
      [{ status: 200, headers: { 'content-type': 'application/json' }, body: '{"total_count": 250, "jobs": [{"id"' }],
    ],
  ])('%s: nothing is missing', async (_, answers) => {
    const outcome = await observe(github(aRun(), [], {}, { [JOBS]: failing(answers) }), { inputs: { steps: 'false' } });
    expect([of('job', outcome).length, outcome.warnings]).toEqual([250, []]);
    expect(outcome.resources[0]!.tags).not.toContain('incomplete:jobs');
  });

  test.each<[string, Answer]>([
    ['with 500', { status: 500, body: { message: 'no' } }],
    ['silently', 'silent'],
  ])('for ever, %s: what is missing is named, and the pipeline and the other jobs are sent', async (_, answer) => {
    const outcome = await observe(github(aRun(), [], {}, { [JOBS]: failing([answer], true) }), {
      inputs: { timeout: '5', steps: 'false' },
    });
    expect(outcome.resources[0]).toMatchObject({ level: 'pipeline', status: 'success', end: sent(305) });
    expect(outcome.resources[0]!.tags).toContain('incomplete:jobs');
    expect(of('job', outcome)).toHaveLength(150);
    expect(outcome.warnings).toEqual([
      expect.stringMatching(/100 of 250 jobs of this run are missing.*run-id: 19200000020/),
    ]);
    expect([outcome.code, outcome.ms < 12_000]).toEqual([0, true]);
  });

  test('a run that has ended before all of its jobs have: what is missing is told, and tagged', async () => {
    const late = { ...aJob('late', [0, 0]), status: 'in_progress', conclusion: null };
    const outcome = await observe(github(aRun(), [aJob('early', [0, 20]), late]));
    expect(of('job', outcome)).toHaveLength(1);
    expect(outcome.resources[0]!.tags).toContain('incomplete:jobs');
    expect(outcome.resources[0]).toMatchObject({ end: sent(305) });
    expect(outcome.stdout).toContain('1 jobs have not ended');
  });

  test('for ever, and a closing job does not say success without a tag', async () => {
    const own = aRun({ id: 19200000041, status: 'in_progress', conclusion: null });
    const routes = github(
      own,
      [],
      {},
      { [`GET ${REPO}/actions/runs/19200000041/attempts/1/jobs`]: failing([{ status: 500 }], true) },
    );
    const { resources } = await observe(routes, { told: null, inputs: { timeout: '3', jobs: 'false' } });
    expect(resources).toHaveLength(1);
    expect(resources[0]!.tags).toEqual(expect.arrayContaining(['incomplete:jobs', 'status_source:assumed']));
  });

  test('for ever, from the first page on: the pipeline alone', async () => {
    const outcome = await observe(github(aRun(), [], {}, { [JOBS]: { status: 500 } }), { inputs: { timeout: '3' } });
    expect(outcome.resources.map(({ level, end }) => [level, end])).toEqual([['pipeline', sent(305)]]);
    expect(outcome.warnings).toEqual([expect.stringContaining('The jobs of this run are missing in Datadog')]);
  });

  test.each<[string, (number | undefined)[]]>([
    ['grows between two pages', [150, 250, 250]],
    ['counts nothing', [0, 0, 0]],
    ['is not counted', [undefined, undefined, undefined]],
  ])('a list that %s is read to its end', async (_, totals) => {
    const counted = (request: ApiRequest): Answer => ({
      ...(pages(request) as object),
      total_count: totals[Number(new URL(request.path, 'http://x').searchParams.get('page')) - 1],
    });
    const outcome = await observe(github(aRun(), [], {}, { [JOBS]: counted }), { inputs: { steps: 'false' } });
    expect([of('job', outcome).length, outcome.warnings]).toEqual([250, []]);
  });

  test('a page that comes again for ever ends all the same', async () => {
    const same = (): Answer => ({ jobs: jobs.slice(0, 100) });
    const outcome = await observe(github(aRun(), [], {}, { [JOBS]: same }), { inputs: { steps: 'false' } });
    expect([of('job', outcome).length, outcome.reads.length < 10]).toEqual([100, true]);
  });

  test('404 is no server without a list where every version has one', async () => {
    const outcome = await observe(github(aRun(), [], {}, { [JOBS]: { status: 404 } }), {
      inputs: { 'fail-on-error': 'true' },
    });
    expect(outcome.resources.map(({ level, tags }) => [level, tags!.includes('incomplete:jobs')])).toEqual([
      ['pipeline', true],
    ]);
    expect([outcome.code, outcome.notices]).toEqual([1, []]);
  });

  test('the rate limit is nearly used up: no more is asked', async () => {
    const spent = (request: ApiRequest): Answer => ({
      status: 200,
      headers: { 'x-ratelimit-remaining': '3' },
      body: pages(request),
    });
    const outcome = await observe(github(aRun(), [], {}, { [JOBS]: spent }), { inputs: { steps: 'false' } });
    expect(outcome.reads.filter((path) => path.includes('/jobs'))).toHaveLength(1);
    expect([of('job', outcome).length, outcome.warnings]).toEqual([
      100,
      [expect.stringContaining('the rate limit is nearly used up')],
    ]);
  });

  test('with fail-on-error, what is missing fails the step', async () => {
    const outcome = await observe(github(aRun(), [], {}, { [JOBS]: { status: 500 } }), {
      inputs: { timeout: '3', 'fail-on-error': 'true' },
    });
    expect([outcome.code, outcome.resources.length]).toEqual([1, 1]);
  });
});

test('403 names each permission once', async () => {
  const denied = { status: 403, body: { message: 'Resource not accessible by integration' } };
  const { notices, warnings, resources } = await observe({ [ATTEMPT]: denied, [JOBS]: denied }, { told: aRun() });
  expect(notices).toEqual([expect.stringContaining('`permissions: actions: read`')]);
  expect(warnings).toEqual([expect.stringContaining('Give the token the permission that is named above')]);
  expect(resources).toEqual([expect.objectContaining({ level: 'pipeline', status: 'success' })]);
});

describe('time', () => {
  const old = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

  test('a run that ended more than 18 hours ago is a warning, and nothing is sent', async () => {
    const run = aRun({ run_started_at: old(20), updated_at: old(19) });
    const { resources, warnings } = await observe(
      github(run, [aJob('build', [0, 0], { started_at: old(20), completed_at: old(19) })]),
      {
        told: run,
      },
    );
    expect([resources, warnings]).toEqual([[], [expect.stringContaining('within the last 18 hours')]]);
  });

  test('of a long job the steps that are too old are left out, which is said', async () => {
    const step = (name: string, number: number, from: number, to: number) => ({
      name,
      number,
      conclusion: 'success',
      started_at: old(from),
      completed_at: old(to),
    });
    const long = aJob('long', [0, 0], {
      created_at: old(30),
      started_at: old(30),
      completed_at: old(0.1),
      steps: [step('first', 1, 30, 29), step('last', 2, 2, 1)],
    });
    const outcome = await observe(github(aRun({ run_started_at: old(30), updated_at: old(0.1) }), [long]));
    expect(of('step', outcome).map(({ name }) => name)).toEqual(['last']);
    expect(outcome.notices).toEqual([expect.stringContaining('steps that ended more than 18 hours ago are left out')]);
  });

  test('of a long run the jobs that are too old are named, not sent', async () => {
    const run = aRun({ run_started_at: old(30) });
    const list = [
      aJob('old', [0, 0], { created_at: old(30), started_at: old(30), completed_at: old(20), steps: [] }),
      aJob('new', [0, 50]),
    ];
    const outcome = await observe(github(run, list));
    expect([of('job', outcome).map(({ name }) => name), outcome.warnings]).toEqual([
      ['new'],
      [expect.stringContaining('1 jobs of this run are missing')],
    ]);
  });
});

test.each([
  ['no run', { 'run-id': 'the last one' }, '`run-id` is "the last one"'],
  ['a zero before the number, which would be another id for the same run', { 'run-id': `0${RUN}` }, '`run-id` is "0'],
  ['no attempt', { attempt: '0' }, '`attempt` is "0"'],
  ['neither with jobs nor without', { jobs: 'maybe' }, '`jobs` is "maybe"'],
])('%s that is meant: nothing is sent', async (_, inputs, said) => {
  const { resources, warnings, reads } = await observe(github(aRun(), []), { inputs });
  expect([resources, warnings, reads]).toEqual([[], [expect.stringContaining(said)], []]);
});

test('an event that tells of no run: this one, which only observes, is not taken for it', async () => {
  const { resources, warnings } = await observe(github(aRun(), []), { told: { id: 'x' } });
  expect([resources, warnings]).toEqual([[], [expect.stringContaining('tells of no run with an id')]]);
});

test('an event file that is no JSON keeps nobody from reading the API', async () => {
  const outcome = await observe(github(aRun(), [aJob('build', [1, 20])]), {
    event: '{"workflow_run": {"id": 1',
    inputs: { 'run-id': `${RUN}`, attempt: '1' },
  });
  expect([of('job', outcome).length, outcome.warnings]).toEqual([1, []]);
});

test('without a key: one notice', async () => {
  const { resources, notices, code } = await observe(github(aRun(), []), { inputs: { 'api-key': '' } });
  expect([resources, notices.length, code]).toEqual([[], 1, 0]);
});

test('the intake goes away: what to do is said, and no payload of a whole run fills the log', async () => {
  const jobs = Array.from({ length: 600 }, (_, index) => aJob(`shard (${index})`, [1, 20]));
  const outcome = await observe(github(aRun(), jobs), {
    fail: [undefined, { status: 403 }] as never,
    inputs: { timeout: '10' },
  });
  expect(outcome.sizes).toEqual([1_000]);
  expect(outcome.warnings).toEqual([expect.stringContaining(`with \`run-id: ${RUN}\` and \`attempt: 1\``)]);
  expect(outcome.stdout.length).toBeLessThan(20_000);
});

test('a dry run prints all of it, in groups that a runner takes', async () => {
  const jobs = Array.from({ length: 600 }, (_, index) => aJob(`##[error]x ::error::${index}`, [1, 20]));
  const { resources, stdout } = await observe(github(aRun(), jobs), { inputs: { 'dry-run': 'true', 'api-key': '' } });
  const payloads = stdout.split('\n').filter((line) => line.startsWith('{"data":'));
  expect(resources).toEqual([]);
  expect(payloads.map((line) => (JSON.parse(line) as { data: unknown[] }).data.length)).toEqual([1_000, 801]);
  expect(stdout).not.toMatch(/##\[error\]/);
});

describe('forged files and names', () => {
  const jobs = [aJob('build', [1, 10]), aJob('test', [12, 20])];
  const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghij'
    .split('')
    .map((key, index) => `${key}: &${key} [${Array.from({ length: 9 }, () => `*${'abcdefghi'[index]!}`).join()}]\n`)
    .join('')}`;

  test.each([
    ['an alias bomb', `${bomb}jobs: { build: {}, test: { needs: build } }`],
    ['huge', `jobs: { build: {}, test: { needs: build } }\n${'# x\n'.repeat(200_000)}`],
    ['no YAML', 'jobs: [}'],
    ['not what a workflow is', 'jobs:\n  - build\n  - test'],
    ['nothing but brackets', '['.repeat(300_000)],
    ['full of anchors', Array.from({ length: 40_000 }, (_, index) => `- &a${index} 1\n- *a${index}\n`).join('')],
    ['empty', ''],
  ])('%s: no dependencies, and all else is sent', async (_, text) => {
    const outcome = await observe(github(aRun(), jobs, { '.github/workflows/ci.yml': text }));
    expect([needsOf(outcome), outcome.warnings, outcome.ms < 20_000]).toEqual([{ build: [], test: [] }, [], true]);
  });

  test('a name that looks like a number is a name', async () => {
    const outcome = await observe(
      github(aRun(), jobs, { '.github/workflows/ci.yml': 'name: 1.10\njobs: { build: {}, test: {} }' }),
      {
        told: null,
        inputs: { 'run-id': `${RUN}`, attempt: '1' },
      },
    );
    expect(outcome.resources[0]!.name).toBe('1.10');
  });

  test('keys with a meaning in JavaScript, and jobs that need themselves or each other', async () => {
    const file =
      'jobs:\n  __proto__: { needs: constructor }\n  build: { needs: [build, test, toString] }\n  test: { needs: build }\n';
    const outcome = await observe(github(aRun(), jobs, { '.github/workflows/ci.yml': file }));
    expect(needsOf(outcome)).toEqual({ build: ['test'], test: ['build'] });
  });

  test('calls that lead out of the repository, or in a circle, are not followed', async () => {
    const file = `jobs:\n  up: { uses: ./../../../secrets.yml }\n  round: { uses: ./.github/workflows/ci.yml }\n  many: { uses: ./.github/workflows/x0.yml }\n`;
    const more = Array.from({ length: 30 }, (_, index) => [
      `.github/workflows/x${index}.yml`,
      `jobs:\n  a: { uses: ./.github/workflows/x${index + 1}.yml }\n`,
    ]);
    const outcome = await observe(
      github(aRun(), jobs, {
        '.github/workflows/ci.yml': file,
        ...(Object.fromEntries(more) as Record<string, string>),
      }),
    );
    const reads = outcome.reads.filter((path) => path.includes('/contents/'));
    expect([reads.length, reads.some((path) => path.includes('secrets'))]).toEqual([11, false]);
  });

  const EVIL = [
    '</summary><script>alert(1)</script>',
    '```\n# heading\n[x](javascript:alert(1))',
    '%%{init: {"theme":"dark"}}%%',
    'click a href "javascript:alert(1)"',
    'x :crit, 0, 1\nsection y',
    '|a|b|\n|-|-|',
    '::error::pwned',
    '\u202eevil @everyone #1 https://evil.example',
  ];

  test('names are nothing but text in summary and log', async () => {
    const evil = EVIL.map((name, index) =>
      aJob(`${name} / ${name}`, [index, index + 10], { runner_name: name, conclusion: 'failure' }),
    );
    const outcome = await observe(github(aRun({ name: EVIL[0], conclusion: 'failure' }), evil));
    expect(of('job', outcome)).toHaveLength(EVIL.length);
    const { summary, stdout } = outcome;
    expect(summary).not.toMatch(/<script|javascript:|https:\/\/evil|@everyone|\u202e|\n::/);
    const { headings, elements, links, pictures } = toPage(summary);
    expect(headings).toEqual(['✗ CI failed in 17 s']);
    expect(elements).not.toEqual(expect.arrayContaining([expect.stringMatching(/script|img|h1|h2/)]));
    expect(links.filter(([, address]) => !address.startsWith('https://github.com/acme/shop/'))).toEqual([]);
    expect(pictures[0]!.map(({ fill }) => fill)).toEqual(EVIL.map(() => 'red'));
    expect(stdout).not.toMatch(/^::error::/m);
  });

  test('a summary of ten thousand jobs stays small', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) =>
      aJob(`${'<&|'.repeat(60)} ${index}`, [index / 10, 290], { steps: [] }),
    );
    const { summary } = await observe(github(aRun(), many), { inputs: { steps: 'false' } });
    expect(Buffer.byteLength(summary)).toBeLessThan(500_000);
    expect(summary).toContain('Shown are 200 of 2000 jobs.');
  });
});

describe('Gitea', () => {
  const fixture = 'gitea/workflow-run';
  const [id, prefix] = [4410, '/api/v1'];
  const UNSET = '1970-01-01T00:00:00Z';
  const run = {
    id,
    display_title: 'Round totals before tax',
    path: 'ci.yml@refs/tags/v1.0',
    event: 'push',
    run_attempt: 1,
    run_number: 215,
    head_sha: SHA,
    head_branch: 'v1.0',
    status: 'completed',
    conclusion: 'failure',
    actor: { id: 11, login: 'alice' },
    started_at: at(0).replace('Z', '+00:00'),
    completed_at: at(90),
    repository: { id: 17, full_name: 'acme/shop', default_branch: 'main' },
  };
  const step = (name: string, number: number, [from, to]: [number, number], conclusion: string) => ({
    name,
    number,
    status: 'completed',
    conclusion,
    started_at: at(from),
    completed_at: at(to),
  });
  const job = (number: number, name: string, [from, to]: [number, number], parts = {}) => ({
    id: number,
    run_id: id,
    name,
    run_attempt: 1,
    labels: ['ubuntu-latest'],
    status: 'completed',
    conclusion: 'success',
    runner_name: 'gitea-runner-1',
    created_at: at(-3),
    started_at: at(from),
    completed_at: at(to),
    steps: [step('make', 0, [from, to], 'success')],
    ...parts,
  });
  const jobs = [
    job(1, 'build', [0, 40]),
    job(2, 'test', [42, 90], { conclusion: 'failure', steps: [step('make test', 0, [43, 89], 'failure')] }),
    {
      ...job(3, 'deploy', [0, 0]),
      conclusion: 'skipped',
      started_at: UNSET,
      completed_at: UNSET,
      runner_name: undefined,
      steps: [],
    },
  ];
  const file = 'name: CI\njobs: { build: {}, test: { needs: build }, deploy: { needs: test } }';
  const commit = {
    sha: SHA,
    commit: { message: 'Round', author: { name: 'Carol', email: 'carol@example.com', date: at(-50) } },
  };
  const routes = (runPath: string, list = jobs) => ({
    [`GET ${REPO}/actions/runs/${runPath}`]: run,
    [`GET ${REPO}/actions/runs/${runPath}/jobs`]: paged(list, 2),
    [`GET ${REPO}/git/commits/${SHA}`]: commit,
    [`GET ${REPO}/contents/.gitea/workflows/ci.yml?ref=${SHA}`]: aFile(file),
  });

  test('1.27: times that are unset, steps from 0, a ref behind the path, small pages', async () => {
    const outcome = await observe(routes(`${id}/attempts/1`), { fixture, prefix });
    expect(outcome.resources[0]).toMatchObject({
      name: 'CI',
      url: `https://git.example.com/acme/shop/actions/runs/${id}/attempts/1`,
      start: sent(0),
      end: sent(90),
      status: 'error',
      git: { tag: 'v1.0', author_email: 'carol@example.com', default_branch: 'main' },
    });
    expect(
      of('job', outcome).map(({ name, status, queue_time: queue, dependencies }) => [
        name,
        status,
        queue,
        dependencies?.length,
      ]),
    ).toEqual([
      ['build', 'success', 3000, undefined],
      ['test', 'error', undefined, 1],
      ['deploy', 'skipped', undefined, 1],
    ]);
    expect(of('step', outcome).map(({ tags }) => tags![0])).toEqual(['step_number:0', 'step_number:0']);
    expect(outcome.warnings).toEqual([]);
  });

  describe('a pull request, of which a run names no branch', () => {
    const pulled = { ...run, path: 'ci.yml@refs/pull/12/head', head_branch: '', event: 'pull_request' };
    const pull = {
      number: 12,
      head: { ref: 'feature/totals', sha: SHA, repo: { full_name: 'bob/shop', owner: { login: 'bob' } } },
    };
    const answers = { ...routes(`${id}/attempts/1`), [`GET ${REPO}/actions/runs/${id}/attempts/1`]: pulled };

    test('is asked for its own', async () => {
      const outcome = await observe({ ...answers, [`GET ${REPO}/pulls/12`]: pull }, { fixture, prefix });
      expect(outcome.resources[0]!.git).toMatchObject({ branch: 'bob:feature/totals', sha: SHA });
      expect(outcome.resources[0]!.tags).toContain('pull_request:12');
      expect(outcome.notices).toEqual([]);
    });

    test.each([
      [
        'has gone: its name is in the label',
        { ref: 'refs/pull/12/head', label: 'feature/totals', repo: { full_name: 'acme/shop' } },
        'feature/totals',
      ],
      ['has gone with its fork', { ref: 'refs/pull/12/head', label: 'main', repo: null }, 'unknown:main'],
    ])('whose branch %s', async (_, head, branch) => {
      const outcome = await observe(
        { ...answers, [`GET ${REPO}/pulls/12`]: { number: 12, head } },
        { fixture, prefix },
      );
      expect(outcome.resources[0]!.git).toMatchObject({ branch });
    });

    test('where it can not be read, its parts are tags, and that is said', async () => {
      const outcome = await observe(answers, { fixture, prefix });
      expect(outcome.resources[0]!.git).toBeUndefined();
      expect(outcome.resources[0]!.tags).toContain(`git.commit.sha:${SHA}`);
      expect(outcome.notices).toEqual([expect.stringContaining('the branch of this run is not known')]);
    });
  });

  test('1.25, a closing job run again: jobs that count fewer attempts of their own ran all the same', async () => {
    const own = {
      ...run,
      id: 4424,
      status: 'in_progress',
      conclusion: '',
      completed_at: UNSET,
      path: 'ci.yml@refs/heads/main',
      head_branch: 'main',
    };
    const closing = {
      ...job(9, 'close', [70, 70], { run_attempt: 2 }),
      status: 'in_progress',
      conclusion: '',
      completed_at: UNSET,
    };
    const list = [job(1, 'build', [5, 40], { run_attempt: 2 }), job(2, 'test', [42, 60]), closing];
    const outcome = await observe(
      {
        [`GET ${REPO}/actions/runs/4424`]: own,
        [`GET ${REPO}/actions/runs/4424/jobs`]: paged(list),
        [`GET ${REPO}/git/commits/5e347a2da2239ed813803f58a00075c657ddce79`]: commit,
      },
      {
        fixture,
        prefix,
        told: null,
        env: {
          GITEA_ACTIONS_CAPABILITIES: undefined,
          GITHUB_EVENT_NAME: 'push',
          GITHUB_RUN_ATTEMPT: '2',
          RUNNER_NAME: 'gitea-runner-1',
        },
      },
    );
    expect(of('job', outcome).map(({ name }) => name)).toEqual(['build', 'test']);
    expect([outcome.resources[0]!.partial_retry, outcome.warnings]).toEqual([false, []]);
  });

  test('1.25: a run that has begun again since its end was told keeps that end, and its jobs are said to be missing', async () => {
    const told = { ...run, conclusion: 'failure', started_at: at(-200), completed_at: at(-100) };
    const again = { ...run, status: 'in_progress', conclusion: '', completed_at: UNSET };
    const outcome = await observe(
      { ...routes(`${id}`), [`GET ${REPO}/actions/runs/${id}`]: again },
      { fixture, prefix, env: { GITEA_ACTIONS_CAPABILITIES: undefined }, told },
    );
    expect(outcome.resources).toEqual([
      expect.objectContaining({ level: 'pipeline', status: 'error', start: sent(-200), end: sent(-100) }),
    ]);
    expect(outcome.resources[0]!.tags).toContain('incomplete:jobs');
    expect(outcome.warnings).toEqual([expect.stringContaining('the run has begun again since')]);
  });

  test('1.25: an attempt can not be asked for', async () => {
    const env = { GITEA_ACTIONS_CAPABILITIES: undefined };
    const outcome = await observe(routes(`${id}`), {
      fixture,
      prefix,
      env,
      told: null,
      inputs: { 'run-id': `${id}`, attempt: '1' },
    });
    expect([outcome.resources, outcome.warnings]).toEqual([[], [expect.stringContaining('latest attempt only')]]);
  });

  test('1.25: attempts count per job, so the run is known by its start', async () => {
    const again = [job(1, 'build', [-500, -400]), job(2, 'test', [5, 90], { run_attempt: 2 })];
    const env = { GITEA_ACTIONS_CAPABILITIES: undefined };
    const setting = { fixture, prefix, env, told: null, inputs: { 'run-id': `${id}` } };
    const outcome = await observe(routes(`${id}`, again), setting);
    expect(outcome.resources[0]).toMatchObject({
      name: 'CI',
      partial_retry: true,
      url: 'https://git.example.com/acme/shop/actions/runs/215?by_index=1',
    });
    expect(outcome.resources[0]!.previous_attempt).toBeUndefined();
    expect(of('job', outcome).map(({ name }) => name)).toEqual(['test']);
    const first = await observe(routes(`${id}`), setting);
    expect([first.resources[0]!.partial_retry, of('job', first).length]).toEqual([false, 3]);
    expect(first.resources[0]!.unique_id).toBe(outcome.resources[0]!.unique_id);
  });
});

describe('Forgejo', () => {
  const prefix = '/api/v1';
  const setting = {
    fixture: 'forgejo/push',
    prefix,
    told: null,
    env: { GITHUB_EVENT_NAME: 'schedule' },
    inputs: { 'run-id': '4321' },
  };
  const run = {
    id: 4321,
    title: 'Round totals',
    workflow_id: 'ci.yml',
    index_in_repo: 99,
    trigger_user: { id: 11, login: 'alice' },
    prettyref: '#12',
    commit_sha: SHA,
    event: 'pull_request',
    trigger_event: 'pull_request',
    event_payload: JSON.stringify({
      pull_request: { number: 12, head: { ref: 'fix', sha: SHA, repo: { full_name: 'bob/shop' } } },
    }),
    status: 'failure',
    created: at(-4),
    started: at(0),
    // Not to be trusted: a retry leaves an old one.
    stopped: at(-60),
    updated: at(60),
  };
  const runs = { [`GET ${REPO}/actions/runs/4321`]: run };

  const task = (id: number, name: string, status: string, from: number, to: number, run = 99) => ({
    id,
    name,
    run_number: run,
    status,
    created_at: at(from),
    run_started_at: at(from),
    updated_at: at(to),
  });
  /** A retry of all jobs but `lint`, newest first; the run was created long before. */
  const tasks = {
    total_count: 6,
    workflow_runs: [
      task(16, 'test', 'failure', 21, 58),
      task(15, 'build', 'success', 0, 20),
      task(14, 'build', 'success', -50, -40, 98),
      task(13, 'test', 'failure', -80, -70),
      task(12, 'build', 'failure', -95, -90),
      task(11, 'lint', 'success', -100, -95),
    ],
  };
  const TASKS = `GET ${REPO}/actions/tasks?limit=50&page=1`;
  const retried = { ...run, created: at(-100) };

  test('16: tasks tell when jobs ran, which of them ran again, and when the run ended', async () => {
    const job = (id: number, name: string, attempt: number, task_id: number, status: string) => ({
      id,
      name,
      attempt,
      task_id,
      status,
    });
    const list = [
      job(1, 'lint', 1, 11, 'success'),
      job(2, 'build', 2, 15, 'success'),
      job(3, 'test', 2, 16, 'failure'),
      job(4, 'report', 2, 0, 'cancelled'),
      job(5, 'deploy', 2, 0, 'skipped'),
    ];
    const routes = {
      [`GET ${REPO}/actions/runs/4321`]: retried,
      [`GET ${REPO}/actions/runs/4321/jobs`]: { status: 200, body: list },
      [TASKS]: tasks,
    };
    const outcome = await observe(routes, setting);
    expect(outcome.resources.map(({ name, status, start, end }) => [name, status, start, end])).toEqual([
      ['ci.yml', 'error', sent(0), sent(58)],
      ['build', 'success', sent(0), sent(20)],
      ['test', 'error', sent(21), sent(58)],
      // It was cancelled while it waited, so it has no length.
      ['report', 'canceled', sent(58), sent(58)],
      ['deploy', 'skipped', sent(58), sent(58)],
    ]);
    expect(outcome.resources[0]).toMatchObject({ partial_retry: true });
    expect(outcome.resources.some((resource) => resource.level === 'job' && resource.queue_time !== undefined)).toBe(
      false,
    );
    expect([outcome.notices, outcome.warnings]).toEqual([[], []]);
  });

  test('15: jobs are made from tasks', async () => {
    const outcome = await observe({ [`GET ${REPO}/actions/runs/4321`]: retried, [TASKS]: tasks }, setting);
    expect(outcome.resources.map(({ name, status, start, end }) => [name, status, start, end])).toEqual([
      ['ci.yml', 'error', sent(0), sent(58)],
      ['build', 'success', sent(0), sent(20)],
      ['test', 'error', sent(21), sent(58)],
    ]);
    expect([outcome.notices, outcome.warnings]).toEqual([[], []]);
  });

  test('15: a closing job knows how the others ended, and leaves itself out by its task', async () => {
    const claims = Buffer.from(JSON.stringify({ TaskID: 16, JobID: 9, RunID: 4321 })).toString('base64url');
    const own = {
      ...tasks,
      workflow_runs: [task(16, 'report', 'running', 21, 21), task(15, 'build', 'failure', 0, 20)],
      total_count: 2,
    };
    const outcome = await observe(
      { [`GET ${REPO}/actions/runs/4321`]: { ...run, status: 'running' }, [TASKS]: own },
      {
        ...setting,
        inputs: {},
        env: {
          GITHUB_EVENT_NAME: 'push',
          GITHUB_RUN_ID: '4321',
          GITHUB_RUN_NUMBER: '99',
          ACTIONS_RUNTIME_TOKEN: `a.${claims}.c`,
        },
      },
    );
    expect(outcome.resources.map(({ level, name, status }) => [level, name, status])).toEqual([
      ['pipeline', 'CI', 'error'],
      ['job', 'build', 'error'],
    ]);
    expect([outcome.notices, outcome.warnings]).toEqual([[], []]);
  });

  test('16: tasks that can not be read leave jobs without times, so the pipeline is sent, and that is said once', async () => {
    const list = {
      status: 200,
      body: [
        { id: 1, name: 'build', attempt: 1, status: 'success' },
        { id: 2, name: 'test', attempt: 1, status: 'failure' },
      ],
    };
    const outcome = await observe({ ...runs, [`GET ${REPO}/actions/runs/4321/jobs`]: list }, setting);
    expect(outcome.resources).toEqual([
      expect.objectContaining({
        level: 'pipeline',
        name: 'ci.yml',
        status: 'error',
        start: sent(0),
        end: sent(60),
        queue_time: 4000,
        partial_retry: false,
      }),
    ]);
    expect(outcome.resources[0]!.git).toMatchObject({ branch: 'bob:fix', sha: SHA });
    expect(outcome.notices).toEqual([
      expect.stringContaining('2 jobs are not sent, because this server lists them without their times'),
    ]);
  });

  test('12: no list of jobs', async () => {
    const outcome = await observe(runs, setting);
    expect(outcome.resources.map(({ level, tags }) => [level, tags!.includes('incomplete:jobs')])).toEqual([
      ['pipeline', false],
    ]);
    expect([outcome.notices, outcome.warnings]).toEqual([
      [expect.stringContaining('lists none. Forgejo lists jobs from 16 on')],
      [],
    ]);
  });

  test('12: a closing job says once that it can not know how the others ended, and what can', async () => {
    const own = { ...run, status: 'running', stopped: '', updated: at(60) };
    const outcome = await observe(
      { [`GET ${REPO}/actions/runs/4321`]: own },
      {
        ...setting,
        inputs: {},
        env: { GITHUB_EVENT_NAME: 'push', GITHUB_RUN_ID: '4321' },
      },
    );
    expect([outcome.resources, outcome.notices, outcome.warnings]).toEqual([
      [],
      [],
      [
        expect.stringMatching(
          /API lists no jobs, so how the run ends is not known.*Close the run with the action itself/,
        ),
      ],
    ]);
  });

  test('11: no runs at all', async () => {
    const outcome = await observe({}, setting);
    expect([outcome.resources, outcome.warnings]).toEqual([
      [],
      [expect.stringContaining('Forgejo tells of runs from 12 on')],
    ]);
  });
});

test('no author is said to be assumed of a commit that nobody describes, in a run that nobody started', async () => {
  const outcome = await observe(github(aRun({ head_commit: null, actor: null }), []));
  expect(
    of('pipeline', outcome)
      .flatMap(({ tags }) => tags!)
      .filter((tag) => tag.startsWith('git_author_source')),
  ).toEqual([]);
  const started = await observe(github(aRun({ head_commit: null }), []));
  expect(of('pipeline', started)[0]!.tags).toContain('git_author_source:actor');
});

test('a skipped run', async () => {
  const outcome = await observe(github(aRun({ conclusion: 'skipped' }), [aSkippedJob('build', 1)]));
  expect(outcome.resources.map(({ level, status }) => [level, status])).toEqual([
    ['pipeline', 'skipped'],
    ['job', 'skipped'],
  ]);
});

describe('a workflow that follows all workflows does not follow itself', () => {
  const own = {
    env: { GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/datadog.yml@refs/heads/main', GITHUB_WORKFLOW: 'Datadog' },
  };

  test('its own file: nothing is read or sent, and it is told once what to write', async () => {
    const outcome = await observe(github(aRun(), [aJob('build', [0, 5])]), {
      ...own,
      told: { path: '.github/workflows/datadog.yml' },
    });
    expect([outcome.code, outcome.resources, outcome.reads, outcome.warnings]).toEqual([0, [], [], []]);
    expect(outcome.notices).toEqual([expect.stringContaining('`workflows: ["**", "!Datadog"]` leaves it out')]);
  });

  test('another file is observed, also one that has the same name', async () => {
    const outcome = await observe(github(aRun(), []), { ...own, env: { ...own.env, GITHUB_WORKFLOW: 'CI' } });
    expect([of('pipeline', outcome).length, outcome.notices]).toEqual([1, []]);
  });

  test('where the event tells no file, the run does', async () => {
    const run = aRun({ path: '.github/workflows/datadog.yml' });
    const outcome = await observe(github(run, []), { ...own, told: { path: null } });
    expect([outcome.resources, outcome.notices.length]).toEqual([[], 1]);
  });

  test('a run that an input names is observed, whatever its workflow', async () => {
    const run = aRun({ path: '.github/workflows/datadog.yml' });
    const outcome = await observe(github(run, []), {
      ...own,
      told: { path: '.github/workflows/datadog.yml' },
      inputs: { 'run-id': `${RUN}`, attempt: '1' },
    });
    expect([of('pipeline', outcome).length, outcome.notices]).toEqual([1, []]);
  });
});
