import { describe, expect, test } from '@jest/globals';
import { createDeadline } from '../../../src/runner/deadline.js';
import type { ApiAnswer } from '../../../src/runner/runner.js';
import type { RateLimit } from '../../../src/server/rate-limit.js';
import { withRetries } from '../../../src/server/with-retries.js';
import { aLog } from '../../support/builders.js';

describe('retries', () => {
  /** A GET that gets these answers in turn, and the waits between them, on a clock of its own. */
  const ask = async (
    answers: (Partial<ApiAnswer> | Error)[],
    { seconds = 60, mostTries = Infinity, limit = { spent: false } } = {},
  ) => {
    let now = 0;
    const waits: number[] = [];
    const get = withRetries(
      () => {
        const answer = answers.shift()!;
        return answer instanceof Error
          ? Promise.reject(answer)
          : Promise.resolve({ status: 200, headers: {}, body: {}, ...answer });
      },
      {
        deadline: createDeadline(seconds, () => now),
        mostTries,
        sleep: (milliseconds) => {
          waits.push(milliseconds);
          now += milliseconds;
          return Promise.resolve();
        },
        now: () => 1_000_000,
        random: () => 0.5,
        log: aLog().log,
        limit,
      },
    );
    const outcome = await get('/x', 1_000).then(({ status }) => status, String);
    return { outcome, waits, left: answers.length };
  };
  const limited = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1007' };

  test.each<[string, (Partial<ApiAnswer> | Error)[], object | undefined, object]>([
    ['a network error', [new Error('x'), {}], undefined, { outcome: 200, waits: [375] }],
    ['404 is an answer', [{ status: 404 }], undefined, { outcome: 404, waits: [] }],
    ['403 is an answer', [{ status: 403 }], undefined, { outcome: 403, waits: [] }],
    [
      'the primary rate limit ends at a time, soon after which it is asked',
      [{ status: 403, headers: limited }, {}],
      undefined,
      { outcome: 200, waits: [7_188] },
    ],
    ['which may be too late', [{ status: 403, headers: limited }, {}], { seconds: 5 }, { outcome: 403, waits: [] }],
    [
      'the secondary rate limit, told in words only',
      [{ status: 403, body: { message: 'You have exceeded a secondary rate limit' } }, {}],
      { seconds: 90 },
      { outcome: 200, waits: [60_188] },
    ],
    [
      'a malformed time does not hide the other',
      [{ status: 403, headers: { ...limited, 'retry-after': 'soon' } }, {}],
      undefined,
      { outcome: 200, waits: [7_188] },
    ],
    [
      'no more tries than allowed',
      [{ status: 500 }, { status: 500 }, {}],
      { mostTries: 2 },
      { outcome: 500, waits: [375] },
    ],
  ])('%s', async (_, answers, options, expected) => {
    expect(await ask(answers, options)).toMatchObject(expected);
  });

  test('a server that is out of order for one thing may still be asked for others', async () => {
    const limit: RateLimit = { spent: false };
    await ask([{ status: 503, headers: { 'retry-after': '120' } }], { limit });
    expect(await ask([{}], { limit })).toMatchObject({ outcome: 200 });
  });

  test.each(['120', 'Thu, 01 Jan 1970 00:18:40 GMT'])(
    'a wait that is too long is obeyed by all: nobody asks',
    async (wait) => {
      const limit: RateLimit = { spent: false };
      await ask([{ status: 429, headers: { 'retry-after': wait } }], { limit });
      expect(await ask([{}], { limit })).toMatchObject({ outcome: 429, left: 1 });
    },
  );
});
