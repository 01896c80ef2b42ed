import { expect, test } from '@jest/globals';
import { warnDropped, warnForeignSha } from '../../../src/phases/warnings.js';
import { aLog, aRevision, aRun } from '../../support/builders.js';

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
