import { expect, test } from '@jest/globals';
import { endedSince, toHorizon, toWindow } from '../../../src/observed/window.js';

const NOW = Date.parse('2026-11-20T12:00:00Z');

test.each([
  ['an hour at first', {}, '2026-11-20T11:00:00.000Z', false],
  ['a little before the last look began', { lastLook: '2026-11-20T11:50:00.000Z' }, '2026-11-20T11:48:00.000Z', false],
  ['to the second where it is asked for', { since: '2026-11-20T09:30:00.000Z' }, '2026-11-20T09:30:00.000Z', false],
  [
    'what is asked for, whatever the last look was',
    { since: '2026-11-20T09:30:00.000Z', lastLook: '2026-11-20T11:50:00.000Z' },
    '2026-11-20T09:30:00.000Z',
    false,
  ],
  ['no further than Datadog takes', { lastLook: '2026-11-18T00:00:00.000Z' }, '2026-11-19T18:02:00.000Z', true],
])('a window reaches back %s', (_, told, since, isCut) => {
  expect(toWindow(told, NOW)).toEqual({ since, isCut });
});

test.each([
  ['at its beginning', '2026-11-20T11:00:00.000Z', true],
  ['before', '2026-11-20T10:59:59.999Z', false],
  ['at a time that is not told', undefined, true],
  ['later than now', '2026-11-20T13:00:00.000Z', true],
])('what ended %s', (_, end, expected) => {
  expect(endedSince(end, toWindow({}, NOW))).toBe(expected);
});

test('nothing that ends within it was created before the horizon', () => {
  expect(toHorizon(toWindow({}, NOW), 18)).toBe('2026-11-19T17:00:00.000Z');
});
