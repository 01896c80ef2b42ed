import { describe, expect, test } from '@jest/globals';
import { KEY, TOKEN } from '../../support/builders.js';
import { type Fixture, fixtures } from '../../support/fixtures.js';
import { type FakeJobOptions, startFakeJob, type Variables } from '../../support/runner.js';

const MINUTE = 60_000;

interface Options extends FakeJobOptions {
  inputs?: Variables;
  jobStatus?: string;
}

/** A job from its start to its end; the model and the intake's rules check every event, and the history of them all. */
async function play(
  { env, event }: Pick<Fixture, 'env' | 'event'>,
  { inputs = {}, jobStatus = 'success', ...options }: Options = {},
) {
  const job = startFakeJob({ env, event, ...options });
  const step = job.step(inputs);
  await step.main();
  job.clock.pass(MINUTE);
  await step.post({ 'job-status': jobStatus });
  const resources = job.accepted.map(({ attributes }) => attributes.resource);
  const [running, runningJob, final, finalJob] = resources;
  return { job, step, resources, running: running!, runningJob: runningJob!, final: final!, finalJob: finalJob! };
}

/** The address under which each server hides an account's own. */
const NO_REPLY: Record<string, (fixture: Fixture) => string> = {
  github: ({ env, expect: { public_host } }) =>
    `${env['GITHUB_ACTOR_ID']}+${env['GITHUB_ACTOR']}@users.noreply.${public_host}`,
  gitea: ({ env, expect: { public_host } }) => `${env['GITHUB_ACTOR']}@noreply.${public_host}`,
  forgejo: ({ env, expect: { public_host } }) => `${env['GITHUB_ACTOR']}@noreply.${public_host}`,
};

describe.each(fixtures().map((fixture) => [`${fixture.platform}/${fixture.name}`, fixture] as const))(
  '%s',
  (_, fixture) => {
    const wanted = fixture.expect;

    test.each([
      ['success', 'success'],
      ['failure', 'error'],
      ['cancelled', 'canceled'],
    ])('that ends with %s is a running pair and a final pair', async (jobStatus, status) => {
      const { job, resources, running, runningJob, final, finalJob } = await play(fixture, { jobStatus });

      expect(resources.map((one) => `${one.level} ${one.status}`)).toEqual([
        'pipeline running',
        'job running',
        `pipeline ${status}`,
        `job ${status}`,
      ]);
      expect(job.requests).toHaveLength(2);
      expect([final.unique_id, finalJob.id, finalJob.pipeline_unique_id]).toEqual([
        running.unique_id,
        runningJob.id,
        running.unique_id,
      ]);
      expect(new Set(resources.map(({ start }) => start))).toEqual(new Set(['2026-11-20T09:15:30.123Z']));
      expect([final.end, finalJob.end]).toEqual(['2026-11-20T09:16:30.123Z', '2026-11-20T09:16:30.123Z']);
      expect([final.error === undefined, finalJob.error === undefined]).toEqual([
        status !== 'error',
        status !== 'error',
      ]);
      expect([...final.tags!].filter((tag) => tag.startsWith('conclusion:'))).toEqual([`conclusion:${jobStatus}`]);
      expect(finalJob.git).toEqual(final.git);
      expect(job.said('fail')).toEqual([]);
      expect(job.everything()).not.toContain(KEY);
      expect(job.sockets.open).toBe(0);
    });

    test('tells at its start what environment and payload tell', async () => {
      const { job, running, runningJob } = await play(fixture);
      for (const { attributes } of job.accepted) {
        expect({ ...attributes, resource: 0 }).toEqual({
          service: wanted.service,
          provider_name: wanted.provider_name,
          resource: 0,
        });
      }
      const {
        name,
        pipeline_id,
        url,
        is_manual,
        parameters,
        git,
        previous_attempt,
        parent_pipeline,
        tags,
        partial_retry,
      } = running;
      expect({ name, pipeline_id, url, is_manual, parameters, git: git ?? null }).toEqual({
        name: wanted.name,
        pipeline_id: wanted.pipeline_id,
        url: wanted.url,
        is_manual: wanted.is_manual,
        parameters: wanted.parameters,
        git: wanted.git,
      });
      expect(previous_attempt?.url).toBe(wanted.previous_attempt_url);
      expect(parent_pipeline?.url ?? '').toContain(wanted.parent_page ?? '');
      expect(Boolean(parent_pipeline)).toBe(Boolean(wanted.parent_page));
      expect(tags!.map((tag) => tag.slice(tag.indexOf(':') + 1))).toEqual(expect.arrayContaining(wanted.tags));
      expect(partial_retry).toBe(fixture.env['GITHUB_RUN_ATTEMPT'] !== '1');
      expect(runningJob).toMatchObject({
        name: fixture.env['GITHUB_JOB'],
        pipeline_name: wanted.name,
        ...(git ? { git } : {}),
      });
    });

    test('has git at its end, whatever it takes', async () => {
      const { final } = await play(fixture);
      const assumed = {
        ...wanted.git_ref,
        author_name: fixture.env['GITHUB_ACTOR'],
        author_email: NO_REPLY[wanted.provider_name]!(fixture),
      };
      expect(final.git).toEqual(wanted.git ?? assumed);
      expect(final.tags!.includes('git_author_source:actor')).toBe(wanted.git === null);
    });

    test('reads the API only for what is missing, and each thing once', async () => {
      const { job } = await play(fixture, { inputs: { token: TOKEN }, jobStatus: 'failure' });
      const commit = wanted.git ? 0 : 1;
      const isRetry = fixture.env['GITHUB_RUN_ATTEMPT'] !== '1';
      // Where there is no list of jobs, tasks may tell of them.
      const retry = isRetry ? (wanted.provider_name === 'forgejo' ? 2 : 1) : 0;
      // An event that tells no repository.
      const address = 'repository' in fixture.event ? 0 : 1;
      // Post asks whether the job was cancelled where no word in post tells it.
      const post = wanted.provider_name === 'github' ? 0 : 1;
      // A job of a reusable workflow asks for the run's own event and name.
      const inner = fixture.env['GITHUB_EVENT_NAME'] === 'workflow_call' ? 1 : 0;
      expect(job.reads).toHaveLength(commit + retry + address + post + inner);
      expect(new Set(job.reads).size).toBe(job.reads.length - inner - address);
      expect(job.everything()).not.toContain(TOKEN);
    });
  },
);

test('where all is certain, nothing but two lines, two links and the result are said', async () => {
  const push = fixtures().find(({ platform, name }) => platform === 'github' && name === 'push')!;
  const { job } = await play(push);
  expect(job.words.filter(({ kind }) => kind !== 'debug')).toEqual([
    { kind: 'info', text: 'Datadog: running pipeline "CI" and job "build" reported.' },
    {
      kind: 'info',
      text: expect.stringMatching(/^Datadog: https:\/\/app\.datadoghq\.com\/ci\/pipeline-executions\?query=/),
    },
    { kind: 'info', text: 'Datadog: final pipeline "CI" and job "build" reported.' },
    { kind: 'info', text: expect.stringMatching(/^Datadog: ✓ CI succeeded in \d/) },
    { kind: 'info', text: expect.stringMatching(/^Datadog: https:/) },
  ]);
});

const API_JOBS = {
  github: (carried: boolean) => ({
    total_count: 2,
    jobs: [
      {
        id: 1,
        name: 'build',
        status: 'in_progress',
        run_attempt: 3,
        created_at: '2026-11-20T09:15:00Z',
        started_at: '2026-11-20T09:15:05Z',
      },
      {
        id: 2,
        name: 'lint',
        status: 'completed',
        conclusion: 'success',
        created_at: '2026-11-20T09:15:00Z',
        started_at: carried ? '2026-11-20T08:00:00Z' : '2026-11-20T09:15:05Z',
        completed_at: carried ? '2026-11-20T08:10:00Z' : '2026-11-20T09:25:05Z',
      },
    ],
  }),
  perJob: (carried: boolean) => [
    { id: 1, name: 'build', status: 'running', attempt: 2, run_attempt: 2 },
    {
      id: 2,
      name: 'lint',
      status: 'success',
      conclusion: 'success',
      attempt: carried ? 1 : 2,
      run_attempt: carried ? 1 : 2,
    },
  ],
};

/** A run's second attempt and later, as each server counts. */
const RETRIES: [folder: string, name: string, path: string, jobs: (carried: boolean) => unknown][] = [
  ['github', 'push-rerun', '/repos/acme/shop/actions/runs/19200000002/attempts/3/jobs?per_page=100', API_JOBS.github],
  ['gitea', 'push-rerun', '/repos/acme/shop/actions/runs/4402/attempts/2/jobs?limit=50', API_JOBS.github],
  [
    'gitea-1.25',
    'push-rerun-of-this-job',
    '/repos/acme/shop/actions/runs/902/jobs?limit=50',
    (carried) => ({ total_count: 2, jobs: API_JOBS.perJob(carried) }),
  ],
  ['forgejo', 'push-rerun-of-this-job', '/repos/acme/shop/actions/runs/7302/jobs', API_JOBS.perJob],
];

describe.each(RETRIES)('%s/%s', (folder, name, path, jobs) => {
  const fixture = fixtures().find((one) => one.platform === folder && one.name === name)!;

  test.each<[string, FakeJobOptions['api'], boolean, string[]]>([
    ['some jobs were carried over', { [path]: { status: 200, body: jobs(true) } }, true, []],
    ['all jobs run again', { [path]: { status: 200, body: jobs(false) } }, false, []],
    ['the API has no such page', {}, true, ['partial_retry_source:assumed']],
    ['the API is silent', { [path]: new Error('timeout') }, true, ['partial_retry_source:assumed']],
    ['the token may not read it', { [path]: { status: 403 } }, true, ['partial_retry_source:assumed']],
  ])('with API: %s', async (_, api, partial, tags) => {
    const { job, running, final } = await play(fixture, { inputs: { token: TOKEN }, jobStatus: 'failure', api });
    expect([running.partial_retry, final.partial_retry]).toEqual([partial, partial]);
    for (const one of [running, final])
      expect(one.tags!.filter((tag) => tag.startsWith('partial_retry_source:'))).toEqual(tags);
    expect(job.outputs['partial-retry']).toBe(`${partial}`);
    expect(job.reads[0]).toBe(path);
  });

  test('without API it is assumed to be partial, which is told in a tag', async () => {
    const { job, running } = await play(fixture);
    expect(running).toMatchObject({
      partial_retry: true,
      tags: expect.arrayContaining(['partial_retry_source:assumed']) as unknown,
    });
    expect(job.reads).toEqual([]);
  });

  test('the input is believed', async () => {
    const { job, running } = await play(fixture, {
      inputs: { token: TOKEN, 'partial-retry': 'false' },
      jobStatus: 'failure',
    });
    expect(running).toMatchObject({
      partial_retry: false,
      tags: expect.not.arrayContaining(['partial_retry_source:assumed']) as unknown,
    });
    // Pages of Forgejo's jobs go by their place in the list.
    if (folder !== 'forgejo') expect(job.reads).not.toContain(path);
  });

  test('is another pipeline than the attempt before, which it names', async () => {
    const attempt = Number(fixture.env['GITHUB_RUN_ATTEMPT']);
    const before = await play({ ...fixture, env: { ...fixture.env, GITHUB_RUN_ATTEMPT: `${attempt - 1}` } });
    const { running, runningJob } = await play(fixture);
    expect(running.unique_id).not.toBe(before.running.unique_id);
    expect(runningJob.id).not.toBe(before.runningJob.id);
    expect(running.previous_attempt?.id).toBe(fixture.expect.previous_attempt_url && before.running.unique_id);
  });
});

describe('ids', () => {
  const push = fixtures().find(({ platform, name }) => platform === 'github' && name === 'push')!;
  const idsOf = async (options: Options = {}, env: Variables = {}) => {
    const { running, runningJob } = await play(
      { ...push, env: { ...push.env, ...(env as Record<string, string>) } },
      options,
    );
    return [running.unique_id, runningJob.id];
  };

  test('are the same wherever the job is reported from', async () => {
    expect(
      await idsOf({ hostname: 'another' }, { RUNNER_NAME: 'another', GITHUB_SERVER_URL: 'http://internal:3000' }),
    ).toEqual(await idsOf());
  });

  test('do not change with the names that people give', async () => {
    expect(await idsOf({ inputs: { name: 'Mine', 'job-name': 'Build all' } })).toEqual(await idsOf());
  });

  test.each<[string, Options, Variables]>([
    ['another job', {}, { GITHUB_JOB: 'test' }],
    ['another matrix', { inputs: { matrix: '{"node":20}' } }, {}],
    ['another run', {}, { GITHUB_RUN_ID: '2' }],
  ])('%s is another pipeline: two jobs with the default step are not one', async (_, options, env) => {
    const [pipeline, job] = await idsOf();
    const [otherPipeline, otherJob] = await idsOf(options, env);
    expect([otherPipeline === pipeline, otherJob === job]).toEqual([false, false]);
  });

  test('of act are random, since its run id never changes, and kept until the end', async () => {
    const env = { ...push.env, ACT: 'true', GITHUB_RUN_ID: '1' };
    const { running, runningJob, final, finalJob } = await play({ ...push, env });
    expect([running.unique_id, runningJob.id]).toEqual([
      '00000000-0000-4000-8000-000000000003',
      '00000000-0000-4000-8000-000000000004',
    ]);
    expect([final.unique_id, finalJob.id, finalJob.pipeline_unique_id]).toEqual([
      running.unique_id,
      runningJob.id,
      running.unique_id,
    ]);
    expect(running.previous_attempt).toBeUndefined();
  });
});
