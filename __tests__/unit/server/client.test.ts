import { describe, expect, test } from '@jest/globals';
import type { ApiAnswer, Get } from '../../../src/runner/runner.js';
import { createClient, type Refusal } from '../../../src/server/client.js';
import type { Read } from '../../../src/server/platforms/platform.js';
import { aLog } from '../../support/builders.js';

const read = (path: string, permission = 'actions: read'): Read<unknown> => ({
  path,
  permission,
  parse: (body) => body,
});

function aServer(answer: (path: string) => Partial<ApiAnswer> | Error, left = 5_000) {
  const { log, words, of } = aLog();
  const asked: [string, number][] = [];
  const get: Get = (path, timeout) => {
    asked.push([path, timeout]);
    const given = answer(path);
    return given instanceof Error
      ? Promise.reject(given)
      : Promise.resolve({ status: 200, headers: {}, body: 'read', ...given });
  };
  const refused: string[] = [];
  const onRefusal = ({ status, permission }: Refusal): void => void refused.push(`${status} ${permission}`);
  return {
    server: createClient(get, { deadline: { remaining: () => left }, log, onRefusal }),
    asked,
    words,
    of,
    refused,
  };
}

test('what was read is understood by whoever asked', async () => {
  const { server, asked } = aServer(() => ({ body: { n: 1 } }));
  expect(await server.read({ ...read('/a'), parse: (body) => (body as { n: number }).n + 1 })).toBe(2);
  // A part of the time only: the events are worth more.
  expect(asked).toEqual([['/a', 2_000]]);
});

describe('what can not be read is undefined', () => {
  test.each<[string, Partial<ApiAnswer> | Error]>([
    ['404', { status: 404 }],
    ['500', { status: 500 }],
    ['304', { status: 304 }],
    ['no answer', new Error('timeout')],
  ])('quietly: %s', async (_, answer) => {
    const { server, of } = aServer(() => answer);
    expect(await server.read(read('/a'))).toBeUndefined();
    expect(of('notice', 'warning', 'fail', 'info')).toEqual([]);
    expect(of('debug')).toEqual([expect.stringContaining('/a')]);
  });

  test('an answer that breaks the one who asked', async () => {
    const { server } = aServer(() => ({ body: null }));
    const parse = (body: unknown) => (body as { n: number }).n;
    expect(await server.read({ ...read('/a'), parse })).toBeUndefined();
  });

  test('without token nobody is asked', async () => {
    const { log, words } = aLog();
    expect(await createClient(undefined, { deadline: { remaining: () => 1 }, log }).read(read('/a'))).toBeUndefined();
    expect(words).toEqual([]);
  });
});

test.each([401, 403])('a refusal (%d) is heard with what the read takes, and says what to do', async (status) => {
  // However little is left of the rate limit.
  const { server, refused } = aServer((path) => ({
    status,
    headers: path === '/b' ? { 'x-ratelimit-remaining': '30' } : {},
  }));
  const fixes: unknown[] = [];
  await server.read(read('/a'), ({ fix }) => fixes.push(fix));
  await server.read(read('/b', 'contents: read'));
  expect(refused).toEqual([`${status} actions: read`, `${status} contents: read`]);
  expect(fixes).toEqual([expect.stringContaining('token')]);
});

describe('the rate limit, which the steps of the job share', () => {
  test.each<[string, string | undefined, number]>([
    ['nearly used up: nothing more is read', '49', 1],
    ['enough is left', '50', 2],
    ['none is told', undefined, 2],
    ['told in no number', 'many', 2],
  ])('%s', async (_, remaining, requests) => {
    const { server, asked } = aServer(() => ({ headers: { 'x-ratelimit-remaining': remaining } }));
    expect(await server.read(read('/a'))).toBe('read');
    await server.read(read('/b'));
    expect(asked).toHaveLength(requests);
  });

  test('nearly used up for one is so for all who share it, also when another answer does not tell', async () => {
    const limit = { spent: false };
    const asked: string[] = [];
    const get: Get = (path) => {
      asked.push(path);
      return Promise.resolve({
        status: 200,
        headers: path === '/a' ? { 'x-ratelimit-remaining': '3' } : {},
        body: 'read',
      });
    };
    const [one, other] = [0, 1].map(() =>
      createClient(get, { deadline: { remaining: () => 1_000 }, log: aLog().log, limit }),
    );
    await Promise.all([one!.read(read('/a')), one!.read(read('/b'))]);
    await other!.read(read('/c'));
    expect(asked).toEqual(['/a', '/b']);
  });

  test('GitHub’s secondary one, told in words, is no missing permission', async () => {
    const { server, refused } = aServer(() => ({
      status: 403,
      body: { message: 'You have exceeded a secondary rate limit.' },
    }));
    await server.read(read('/a'));
    expect(refused).toEqual([]);
  });

  // GitHub answers 403 with nothing remaining when the limit is used up; no permission helps against that.
  test('used up is no missing permission', async () => {
    const { server, refused } = aServer(() => ({ status: 403, headers: { 'x-ratelimit-remaining': '0' } }));
    await server.read(read('/a'));
    expect(refused).toEqual([]);
  });
});
