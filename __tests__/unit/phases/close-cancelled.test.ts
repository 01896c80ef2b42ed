import { beforeAll, describe, expect, test } from '@jest/globals';
import type { CiEvent } from '../../../viewer/run/event.js';
import { TOKEN } from '../../support/builders.js';
import { NOW } from '../../support/clock.js';
import { recordedLists } from '../../support/look.js';
import { shifted, situation } from '../../support/replay.js';
import { type Api, type FakeJob, startFakeJob, type Variables } from '../../support/runner.js';

/** A run of three jobs and one that closes it, which a person cancelled in the middle (recorded on Forgejo 16). */
const CANCELLED = situation('forgejo/scenario-b3-cancel-middle');
const SHIFT = NOW - Date.parse(CANCELLED.now) - 60_000;
const RUNS = '/repos/acme/shop/actions/runs';
const LIST = `${RUNS}?workflow_id=b3-cancel-middle.yml&status=cancelled&limit=50`;
const TASKS = '/repos/acme/shop/actions/tasks?limit=50&page=1';
const text = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();

type Fields = Record<string, unknown>;
const answers = shifted(CANCELLED.after, SHIFT) as Record<string, [number, Fields]>;
const runOf = (id: number, parts: Fields = {}): Fields => ({ ...answers[`${RUNS}/19`]![1], id, ...parts });
const jobsOf = (id: number): Fields[] => answers[`${RUNS}/${id}/jobs`]![1] as unknown as Fields[];

/** The next run of the workflow, whose closing job runs now. */
const NEXT = runOf(20, {
  index_in_repo: 17,
  status: 'running',
  created: text(-20),
  started: text(-20),
  stopped: '1970-01-01T00:00:00Z',
});

const ok = (body: unknown): { status: number; body: unknown } => ({ status: 200, body });

/** The recorded answers, and those about the next run. */
const API: Api = {
  ...Object.fromEntries(Object.entries(answers).map(([path, [status, body]]) => [path, { status, body }])),
  [TASKS]: ok(answers['/repos/acme/shop/actions/tasks']![1]),
  [`${RUNS}/20`]: ok(NEXT),
  [`${RUNS}/20/jobs`]: ok([
    { id: 41, run_id: 20, attempt: 1, name: 'report', needs: [], task_id: 40, status: 'running' },
  ]),
  // Those of other workflows' files too: this server leaves them out, and others may not.
  [LIST]: ok({ workflow_runs: [runOf(19), ...recordedLists('forgejo')['cancelled']!] }),
};

const env = (run: number, more: Variables = {}): Variables => ({
  ...CANCELLED.env,
  ...CANCELLED.jobs![0]!.env,
  GITHUB_RUN_ID: `${run}`,
  ...more,
});

/** The pipelines that a closing job of the next run sent, but for its own. */
async function closeNext(
  given: { api?: Api; inputs?: Variables; env?: Variables; event?: unknown; left?: Record<string, string> } = {},
): Promise<{ job: FakeJob; others: CiEvent[] }> {
  const job = startFakeJob({
    env: env(20, { GITHUB_JOB: 'report', GITHUB_RUN_NUMBER: '17', ...given.env }),
    event: given.event ?? shifted(CANCELLED.event, SHIFT),
    api: { ...API, ...given.api },
    left: given.left ?? {},
  });
  const step = job.step({ token: TOKEN, needs: '{"build":{"result":"success"}}', ...given.inputs });
  await step.main();
  await step.post();
  const others = job.accepted.filter(
    ({ attributes: { resource } }) => resource.level === 'pipeline' && resource['pipeline_id'] !== '20',
  );
  return { job, others };
}

describe('a run that was cancelled before its closing job', () => {
  let begun: CiEvent;
  beforeAll(async () => {
    const job = startFakeJob({ env: env(19), event: shifted(CANCELLED.event, SHIFT), api: API });
    job.clock.pass(-60_000);
    await job.step({ token: TOKEN, level: 'job' }).main();
    begun = job.accepted.find(({ attributes: { resource } }) => resource.level === 'pipeline')!;
  });

  test("is closed by the next run's closing job, and no other one is", async () => {
    const { others } = await closeNext();
    const { unique_id, start, name } = begun.attributes.resource;
    expect(begun.attributes.resource.status).toBe('running');
    expect(others.map(({ attributes: { resource } }) => resource)).toMatchObject([
      {
        unique_id,
        start,
        name,
        pipeline_id: '19',
        status: 'canceled',
        end: '2026-11-20T09:14:30.000Z',
      },
    ]);
  });

  test('sends what earlier jobs left no second time', async () => {
    const inputs = { 'undelivered-dir': '/spool' };
    const { job, others } = await closeNext({ inputs, left: { '/spool/other.json': '{}' } });
    expect(others).toHaveLength(1);
    expect(job.said('info').filter((line) => line.includes('of earlier jobs'))).toHaveLength(1);
  });

  const jobs = (change: (job: Fields) => Fields): Api => ({ [`${RUNS}/19/jobs`]: ok(jobsOf(19).map(change)) });
  const isLast = ({ name }: Fields): boolean => name === 'report';
  const list = (...runs: Fields[]): Api => ({ [LIST]: ok({ workflow_runs: runs }) });

  test.each<[string, { api?: Api; inputs?: Variables }]>([
    ['its closing job began', { api: jobs((job) => (isLast(job) ? { ...job, task_id: 25 } : job)) }],
    ['no other job of it began', { api: jobs((job) => ({ ...job, task_id: 0, status: 'cancelled' })) }],
    ['it has no job of that key', { api: jobs((job) => (isLast(job) ? { ...job, name: 'done' } : job)) }],
    ['its jobs are not listed', { api: { [`${RUNS}/19/jobs`]: { status: 404, body: {} } } }],
    ['its tasks can not be read', { api: { [TASKS]: { status: 500, body: {} } } }],
    ['it never began', { api: list(runOf(19, { started: '1970-01-01T00:00:00Z' })) }],
    ['it ended over 18 hours ago', { api: list(runOf(19, { updated: text(-19 * 3600), stopped: text(-19 * 3600) })) }],
    ['it is of another file', { api: list(runOf(19, { workflow_id: 'b1-recipe.yml' })) }],
    ['it was not cancelled', { api: list(runOf(19, { status: 'failure' })) }],
    ['the list can not be read', { api: { [LIST]: { status: 500, body: {} } } }],
    ['nobody wants it', { inputs: { 'close-cancelled': 'false' } }],
    ['a written name may be another one for each run', { inputs: { name: 'Deploy eu' } }],
    ['this job closes nothing', { inputs: { needs: '' } }],
  ])('is left alone where %s', async (_, given) => {
    const { job, others } = await closeNext(given);
    expect(others).toEqual([]);
    expect(job.said('warning')).toEqual([]);
    expect(job.said('notice')).toEqual([]);
  });

  test('has the written name where that is wanted', async () => {
    const { others } = await closeNext({ inputs: { name: 'Deploy', 'close-cancelled': 'true' } });
    expect(others.map(({ attributes: { resource } }) => resource.name)).toEqual(['Deploy']);
  });

  test("is told in the same bytes by whoever closes it, with nothing that is that run's own", async () => {
    const inputs = { tags: 'team:shop', measures: 'size:3', parameters: 'region:eu', env: 'ci' };
    const [one, other] = await Promise.all([
      closeNext({ inputs: { env: 'ci' } }),
      // A scheduled run knows the server by its runner's address, and has another commit checked out.
      closeNext({
        inputs,
        event: { action: 'schedule' },
        env: { GITHUB_SERVER_URL: 'http://10.0.0.2:3100', GITHUB_EVENT_NAME: 'schedule', GITHUB_SHA: 'f'.repeat(40) },
      }),
    ]);
    expect(one.others).toHaveLength(1);
    expect(other.others).toEqual(one.others);
    expect(JSON.stringify(one.others)).not.toMatch(/team:shop|size:3|region/);
  });

  test('is one of at most 20', async () => {
    const runs = Array.from({ length: 30 }, (_, index) => runOf(19 - index));
    const { job } = await closeNext({ api: list(...runs) });
    expect(job.reads.filter((path) => /runs\/-?\d+\/jobs$/.test(path) && !path.includes('/20/'))).toHaveLength(20);
  });
});
