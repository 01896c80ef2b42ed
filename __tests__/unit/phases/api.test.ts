import { expect, test } from '@jest/globals';
import { openApi, speaking } from '../../../src/phases/api.js';
import type { Session } from '../../../src/runner/session.js';
import { github } from '../../../src/server/platforms/github.js';
import { aConfig, aLog, aRun } from '../../support/builders.js';

const REFUSED = { why: 'the server answered 403', status: 403, permission: 'actions: read', fix: 'Give it.' };
const NO_TOKEN = { why: 'the server answered 401', status: 401, permission: 'actions: read', refusesToken: true };

test.each([
  [REFUSED, 'refused a read (403), so details are missing; `permissions: actions: read` in the workflow allows it.'],
  [NO_TOKEN, "does not accept this job's token (401), so details are missing."],
  [{ ...NO_TOKEN, fix: 'Leave it.' }, 'does not accept the token (401), so details are missing. Leave it.'],
])('what is refused is said once with what to do: %p', (refusal, words) => {
  const { log, of } = aLog();
  const { onRefusal } = speaking(log);
  onRefusal?.(refusal);
  onRefusal?.(refusal);
  expect(of('notice')).toEqual([`The server's API ${words}`]);
});

test('a refused token is no news where it tells of a cancel, another refusal is', () => {
  const { log, of } = aLog();
  const { onRefusal } = speaking(log, true);
  onRefusal?.(NO_TOKEN);
  expect(of('notice')).toEqual([]);
  onRefusal?.(REFUSED);
  expect(of('notice')).toHaveLength(1);
});

test.each([
  ['', 'https://git.example.com/api/v1'],
  ['token-0123456789', ''],
])('with token %j and address %j the API is not read', async (token, apiUrl) => {
  const createGet = () => () => Promise.reject(new Error('never'));
  const session = { runner: { createGet }, config: aConfig({ token }), ...aLog() } as unknown as Session;
  const why: string[] = [];
  const client = openApi({ run: aRun(), platform: github.bind({}), apiUrl }, session);
  await client.read({ path: '/a', permission: 'actions: read', parse: () => true }, (unread) => why.push(unread.why));
  expect(why).toEqual(["there is no token for the server's API, or the API's address is not known"]);
});
