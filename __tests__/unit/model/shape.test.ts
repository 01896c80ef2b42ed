import { describe, expect, test } from '@jest/globals';
import * as s from '../../../src/model/shape.js';

const Person = s.object({ name: s.string, age: s.optional(s.number) });

describe('what fits is taken', () => {
  test.each<[string, s.Shape<unknown>, unknown]>([
    ['a text', s.string, ''],
    ['a number', s.number, 0],
    ['a yes or no', s.boolean, false],
    ['anything', s.unknown, null],
    ['one of some words', s.oneOf('on', 'off'), 'off'],
    ['what a pattern matches', s.matching(/^a/), 'ab'],
    ['what passes a test', s.where(s.number, (count) => count > 1), 2],
    ['a list', s.list(s.string), ['a', 'b']],
    ['an empty list', s.list(s.string), []],
    ['a record, whatever its keys are', s.record(s.number), JSON.parse('{ "constructor": 1, "__proto__": 2 }')],
    ['an object', Person, { name: 'Ada', age: 36 }],
    ['an object without what is optional', Person, { name: 'Ada' }],
    ['an object with just these fields', s.strictObject({ a: s.string }), { a: 'x' }],
  ])('%s', (_, shape, value) => {
    expect(s.read(shape, value)).toStrictEqual(value);
    expect(s.check(shape, value)).toEqual([]);
  });

  test('without the fields that an object is not asked for', () => {
    expect(s.read(Person, { name: 'Ada', city: 'London' })).toStrictEqual({ name: 'Ada' });
  });
});

describe('what does not fit is nothing, and told by its place', () => {
  const MISFIT = 'Invalid input';
  test.each<[string, s.Shape<unknown>, unknown, s.Issue[]]>([
    ['null for a text', s.string, null, [{ path: [], message: MISFIT }]],
    ['a text for a number', s.number, '7', [{ path: [], message: MISFIT }]],
    ['a text for a yes', s.boolean, 'true', [{ path: [], message: MISFIT }]],
    ['another word', s.oneOf('on', 'off'), 'ON', [{ path: [], message: MISFIT }]],
    ['what no pattern matches', s.matching(/^a/), 'b', [{ path: [], message: MISFIT }]],
    ['what is no text to match', s.matching(/^1/), 1, [{ path: [], message: MISFIT }]],
    ['what fails a test', s.where(s.number, (count) => count > 1, 'too few'), 1, [{ path: [], message: 'too few' }]],
    ['null where something is optional', s.optional(s.string), null, [{ path: [], message: MISFIT }]],
    ['an object for a list', s.list(s.string), {}, [{ path: [], message: MISFIT }]],
    ['a list for an object', Person, [], [{ path: [], message: MISFIT }]],
    ['a list for a record', s.record(s.string), [], [{ path: [], message: MISFIT }]],
    ['null for an object', Person, null, [{ path: [], message: MISFIT }]],
    ['nothing for an object', Person, undefined, [{ path: [], message: MISFIT }]],
    ['another field', s.strictObject({ a: s.string }), { a: 'x', b: 1 }, [{ path: [], message: MISFIT }]],
    [
      'several parts',
      s.object({ people: s.list(Person), by: s.record(s.number) }),
      { people: [{ name: 'Ada' }, { age: '36' }], by: { a: 1, b: 'x' } },
      [
        { path: ['people', 1, 'name'], message: MISFIT },
        { path: ['people', 1, 'age'], message: MISFIT },
        { path: ['by', 'b'], message: MISFIT },
      ],
    ],
  ])('%s', (_, shape, value, issues) => {
    expect(s.read(shape, value)).toBeUndefined();
    expect(s.check(shape, value)).toEqual(issues);
  });
});
