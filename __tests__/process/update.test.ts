import { expect, test } from '@jest/globals';
import { startIntake } from '../../viewer/intake/intake.js';
import { startJob } from '../../viewer/runner/runner.js';
import { KEY } from '../support/builders.js';
import { fixtures } from '../support/fixtures.js';

const { env, event } = fixtures().find(({ platform, name }) => platform === 'github' && name === 'push')!;

test('an update adds to the running pipeline now, with the same id and start, and to its final events', async () => {
  const intake = await startIntake({ key: KEY });
  const job = await startJob({ env, event });
  const inputs = { 'api-key': KEY, 'intake-url': intake.url };
  const step = job.step({ inputs: { ...inputs, 'job-status': 'success', matrix: 'null', token: '' } });
  await step.main();
  await job.step({ main: 'update', inputs: { ...inputs, tags: 'phase:deploy', measures: 'kb:1.5' } }).main();
  await step.post();
  await Promise.all([job.end(), intake.close()]);
  expect(intake.problems).toEqual([]);
  const pipelines = intake.events
    .map(({ attributes }) => attributes.resource)
    .filter(({ level }) => level === 'pipeline');
  expect(pipelines.map(({ status, tags }) => [status, tags?.includes('phase:deploy')])).toEqual([
    ['running', false],
    ['running', true],
    ['success', true],
  ]);
  expect(new Set(pipelines.map(({ unique_id, start }) => `${unique_id} ${start}`)).size).toBe(1);
});

test('an update that is told no address, beside an action that has one of its own, keeps its key to itself', async () => {
  const intake = await startIntake({ key: KEY });
  const job = await startJob({ env, event });
  const step = job.step({
    inputs: { 'api-key': KEY, 'intake-url': intake.url, 'job-status': 'success', matrix: 'null', token: '' },
  });
  await step.main();
  const update = await job.step({ main: 'update', inputs: { 'api-key': KEY, tags: 'phase:deploy' } }).main();
  await step.post();
  await Promise.all([job.end(), intake.close()]);
  expect(update.stdout).toContain('::warning::No update is sent to Datadog now');
  const pipelines = intake.events
    .map(({ attributes }) => attributes.resource)
    .filter(({ level }) => level === 'pipeline');
  expect(pipelines.map(({ tags }) => tags?.includes('phase:deploy'))).toEqual([false, true]);
});

test.each<[string, Record<string, string>, Record<string, string>, RegExp]>([
  [
    'a site in the environment is not where an intake proxy is',
    {},
    { DD_SITE: 'datadoghq.eu' },
    /::warning::No update is sent to Datadog now: the action reported to http:\/\/127\.0\.0\.1:\d+, /,
  ],
  ['a dry run goes nowhere', { 'dry-run': 'true', 'fail-on-error': 'true' }, {}, /"phase:deploy"/],
])('an update beside an intake proxy: %s', async (_, inputs, more, said) => {
  const intake = await startIntake({ key: KEY });
  const job = await startJob({ env: { ...env, ...more }, event });
  const url = `${intake.url}/secret/path`;
  await job
    .step({
      inputs: { 'api-key': KEY, 'intake-url': url, 'job-status': 'success', matrix: 'null', token: '', timeout: '1' },
    })
    .main();
  const update = await job.step({ main: 'update', inputs: { 'api-key': KEY, tags: 'phase:deploy', ...inputs } }).main();
  await Promise.all([job.end(), intake.close()]);
  expect([update.code, update.stdout]).toEqual([0, expect.stringMatching(said)]);
  expect(update.stdout).not.toContain('secret/path');
});

test('an update without a started pipeline warns and sends nothing', async () => {
  const intake = await startIntake({ key: KEY });
  const job = await startJob({ env, event });
  const update = await job
    .step({ main: 'update', inputs: { 'api-key': KEY, 'intake-url': intake.url, tags: 'a:b' } })
    .main();
  await Promise.all([job.end(), intake.close()]);
  expect([update.code, intake.requests.length]).toEqual([0, 0]);
  expect(update.stdout).toContain('::warning::Nothing is updated in Datadog');
});
