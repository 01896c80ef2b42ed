import { describe, expect, test } from '@jest/globals';
import { createDeadline } from '../../../src/runner/deadline.js';
import type { Incoming } from '../../../src/runner/runner.js';
import { openLog } from '../../../src/server/logs.js';
import { TOKEN } from '../../support/builders.js';
import { aClock } from '../../support/clock.js';

const API = 'https://git.example.com/api/v1';
const where = { path: '/repos/acme/shop/actions/jobs/1/logs', permission: 'actions: read' };

type Reply = Partial<Pick<Incoming, 'status' | 'headers'>> | Error;

async function open(replies: Reply[], { apiUrl = API, token = TOKEN, spent = false } = {}) {
  const clock = aClock();
  const asked: string[] = [];
  const limit = { spent };
  const opened = await openLog(where, {
    get: ({ url, headers }) => {
      const reply = replies[Math.min(asked.length, replies.length - 1)]!;
      asked.push(`${url} ${headers['authorization'] ?? 'nobody'}`);
      if (reply instanceof Error) return Promise.reject(reply);
      return Promise.resolve({ status: 200, headers: {}, body: toStream(), ...reply });
    },
    apiUrl,
    token,
    deadline: createDeadline(5, clock.clock),
    limit,
    sleep: clock.sleep,
    debug: () => undefined,
  });
  const unread = 'why' in opened ? opened : undefined;
  return { asked, unread, limit, sleeps: clock.sleeps };
}

async function* toStream(): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from('x'));
}

const to = (location: string): Reply => ({ status: 302, headers: { location } });

describe('a redirect', () => {
  test.each<[string, string, string, string]>([
    [
      'to another host goes without the token',
      API,
      'https://files.example.com/a?b=c',
      'https://files.example.com/a?b=c',
    ],
    ['may be relative', API, '/files/1', 'https://git.example.com/files/1'],
    ['within plain http stays plain', 'http://gitea:3000/api/v1', 'http://minio:9000/a', 'http://minio:9000/a'],
  ])('%s', async (_, apiUrl, location, target) => {
    const { asked, unread } = await open([to(location), {}], { apiUrl });
    expect(asked).toEqual([`${apiUrl}${where.path} token ${TOKEN}`, `${target} nobody`]);
    expect(unread).toBeUndefined();
  });

  test.each<[string, Reply[]]>([
    ['from https to http', [to('http://files.example.com/a'), {}]],
    ['to no URL', [to('https://'), {}]],
    ['to a file', [to('file:///etc/passwd'), {}]],
    ['without an address', [{ status: 302 }, {}]],
    ['after a redirect', [to('https://a.example.com/'), to('https://b.example.com/'), {}]],
  ])('%s is not followed', async (_, replies) => {
    const { asked, unread } = await open(replies);
    expect(asked).toHaveLength(replies.length - 1);
    expect(unread).toEqual({ why: 'the server answered 302', status: 302, fix: undefined });
  });
});

test.each<[string, Reply[], number[], string | undefined]>([
  ['what may pass is tried again', [{ status: 500 }, new Error('reset'), {}], [500, 2_000], undefined],
  ['but not for ever', [{ status: 500 }], [500, 2_000], 'the server answered 500'],
  ['and nothing else is', [{ status: 404 }, {}], [], 'the server answered 404'],
])('%s', async (_, replies, sleeps, why) => {
  const opened = await open(replies);
  expect([opened.sleeps, opened.unread?.why]).toEqual([sleeps, why]);
});

test('the last of a rate limit is left to others', async () => {
  const first = await open([{ headers: { 'x-ratelimit-remaining': '49' } }]);
  expect([first.unread, first.limit.spent]).toEqual([undefined, true]);
  const second = await open([{}], { spent: true });
  expect([second.asked, second.unread?.why]).toEqual([[], 'the rate limit of the token is nearly used up']);
});

test.each([
  ['a token', { token: '' }],
  ['an API', { apiUrl: '' }],
])('without %s nothing is asked', async (_, options) => {
  const { asked, unread } = await open([{}], options);
  expect([asked, unread?.why]).toEqual([[], 'there is no token to read it with']);
});
