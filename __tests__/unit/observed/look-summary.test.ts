import { expect, test } from '@jest/globals';
import { toLookSummary } from '../../../src/observed/look-summary.js';
import { createTally } from '../../../src/observed/tally.js';

test('a look tells of each run as a job summary does: sign, link, duration, and nothing from outside but text', () => {
  const run = { start: '2026-11-20T09:00:00.000Z', end: '2026-11-20T09:07:00.000Z' };
  const lines = toLookSummary(
    [
      { ...run, name: 'CI', status: 'error', url: 'https://git.example.com/acme/shop/actions/runs/1' },
      { ...run, name: 'Nothing to do', status: 'skipped', url: '' },
      { ...run, name: 'a | b', status: 'success', url: 'https://git.example.com/a) [x](https://evil.example' },
    ],
    { tally: createTally(), since: run.start },
    (text) => text,
  ).split('\n');
  const rows = lines.slice(lines.indexOf('| :-: | --- | --: |') + 1);
  expect(rows[0]).toBe('| ✗ | [CI](https://git.example.com/acme/shop/actions/runs/1) | 7 m 00 s |');
  expect(rows[1]).toBe('| – | Nothing to do |  |');
  expect(rows[2]).toMatch(/^\| ✓ \| \[a [^|\]]+ b\]\(https:[^\s()[\]]+\) \| 7 m 00 s \|$/);
});
