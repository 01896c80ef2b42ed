import { describe, expect, test } from '@jest/globals';
import type { ApiJob, ApiRun } from '../../../src/server/answers.js';
import type { Platform } from '../../../src/server/platforms/platform.js';
import { type JobEndSources, needsServer, toJobEnd } from '../../../src/pipeline/job-end.js';
import { parseStatus } from '../../../src/model/status.js';
import { anApiJob, anApiStep, platformOf } from '../../support/builders.js';

const GITHUB = platformOf({});
const ACT = platformOf({ ACT: 'true' });
const GITEA = platformOf({ GITEA_ACTIONS: 'true' });
const FORGEJO = platformOf({ FORGEJO_ACTIONS: 'true' });

describe("Datadog's word for a server's", () => {
  test.each([
    ['success', 'success'],
    ['failure', 'error'],
    ['error', 'error'],
    ['cancelled', 'canceled'],
    ['canceled', 'canceled'],
    ['skipped', 'skipped'],
    ['timed_out', 'error'],
    ['startup_failure', 'error'],
    ['action_required', 'blocked'],
    ['neutral', 'success'],
    ['stale', 'canceled'],
    [' Success ', 'success'],
  ])('%s is %s', (conclusion, expected) => {
    expect(parseStatus(conclusion)).toBe(expected);
  });

  test.each([undefined, '', 'null', 'in_progress', 'queued', 'waiting', 'unknown', 'running', 'constructor'])(
    '%j is none, and no failure',
    (word) => {
      expect(parseStatus(word)).toBeUndefined();
    },
  );
});

type Facts = Partial<JobEndSources>;

const facts = (platform: Platform, parts: Facts): JobEndSources => ({
  platform,
  inComposite: false,
  status: '',
  written: '',
  jobStatus: '',
  ...parts,
});
const jobEnd = (platform: Platform, parts: Facts): string => {
  const { status, source, certain } = toJobEnd(facts(platform, parts));
  return `${status} from ${source}${certain ? '' : '?'}`;
};

const COMPOSITE = { inComposite: true };

describe('how a job ended, without an API', () => {
  test.each<[string, Platform, Facts, string]>([
    ['GitHub: success', GITHUB, { jobStatus: 'success' }, 'success from job-status'],
    ['GitHub: failure', GITHUB, { jobStatus: 'failure' }, 'error from job-status'],
    ['GitHub: cancelled', GITHUB, { jobStatus: 'cancelled' }, 'canceled from job-status'],
    ['GitHub: inside of a composite', GITHUB, { jobStatus: 'success', ...COMPOSITE }, 'success from job-status'],
    ['GitHub: no word at all', GITHUB, { jobStatus: '' }, 'success from assumed?'],
    ['GitHub: a word nobody knows', GITHUB, { jobStatus: 'great' }, 'success from assumed?'],
    ['act: success', ACT, { jobStatus: 'success' }, 'success from job-status'],
    ['act: success inside of a composite', ACT, { jobStatus: 'success', ...COMPOSITE }, 'success from assumed?'],
    ['act: failure inside of a composite', ACT, { jobStatus: 'failure', ...COMPOSITE }, 'error from job-status'],
    ['Gitea: success, which main saw', GITEA, { jobStatus: 'success' }, 'success from assumed?'],
    ['Gitea: failure', GITEA, { jobStatus: 'failure' }, 'error from job-status'],
    ['Gitea: cancelled', GITEA, { jobStatus: 'cancelled' }, 'canceled from job-status'],
    ['Gitea: the input knows', GITEA, { status: 'success', jobStatus: 'success' }, 'success from status'],
    ['Gitea: the input knows of a failure', GITEA, { status: 'failure', jobStatus: 'success' }, 'error from status'],
    [
      'Gitea: the input inside of a composite',
      GITEA,
      { status: 'success', jobStatus: 'success', ...COMPOSITE },
      'success from assumed?',
    ],
    [
      'Gitea: a failure there is one',
      GITEA,
      { status: 'failure', jobStatus: 'success', ...COMPOSITE },
      'error from status',
    ],
    [
      'Gitea: an unusable input counts as none',
      GITEA,
      { status: 'great', jobStatus: 'failure' },
      'error from job-status',
    ],
    ['Forgejo: success, maybe after a cancel', FORGEJO, { jobStatus: 'success' }, 'success from job-status?'],
    ['Forgejo: failure', FORGEJO, { jobStatus: 'failure' }, 'error from job-status'],
    [
      'Forgejo: success inside of a composite',
      FORGEJO,
      { jobStatus: 'success', ...COMPOSITE },
      'success from assumed?',
    ],
    ['the input comes first', GITHUB, { status: 'cancelled', jobStatus: 'failure' }, 'canceled from status'],
  ])('%s', (_, platform, parts, expected) => {
    expect(jobEnd(platform, parts)).toBe(expected);
  });
});

describe('how a job ended, by its own steps', () => {
  const stale = (...conclusions: (string | undefined)[]): Facts => ({
    jobStatus: 'success',
    job: anApiJob({
      steps: conclusions.map((conclusion, index) => anApiStep({ name: `step ${index}`, number: index, conclusion })),
    }),
  });

  test.each<[string, Facts, string, string[]]>([
    ['all went well', stale('success', 'success'), 'success from steps', []],
    ['the last one failed', stale('success', 'failure'), 'error from steps?', []],
    ['one failed, the next was skipped', stale('failure', 'skipped'), 'error from steps?', []],
    [
      'one failed, a later one ran, but between them one was skipped',
      stale('failure', 'skipped', 'success'),
      'error from steps?',
      [],
    ],
    ['one failed and the next ran', stale('failure', 'success'), 'success from steps?', ['step 0']],
    [
      'two failed, and nobody says which was allowed to',
      stale('failure', 'success', 'failure'),
      'error from steps?',
      [],
    ],
    ['one was cancelled', stale('success', 'cancelled'), 'canceled from steps', []],
    ['one was cancelled, the next skipped', stale('cancelled', 'skipped'), 'canceled from steps', []],
    ['one timed out', stale('timed_out', 'skipped'), 'error from steps?', []],
    ['a skipped one is no failure', stale('skipped', 'success'), 'success from steps', []],
    ['one has not ended', stale('success', undefined), 'canceled from steps?', []],
    [
      'one has not ended, also when looked at again',
      { ...stale('success', undefined), isSettled: true },
      'canceled from steps',
      [],
    ],
    ['one failed, the next never ran', { ...stale('failure', undefined), isSettled: true }, 'canceled from steps', []],
    ['there are none', stale(), 'success from assumed?', []],
  ])('%s', (_, parts, expected, tolerated) => {
    expect(jobEnd(GITEA, parts)).toBe(expected);
    expect(toJobEnd(facts(GITEA, parts)).tolerated).toEqual(tolerated);
  });

  const told = (...steps: [conclusion: string, isTolerated: boolean | undefined][]): Facts => ({
    jobStatus: 'success',
    job: anApiJob({
      steps: steps.map(([conclusion, isTolerated], at) => anApiStep({ name: `step ${at}`, conclusion, isTolerated })),
    }),
  });

  test.each<[string, Facts, string, string[]]>([
    ['the last one, which may fail', told(['success', false], ['failure', true]), 'success from steps', ['step 1']],
    [
      'one that may fail, before a skipped one',
      told(['failure', true], ['skipped', false]),
      'success from steps',
      ['step 0'],
    ],
    [
      'one that may not, before one that always runs',
      told(['failure', false], ['success', false]),
      'error from steps',
      [],
    ],
    [
      'one that may and one that may not',
      told(['failure', true], ['failure', false], ['success', false]),
      'error from steps',
      [],
    ],
    [
      'one by an expression, and one that may not',
      told(['failure', undefined], ['failure', false]),
      'error from steps',
      [],
    ],
    [
      'one by an expression, and one that may',
      told(['failure', undefined], ['failure', true]),
      'success from steps?',
      ['step 0', 'step 1'],
    ],
  ])("where the workflow's file tells which steps may fail: %s", (_, parts, expected, tolerated) => {
    expect(jobEnd(GITEA, parts)).toBe(expected);
    expect(toJobEnd(facts(GITEA, parts)).tolerated).toEqual(tolerated);
  });

  test("the job's own conclusion comes before its steps'", () => {
    const job = anApiJob({ conclusion: 'cancelled', steps: [anApiStep({ conclusion: 'failure' })] });
    expect(jobEnd(GITEA, { jobStatus: 'success', job })).toBe('canceled from job');
  });

  test.each<[string, Platform, Facts]>([
    ['GitHub', GITHUB, { jobStatus: 'success' }],
    ['the input', GITEA, { status: 'success', jobStatus: 'success' }],
    ["a failure that Gitea's runner tells", GITEA, { jobStatus: 'failure' }],
    ['a line in the run-time file', GITEA, { written: 'success', jobStatus: 'success' }],
  ])('what the server says of it counts for nothing where the word is good: %s', (_, platform, parts) => {
    const job: ApiJob = anApiJob({ conclusion: 'failure' });
    expect(toJobEnd(facts(platform, { ...parts, job })).source).not.toBe('job');
  });

  test('inside of a composite the steps decide over success, whatever the input says', () => {
    const parts = { ...stale('failure', 'skipped'), status: 'success', ...COMPOSITE };
    expect(jobEnd(GITEA, parts)).toBe('error from steps?');
  });
});

describe("the server's sign of a cancel goes over every other word", () => {
  const words: Facts = { status: 'success', written: 'failure', jobStatus: 'success' };
  test.each<[string, Platform, Facts, string]>([
    ['Gitea: the token is refused', GITEA, { refusal: {} }, 'canceled from token-refused?'],
    ['Forgejo: the token is refused', FORGEJO, { refusal: {} }, 'canceled from token-refused?'],
    [
      'Forgejo: the token is refused, and anybody can read why',
      FORGEJO,
      { refusal: { told: 'cancelled' } },
      'canceled from job',
    ],
    ['Gitea: the token is refused to a job that failed', GITEA, { refusal: { told: 'failure' } }, 'error from job'],
    ['Gitea: the job is cancelled', GITEA, { job: anApiJob({ conclusion: 'cancelled' }) }, 'canceled from job'],
    ['Forgejo: the run is cancelled', FORGEJO, { run: { conclusion: 'cancelled' } }, 'canceled from run'],
    [
      'Gitea: a step was cut off',
      GITEA,
      { job: anApiJob({ steps: [{ name: '', number: 0 }] }), isSettled: true },
      'canceled from steps',
    ],
    ['GitHub has none: a refused token', GITHUB, { refusal: {} }, 'success from status'],
    [
      'GitHub has none: an open step',
      GITHUB,
      { job: anApiJob({ steps: [{ name: '', number: 0 }] }) },
      'success from status',
    ],
  ])('%s', (_, platform, sign, expected) => {
    expect(jobEnd(platform, { ...words, ...sign })).toBe(expected);
  });

  test.each<[string, Facts, string]>([
    ['the input', { status: 'failure', written: 'success' }, 'error from status'],
    ['the line in the run-time file', { written: 'failure', jobStatus: 'success' }, 'error from runtime-file'],
    [
      'the line, where a composite hides the rest',
      { written: 'success', status: 'success', jobStatus: 'success', ...COMPOSITE },
      'success from runtime-file',
    ],
  ])('without one the next is %s', (_, parts, expected) => {
    expect(jobEnd(FORGEJO, parts)).toBe(expected);
  });
});

describe("how a job ended, by the run's conclusion", () => {
  test.each<[string, Facts, ApiRun | undefined, string]>([
    [
      'a cancel after which the runner says success',
      { jobStatus: 'success' },
      { conclusion: 'cancelled' },
      'canceled from run',
    ],
    [
      'a cancel after which it says failure',
      { jobStatus: 'failure' },
      { conclusion: 'cancelled' },
      'canceled from run',
    ],
    ['another job of the run failed', { jobStatus: 'success' }, { conclusion: 'failure' }, 'success from job-status'],
    ['the run goes on', { jobStatus: 'success' }, {}, 'success from job-status'],
    ['this job failed', { jobStatus: 'failure' }, {}, 'error from job-status'],
    ['the run is not known', { jobStatus: 'success' }, undefined, 'success from job-status?'],
    ['inside of a composite the run goes on', { jobStatus: 'success', ...COMPOSITE }, {}, 'success from assumed?'],
    ['no word, and the run was cancelled', { jobStatus: '' }, { conclusion: 'cancelled' }, 'canceled from run'],
  ])('Forgejo: %s', (_, parts, run, expected) => {
    expect(jobEnd(FORGEJO, { ...parts, run })).toBe(expected);
  });
});

describe('the server is asked only where its word is needed', () => {
  test.each<[string, Platform, Facts, boolean]>([
    ['GitHub', GITHUB, { jobStatus: 'success' }, false],
    ['GitHub without a word', GITHUB, { jobStatus: '' }, true],
    ['act', ACT, { jobStatus: 'success' }, false],
    ['act inside of a composite', ACT, { jobStatus: 'success', ...COMPOSITE }, true],
    ['Gitea: success', GITEA, { jobStatus: 'success' }, true],
    ['Gitea: failure', GITEA, { jobStatus: 'failure' }, false],
    ['Gitea: the input', GITEA, { status: 'success', jobStatus: 'success' }, false],
    ['Gitea: the input inside of a composite', GITEA, { status: 'success', ...COMPOSITE }, true],
    ['Gitea: a failure there', GITEA, { status: 'failure', ...COMPOSITE }, false],
    ['Forgejo: success', FORGEJO, { jobStatus: 'success' }, true],
    ['Forgejo: failure, maybe of a cancel', FORGEJO, { jobStatus: 'failure' }, true],
    ['Forgejo: the input', FORGEJO, { status: 'failure', jobStatus: 'failure' }, false],
  ])('%s', (_, platform, parts, expected) => {
    expect(needsServer(facts(platform, parts))).toBe(expected);
  });
});

test("the server's own word is kept beside Datadog's", () => {
  expect(toJobEnd(facts(GITHUB, { jobStatus: 'timed_out' }))).toMatchObject({
    status: 'error',
    conclusion: 'timed_out',
  });
});
