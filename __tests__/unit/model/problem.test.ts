import { describe, expect, test } from '@jest/globals';
import { toCauseChain, toSentence } from '../../../src/model/problem.js';

const coded = (message: string, code: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { code });

function aCycle(): Error {
  const outer = new Error('outer');
  outer.cause = new Error('inner', { cause: outer });
  return outer;
}

function aCircle(): object {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  return circle;
}

describe('the causes of an error, outermost first', () => {
  test.each<[string, unknown, string]>([
    ['one error', new Error('no'), 'no'],
    [
      "what undici hides behind 'fetch failed'",
      new TypeError('fetch failed', { cause: coded('connect ECONNREFUSED 127.0.0.1:9', 'ECONNREFUSED') }),
      'fetch failed, because: connect ECONNREFUSED 127.0.0.1:9',
    ],
    [
      'a code that the message lacks',
      coded('other side closed', 'UND_ERR_SOCKET'),
      'other side closed (UND_ERR_SOCKET)',
    ],
    ['a code instead of a message', coded('', 'ENOTFOUND'), 'ENOTFOUND'],
    ['a name instead of a message', new RangeError(''), 'RangeError'],
    [
      'every address that was tried',
      new AggregateError([coded('connect ::1', 'E1'), coded('connect 127.0.0.1', 'E2')], 'all failed'),
      'all failed, because: connect ::1 (E1), because: connect 127.0.0.1 (E2)',
    ],
    ['a cause that is no error', new Error('a', { cause: 'b' }), 'a, because: b'],
    ['a cause that is an object', new Error('a', { cause: { b: 1 } }), 'a, because: {"b":1}'],
    ['the same words once', new Error('a', { cause: new Error('a') }), 'a'],
    ['causes in a circle', aCycle(), 'outer, because: inner'],
    ['nothing at all', undefined, 'unknown error'],
    ['null', null, 'unknown error'],
  ])('%s', (_, error, expected) => {
    expect(toCauseChain(error)).toBe(expected);
  });

  // Whatever is thrown is told in the last catch of all: nothing may be thrown there.
  test.each<[string, unknown]>([
    ['in a circle of its own', aCircle()],
    ['that no JSON has', 1n],
  ])('an object %s', (_, error) => {
    expect(typeof toCauseChain(error)).toBe('string');
  });

  test('of very many only the first', () => {
    let error = new Error('e0');
    for (let depth = 1; depth < 100; depth += 1) error = new Error(`e${depth}`, { cause: error });
    expect(toCauseChain(error).split(', because: ').length).toBeLessThan(20);
  });
});

test('a problem is told in the order what, why, fix', () => {
  expect(toSentence({ what: 'Nothing is sent', why: 'there is no key', fix: 'Give one.' })).toBe(
    'Nothing is sent: there is no key. Give one.',
  );
});
