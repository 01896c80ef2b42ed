import { describe, expect, test } from '@jest/globals';
import { startIntake } from '../../viewer/intake/intake.js';
import { startJob } from '../../viewer/runner/runner.js';
import { KEY } from '../support/builders.js';
import { fixtures } from '../support/fixtures.js';
import { checkModel } from '../support/datadog-model.js';

const START = new Date(Date.now() - 60_000).toISOString();

interface Planned {
  key: string;
  matrix?: object;
  inputs: Record<string, string>;
  end?: string;
}

const needs = (results: Record<string, string>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(results).map(([key, result]) => [key, { result, outputs: {} }])));

const BUILD: Planned = { key: 'build', inputs: { level: 'job' } };
const TESTS: Planned[] = [20, 22, 24].map((node) => ({
  key: 'test',
  matrix: { node },
  inputs: { level: 'job', needs: needs({ build: 'success' }) },
  end: node === 24 ? 'failure' : 'success',
}));
const REPORT: Planned = { key: 'report', inputs: { needs: needs({ build: 'success', test: 'failure' }) } };

/** Runs the jobs as processes in this order, each ending before the next begins, and returns what the intake accepted. */
async function play(platform: string, jobs: readonly Planned[], more: Record<string, string> = {}) {
  const { env, event } = fixtures().find((fixture) => fixture.platform === platform && fixture.name === 'push')!;
  const intake = await startIntake({ key: KEY });
  const outputs: Record<string, string>[] = [];
  for (const { key, matrix = null, inputs, end = 'success' } of jobs) {
    const job = await startJob({ env: { ...env, ...more, GITHUB_JOB: key }, event });
    const common: Record<string, string> = {
      'api-key': KEY,
      'intake-url': intake.url,
      start: START,
      matrix: JSON.stringify(matrix),
      token: '',
      ...inputs,
    };
    const step = job.step({ inputs: common });
    const main = await step.main({ inputs: { 'job-status': 'success' } });
    const post = await step.post({ inputs: { 'job-status': end, status: common['level'] === 'job' ? '' : end } });
    expect([main.code, post.code]).toEqual([0, 0]);
    outputs.push(main.outputs);
    await job.end();
  }
  await intake.close();
  expect(intake.problems).toEqual([]);
  expect(intake.events.flatMap(checkModel)).toEqual([]);
  return { resources: intake.events.map(({ attributes }) => attributes.resource), outputs };
}

describe.each(['github', 'gitea', 'forgejo'])('build, a matrix of three and a report on %s', (platform) => {
  test.each<[string, Planned[]]>([
    ['in their order', [BUILD, ...TESTS, REPORT]],
    ['in another order of arrival', [TESTS[2]!, TESTS[0]!, BUILD, TESTS[1]!, REPORT]],
  ])('are one pipeline, %s', async (_, jobs) => {
    const { resources } = await play(platform, jobs);
    const pipelines = resources.filter(({ level }) => level === 'pipeline');
    const finalJobs = resources.filter(({ level, status }) => level === 'job' && status !== 'running');
    expect(new Set(pipelines.map(({ unique_id }) => unique_id)).size).toBe(1);
    expect(new Set(pipelines.map(({ start }) => start))).toEqual(new Set([START]));
    expect(new Set(resources.flatMap(({ pipeline_unique_id }) => pipeline_unique_id ?? []))).toEqual(
      new Set([pipelines[0]!.unique_id]),
    );
    expect(pipelines.filter(({ status }) => status !== 'running').map(({ status }) => status)).toEqual(['error']);
    expect(finalJobs.map(({ name }) => name).sort()).toEqual([
      'build',
      'report',
      'test (20)',
      'test (22)',
      'test (24)',
    ]);
    expect(new Set(finalJobs.map(({ id }) => id)).size).toBe(5);
    // Nobody lists the jobs here, and `build` might be a matrix, which would report under other ids.
    expect(finalJobs.flatMap(({ dependencies }) => dependencies ?? [])).toEqual([]);
  });
});

test('a retry of one failed job is a pipeline of its own, linked to the first, without the jobs that were not run again', async () => {
  const first = await play('github', [BUILD, ...TESTS, REPORT]);
  const again: Planned[] = [
    { ...TESTS[2]!, end: 'success' },
    { ...REPORT, inputs: { needs: needs({ build: 'success', test: 'success' }) } },
  ];
  const second = await play(
    'github',
    again.map((job) => ({ ...job, inputs: { ...job.inputs, 'partial-retry': 'true' } })),
    { GITHUB_RUN_ATTEMPT: '2' },
  );
  const final = second.resources.find(({ level, status }) => level === 'pipeline' && status === 'success');
  expect(final).toMatchObject({ partial_retry: true, previous_attempt: { id: first.outputs[0]!['pipeline-id'] } });
  expect(final?.unique_id).not.toBe(first.outputs[0]!['pipeline-id']);
  expect(new Set(second.resources.flatMap(({ level, name }) => (level === 'job' ? [name] : [])))).toEqual(
    new Set(['test (24)', 'report']),
  );
});
