import { describe, expect, test } from '@jest/globals';
import { mergeTags, parseMeasures, parseTags } from '../../../src/model/tags.js';

describe('lines of key:value', () => {
  test.each<[string, string, string]>([
    ['a tag', 'team:payments', 'team:payments'],
    ['only the first colon splits', 'url:https://example.com:80', 'url:https://example.com:80'],
    ['white space around either part', '  team :\tpayments ', 'team:payments'],
    ['white space inside of the parts stays', 'the team:a b', 'the team:a b'],
  ])('%s', (_, line, expected) => {
    expect(parseTags([line])).toEqual({ usable: [expected], unusable: [] });
  });

  test.each(['team', ':payments', 'team:', 'team: ', ' : ', ':'])('unusable: %j', (line) => {
    const { usable, unusable } = parseTags([line]);
    expect(usable).toEqual([]);
    expect(unusable).toEqual([expect.stringContaining('is not key:value')]);
  });

  test('empty lines do not count, and the good ones survive the bad', () => {
    expect(parseTags(['', 'a:1', '  ', 'b', 'c:3'])).toEqual({
      usable: ['a:1', 'c:3'],
      unusable: ['"b" is not key:value'],
    });
  });
});

describe('measures', () => {
  test.each(['0', '812.5', '-3', '1e3', '1.5E-7'])('%s is a number', (number) => {
    expect(parseMeasures([`size: ${number}`])).toEqual({ usable: [`size:${number}`], unusable: [] });
  });

  test.each(['big', '', '1,5', '0x10', 'NaN', 'Infinity', '1e999', '1 2', '٣', '1_000'])('%j is none', (text) => {
    expect(parseMeasures([`size:${text}`])).toMatchObject({
      usable: [],
      unusable: [expect.stringMatching(/no number|not key:value/)],
    });
  });

  // The intake takes JSON's numbers only, and Datadog says no more than "must be numeric".
  test.each(['+5', '5.', '.5'])('%s is sent in a form that every reader takes for a number', (text) => {
    const value = parseMeasures([`size:${text}`]).usable[0]?.slice('size:'.length);
    expect(value).toMatch(/^-?\d+(\.\d+)?$/);
  });
});

describe('tags of several sources', () => {
  const many = (count: number, key = 'k') => Array.from({ length: count }, (_, index) => `${key}${index}:v`);

  test('the last value of a key counts, whoever gave it', () => {
    const { tags, dropped } = mergeTags(['event:push', 'actor:alice'], ['event:mine', 'team:a', 'team:b']);
    expect([...tags].sort()).toEqual(['actor:alice', 'event:mine', 'team:b']);
    expect(dropped).toEqual([]);
  });

  test("over 100, the weakest of ours go and the user's stay", () => {
    const { tags, dropped } = mergeTags(many(60, 'ours'), many(60, 'user'));
    expect(tags).toHaveLength(100);
    expect(tags).toEqual(expect.arrayContaining(many(60, 'user')));
    expect(dropped).toHaveLength(20);
    expect(dropped.every((tag) => tag.startsWith('ours'))).toBe(true);
  });

  test.each<[string, number, boolean]>([
    ['300 characters of key and value fit', 300, true],
    ['301 do not', 301, false],
  ])('%s', (_, length, fits) => {
    const tag = `key:${'v'.repeat(length - 3)}`;
    expect(mergeTags([tag])).toEqual(fits ? { tags: [tag], dropped: [] } : { tags: [], dropped: [tag] });
  });

  test('what is too long takes the place of nothing', () => {
    const { tags, dropped } = mergeTags(many(100), [`long:${'v'.repeat(400)}`]);
    expect(tags).toHaveLength(100);
    expect(dropped).toHaveLength(1);
  });
});
