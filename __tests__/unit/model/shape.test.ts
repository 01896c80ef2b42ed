import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod/mini';
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
    ['a number that is too large', s.number, JSON.parse('1e999'), [{ path: [], message: MISFIT }]],
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

/** A shape of ours, the same of a well-known library, and values, most of which fit. */
const toCase = (own: s.Shape<unknown>, known: z.ZodMiniType, fitting: fc.Arbitrary<unknown>) => {
  return { own, known, values: fc.oneof({ arbitrary: fitting, weight: 9 }, ANY) };
};
const ANY = fc.constantFrom(undefined, null, true, 0, -1.5, Infinity, NaN, '', 'on', 'x', [], [null], {}, { a: 1 });
const TEXT = fc.constantFrom('', 'on', 'off', 'x');
const isMuch = (count: number): boolean => count > 1;
const SIMPLE = fc.constantFrom(
  toCase(s.string, z.string(), TEXT),
  toCase(s.number, z.number(), fc.double()),
  toCase(s.boolean, z.boolean(), fc.boolean()),
  // Zod wants the key of an unknown value.
  toCase(s.unknown, z.optional(z.unknown()), ANY),
  toCase(s.oneOf('on', 'off'), z.enum(['on', 'off']), TEXT),
  toCase(s.matching(/^o/), z.string().check(z.regex(/^o/)), TEXT),
  toCase(s.where(s.number, isMuch), z.number().check(z.refine(isMuch)), fc.double({ min: 1 })),
);
const FEW = { maxLength: 3, maxKeys: 3 };
const dictionary = (values: fc.Arbitrary<unknown>) => fc.dictionary(fc.constantFrom('constructor', 'a'), values, FEW);
const { any: CASES } = fc.letrec<{ any: ReturnType<typeof toCase> }>((tie) => {
  const of = (wrap: (one: ReturnType<typeof toCase>) => ReturnType<typeof toCase>) => tie('any').map(wrap);
  const any = [
    of(({ own, known, values }) => toCase(s.optional(own), z.optional(known), values)),
    of(({ own, known, values }) => toCase(s.list(own), z.array(known), fc.array(values, FEW))),
    of(({ own, known, values }) => toCase(s.record(own), z.record(z.string(), known), dictionary(values))),
    of(({ own: a, known, values }) => toCase(s.object({ a }), z.object({ a: known }), dictionary(values))),
    of(({ own: a, known, values }) => toCase(s.strictObject({ a }), z.strictObject({ a: known }), dictionary(values))),
  ];
  return { any: fc.oneof({ maxDepth: 4 }, SIMPLE, ...any) };
});

test('takes and refuses what zod does, with the same values', () => {
  const counts = { true: 0, false: 0 };
  const holds = ([{ own, known }, value]: [ReturnType<typeof toCase>, unknown]): void => {
    const { success, data } = known.safeParse(value);
    counts[`${success}`] += 1;
    expect([s.check(own, value).length === 0, s.read(own, value)]).toEqual([success, data]);
  };
  const inputs = CASES.chain((one) => fc.tuple(fc.constant(one), one.values));
  fc.assert(fc.property(inputs, holds), { seed: 1, numRuns: 2000 });
  expect(Math.min(counts.true, counts.false)).toBeGreaterThan(500);
});
