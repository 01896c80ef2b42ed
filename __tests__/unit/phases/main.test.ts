import { describe, expect, test } from '@jest/globals';
import { aCommit, KEY, SHA, TOKEN } from '../../support/builders.js';
import { type Fixture, fixtures } from '../../support/fixtures.js';
import { type FakeJobOptions, startFakeJob, type Variables } from '../../support/runner.js';

const fixture = (platform: string, name: string): Fixture =>
  fixtures().find((one) => one.platform === platform && one.name === name)!;
const PUSH = fixture('github', 'push');
const FORK = fixture('github', 'pull-request-from-fork');
const PULL = fixture('github', 'pull-request');

const startJob = (options: FakeJobOptions = {}) => startFakeJob({ env: PUSH.env, event: PUSH.event, ...options });

describe('without a key', () => {
  test.each<[string, Pick<Fixture, 'env' | 'event'>, Variables, 'notice' | 'fail', RegExp]>([
    ['a notice', PUSH, {}, 'notice', /api-key: \$\{\{ secrets/],
    ['a failure, where that is wanted', PUSH, { 'fail-on-error': 'true' }, 'fail', /api-key: \$\{\{ secrets/],
    ['a notice for a fork, which has no secrets', FORK, {}, 'notice', /forks and Dependabot.*Nothing needs to be done/],
    ['no failure for a fork', FORK, { 'fail-on-error': 'true' }, 'notice', /forks and Dependabot/],
    [
      'no failure for Dependabot',
      { ...PULL, env: { ...PULL.env, GITHUB_ACTOR: 'dependabot[bot]' } },
      { 'fail-on-error': 'true' },
      'notice',
      /Dependabot/,
    ],
  ])('nothing is sent, and that is said once: %s', async (_, { env, event }, inputs, kind, text) => {
    const job = startFakeJob({ env, event });
    const step = job.step({ 'api-key': '', ...inputs });
    await step.main();
    await step.post();
    expect(job.words).toEqual([{ kind, text: expect.stringMatching(text) }]);
    expect([job.requests, job.reads, job.summary(), job.outputs, job.exported]).toEqual([[], [], '', {}, {}]);
  });

  test('a dry run needs none', async () => {
    const job = startJob();
    await job.step({ 'api-key': '', 'dry-run': 'true' }).main();
    expect(job.said('group')).toHaveLength(1);
    expect(job.said('notice', 'warning', 'fail')).toEqual([]);
  });
});

test('a dry run prints what it would send, both times, and sends nothing', async () => {
  const job = startJob();
  const step = job.step({ 'dry-run': 'true' });
  await step.main();
  job.clock.pass(1_000);
  await step.post({ 'job-status': 'failure' });
  expect([job.requests, job.sockets.open]).toEqual([[], 0]);
  const statuses = job.said('group').map((group) => {
    const { data } = JSON.parse(group.slice(group.indexOf('\n'))) as {
      data: { attributes: { resource: { status: string } } }[];
    };
    return data.map(({ attributes }) => attributes.resource.status);
  });
  expect(statuses).toEqual([
    ['running', 'running'],
    ['error', 'error'],
  ]);
});

describe('a second use in the same job', () => {
  test.each<[string, Variables, number]>([
    ['for the same intake does nothing, in post too', {}, 2],
    ['for the same intake in other words', { site: 'US1' }, 2],
    ['for another intake reports there as well', { site: 'eu1' }, 4],
    ['as a dry run prints', { 'dry-run': 'true' }, 2],
  ])('%s', async (_, inputs, requests) => {
    const job = startJob();
    const [first, second] = [job.step(), job.step(inputs)];
    await first.main();
    await second.main();
    await second.post();
    await first.post();
    expect(job.requests).toHaveLength(requests);
    expect(job.said('warning', 'notice')).toEqual([]);
    const isSecond = requests === 2 && !inputs['dry-run'];
    expect(job.said('info').filter((text) => text.includes('an earlier step'))).toHaveLength(isSecond ? 1 : 0);
  });

  test('in another job of the run is a first use, though a runner may hand on its variables', async () => {
    const first = startJob();
    await first.step().main();
    const other = startJob({ env: { ...PUSH.env, ...first.exported, GITHUB_JOB: 'test' } });
    await other.step().main();
    expect(other.requests).toHaveLength(1);
  });
});

test.each<[string, FakeJobOptions]>([
  ['there is no folder for it', { env: { ...PUSH.env, RUNNER_TEMP: '' } }],
  ['its folder takes no file', { readOnly: ['/temp'] }],
])('where %s, later steps are given no run-time file, and the job is reported', async (_, options) => {
  const job = startJob(options);
  const step = job.step();
  await step.main();
  await step.post();
  expect([job.exported, job.requests.length, job.said('warning', 'notice')]).toEqual([{}, 2, []]);
});

test('a later step carries one short variable of ours', async () => {
  const job = startJob();
  await job.step({ tags: Array.from({ length: 50 }, (_, index) => `key${index}:value`).join('\n') }).main();
  const [[name, path], ...others] = Object.entries(job.exported) as [[string, string]];
  expect(others).toEqual([]);
  expect(`${name}=${path}`.replace('/temp', '').length).toBeLessThanOrEqual(60);
});

describe('nothing is sent, and why is said once', () => {
  test.each<[string, FakeJobOptions, Variables, RegExp]>([
    [
      'outside of a workflow',
      { env: {}, event: undefined },
      {},
      /environment lacks GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_JOB, GITHUB_SERVER_URL/,
    ],
    ['for an unknown site', {}, { site: 'datadog.com' }, /Nothing is sent: `site` is "datadog.com".*datadoghq\.eu/],
    ['for an unusable address', {}, { 'intake-url': 'proxy:8080' }, /Nothing is sent: `intake-url`/],
  ])('%s', async (_, options, inputs, text) => {
    const job = startJob(options);
    const step = job.step(inputs);
    await step.main();
    await step.post();
    expect(job.requests).toEqual([]);
    expect(job.said('warning', 'notice', 'fail')).toEqual([expect.stringMatching(text)]);
  });

  test('with fail-on-error it fails the step', async () => {
    const job = startJob();
    await job.step({ site: 'datadog.com', 'fail-on-error': 'true' }).main();
    expect([job.said('fail').length, job.said('warning').length]).toEqual([1, 0]);
  });
});

describe('the intake has trouble', () => {
  test('main does not hold the job longer than its time, and the end is reported all the same', async () => {
    const job = startJob({ intake: Array.from({ length: 30 }, () => ({ status: 503 })) });
    const step = job.step();
    await step.main();
    expect(job.clock.sleeps.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(5_000);
    expect(job.said('warning')).toEqual([expect.stringMatching(/^The running .*did not reach Datadog/)]);
    expect(Object.keys(step.state)).toContain('state_0');
    expect(job.said('group')).toEqual([]);
  });

  test('what post needs is handed over before anything is sent: main may be cut off', async () => {
    const handedOver: string[][] = [];
    const job = startJob({ onRequest: () => void handedOver.push(Object.keys(step.state)) });
    const step = job.step();
    await step.main();
    expect(handedOver).toEqual([['state_0']]);
  });

  test.each<[string, Variables, number]>([
    ['20 seconds', {}, 20_000],
    ['what the input says', { timeout: '3' }, 3_000],
  ])('post has %s', async (_, inputs, most) => {
    const job = startJob({ intake: [{}, { status: 503 }] });
    const step = job.step(inputs);
    await step.main();
    expect(job.clock.sleeps).toEqual([]);
    await step.post();
    const waited = job.clock.sleeps.reduce((sum, wait) => sum + wait, 0);
    expect(waited).toBeLessThanOrEqual(most);
    expect(waited).toBeGreaterThan(most / 3);
    expect(job.said('warning')).toHaveLength(1);
    expect(job.said('group')).toEqual([expect.stringContaining('curl -X POST')]);
  });

  test.each<[string, FakeJobOptions['intake']]>([
    ['nobody listens', [new Error('connect ECONNREFUSED')]],
    ['the key is refused', [{ status: 403 }]],
  ])('with fail-on-error it fails the step, once for each phase: %s', async (_, intake) => {
    const job = startJob({ intake });
    const step = job.step({ 'fail-on-error': 'true' });
    await step.main();
    await step.post();
    expect(job.said('fail')).toHaveLength(2);
    expect(job.said('warning')).toEqual([]);
  });
});

describe('the commit that the payload does not describe', () => {
  const sha = PULL.expect.git_ref.sha;
  const object = `tree ${'a'.repeat(40)}\nauthor Carol <carol@example.com> 1795166102 +0100\ncommitter Carol <carol@example.com> 1795166102 +0100\n\nFix\n`;
  const pull = (options: FakeJobOptions = {}) => startFakeJob({ env: PULL.env, event: PULL.event, ...options });

  test('is in the work tree', async () => {
    const job = pull({ commits: { [sha]: object } });
    await job.step({ token: TOKEN }).main();
    expect(job.accepted[0]!.attributes.resource.git).toMatchObject({
      sha,
      author_email: 'carol@example.com',
      message: 'Fix',
    });
    expect(job.reads).toEqual([]);
  });

  test('is brought by a checkout later: absent at the start, present at the end', async () => {
    const job = pull();
    const step = job.step();
    await step.main();
    expect(job.accepted.map(({ attributes }) => attributes.resource.git)).toEqual([undefined, undefined]);
    job.commits[sha] = object;
    await step.post();
    const [, , pipeline, last] = job.accepted.map(({ attributes }) => attributes.resource);
    expect([pipeline!.git, last!.git]).toEqual([
      expect.objectContaining({ ...PULL.expect.git_ref, author_email: 'carol@example.com' }),
      expect.objectContaining({ ...PULL.expect.git_ref, author_email: 'carol@example.com' }),
    ]);
    expect(pipeline!.tags).not.toContain('git_author_source:actor');
  });

  test('is read from the API, once', async () => {
    const { author, committer, message } = aCommit();
    const body = {
      sha,
      message,
      author: { ...author, date: author.time },
      committer: { ...committer, date: committer.time },
    };
    const job = pull({ api: { [`/repos/acme/shop/git/commits/${sha}`]: { status: 200, body } } });
    const step = job.step({ token: TOKEN });
    await step.main();
    await step.post();
    for (const { attributes } of job.accepted)
      expect(attributes.resource.git).toMatchObject({ sha, author_email: 'alice@example.com' });
    expect(job.reads).toHaveLength(1);
  });

  test.each<[string, NonNullable<FakeJobOptions['api']>[string], number]>([
    ['refused: the permission is named once', { status: 403 }, 1],
    ['not there: nothing is said', { status: 404 }, 0],
    ['silent: nothing is said', new Error('timeout'), 0],
  ])('the API is %s, and the report goes out', async (_, answer, notices) => {
    const job = pull({ api: { [`/repos/acme/shop/git/commits/${sha}`]: answer } });
    const step = job.step({ token: TOKEN });
    await step.main();
    await step.post();
    expect(job.accepted).toHaveLength(4);
    expect(job.said('notice')).toHaveLength(notices);
    expect(job.said('notice').join()).toContain(notices ? 'permissions: contents: read' : '');
    expect(job.said('warning')).toEqual([]);
  });

  // A payload whose commit has no address counts as known: nobody asks any further.
  test('is asked for where the payload lacks its author only', async () => {
    const event = structuredClone(PUSH.event) as { head_commit: { author: { email?: string } } };
    delete event.head_commit.author.email;
    const job = startFakeJob({ env: PUSH.env, event, commits: { [SHA]: object } });
    const step = job.step();
    await step.main();
    await step.post();
    expect(job.accepted[2]!.attributes.resource.git).toBeDefined();
  });
});

describe('a commit id of 64 digits', () => {
  const sha256 = 'ab'.repeat(32);
  const play = async () => {
    const env = { ...PUSH.env, GITHUB_SHA: sha256 };
    const job = startFakeJob({ env, event: { ...PUSH.event, head_commit: null } });
    const step = job.step();
    await step.main();
    await step.post();
    return job;
  };

  test('leaves git out, and its parts are tags', async () => {
    const job = await play();
    expect(job.accepted).toHaveLength(4);
    for (const { attributes } of job.accepted) {
      expect(attributes.resource.git).toBeUndefined();
      expect(attributes.resource.tags).toEqual(
        expect.arrayContaining([
          `git.commit.sha:${sha256}`,
          'git.branch:main',
          'git.repository_url:https://github.com/acme/shop.git',
        ]),
      );
    }
  });

  test('is told once, not in main and post', async () => {
    const job = await play();
    expect(job.said('notice')).toEqual([expect.stringContaining('40 hexadecimal digits')]);
  });
});

test('tags that are left out are named once, not in main and post', async () => {
  const job = startJob();
  const step = job.step({ tags: `long:${'x'.repeat(400)}` });
  await step.main();
  await step.post();
  expect(job.said('warning')).toHaveLength(1);
});

test('unusable inputs are one warning, in main only', async () => {
  const job = startJob();
  const step = job.step({ tags: 'x', timeout: 'soon', summary: 'maybe' });
  await step.main();
  await step.post();
  expect(job.said('warning')).toEqual([expect.stringMatching(/`timeout`.*`summary`|`summary`.*`timeout`/)]);
  expect(job.accepted).toHaveLength(4);
});

test('outputs name what was sent', async () => {
  const job = startJob();
  await job.step({ site: 'eu1' }).main();
  const [pipeline, own] = job.accepted.map(({ attributes }) => attributes.resource);
  expect(job.outputs).toEqual({
    'pipeline-id': pipeline!.unique_id,
    'pipeline-start': pipeline!.start,
    'job-id': own!.id,
    'job-start': own!.start,
    'partial-retry': 'false',
    'datadog-url': expect.stringMatching(/^https:\/\/app\.datadoghq\.eu\/ci\/pipeline-executions\?/),
    'tests-url': expect.stringMatching(/^https:\/\/app\.datadoghq\.eu\/ci\/test-runs\?/),
  });
});

test('what the user set is on the events', async () => {
  const job = startJob({ env: { ...PUSH.env, DD_ENV: 'ci', DD_TAGS: 'team:payments' }, hostname: 'ci-7' });
  await job
    .step({
      name: 'Mine',
      'job-name': 'Build all',
      service: 'my-git',
      'provider-name': 'codeberg',
      measures: 'size:1.5',
      parameters: 'region:eu',
      'parent-pipeline-id': 'p',
    })
    .main();
  expect(
    job.accepted.map(({ attributes: { resource, ...sender } }) => ({
      ...sender,
      names: [resource.name, resource.pipeline_name],
    })),
  ).toEqual([
    { env: 'ci', service: 'my-git', provider_name: 'codeberg', names: ['Mine', undefined] },
    { env: 'ci', service: 'my-git', provider_name: 'codeberg', names: ['Build all', 'Mine'] },
  ]);
  const [pipeline, own] = job.accepted.map(({ attributes }) => attributes.resource);
  expect(pipeline).toMatchObject({ metrics: ['size:1.5'], parameters: { region: 'eu' }, parent_pipeline: { id: 'p' } });
  for (const one of [pipeline, own]) {
    expect(one!.tags).toContain('team:payments');
    expect(one!.node).toMatchObject({
      hostname: 'ci-7',
      name: PUSH.env['RUNNER_NAME'],
      workspace: PUSH.env['GITHUB_WORKSPACE'],
    });
  }
});

test('key, token and runtime token leave in no way but the key in its header', async () => {
  const secret = 'runtime-token-abcdefgh';
  const everywhere = `${KEY} ${TOKEN} https://alice:pa55word@host`;
  const event = structuredClone(PUSH.event) as { head_commit: { message: string } };
  event.head_commit.message = everywhere;
  const env = {
    ...PUSH.env,
    ACTIONS_RUNTIME_TOKEN: secret,
    GITHUB_WORKFLOW: everywhere,
    RUNNER_NAME: everywhere,
    DD_ENV: everywhere,
  };
  const job = startFakeJob({ env, event, intake: [{}, { status: 500, body: everywhere }] });
  const step = job.step({
    token: TOKEN,
    tags: `a:${everywhere}\nno tag ${everywhere}`,
    'job-name': everywhere,
    'undelivered-dir': '/spool',
  });
  await step.main();
  await step.post({ 'job-status': 'failure' });
  expect(job.masked).toEqual(expect.arrayContaining([KEY, TOKEN, secret]));
  const everything = job.everything();
  for (const word of [KEY, TOKEN, secret, 'pa55word']) expect(everything).not.toContain(word);
  expect(job.requests.every(({ headers }) => headers['dd-api-key'] === KEY)).toBe(true);
  expect(Object.keys(job.exported)).toEqual(['DD_PIPELINE_FILE']);
});

test('the runtime token does not leave in a tag either', async () => {
  const secret = 'runtime-token-abcdefgh';
  const job = startJob({ env: { ...PUSH.env, ACTIONS_RUNTIME_TOKEN: secret } });
  await job.step({ tags: `a:${secret}` }).main();
  expect(job.everything()).not.toContain(secret);
});

// A text that is cut first and searched for credentials then may end in the middle of one.
test.each<[string, Variables]>([
  ['a value that is no number', { timeout: `${'x'.repeat(56)} https://alice:pa55word@host` }],
  ['a tag that is left out', { tags: `repo:https://alice:pa55word-of-a-certain-length@host/${'x'.repeat(300)}` }],
])('no credential leaves in what a warning shows of %s', async (_, inputs) => {
  const job = startJob();
  await job.step(inputs).main();
  expect(job.said('warning')).toHaveLength(1);
  expect(job.everything()).not.toContain('pa55word');
});

// A step's state becomes environment variables, and those of one process have a limit of 2 MB and less.
test('a huge commit message does not swell the state', async () => {
  const event = structuredClone(PUSH.event) as { head_commit: { message: string } };
  event.head_commit.message = 'x'.repeat(1_000_000);
  const job = startFakeJob({ env: PUSH.env, event });
  const step = job.step();
  await step.main();
  expect(Object.values(step.state).join('').length).toBeLessThan(200_000);
});

describe('what links the tests of this run', () => {
  test('is a page in Datadog, as an output', async () => {
    const job = startJob();
    await job.step().main();
    expect(job.outputs['tests-url']).toBe(
      'https://app.datadoghq.com/ci/test-runs?query=' +
        encodeURIComponent(
          `@ci.pipeline.url:"https://github.com/acme/shop/actions/runs/${PUSH.env['GITHUB_RUN_ID']}/attempts/1"`,
        ),
    );
  });

  test.each<[string, Variables, Variables, string | undefined]>([
    ["the job's number, for test libraries", {}, { 'check-run-id': '40000000001' }, '40000000001'],
    ['not over one that is set', { JOB_CHECK_RUN_ID: '1' }, { 'check-run-id': '40000000001' }, undefined],
    ['nothing where the server has none', {}, { 'check-run-id': '' }, undefined],
    ['nothing that is no number', {}, { 'check-run-id': 'build' }, undefined],
  ])('and %s', async (_, env, inputs, exported) => {
    const job = startJob({ env: { ...PUSH.env, ...env } });
    await job.step(inputs).main();
    expect(job.exported['JOB_CHECK_RUN_ID']).toBe(exported);
  });
});

describe('a deployment', () => {
  const PIPELINE = 'ci.pipeline.contains_deployment:true';
  const JOB = ['datadog_cd_visibility.is_deployment:true', 'datadog_cd_visibility.env:production'];
  const marks = (tags: readonly string[] | null = []): string[] =>
    (tags ?? []).filter((tag) => tag === PIPELINE || tag.startsWith('datadog_cd_visibility.')).sort();

  test('is marked on its job and on its pipeline, at the start and at the end', async () => {
    const job = startJob();
    const step = job.step({ deployment: 'env:production' });
    await step.main();
    await step.post();
    expect(job.accepted.map(({ attributes: { resource } }) => [resource.level, marks(resource.tags)])).toEqual([
      ['pipeline', [PIPELINE]],
      ['job', [...JOB].sort()],
      ['pipeline', [PIPELINE]],
      ['job', [...JOB].sort()],
    ]);
  });

  test('that is one of several jobs is marked on that job alone', async () => {
    const job = startJob();
    await job.step({ deployment: 'env:production', level: 'job' }).main();
    expect(job.accepted.map(({ attributes: { resource } }) => [resource.level, marks(resource.tags)])).toEqual([
      ['job', [...JOB].sort()],
    ]);
  });

  test('that makes no sense is named', async () => {
    const job = startJob();
    await job.step({ deployment: 'true' }).main();
    expect(job.said('warning')).toEqual([expect.stringContaining('in `deployment` the line "true" is not key:value')]);
    expect(job.accepted.flatMap(({ attributes: { resource } }) => marks(resource.tags))).toEqual([]);
  });
});
