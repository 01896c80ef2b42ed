import { describe, expect, test } from '@jest/globals';
import { KEY, TOKEN } from '../../support/builders.js';
import { NOW } from '../../support/clock.js';
import { type Fixture, fixtures } from '../../support/fixtures.js';
import { type Api, type FakeJobOptions, startFakeJob, type Variables } from '../../support/runner.js';

const push = (platform: string): Fixture => fixtures().find((one) => one.platform === platform && one.name === 'push')!;

interface Options extends Omit<FakeJobOptions, 'env' | 'event'> {
  /** Beside the fixture's. */
  env?: Variables;
  inputs?: Variables;
  /** Inputs that differ in post. */
  atPost?: Variables;
  between?: (job: ReturnType<typeof startFakeJob>) => void;
}

async function end(
  platform: string,
  { env = {}, inputs = {}, atPost = {}, between = () => undefined, ...options }: Options = {},
) {
  const fixture = push(platform);
  const job = startFakeJob({ ...options, env: { ...fixture.env, ...env }, event: fixture.event });
  const step = job.step(inputs);
  await step.main();
  job.clock.pass(60_000);
  between(job);
  await step.post(atPost);
  const [running, , pipeline, own] = job.accepted.map(({ attributes }) => attributes.resource);
  const tags = (key: string) => pipeline!.tags!.filter((tag) => tag.startsWith(`${key}:`));
  return { job, step, running: running!, pipeline: pipeline!, own: own!, tags };
}

/** The runtime token of Gitea and Forgejo names the job. */
const RUNTIME = `a.${Buffer.from(JSON.stringify({ TaskID: 1, RunID: 2, JobID: 9001 })).toString('base64url')}.c`;
const JOB = '/repos/acme/shop/actions/jobs/9001';
const steps = (...conclusions: string[]) => ({
  [JOB]: {
    status: 200,
    body: {
      id: 9001,
      name: 'build',
      status: 'in_progress',
      steps: conclusions.map((conclusion, number) => ({ name: `step ${number}`, number, conclusion })),
    },
  },
});

describe("where post is handed main's old word, the job's steps tell", () => {
  const gitea = (options: Options = {}) =>
    end('gitea', { env: { ACTIONS_RUNTIME_TOKEN: RUNTIME }, inputs: { token: TOKEN }, ...options });

  test.each<[string, string[], string, string[]]>([
    ['success', ['success', 'success'], 'success', []],
    ['a cancel', ['success', 'cancelled', 'skipped'], 'canceled', []],
  ])('%s', async (_, conclusions, status, sources) => {
    const { job, pipeline, own, tags } = await gitea({ api: steps(...conclusions) });
    expect([pipeline.status, own.status]).toEqual([status, status]);
    expect([...tags('continue_on_error'), ...tags('status_source')]).toEqual(sources);
    expect(job.reads).toEqual([JOB]);
    expect(job.said('warning')).toEqual([]);
  });

  test.each<[string, Options, string]>([
    ['there is no token', { inputs: { token: '' }, api: steps('failure') }, ' (there is no token for '],
    ['the API has no such job', { api: {} }, ' (the server answered 404)'],
    ['the API is silent', { api: { [JOB]: new Error('timeout') } }, ' (timeout)'],
    [
      'the job is not known',
      { env: { ACTIONS_RUNTIME_TOKEN: '' }, api: steps('failure') },
      ' (the server answered 404)',
    ],
    ['no step has ended', { api: { [JOB]: { status: 200, body: { id: 9001, name: 'build', steps: [] } } } }, '. '],
  ])('but not where %s: success is assumed, told in a tag and in one warning', async (_, options, why) => {
    const { job, pipeline, tags } = await gitea(options);
    expect([pipeline.status, tags('status_source')]).toEqual(['success', ['status_source:assumed']]);
    expect(job.said('warning')).toEqual([
      expect.stringMatching(/status_source:assumed.*status: \$\{\{ job\.status \}\}/),
    ]);
    expect(job.said('warning')[0]).toContain(`its API does not tell how the job ended${why}`);
  });

  test('the input that the user wrote is believed without asking', async () => {
    const { job, pipeline } = await gitea({
      inputs: { token: TOKEN, status: 'success' },
      atPost: { status: 'failure' },
      api: steps('success'),
    });
    // The job is read for its steps, not for its status.
    expect([pipeline.status, job.reads, job.said('warning')]).toEqual(['error', [JOB], []]);
  });

  test('an input that only post sees is not: nested composite actions of GitHub hand over a wrong one', async () => {
    const { pipeline } = await end('github', { atPost: { status: 'failure', 'job-status': 'success' } });
    expect(pipeline.status).toBe('success');
  });

  describe('a step failed, and the file of the workflow says whether it may', () => {
    const RUN = '/repos/acme/shop/actions/runs/4401';
    const FILE = `/repos/acme/shop/contents/.gitea/workflows/ci.yml?ref=${push('gitea').env['GITHUB_SHA']}`;
    const OTHER = FILE.replace('.gitea', '.github');
    const run = { status: 200, body: { id: 4401, status: 'in_progress', path: 'ci.yml@refs/heads/main' } };
    const inFile = (text: string) => {
      const content = Buffer.from(text).toString('base64');
      return { status: 200, body: { type: 'file', size: text.length, encoding: 'base64', content } };
    };
    const workflow = (...steps: string[]) =>
      inFile(`jobs:\n  build:\n    steps:\n${steps.map((step) => `      - ${step}\n`).join('')}`);
    const ALLOWED = '{ run: x, continue-on-error: true }';
    const PLAIN = '{ run: x }';
    const known = (...steps: string[]) => ({ [RUN]: run, [FILE]: workflow(...steps) });

    test.each<[string, string[], FakeJobOptions['api'], string, string[]]>([
      ['it may not, and the rest was skipped', ['failure', 'skipped'], known(PLAIN, PLAIN), 'error', []],
      [
        'it may not, and another always runs',
        ['failure', 'success'],
        known(PLAIN, '{ run: x, if: always() }'),
        'error',
        [],
      ],
      [
        'it may, and was the last',
        ['success', 'failure'],
        known(PLAIN, ALLOWED),
        'success',
        ['continue_on_error:step 1'],
      ],
      [
        'it may, and the next is skipped',
        ['failure', 'skipped'],
        known(ALLOWED, PLAIN),
        'success',
        ['continue_on_error:step 0'],
      ],
      [
        'the file is that of GitHub',
        ['success', 'failure'],
        { [RUN]: run, [OTHER]: workflow(PLAIN, ALLOWED) },
        'success',
        ['continue_on_error:step 1'],
      ],
      [
        'by an expression',
        ['success', 'failure'],
        known(PLAIN, '{ run: x, continue-on-error: "${{ matrix.x }}" }'),
        'error',
        ['status_source:steps'],
      ],
      ['the file has other steps', ['success', 'failure'], known(PLAIN), 'error', ['status_source:steps']],
      [
        'the file has the steps in another order',
        ['success', 'failure'],
        known('{ name: step 1 }', '{ name: step 0, continue-on-error: true }'),
        'error',
        ['status_source:steps'],
      ],
      [
        'the file has aliases',
        ['success', 'failure'],
        { [RUN]: run, [FILE]: inFile('a: &a [{}, { continue-on-error: true }]\njobs: { build: { steps: *a } }') },
        'error',
        ['status_source:steps'],
      ],
      [
        'the file is large',
        ['success', 'failure'],
        { [RUN]: run, [FILE]: inFile(`${'#'.repeat(256 * 1024)}\njobs: { build: { steps: [{}, ${ALLOWED}] } }`) },
        'error',
        ['status_source:steps'],
      ],
      ['there is no file', ['success', 'failure'], { [RUN]: run }, 'error', ['status_source:steps']],
    ])('%s', async (_, conclusions, api, status, sources) => {
      const { job, pipeline, own, tags } = await gitea({ api: { ...steps(...conclusions), ...api } });
      expect([pipeline.status, own.status]).toEqual([status, status]);
      expect([...tags('continue_on_error'), ...tags('status_source')]).toEqual(sources);
      expect(job.reads.length).toBeLessThanOrEqual(4);
      expect(job.said('warning')).toHaveLength(sources.includes('status_source:steps') ? 1 : 0);
    });

    test('and the failed step that counts is the one that may not', async () => {
      const api = { ...steps('failure', 'failure'), ...known(PLAIN, ALLOWED) };
      const { own } = await gitea({ api });
      expect(own.error).toEqual({ type: 'Step failed', message: 'Step "step 0" failed', domain: 'user' });
    });
  });

  test('inside of a composite action even a written success is not', async () => {
    const { pipeline } = await gitea({
      env: { ACTIONS_RUNTIME_TOKEN: RUNTIME, GITHUB_ACTION_PATH: '/actions/one' },
      inputs: { token: TOKEN, status: 'success' },
      api: steps('failure', 'skipped'),
    });
    expect(pipeline.status).toBe('error');
  });
});

const STARTED = { status: 200, body: { status: 'running', started: '2026-11-20T09:15:20Z' } };
const REFUSED = { status: 401, body: { message: 'invalid username, password or token' } };

describe('where a cancel shows that no word in post tells of', () => {
  const RUN = '/repos/acme/shop/actions/runs/7301';
  const LIST = '/repos/acme/shop/actions/runs/4401/jobs?limit=50';
  const OWN = { token: TOKEN, 'job-token': TOKEN };
  const listed = (conclusion: string) => ({
    status: 200,
    body: { total_count: 1, jobs: [{ id: 9001, name: 'build', conclusion }] },
  });

  test.each<[string, string, Options, string, string[]]>([
    ['Forgejo refuses the token', 'forgejo', { api: { [RUN]: REFUSED } }, 'canceled', ['status_source:token-refused']],
    [
      'Forgejo refuses it, and tells anybody of a cancel',
      'forgejo',
      { api: { [RUN]: REFUSED, [`anybody ${RUN}`]: { status: 200, body: { status: 'cancelled' } } } },
      'canceled',
      [],
    ],
    [
      'Forgejo refuses it to one of several jobs, and tells that another failed',
      'forgejo',
      {
        inputs: { ...OWN, level: 'job' },
        api: { [RUN]: [STARTED, REFUSED], [`anybody ${RUN}`]: { status: 200, body: { status: 'failure' } } },
      },
      'canceled',
      ['status_source:token-refused'],
    ],
    ['Gitea refuses the token', 'gitea', { api: { [JOB]: REFUSED } }, 'canceled', ['status_source:token-refused']],
    [
      'Gitea refuses it, and tells anybody',
      'gitea',
      { api: { [JOB]: REFUSED, [`anybody ${LIST}`]: listed('cancelled') } },
      'canceled',
      [],
    ],
    [
      'Gitea refuses it to a job that it ended as failed',
      'gitea',
      { api: { [JOB]: REFUSED, [`anybody ${LIST}`]: listed('failure') } },
      'error',
      [],
    ],
    [
      'whatever the input says',
      'forgejo',
      { inputs: { ...OWN, status: 'success' }, api: { [RUN]: REFUSED } },
      'canceled',
      ['status_source:token-refused'],
    ],
    [
      "a page of something in between is not the server's refusal",
      'forgejo',
      { api: { [RUN]: { status: 401, body: '<html>' } } },
      'success',
      ['status_source:job-status'],
    ],
    [
      "the user's own token may have expired",
      'forgejo',
      { inputs: { ...OWN, 'job-token': 'other' }, api: { [RUN]: REFUSED } },
      'success',
      ['status_source:job-status'],
    ],
  ])('%s', async (_, platform, options, status, sources) => {
    const { job } = await end(platform, { env: { ACTIONS_RUNTIME_TOKEN: RUNTIME }, inputs: OWN, ...options });
    const own = job.accepted.at(-1)!.attributes.resource;
    expect([own.status, own.tags!.filter((tag) => tag.startsWith('status_source:'))]).toEqual([status, sources]);
    expect(job.said('warning')).toEqual([]);
    const advice = 'Leave `token` at its default';
    expect(job.everything().includes(advice)).toBe(options.inputs?.['job-token'] === 'other');
  });

  test('what anybody is refused then is no news, for no permission helps there', async () => {
    const api = { [RUN]: REFUSED, [`anybody ${RUN}`]: { status: 403, body: { message: 'sign in' } } };
    const { job, tags } = await end('forgejo', { inputs: OWN, api });
    expect(tags('status_source')).toEqual(['status_source:token-refused']);
    expect(job.said('notice', 'warning')).toEqual([]);
  });

  test('after hours the token may be refused for another reason, which is said', async () => {
    const { job, tags } = await end('forgejo', {
      inputs: OWN,
      api: { [RUN]: REFUSED },
      between: ({ clock }) => clock.pass(4 * 3_600_000),
    });
    expect(tags('status_source')).toEqual(['status_source:token-refused']);
    expect(job.said('warning')).toEqual([expect.stringMatching(/over three hours.*timeout-minutes/)]);
  });

  const open = steps('success', '')[JOB];
  test.each<[string, Api, string, number[], string[]]>([
    ['a step that never ends was cut off', { [JOB]: open }, 'canceled', [2_000, 6_000], []],
    [
      'a step whose end the runner tells late was not',
      { [JOB]: [open, steps('success', 'success')[JOB]] },
      'success',
      [2_000],
      [],
    ],
    [
      'nor one whose end it tells very late',
      { [JOB]: [open, open, steps('success', 'success')[JOB]] },
      'success',
      [2_000, 6_000],
      [],
    ],
    [
      'an end that is told late may be a failure',
      { [JOB]: [open, steps('failure', 'skipped')[JOB]] },
      'error',
      [2_000],
      ['status_source:steps'],
    ],
  ])('Gitea: %s', async (_, api, status, sleeps, sources) => {
    const { job, own, tags } = await end('gitea', { env: { ACTIONS_RUNTIME_TOKEN: RUNTIME }, inputs: OWN, api });
    expect([own.status, tags('status_source'), job.clock.sleeps]).toEqual([status, sources, sleeps]);
  });

  test('an accepted token of the own job is none of a cancelled job, though its run was cancelled before it was run again', async () => {
    const { own } = await end('forgejo', {
      inputs: OWN,
      api: { [RUN]: { status: 200, body: { status: 'cancelled' } } },
    });
    expect(own.status).toBe('success');
  });

  test("a refusal that is not the server's own is said", async () => {
    const { job } = await end('forgejo', { inputs: OWN, api: { [RUN]: { status: 401, body: '<html>login</html>' } } });
    expect(job.said('notice')).toEqual([expect.stringContaining("does not accept this job's token (401)")]);
  });

  test.each<[string, Api]>([
    ['a second look that fails', { [JOB]: [open, { status: 500 }] }],
    ['a third look that fails', { [JOB]: [open, open, { status: 429 }] }],
  ])('Gitea: after %s an open step is not certain', async (_, api) => {
    const { job, tags } = await end('gitea', {
      env: { ACTIONS_RUNTIME_TOKEN: RUNTIME },
      inputs: { ...OWN, status: 'success' },
      api,
    });
    expect(tags('status_source')).toEqual(['status_source:steps']);
    expect(job.said('warning')).toEqual([expect.stringMatching(/has no end yet.*`timeout` more seconds/)]);
  });

  test('Gitea: without time for a second look it is not certain', async () => {
    const { tags } = await end('gitea', {
      env: { ACTIONS_RUNTIME_TOKEN: RUNTIME },
      inputs: { ...OWN, timeout: '3' },
      api: { [JOB]: open },
    });
    expect(tags('status_source')).toEqual(['status_source:steps']);
  });
});

describe('what a closing job does not know of the others is told', () => {
  test.each<[string, string, string, string, string[]]>([
    ['all is known', 'build=success', 'success', 'success', []],
    ['nothing can be read', 'build', 'success', 'success', ['status_source:own-job']],
    ['one result can be read', 'build=success\ntest=great', 'success', 'success', ['status_source:own-job']],
    ['one that can be read failed', 'build=failure\ntest=great', 'success', 'error', []],
    ['this job failed', 'build', 'failure', 'error', []],
    ['no job is named', '{}', 'success', 'success', ['status_source:own-job']],
  ])('%s', async (_, needs, jobStatus, status, sources) => {
    const { job } = await end('github', { inputs: { needs }, atPost: { 'job-status': jobStatus } });
    const [pipeline, own] = job.accepted.slice(-2).map(({ attributes }) => attributes.resource);
    const of = (tags: string[]) => tags.filter((tag) => tag.startsWith('status_source:'));
    expect([pipeline!.status, of(pipeline!.tags!), of(own!.tags!)]).toEqual([status, sources, []]);
  });
});

test('what a step wrote as the status counts where a composite action hides it', async () => {
  const { own, tags } = await end('forgejo', {
    env: { GITHUB_ACTION_PATH: '/actions/one' },
    between: ({ env, files }) => void files.set(env['DD_PIPELINE_FILE']!, 'status=success\nstatus=failure\n'),
  });
  expect([own.status, tags('status_source')]).toEqual(['error', []]);
});

describe('where a runner says success after a cancel, the run tells', () => {
  const RUN = '/repos/acme/shop/actions/runs/7301';
  test.each<[string, FakeJobOptions['api'], string, string, string[]]>([
    ['cancelled', { [RUN]: { status: 200, body: { status: 'cancelled' } } }, 'success', 'canceled', []],
    [
      'cancelled, and a step was interrupted',
      { [RUN]: { status: 200, body: { status: 'cancelled' } } },
      'failure',
      'canceled',
      [],
    ],
    ['it goes on', { [RUN]: { status: 200, body: { status: 'running' } } }, 'success', 'success', []],
    ['another job failed', { [RUN]: { status: 200, body: { status: 'failure' } } }, 'success', 'success', []],
    ["it can't be asked", {}, 'success', 'success', ['status_source:job-status']],
    ["it can't be asked about a failure", {}, 'failure', 'error', []],
  ])('%s', async (_, api, jobStatus, status, sources) => {
    const { pipeline, tags } = await end('forgejo', {
      inputs: { token: TOKEN },
      atPost: { 'job-status': jobStatus },
      api,
    });
    expect([pipeline.status, tags('status_source')]).toEqual([status, sources]);
  });
});

test('a failure has a reason, and nothing else has', async () => {
  const { pipeline, own } = await end('github', { atPost: { 'job-status': 'failure' } });
  expect([pipeline.error, own.error]).toEqual([
    { type: 'Job failed', message: 'Job "build" failed', domain: 'unknown' },
    { type: 'Job failed', message: 'Job "build" failed', domain: 'unknown' },
  ]);
});

describe('what main fixed stays', () => {
  test('whatever later steps do to the environment', async () => {
    const spoilt = {
      GITHUB_REPOSITORY: 'x/y',
      GITHUB_RUN_ID: '1',
      GITHUB_JOB: 'z',
      GITHUB_SERVER_URL: 'http://evil.example',
      GITHUB_WORKFLOW: 'other',
    };
    const plain = await end('github', { atPost: { 'job-status': 'failure' } });
    const { pipeline, own } = await end('github', {
      atPost: { 'job-status': 'failure' },
      between: ({ env, files }) => {
        Object.assign(env, spoilt, {
          DD_TAGS: 'x:y',
          DD_ENV: 'z',
          DD_SITE: 'evil',
          DD_API_KEY: 'another',
          GITHUB_EVENT_PATH: '/nowhere',
        });
        files.clear();
      },
    });
    expect([pipeline, own]).toEqual([plain.pipeline, plain.own]);
  });

  test('whatever inputs post is handed', async () => {
    const { job, pipeline, running } = await end('github', {
      inputs: { site: 'eu1', tags: 'a:1', name: 'Mine' },
      atPost: {
        'api-key': '',
        site: 'us5',
        'intake-url': 'http://evil.example',
        tags: 'b:2',
        name: 'Other',
        'dry-run': 'true',
        'job-status': 'success',
      },
    });
    expect(job.requests.map(({ url, headers }) => [new URL(url).host, headers['dd-api-key']])).toEqual([
      ['api.datadoghq.eu', KEY],
      ['api.datadoghq.eu', KEY],
    ]);
    expect(pipeline.name).toBe(running.name);
    expect(pipeline.tags).toEqual(expect.arrayContaining(running.tags!));
  });

  test('the API that is asked too: a later step may point it elsewhere', async () => {
    const { job } = await end('gitea', {
      env: { ACTIONS_RUNTIME_TOKEN: RUNTIME },
      inputs: { token: TOKEN },
      api: steps('success'),
      between: ({ env }) => void (env['GITHUB_API_URL'] = 'http://evil.example'),
    });
    expect(job.reads).toEqual([JOB]);
    expect(new Set(job.bases)).toEqual(new Set(['http://gitea.internal:3000/api/v1']));
  });
});

describe('the end is never before the start', () => {
  test.each<[string, number, string, number]>([
    ['a clock that went back a little', -4_000, '2026-11-20T09:15:30.123Z', 0],
    ['a clock that went back a lot, which is said once', -3_600_000, '2026-11-20T09:15:30.123Z', 1],
    ['no time at all', 0, '2026-11-20T09:15:30.123Z', 0],
    ['a second', 1_000, '2026-11-20T09:15:31.123Z', 0],
  ])('%s', async (_, shift, expected, notices) => {
    const { job, pipeline, own } = await end('github', {
      between: ({ clock }) => clock.setWall(NOW + shift),
      atPost: { 'job-status': 'success' },
    });
    expect([pipeline.end, own.end]).toEqual([expected, expected]);
    expect(job.said('notice')).toHaveLength(notices);
  });
});

describe('main left nothing to end', () => {
  test.each([
    ['no state', {}, 'info', 'main left nothing'],
    ['a broken state', { state_0: '{"reported":' }, 'warning', 'not what main writes'],
    [
      'a state that lost its second part',
      { state_0: '{"reported":{},"said":[],"x":"' },
      'warning',
      'not what main writes',
    ],
  ] as const)('%s: post says so, and does nothing', async (_, state, kind, text) => {
    const job = startFakeJob({ env: push('github').env });
    const step = job.step();
    Object.assign(step.state, state);
    await step.post();
    expect(job.words).toEqual([{ kind, text: expect.stringContaining(text) }]);
    expect(job.requests).toEqual([]);
  });
});

describe('the summary', () => {
  test('tells how it ended and why, as a line of the log does', async () => {
    const { job } = await end('github', {
      atPost: { 'job-status': 'failure' },
      between: ({ files, exported }) => files.set(exported['DD_PIPELINE_FILE']!, 'error.message=Quota exceeded'),
    });
    expect(job.summary().split('\n').slice(0, 3)).toEqual(['### ✗ CI failed in 1 m 00 s', '', '> Quota exceeded']);
    expect(job.said('info')).toContain('Datadog: ✗ CI failed in 1 m 00 s: Quota exceeded');
  });

  test.each<[string, Options, string, boolean]>([
    ['was delivered', {}, 'Reported to Datadog.', true],
    ['was delivered, as the site says', { inputs: { site: 'eu1' } }, 'Reported to Datadog.', true],
    ['is a dry run', { inputs: { 'dry-run': 'true' } }, 'Dry run: nothing was sent to Datadog.', false],
    ['did not arrive', { intake: [{ status: 401 }] }, '**Not delivered to Datadog.** The log', false],
    ['went elsewhere', { inputs: { 'intake-url': 'http://proxy' } }, 'Reported to the intake that', false],
    ['went through a proxy', { inputs: { 'intake-url': 'http://proxy', site: 'eu1' } }, 'Reported to Datadog.', true],
  ])('and the log link to Datadog only what is there: what %s', async (_, options, told, isLinked) => {
    const { job } = await end('github', options);
    expect(job.summary()).toContain(`\n${told}`);
    expect(job.summary().includes('[This run in Datadog](https://app.datadoghq.')).toBe(isLinked);
    expect(job.said('info').filter((text) => text.startsWith('Datadog: https:'))).toHaveLength(isLinked ? 2 : 0);
  });

  test('links nothing where main could not begin its pipeline', async () => {
    const { job } = await end('github', { inputs: { level: 'job', summary: 'true' } });
    expect(job.summary()).toMatch(/^### ✓ CI › build succeeded in 1 m 00 s\n\nReported to Datadog\. · \[This run here/);
    expect(job.said('info').filter((text) => text.startsWith('Datadog: https:'))).toEqual([]);
  });

  test.each([
    ['github', {}, true],
    ['github', { level: 'job' }, false],
    ['github', { level: 'job', summary: 'true' }, true],
    ['gitea', { summary: 'true' }, true],
    ['forgejo', {}, false],
    ['act', {}, false],
  ])('on %s with the inputs %p', async (platform, inputs, isWritten) => {
    const env = platform === 'act' ? { ACT: 'true' } : {};
    const { job } = await end(platform === 'act' ? 'github' : platform, { inputs, env });
    expect(job.summary() !== '').toBe(isWritten);
  });

  test.each([
    ['job-summary', true],
    ['cache,job-summary', true],
    ['', false],
  ])('on a Gitea that can do "%s"', async (GITEA_ACTIONS_CAPABILITIES, isWritten) => {
    const { job } = await end('gitea', { env: { GITEA_ACTIONS_CAPABILITIES } });
    expect(job.summary() !== '').toBe(isWritten);
  });

  test.each<[string, Options]>([
    ['the input says so', { inputs: { summary: 'false' } }],
    ['the runner has none', { env: { GITHUB_STEP_SUMMARY: '' } }],
  ])('is not written where %s', async (_, options) => {
    const { job } = await end('github', options);
    expect(job.summary()).toBe('');
    expect(job.said('warning')).toEqual([]);
  });
});

test('final events that do not arrive stand in the log and in the folder, as they would be sent', async () => {
  const { job } = await end('github', {
    inputs: { 'undelivered-dir': '/spool', site: 'eu1' },
    atPost: { 'job-status': 'failure' },
    intake: [{}, { status: 503 }],
  });
  const [path] = [...job.files.keys()].filter((name) => name.startsWith('/spool/'));
  const kept = JSON.parse(job.files.get(path!)!.split('\n')[0]!) as unknown;
  expect(kept).toEqual(JSON.parse(job.requests.at(-1)!.body.toString()));
  expect(job.said('group')[0]).toContain("curl -X POST 'https://api.datadoghq.eu/api/v2/ci/pipeline'");
  expect(job.said('warning')).toHaveLength(1);
});

test('every try of the final events has the same bytes', async () => {
  const { job } = await end('github', { intake: [{}, { status: 500 }, { status: 502 }, {}] });
  expect(new Set(job.requests.slice(1).map(({ body }) => body)).size).toBe(1);
  expect(job.requests).toHaveLength(4);
});

describe('steps that report themselves', () => {
  const second = (at: number): string => `${(NOW + at * 1000) / 1000}`;
  const write = (...lines: string[]) => ({
    inputs: { token: '' },
    atPost: { 'job-status': 'failure' },
    between: (job: ReturnType<typeof startFakeJob>) =>
      void job.files.set(job.exported['DD_PIPELINE_FILE']!, lines.join('\n')),
  });
  const stepsOf = (job: ReturnType<typeof startFakeJob>) =>
    job.accepted.map(({ attributes }) => attributes.resource).filter(({ level }) => level === 'step');

  test('show on a server that lists none, and the one that was open is why the job failed', async () => {
    const lines = [`step.Install=${second(-5)}`, `step.Lint=${second(10)}`, `step.Test=${second(20)}`];
    const { job, own } = await end('forgejo', write(...lines));
    expect(stepsOf(job).map(({ name, status, start, end }) => [name, status, start, end])).toEqual([
      ['Install', 'success', new Date(NOW).toISOString(), new Date(NOW + 10_000).toISOString()],
      ['Lint', 'success', new Date(NOW + 10_000).toISOString(), new Date(NOW + 20_000).toISOString()],
      ['Test', 'error', new Date(NOW + 20_000).toISOString(), own.end],
    ]);
    expect(new Set(stepsOf(job).map(({ id }) => id)).size).toBe(3);
    expect(own.error).toMatchObject({ type: 'Step failed', message: 'Step "Test" failed', domain: 'user' });
    expect(job.said('warning')).toEqual([]);
  });

  test('take the place of those that the server lists, under ids of their own', async () => {
    const [startedAt, completedAt] = [10, 20].map((at) => new Date(NOW + at * 1000).toISOString());
    const step = { name: 'Theirs', number: 1, conclusion: 'success', started_at: startedAt, completed_at: completedAt };
    const body = { id: 9001, name: 'build', status: 'in_progress', steps: [step] };
    const options = { env: { ACTIONS_RUNTIME_TOKEN: RUNTIME }, api: { [JOB]: { status: 200, body } } };
    const listed = await end('gitea', { ...options, inputs: { token: TOKEN } });
    const written = await end('gitea', { ...options, ...write(`step.Mine=${second(1)}`), inputs: { token: TOKEN } });
    const [theirs, mine] = [stepsOf(listed.job), stepsOf(written.job)];
    expect([...theirs, ...mine].map(({ name }) => name)).toEqual(['Theirs', 'Mine']);
    expect(mine[0]!.id).not.toBe(theirs[0]!.id);
    expect(mine[0]!.tags).toContain('step_source:runtime-file');
  });

  test('leave the reason to the listed ones where none of them failed', async () => {
    const options = { env: { ACTIONS_RUNTIME_TOKEN: RUNTIME }, api: steps('success', 'failure', 'skipped') };
    const { own } = await end('gitea', {
      ...options,
      ...write(`step.Mine=${second(1)}`, `step.=${second(2)}`),
      inputs: { token: TOKEN, status: 'success' },
      atPost: { status: 'failure' },
    });
    expect(own.error).toMatchObject({ message: 'Step "step 1" failed' });
  });

  test('are left out where no steps are wanted', async () => {
    const { job } = await end('forgejo', { ...write(`step.Mine=${second(1)}`), inputs: { token: '', steps: 'false' } });
    expect(stepsOf(job)).toEqual([]);
  });

  test('that make no sense are named once', async () => {
    const { job } = await end('forgejo', write(`step.A=${second(2)}`, `step.B=${second(1)}`));
    expect(job.said('warning')).toEqual([expect.stringContaining('line 2 (step.B) has a time before')]);
  });
});
