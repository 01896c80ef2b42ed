import { describe, expect, test } from '@jest/globals';
import { createSkipper, createTail } from '../../../src/pipeline/log-tail.js';

const textOf = (chunks: readonly Buffer[] | undefined): string | undefined =>
  chunks && Buffer.concat(chunks).toString();

function hold(text: string, { lines, size, bytes }: { lines: number; size: number; bytes?: number }) {
  const tail = createTail(lines, bytes);
  for (let at = 0; at < text.length; at += size) tail.push(Buffer.from(text.slice(at, at + size)));
  return { total: tail.total(), first: tail.first(), text: textOf(tail.bytes()) };
}

describe.each([1, 2, 3, 5, 100])('in chunks of %d bytes', (size) => {
  test.each<[string, number, { total: number; first: number; text: string }]>([
    ['', 3, { total: 0, first: 1, text: '' }],
    ['a', 3, { total: 1, first: 1, text: 'a' }],
    ['a\nb\nc\n', 3, { total: 3, first: 1, text: 'a\nb\nc\n' }],
    ['a\nb\nc\nd\n', 3, { total: 4, first: 2, text: 'b\nc\nd\n' }],
    ['a\nb\nc\nd', 3, { total: 4, first: 2, text: 'b\nc\nd' }],
    ['a\n\n\nbcdef\n', 2, { total: 4, first: 3, text: '\nbcdef\n' }],
    ['abcdefghij\nklm', 1, { total: 2, first: 2, text: 'klm' }],
  ])('the end of %j', (text, lines, expected) => {
    expect(hold(text, { lines, size })).toEqual(expected);
  });
});

describe('where more is wanted than can be held', () => {
  test('it has to be read again, and the count tells from where', () => {
    expect(hold('one\ntwo\nthree\n', { lines: 2, size: 4, bytes: 6 })).toEqual({ total: 3, first: 2, text: undefined });
  });

  test('but not where what was let go was not wanted', () => {
    expect(hold(`${'x'.repeat(50)}\na\nb\n`, { lines: 2, size: 1, bytes: 8 })).toEqual({
      total: 3,
      first: 2,
      text: 'a\nb\n',
    });
  });

  test('nor where the chunks begin with the first line', () => {
    expect(hold('aaa\nbbb\nccc\n', { lines: 2, size: 4, bytes: 8 }).text).toBe('bbb\nccc\n');
  });

  test('a line that began in what was let go is not whole', () => {
    expect(hold('aaa\nbbbbbb\nccc\n', { lines: 2, size: 3, bytes: 8 }).text).toBeUndefined();
  });

  test('one chunk stays, however large it is', () => {
    expect(hold('aaaaaaaaaa\nb\n', { lines: 9, size: 100, bytes: 3 }).text).toBe('aaaaaaaaaa\nb\n');
  });
});

test.each([1, 2, 7, 100])('a stream in chunks of %d bytes is taken up at a line', (size) => {
  const text = 'a\n\nbcd\nef\n';
  const skip = createSkipper(3);
  const chunks = [];
  for (let at = 0; at < text.length; at += size) chunks.push(skip(Buffer.from(text.slice(at, at + size))));
  expect(textOf(chunks)).toBe('ef\n');
});
