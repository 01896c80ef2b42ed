import { expect, test } from '@jest/globals';
import { warnSetUp, warnUnknownStart } from '../../../src/phases/main-warnings.js';
import { aLog, anApiJob, aReport } from '../../support/builders.js';

test.each([
  [{ why: 'the server answered 403' }, /is not known: the server answered 403\. /],
  [undefined, /is not known: the server's API tells no start\. /],
])('a run whose start is not known says what was tried: %p', (unread, words) => {
  const { log, of } = aLog();
  warnUnknownStart(unread, log);
  expect(of('warning')).toEqual([expect.stringMatching(words)]);
});

test.each([
  [true, 'the run has 2 jobs'],
  [false, 'the run has at least 2 jobs'],
])('a list of jobs that is complete: %p, says %s', (complete, words) => {
  const { log, of } = aLog();
  const listed = { jobs: [anApiJob(), anApiJob({ name: 'test' })], complete };
  warnSetUp(aReport(), { repeatsRunId: false, listed }, log);
  expect(of('warning')).toEqual([expect.stringContaining(words)]);
});
