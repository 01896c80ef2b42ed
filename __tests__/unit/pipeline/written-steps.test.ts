import { describe, expect, test } from '@jest/globals';
import { toWrittenSteps } from '../../../src/pipeline/written-steps.js';
import type { Status } from '../../../src/model/run.js';

const time = (second: number): string => `2026-11-20T09:15:${second}.000Z`;
const marks = (...names: string[]) => names.map((name, at) => ({ name, time: time(30 + at) }));

/** Name, number and conclusion of each. */
const shown = (names: string[], status: Status, failedStep?: string) =>
  toWrittenSteps(
    { steps: marks(...names), ...(failedStep === undefined ? {} : { failedStep }) },
    { time: time(50), status },
  ).map(({ name, number, conclusion }) => `${number} ${name} ${conclusion}`);

test('each step lasts until the next line, and the last one until the job ends', () => {
  expect(toWrittenSteps({ steps: marks('A', 'B', '', 'C') }, { time: time(50), status: 'success' })).toMatchObject([
    { name: 'A', startedAt: time(30), completedAt: time(31) },
    { name: 'B', startedAt: time(31), completedAt: time(32) },
    { name: 'C', startedAt: time(33), completedAt: time(50) },
  ]);
});

describe('how a written step ended', () => {
  test.each<[string, string[], Status, string | undefined, string[]]>([
    ['well, with its job', ['A', 'B'], 'success', undefined, ['1 A success', '2 B success']],
    ['badly, being open when its job failed', ['A', 'B'], 'error', undefined, ['1 A success', '2 B failure']],
    ['well, having been ended before', ['A', ''], 'error', undefined, ['1 A success']],
    ['as the job tells it', ['A', 'B', 'C'], 'error', 'B', ['1 A success', '2 B failure', '3 C success']],
    ['the last of a name', ['A', 'A'], 'error', 'A', ['1 A success', '2 A failure']],
    ['though the job went on well', ['A', 'B'], 'success', 'A', ['1 A failure', '2 B success']],
    ['a name that no step has', ['A'], 'error', 'X', ['1 A failure']],
    ['cut off', ['A', 'B'], 'canceled', undefined, ['1 A success', '2 B cancelled']],
    ['cut off, after one that failed', ['A', 'B'], 'canceled', 'A', ['1 A failure', '2 B cancelled']],
  ])('%s', (_, names, status, failedStep, ended) => {
    expect(shown(names, status, failedStep)).toEqual(ended);
  });
});
