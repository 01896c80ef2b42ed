import { describe, expect, test } from '@jest/globals';
import type { ApiStep } from '../../../src/model/run.js';
import { readFailures, toFailure } from '../../../src/pipeline/failure.js';
import type { Server } from '../../../src/server/server.js';
import { anApiJob } from '../../support/builders.js';

const steps: ApiStep[] = [
  { name: 'Set up job', number: 1, conclusion: 'success' },
  { name: 'Run tests', number: 2, conclusion: 'failure' },
  { name: 'Deploy', number: 3, conclusion: 'skipped' },
];
const facts = { job: 'build', steps: [] as ApiStep[], annotations: [] as string[], told: {} };

describe('a failure is', () => {
  test.each([
    [
      'no more than that where nothing is known',
      {},
      { type: 'Job failed', message: 'Job "build" failed', domain: 'unknown' },
    ],
    ['the failed step', { steps }, { type: 'Step failed', message: 'Step "Run tests" failed', domain: 'user' }],
    [
      'not a step that was allowed to fail',
      {
        steps: [
          { name: 'lint', number: 1, conclusion: 'failure' },
          { name: 'make', number: 2, conclusion: 'success' },
          ...steps.slice(1),
        ],
      },
      { message: 'Step "Run tests" failed' },
    ],
    [
      'the failed step with its annotations',
      { steps, annotations: ['Process completed with exit code 1.'] },
      { type: 'Step failed', message: 'Step "Run tests" failed\nProcess completed with exit code 1.', domain: 'user' },
    ],
    [
      "the platform's where the set-up failed",
      { steps: [{ name: 'Set up job', number: 1, conclusion: 'failure' }] },
      { type: 'Set-up failed', message: 'Step "Set up job" failed', domain: 'provider' },
    ],
    [
      "the platform's where the runner was lost",
      {
        annotations: [
          'The self-hosted runner: ci-7 lost communication with the server. Verify the machine is running.',
        ],
      },
      { type: 'Runner lost', domain: 'provider' },
    ],
    [
      "the platform's where the runner was shut down, even with a failed step",
      { steps, annotations: ['The runner has received a shutdown signal.'] },
      { type: 'Runner shut down', domain: 'provider' },
    ],
    [
      'what a step told, field by field',
      { steps, told: { message: 'Quota exceeded' } },
      { type: 'Step failed', message: 'Quota exceeded', domain: 'user' },
    ],
    [
      'all that a step told',
      { steps, told: { type: 'Quota', message: 'm', domain: 'provider' as const } },
      { type: 'Quota', message: 'm', domain: 'provider' },
    ],
  ])('%s', (_name, known, failure) => {
    expect(toFailure({ ...facts, ...known })).toMatchObject(failure);
  });

  test('cut to the lengths that Datadog takes', () => {
    const failure = toFailure({ ...facts, told: { type: 't'.repeat(200), message: '🚀'.repeat(4000) } });
    expect(failure.type).toHaveLength(100);
    expect(failure.message.length).toBeLessThanOrEqual(5000);
    expect(failure.message.isWellFormed()).toBe(true);
  });
});

test('no half of a secret is left where the annotations of a job are cut', async () => {
  const secret = 'hunter2-hunter2';
  const annotations = () => Promise.resolve([`${'x'.repeat(4965)} ${secret}`]);
  const job = { status: 'error' as const, api: anApiJob({ id: '7', name: 'build' }) };
  const redact = (text: string): string => text.replaceAll(secret, '***');
  const toReason = await readFailures([job], { annotations } as unknown as Server, redact);
  expect(toReason(job).message).toMatch(/x \*\*\*$/);
});
