import { describe, expect, test } from '@jest/globals';
import { createDeadline } from '../../../src/runner/deadline.js';
import { latest, toDuration, toIso, toTime } from '../../../src/model/time.js';
import { aClock } from '../../support/clock.js';

describe("a server's time", () => {
  test.each<[string, unknown, string | undefined]>([
    ['UTC', '2026-11-20T09:15:02Z', '2026-11-20T09:15:02.000Z'],
    ['milliseconds', '2026-11-20T09:15:02.123Z', '2026-11-20T09:15:02.123Z'],
    ['nanoseconds, as Go writes them', '2026-11-20T09:15:02.123456789Z', '2026-11-20T09:15:02.123Z'],
    ['another zone', '2026-11-20T10:15:02+01:00', '2026-11-20T09:15:02.000Z'],
    ['a zone on another day', '2026-11-20T22:15:02-05:30', '2026-11-21T03:45:02.000Z'],
    ['a blank between date and time', '2026-11-20 09:15:02Z', '2026-11-20T09:15:02.000Z'],
    ['long ago, but set', '1970-01-02T00:00:00Z', '1970-01-02T00:00:00.000Z'],
    ["Go's zero time", '0001-01-01T00:00:00Z', undefined],
    ["Unix's zero time", '1970-01-01T00:00:00Z', undefined],
    ["Unix's zero time east of Greenwich", '1970-01-01T01:00:00+01:00', undefined],
    ["Unix's zero time west of Greenwich", '1969-12-31T19:00:00-05:00', undefined],
    ['no zone, which would mean another time on every machine', '2026-11-20T09:15:02', undefined],
    ['a date', '2026-11-20', undefined],
    ['a month that no calendar has', '2026-13-20T09:15:02Z', undefined],
    ['words', 'yesterday', undefined],
    ['nothing', '', undefined],
    ['null', null, undefined],
    ['a number', 1_795_166_102, undefined],
  ])('%s', (_, raw, expected) => {
    expect(toTime(raw)).toBe(expected);
  });

  // A year of five digits is none in RFC 3339: the schema refuses the whole event for it.
  test('a time that only in UTC leaves the years of four digits is none', () => {
    expect(toTime('9999-12-31T23:59:59-14:00')).toBeUndefined();
  });
});

test('milliseconds since the epoch as RFC 3339', () => {
  expect(toIso(1_795_166_130_123)).toBe('2026-11-20T09:15:30.123Z');
});

describe('the later of two times', () => {
  test.each([
    ['2026-11-20T09:15:30.000Z', '2026-11-20T09:15:31.000Z', '2026-11-20T09:15:31.000Z'],
    ['2026-11-20T09:15:31.000Z', '2026-11-20T09:15:30.000Z', '2026-11-20T09:15:31.000Z'],
    // By the instant, not by the letters.
    ['2026-11-20T09:15:30.000Z', '2026-11-20T10:15:29.000+01:00', '2026-11-20T09:15:30.000Z'],
  ])('%s and %s', (a, b, expected) => {
    expect(latest(a, b)).toBe(expected);
  });
});

test('a deadline runs out once and stays so', () => {
  const clock = aClock();
  const deadline = createDeadline(5, clock.clock);
  const left = [0, 1_200, 3_799, 1, 10_000].map((milliseconds) => {
    clock.pass(milliseconds);
    return deadline.remaining();
  });
  expect(left).toEqual([5_000, 3_800, 1, 0, 0]);
});

test.each([
  [-1, '0 s'],
  [0, '0 s'],
  [0.04, '0 s'],
  [0.44, '0.4 s'],
  [5, '5 s'],
  [9.96, '10 s'],
  [59.4, '59 s'],
  [59.6, '1 m 00 s'],
  [420, '7 m 00 s'],
  [3_600, '1 h 00 m 00 s'],
  [3_909, '1 h 05 m 09 s'],
  [100_000, '27 h 46 m 40 s'],
])('%p seconds took %s', (seconds, words) => {
  const start = '2026-11-20T09:15:02.000Z';
  expect(toDuration(start, toIso(Date.parse(start) + seconds * 1000))).toBe(words);
});
