import { expect, test } from '@jest/globals';
import { warnDropped, warnForeignSha, warnSetUp, warnUnknownStart } from '../../../src/phases/warnings.js';
import { aLog, anApiJob, aRevision, aRun } from '../../support/builders.js';

test('tags that are left out are named once, each list by itself', () => {
  const { log, of } = aLog();
  warnDropped([[`long:${'v'.repeat(300)}`, 'event:push'], [], [`long:${'v'.repeat(300)}`, 'event:push'], ['a:1']], log);
  expect(of('warning')).toEqual([
    expect.stringMatching(/^2 tags or measures were left out \(long:v+…, event:push\).*300 characters/),
    expect.stringMatching(/^1 tags or measures were left out \(a:1\)/),
  ]);
});

test.each([
  ['ab'.repeat(32), 1],
  ['ab'.repeat(20), 0],
  [undefined, 0],
])('a commit id %s makes %d notices', (sha, count) => {
  const { log, of } = aLog();
  const run = aRun({ commit: undefined, revision: aRevision({ sha }) });
  warnForeignSha(run, log);
  warnForeignSha(run, log);
  expect(of('notice')).toHaveLength(count);
});

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
  warnSetUp({ role: 'whole', config: { matrix: 'null' }, random: false, startsPipeline: true, listed }, log);
  expect(of('warning')).toEqual([expect.stringContaining(words)]);
});
