import { expect, test } from '@jest/globals';
import { selects, toSelection } from '../../../src/observed/selection.js';

const CI = { file: '.gitea/workflows/ci.yml', name: 'CI: build' };

test.each<[string[], boolean]>([
  [[], true],
  [['CI: build'], true],
  [['ci: build'], false],
  [['ci.yml'], true],
  [['.gitea/workflows/ci.yml'], true],
  [['other.yml', 'CI*'], true],
  [['*'], true],
  [['**', '!ci.yml'], false],
  [['ci.yml', '!CI: build'], false],
  [['!Nightly'], true],
  [['!*build'], false],
  [['c*i.yml'], true],
  [['.*ci'], false],
])('%j', (lines, expected) => {
  expect(selects(toSelection(lines), CI)).toBe(expected);
});

test.each<[string[], boolean | undefined]>([
  [['ci.yml'], true],
  [['other.yml'], false],
  [['Nightly'], undefined],
  [['!Nightly'], undefined],
  [['!ci.yml', 'Nightly'], false],
  [['ci.yml', '!Nightly'], undefined],
])('%j while the name is not known', (lines, expected) => {
  expect(selects(toSelection(lines), { file: 'ci.yml' })).toBe(expected);
});
