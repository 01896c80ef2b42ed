import { expect, test } from '@jest/globals';
import { toSteps } from '../../../src/events/step.js';
import { aJob, anApiStep, aReport, aRun } from '../../support/builders.js';

const START = '2026-11-20T09:15:30.350Z';
const END = '2026-11-20T09:20:30.123Z';
const JOB = { ...aReport(), run: aRun(), job: aJob() };
const at = (second: string): string => `2026-11-20T09:15:${second}.000Z`;

/** Names and spans of the steps that are sent. */
const sent = (...steps: [name: string, from: string, to: string][]) =>
  toSteps(
    steps.map(([name, from, to], index) =>
      anApiStep({ name, number: index + 1, startedAt: at(from), completedAt: at(to) }),
    ),
    JOB,
    { start: START, end: END },
  ).map(({ name, start, end }) => [name, start.slice(17, -1), end.slice(17, -1)]);

test('a step that was over before the job is seen to start is no step of no length', () => {
  expect(sent(['Set up job', '26', '30'], ['Run make', '31', '40'])).toEqual([['Run make', '31.000', '40.000']]);
  expect(sent(['Set up job', '28', '28'])).toEqual([]);
});

test('a step that goes on over it begins with the job, and one in the same second is kept', () => {
  expect(sent(['Run datadog', '29', '31'], ['Run true', '30', '30'])).toEqual([
    ['Run datadog', '30.350', '31.000'],
    ['Run true', '30.350', '30.350'],
  ]);
});

test('a step that the job wrote is kept, though its clock was behind', () => {
  const step = anApiStep({ startedAt: at('10'), completedAt: at('20'), isWritten: true });
  expect(toSteps([step], JOB, { start: START, end: END, oldest: at('30') })).toMatchObject([
    { start: START, end: START },
  ]);
});
