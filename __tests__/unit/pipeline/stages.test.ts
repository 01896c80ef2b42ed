import { expect, test } from '@jest/globals';
import type { ApiJob } from '../../../src/server/answers.js';
import { toStages } from '../../../src/pipeline/stages.js';

const identity = { serverUrl: 'https://h', repository: 'a/b', id: '1', attemptId: '1' };
const job = (name: string, start: string, end: string | undefined, changes: Partial<ApiJob> = {}): ApiJob => ({
  id: name,
  name,
  conclusion: 'success',
  labels: [],
  steps: [],
  carriedOver: false,
  startedAt: `2026-11-20T09:${start}:00.000Z`,
  completedAt: end && `2026-11-20T09:${end}:00.000Z`,
  ...changes,
});
const list = (...jobs: ApiJob[]) => ({ jobs, complete: true });

test('a stage lasts from its first job to its last, and is as bad as its worst', () => {
  const needs = [
    { key: 'lint', result: 'success', stage: 'check' },
    { key: 'test', result: 'failure', stage: 'check' },
    { key: 'ship', result: 'skipped', stage: 'deploy' },
  ];
  const stages = toStages(
    identity,
    needs,
    list(job('lint', '10', '12'), job('test (20)', '05', '15'), job('test (24)', '11', '20')),
  );
  expect(stages).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'check',
      start: '2026-11-20T09:05:00.000Z',
      end: '2026-11-20T09:20:00.000Z',
      status: 'error',
    },
  ]);
});

test.each([
  ['nobody lists jobs', undefined],
  ['the list goes on', { jobs: [job('lint', '10', '12')], complete: false }],
  ['a job has no end', list(job('lint', '10', undefined))],
  ['a job is not listed under its key', list(job('Lint it', '10', '12'))],
])('there is none where %s', (_name, listed) => {
  expect(toStages(identity, [{ key: 'lint', result: 'success', stage: 'check' }], listed)).toEqual([]);
});
