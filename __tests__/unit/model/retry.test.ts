import { describe, expect, test } from '@jest/globals';
import { decide, isPassing, toRetryAfter } from '../../../src/model/retry.js';
import { NOW } from '../../support/clock.js';

const LEFT = 20_000;

describe('another try may end differently', () => {
  test.each([408, 429, 500, 502, 503, 504, 599])('%d', (status) => {
    expect(isPassing(status)).toBe(true);
  });
  test.each([200, 202, 204, 301, 302, 307, 400, 401, 403, 404, 407, 413, 422])('not %d', (status) => {
    expect(isPassing(status)).toBe(false);
  });
});

describe('waits grow, with jitter', () => {
  test.each([
    [1, 0, 250],
    [1, 0.999, 500],
    [2, 0, 500],
    [3, 0, 1_000],
    [4, 0.5, 3_000],
    [5, 0, 2_500],
    [50, 0.999, 4_998],
  ])('after try %d, with the dice at %d: %d ms', (tries, random, wait) => {
    expect(decide({ tries, remaining: LEFT, random })).toEqual({ wait });
  });

  test.each([
    [251, { wait: 250 }],
    [250, { giveUp: 'no time is left for try 2' }],
    [0, { giveUp: 'no time is left for try 2' }],
  ])('with %d ms left', (remaining, expected) => {
    expect(decide({ tries: 1, remaining, random: 0 })).toEqual(expected);
  });
});

describe('the server names a time', () => {
  test.each([
    [0, LEFT, 3_000],
    [0.5, LEFT, 3_188],
    [0.999, LEFT, 3_500],
    [0.999, 3_200, 3_199],
    [0.999, 3_000.5, 3_000],
  ])('and many are told the same: with the dice at %d and %d ms left, %d ms', (random, remaining, wait) => {
    expect(decide({ tries: 1, named: 3_000, remaining, random })).toEqual({ wait });
  });

  test.each([
    [60_000, 60],
    [59_001, 60],
    [LEFT, 20],
  ])('that does not fit: it gives up at once and says so (%d ms)', (named, seconds) => {
    expect(decide({ tries: 1, named, remaining: LEFT, random: 0 })).toEqual({
      giveUp: `the server asks to wait ${seconds} s, longer than \`timeout\` allows`,
    });
  });

  // Otherwise a server that answers so for ever gets thousands of requests within the deadline.
  test('no wait at all is still a backoff', () => {
    expect(decide({ tries: 1, named: 0, remaining: LEFT, random: 0 })).toEqual({ wait: 250 });
  });
});

describe('Retry-After', () => {
  test.each<[string, string | string[] | undefined, number | undefined]>([
    ['seconds', '3', 3_000],
    ['none', '0', 0],
    ['a date', 'Fri, 20 Nov 2026 09:15:40 GMT', 9_877],
    ['a date that is past', 'Fri, 20 Nov 2026 09:15:00 GMT', 0],
    ['the first of several', ['2', '9'], 2_000],
    ['absent', undefined, undefined],
    ['empty', '', undefined],
    ['a word', 'soon', undefined],
    ['words with a number', '5 seconds', undefined],
    // JavaScript's own Date.parse reads "-5" as a day in May 2001, in the local zone: past, so the next try came at once.
    ['negative', '-5', undefined],
    ['a fraction', '1.5', undefined],
    ['a date of another form', '2001-01-01', undefined],
    ['a date that no month has', 'Fri, 99 Nov 2026 09:15:40 GMT', undefined],
  ])('%s', (_, value, expected) => {
    expect(toRetryAfter({ 'retry-after': value }, NOW)).toBe(expected);
  });
});
