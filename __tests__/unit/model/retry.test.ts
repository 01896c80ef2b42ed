import { describe, expect, test } from '@jest/globals';
import { decide, isPassing } from '../../../src/model/retry.js';
import { NOW } from '../../support/clock.js';

const answer = (status: number, headers: Record<string, string | string[]> = {}) => ({ status, headers, body: '' });
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
    expect(decide({ tries, remaining: LEFT, now: NOW, random })).toEqual({ wait });
  });

  test.each([
    [251, { wait: 250 }],
    [250, { giveUp: 'no time is left for try 2' }],
    [0, { giveUp: 'no time is left for try 2' }],
  ])('with %d ms left', (remaining, expected) => {
    expect(decide({ tries: 1, remaining, now: NOW, random: 0 })).toEqual(expected);
  });
});

describe('the server names a time', () => {
  const waitFor = (status: number, headers: Record<string, string | string[]>, remaining = LEFT) =>
    decide({ tries: 1, answer: answer(status, headers), remaining, now: NOW, random: 0 });

  test.each<[string, number, Record<string, string | string[]>, number]>([
    ['seconds', 429, { 'retry-after': '3' }, 3_000],
    ['seconds with an error of its own', 503, { 'retry-after': '7' }, 7_000],
    ['a date', 429, { 'retry-after': 'Fri, 20 Nov 2026 09:15:40 GMT' }, 9_877],
    ['the first of several', 429, { 'retry-after': ['2', '9'] }, 2_000],
    ["Datadog's own header", 429, { 'x-ratelimit-reset': '4' }, 4_000],
    ['Retry-After before the other', 429, { 'retry-after': '2', 'x-ratelimit-reset': '9' }, 2_000],
    ["Datadog's own header on another error is about something else", 500, { 'x-ratelimit-reset': '9' }, 250],
    ['a malformed one counts as none', 429, { 'retry-after': 'soon' }, 250],
    ['words with a number count as none', 429, { 'retry-after': '5 seconds' }, 250],
    ['an empty one counts as none', 429, { 'retry-after': '' }, 250],
    ['a malformed one does not hide the other', 429, { 'retry-after': 'soon', 'x-ratelimit-reset': '4' }, 4_000],
    ['a malformed one of the other kind', 429, { 'x-ratelimit-reset': '4s' }, 250],
  ])('%s', (_, status, headers, wait) => {
    expect(waitFor(status, headers)).toEqual({ wait });
  });

  test.each([
    [0, LEFT, 3_000],
    [0.5, LEFT, 3_188],
    [0.999, LEFT, 3_500],
    [0.999, 3_200, 3_199],
    [0.999, 3_000.5, 3_000],
  ])('and many are told the same: with the dice at %d and %d ms left, %d ms', (random, left, wait) => {
    const told = answer(503, { 'retry-after': '3' });
    expect(decide({ tries: 1, answer: told, remaining: left, now: NOW, random })).toEqual({ wait });
  });

  test.each<[string, Record<string, string>]>([
    ['seconds', { 'retry-after': '60' }],
    ['a date', { 'retry-after': 'Fri, 20 Nov 2026 09:16:30 GMT' }],
    ["Datadog's own header", { 'x-ratelimit-reset': '60' }],
    ['seconds up to the very end', { 'retry-after': '20' }],
  ])('that does not fit: it gives up at once and says so (%s)', (_, headers) => {
    expect(waitFor(429, headers)).toEqual({
      giveUp: expect.stringMatching(/the server asks to wait \d+ s, longer than `timeout` allows/),
    });
  });

  // JavaScript's own Date.parse reads "-5" as a day in May 2001, in the local zone: past, so the next try came at once.
  test.each(['-5', '1.5', '2001-01-01'])('a Retry-After of "%s" is malformed', (value) => {
    expect(waitFor(429, { 'retry-after': value })).toEqual({ wait: 250 });
  });

  // Otherwise a server that answers so for ever gets thousands of requests within the deadline.
  test.each(['0', 'Fri, 20 Nov 2026 09:15:00 GMT'])('no wait at all ("%s") is still a backoff', (value) => {
    expect(waitFor(429, { 'retry-after': value })).toEqual({ wait: 250 });
  });
});
