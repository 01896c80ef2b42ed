import { expect, test } from '@jest/globals';
import { readSecrets } from '../../../src/runner/session.js';
import { aConfig, KEY } from '../../support/builders.js';

test.each<[string, string, string[]]>([
  ["the job's own token, each once", 'job-token-0123456789', [KEY, 'job-token-0123456789', 'runtime-token']],
  [
    "a token of the user's own hides the job's too",
    'own-token-0123456789',
    [KEY, 'own-token-0123456789', 'job-token-0123456789', 'runtime-token'],
  ],
  ['no token', '', [KEY, 'job-token-0123456789', 'runtime-token']],
])('what must not show, with %s', (_, token, expected) => {
  const input = (name: string): string => (name === 'job-token' ? 'job-token-0123456789' : '');
  expect(readSecrets(aConfig({ token }), { input, env: { ACTIONS_RUNTIME_TOKEN: 'runtime-token' } })).toEqual(expected);
});
