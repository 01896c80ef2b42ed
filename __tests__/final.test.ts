import { describe, expect, test } from '@jest/globals';
import { KEY, TOKEN } from './support/builders.js';
import { NOW } from './support/clock.js';
import { type Fixture, fixtures } from './support/fixtures.js';
import { type FakeJobOptions, startFakeJob, type Variables } from './support/ports.js';

const push = (platform: string): Fixture => fixtures().find((one) => one.platform === platform && one.name === 'push')!;

interface Options extends Omit<FakeJobOptions, 'env' | 'event'> {
  /** Beside the fixture's. */
  env?: Variables;
  inputs?: Variables;
  /** Inputs that differ in post. */
  atPost?: Variables;
  between?: (job: ReturnType<typeof startFakeJob>) => void;
}

async function end(platform: string, { env = {}, inputs = {}, atPost = {}, between = () => undefined, ...options }: Options = {}) {
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
  const gitea = (options: Options = {}) => end('gitea', { env: { ACTIONS_RUNTIME_TOKEN: RUNTIME }, inputs: { token: TOKEN }, ...options });

  test.each<[string, string[], string, string[]]>([
    ['success', ['success', 'success'], 'success', []],
    ['a failure, and the rest skipped', ['success', 'failure', 'skipped'], 'error', []],
    ['a cancel', ['success', 'cancelled', 'skipped'], 'canceled', []],
    ['a failure that was allowed', ['failure', 'success'], 'success', ['continue_on_error:step 0', 'status_source:steps']],
  ])('%s', async (_, conclusions, status, sources) => {
    const { job, pipeline, own, tags } = await gitea({ api: steps(...conclusions) });
    expect([pipeline.status, own.status]).toEqual([status, status]);
    expect([...tags('continue_on_error'), ...tags('status_source')]).toEqual(sources);
    expect(job.reads).toEqual([JOB]);
    expect(job.said('warning')).toEqual([]);
  });

  test.each<[string, Options]>([
    ['there is no token', { inputs: { token: '' }, api: steps('failure') }],
    ['the API has no such job', { api: {} }],
    ['the API is silent', { api: { [JOB]: new Error('timeout') } }],
    ['the job is not known', { env: { ACTIONS_RUNTIME_TOKEN: '' }, api: steps('failure') }],
  ])('but not where %s: success is assumed, told in a tag and in one warning', async (_, options) => {
    const { job, pipeline, tags } = await gitea(options);
    expect([pipeline.status, tags('status_source')]).toEqual(['success', ['status_source:assumed']]);
    expect(job.said('warning')).toEqual([expect.stringMatching(/status_source:assumed.*status: \$\{\{ job\.status \}\}/)]);
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

  test('inside of a composite action even a written success is not', async () => {
    const { pipeline } = await gitea({
      env: { ACTIONS_RUNTIME_TOKEN: RUNTIME, GITHUB_ACTION_PATH: '/actions/one' },
      inputs: { token: TOKEN, status: 'success' },
      api: steps('failure', 'skipped'),
    });
    expect(pipeline.status).toBe('error');
  });
});

describe('where a runner says success after a cancel, the run tells', () => {
  const RUN = '/repos/acme/shop/actions/runs/7301';
  test.each<[string, FakeJobOptions['api'], string, string, string[]]>([
    ['cancelled', { [RUN]: { status: 200, body: { status: 'cancelled' } } }, 'success', 'canceled', []],
    ['cancelled, and a step was interrupted', { [RUN]: { status: 200, body: { status: 'cancelled' } } }, 'failure', 'canceled', []],
    ['it goes on', { [RUN]: { status: 200, body: { status: 'running' } } }, 'success', 'success', []],
    ['another job failed', { [RUN]: { status: 200, body: { status: 'failure' } } }, 'success', 'success', []],
    ["it can't be asked", {}, 'success', 'success', ['status_source:job-status']],
    ["it can't be asked about a failure", {}, 'failure', 'error', []],
  ])('%s', async (_, api, jobStatus, status, sources) => {
    const { pipeline, tags } = await end('forgejo', { inputs: { token: TOKEN }, atPost: { 'job-status': jobStatus }, api });
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
        Object.assign(env, spoilt, { DD_TAGS: 'x:y', DD_ENV: 'z', DD_SITE: 'evil', DD_API_KEY: 'another', GITHUB_EVENT_PATH: '/nowhere' });
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
    expect(job.bases).toEqual(['http://gitea.internal:3000/api/v1', 'http://gitea.internal:3000/api/v1']);
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
    ['a state that lost its second part', { state_0: '{"reported":{},"said":[],"x":"' }, 'warning', 'not what main writes'],
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
  test('tells how it ended, and where to see it', async () => {
    const { job } = await end('github', { atPost: { 'job-status': 'failure' } });
    expect(job.summary()).toMatch(/\| CI \| build \| error \| 60\.0 \|\n\n\[This run in Datadog\]\(https:/);
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
  const kept = JSON.parse(job.files.get(path!)!) as unknown;
  expect(kept).toEqual(JSON.parse(job.requests.at(-1)!.body.toString()));
  expect(job.said('group')[0]).toContain("curl -X POST 'https://api.datadoghq.eu/api/v2/ci/pipeline'");
  expect(job.said('warning')).toHaveLength(1);
});

test('every try of the final events has the same bytes', async () => {
  const { job } = await end('github', { intake: [{}, { status: 500 }, { status: 502 }, {}] });
  expect(new Set(job.requests.slice(1).map(({ body }) => body)).size).toBe(1);
  expect(job.requests).toHaveLength(4);
});
