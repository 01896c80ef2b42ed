import { describe, expect, test } from '@jest/globals';
import { isAbandoned, parseName, toBaseName, toClaimed } from '../../../src/delivery/spool-name.js';

const FILE = { owner: '0a1b2c3d', time: 1_795_685_534_123 };
const BASE = 'datadog-0a1b2c3d-1795685534123-5f-6.json';

test('a name is read as it was made', () => {
  expect(toBaseName(FILE, '5f-6')).toBe(BASE);
  expect(parseName(BASE)).toEqual({ ...FILE, name: BASE, base: BASE });
  const name = toClaimed(BASE, { time: 17, uptime: 4 });
  expect(parseName(name)).toEqual({ ...FILE, name, base: BASE, claim: { time: 17, uptime: 4 } });
});

test('the name of a machine whose clock was never set is one, too', () => {
  expect(parseName(toBaseName({ ...FILE, time: 77 }, 'a'))).toMatchObject({ time: 77 });
});

test.each([
  'datadog-5f3e.json',
  'datadog-0a1b2c3d-1795685534123-a.txt',
  'datadog-0A1B2C3D-1795685534123-a.json',
  'xdatadog-0a1b2c3d-1795685534123-a.json',
  `${BASE}.claim-1`,
  `${BASE}.claim-1-2.json`,
  `${BASE}\n`,
  'datadog-0a1b2c3d-1795685534123-../a.json',
])('%j is none', (name) => expect(parseName(name)).toBeUndefined());

describe('a claim is abandoned', () => {
  const claim = { time: 10_000_000_000, uptime: 10_000 };
  const later = (wall: number, machine: number) => ({
    time: claim.time + wall * 60_000,
    uptime: claim.uptime + machine * 60,
  });

  test.each<[string, number, number, boolean]>([
    ['after 16 minutes', 16, 16, true],
    ['not after 14', 14, 14, false],
    ['not where the wall clock was set ahead', 600, 1, false],
    ['not where the wall clock was set back', -600, 1, false],
    ['where the wall clock was set back, after a while', -600, 16, true],
    ['where the machine was started anew since', 16, -100, true],
    ['not where another machine, started later, looks at once', 1, -100, false],
    ['not where another machine, started long before, looks at once', 1, 600, false],
  ])('%s', (_, wall, machine, expected) => {
    expect(isAbandoned(claim, later(wall, machine))).toBe(expected);
  });
});
