import { expect, test } from '@jest/globals';
import { warnUnknownEnd } from '../../../src/phases/observe-warnings.js';
import { github } from '../../../src/server/platforms/github.js';
import { aLog } from '../../support/builders.js';

test.each([
  [
    { jobs: [], missing: 1, unread: true, why: { why: 'the server answered 403' } },
    'could be read that has ended (the server answered 403), so how',
  ],
  [{ jobs: [], missing: 0, unread: false }, 'could be read that has ended, so how'],
  [undefined, 'could be read that has ended, so how'],
])('an end that is not known says why, %p', (list, words) => {
  const { log, of } = aLog();
  warnUnknownEnd(list, github.bind({}), log);
  expect(of('warning')).toEqual([expect.stringContaining(words)]);
});
