import { expect, test } from '@jest/globals';
import { growList, type Page } from '../../../src/server/list-page.js';

/** What a list of letters is after each of its pages. */
async function grow(pages: (Page<string> | undefined)[]): Promise<string[]> {
  const seen: string[] = [];
  const read = (page: number) => Promise.resolve(pages[page - 1]);
  for await (const { items, isAll } of growList(read, (item) => item)) seen.push(items.join('') + (isAll ? '.' : ''));
  return seen;
}

test.each<[string, (Page<string> | undefined)[], string[]]>([
  ['up to an empty page', [{ items: ['a', 'b'] }, { items: ['c'] }, { items: [] }], ['ab', 'abc', 'abc.']],
  [
    'up to the number that the server tells',
    [
      { items: ['a'], total: 2 },
      { items: ['b'], total: 2 },
    ],
    ['a', 'ab.'],
  ],
  [
    'each once, where it grows meanwhile',
    [{ items: ['b', 'a'] }, { items: ['a'] }, { items: [] }],
    ['ba', 'ba', 'ba.'],
  ],
  ['up to a page that can not be read', [{ items: ['a'] }, undefined, { items: ['b'] }], ['a']],
  ['nothing where the first can not be read', [undefined], []],
])('a list: %s', async (_, pages, expected) => {
  expect(await grow(pages)).toEqual(expected);
});
