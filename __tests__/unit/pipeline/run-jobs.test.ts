import { describe, expect, test } from '@jest/globals';
import { toEnded } from '../../../src/pipeline/run-jobs.js';
import { github } from '../../../src/server/platforms/github.js';
import { aConfig, aJob, anApiJob, anApiStep, aReport, aRun, END, START } from '../../support/builders.js';

const PLATFORM = github.bind({});
const LATER = '2026-11-20T09:19:30.123Z';
const own = { time: END, status: 'success' as const };
const pageOf = (id: string): string => `https://git.example.com/acme/shop/actions/runs/4401/job/${id}`;

const closing = aReport({
  role: 'closing',
  jobStart: LATER,
  job: aJob({ name: 'report', serverId: '4', url: pageOf('4') }),
  config: aConfig({
    needs: [
      { key: 'build', result: 'success' },
      { key: 'test', result: 'failure' },
    ],
  }),
});
const failure = { type: 'Job failed', message: 'Job "test" failed', domain: 'unknown' as const };
const pipeline = { time: END, status: 'error' as const, failure };
const ran = (id: string, name: string, parts = {}) =>
  anApiJob({ id, name, labels: ['ubuntu'], conclusion: 'success', startedAt: START, completedAt: LATER, ...parts });
const self = { name: 'report', url: pageOf('4'), status: 'success', start: LATER, end: END, reason: undefined };

describe('a closing job', () => {
  test('tells of all jobs of the run by the list, and of the first reason', () => {
    const jobs = [
      ran('1', 'build'),
      ran('2', 'test (20)', {
        conclusion: 'failure',
        steps: [anApiStep(), anApiStep({ name: 'npm test', number: 2, conclusion: 'failure' })],
      }),
      ran('3', 'docs', { conclusion: 'skipped', labels: [] }),
      ran('4', 'report', { conclusion: undefined, completedAt: undefined }),
      ran('5', 'late', { conclusion: undefined, completedAt: undefined }),
      ran('6', 'call', { labels: [] }),
      ran('7', 'old', { carriedOver: true }),
    ];
    expect(toEnded(closing, { job: own, pipeline, list: { jobs, complete: false } }, PLATFORM)).toEqual({
      name: 'CI',
      status: 'error',
      start: START,
      end: END,
      url: aRun().url,
      reason: 'Job "test" failed\ntest (20): Step "npm test" failed',
      jobs: [
        { name: 'build', url: pageOf('1'), status: 'success', start: START, end: LATER, reason: undefined },
        {
          name: 'test (20)',
          url: pageOf('2'),
          status: 'error',
          start: START,
          end: LATER,
          reason: 'Step "npm test" failed',
        },
        { name: 'docs', url: pageOf('3'), status: 'skipped', start: START, end: LATER, reason: undefined },
        self,
      ],
      notes: ['Jobs that an earlier attempt ran are not shown.', 'More jobs of this run are not shown.'],
    });
  });

  test('tells of the jobs in `needs` where there is no list', () => {
    const { jobs, reason, notes } = toEnded(closing, { job: own, pipeline, list: undefined }, PLATFORM);
    expect(jobs).toEqual([{ name: 'build', status: 'success' }, { name: 'test', status: 'error' }, self]);
    expect([reason, notes]).toEqual(['Job "test" failed', []]);
  });

  test('does not repeat what a step told', () => {
    const told = { ...failure, message: 'Quota exceeded' };
    const failed = { job: { ...own, status: 'error' as const, failure: told }, list: undefined };
    const { reason } = toEnded(closing, { ...failed, pipeline: { ...pipeline, failure: told } }, PLATFORM);
    expect(reason).toBe('Quota exceeded');
  });
});

test('a job that is the pipeline tells of itself, from its start to its end', () => {
  const { name, start, end, jobs } = toEnded(aReport(), { job: own, pipeline: own, list: undefined }, PLATFORM);
  expect([name, start, end, jobs.map((job) => job.name)]).toEqual(['CI', START, END, ['build']]);
});

test('one of several jobs took its own time, not that of its run', () => {
  const report = aReport({ role: 'member', jobStart: LATER });
  const { name, start, end } = toEnded(report, { job: own, list: undefined }, PLATFORM);
  expect([name, start, end]).toEqual(['CI › build', LATER, END]);
});
