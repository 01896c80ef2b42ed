import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  createRedactor,
  cut,
  isLower,
  mapStrings,
  toInert,
  toInertJson,
  toLine,
  toPlain,
} from '../../../src/model/text.js';
import { KEY, TOKEN } from '../../support/builders.js';

describe('redaction', () => {
  const redact = createRedactor([KEY, TOKEN, `${TOKEN}-and-more`, 'short', '']);

  test.each<[string, string, string]>([
    ['a secret', `key ${KEY}.`, 'key ***.'],
    ['a secret each time', `${KEY}${KEY} ${TOKEN}`, '****** ***'],
    ['the longer of two that begin alike', `${TOKEN}-and-more`, '***'],
    ['nothing for a word too short to be a secret', 'a short word', 'a short word'],
    ['user and password of a URL', 'see https://alice:pa55@git.example.com/a?b#c', 'see https://git.example.com/a?b#c'],
    ['a user alone', 'https://oauth2@git.example.com', 'https://git.example.com'],
    ['any scheme', 'socks5h://u:p@proxy:1080 git+ssh://git@host/x', 'socks5h://proxy:1080 git+ssh://host/x'],
    ['upper case', 'HTTPS://U:P@HOST', 'HTTPS://HOST'],
    ['several URLs', 'http://a:b@c http://d:e@f', 'http://c http://f'],
    ['a secret inside of a URL', `https://x.example.com/?k=${KEY}`, 'https://x.example.com/?k=***'],
    ['no address of a person', 'mail alice@example.com', 'mail alice@example.com'],
    [
      'no @ behind the host',
      'https://git.example.com/@alice https://host?to=a@b',
      'https://git.example.com/@alice https://host?to=a@b',
    ],
  ])('takes out %s', (_, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  // WHATWG URLs take everything up to the last @ for the user part.
  test('takes out a password that has an @ in it', () => {
    expect(redact('https://alice:pa@55word@git.example.com/')).not.toContain('55word');
  });
});

describe('plain text', () => {
  test.each<[string, string, string]>([
    ['line ends of every system become line feeds', 'a\r\nb\rc\nd', 'a\nb\nc\nd'],
    ['tabs and line feeds stay', 'a\tb\nc', 'a\tb\nc'],
    ['control characters go', 'a\u0000b\u0007c\u001b[31md\u007f\u0085e', 'abc[31mde'],
    ['half a character becomes a mark', 'a\ud83d', 'a\ufffd'],
    ['whole characters stay', '日本語 😀 é', '日本語 😀 é'],
  ])('%s', (_, text, expected) => {
    expect(toPlain(text)).toBe(expected);
  });
});

test('a line is trimmed, and white space in it is folded', () => {
  expect(toLine('  a\r\n\tb \u00a0\u2028 c\u0000 ')).toBe('a b c');
});

describe('what is too long is cut', () => {
  test.each<[string, string, number, string]>([
    ['at the limit nothing', 'abcd', 4, 'abcd'],
    ['the rest, marked', 'abcde', 4, 'abc…'],
    ['never through a character', 'ab😀cd', 4, 'ab…'],
    ['right behind a character', 'a😀cde', 4, 'a😀…'],
  ])('%s', (_, text, max, expected) => {
    expect(cut(text, max)).toBe(expected);
  });

  test('into well-formed text within the limit, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, max) => {
        const short = cut(text, max);
        return short.length <= max && (short as { isWellFormed?(): boolean }).isWellFormed?.() !== false;
      }),
    );
  });
});

test('every string in a value is changed, with the keys that lead to it, and nothing else is', () => {
  const value = { a: 'x', list: ['y', { b: 'z' }], n: 1, t: true, u: undefined, o: null };
  expect(mapStrings(value, (text, keys) => [...keys, text].join('.'))).toEqual({
    a: 'a.x',
    list: ['list.y', { b: 'list.b.z' }],
    n: 1,
    t: true,
    u: undefined,
    o: null,
  });
});

/** The two ways in which runners find a command in a line (actions/runner, ActionCommand.TryParseV2 and TryParse). */
const isCommand = (line: string): boolean => /^\s*::/.test(line) || line.includes('##[');

describe('text that a runner must not obey', () => {
  test.each<[string, string]>([
    ['a command', '::set-env name=A::b'],
    ['behind white space', ' \t\u00a0::error::x'],
    ['in a later line', 'a\n::add-mask::b'],
    ['behind each kind of line end', 'a\r\n::b\r::c\u2028::d'],
    ['the old form, anywhere in a line', 'see ##[error]x and ##[group]y'],
    ['the old form with marks before it', '####[error]'],
    ['both', '::##[::'],
  ])('%s', (_, text) => {
    const lines = toInert(text).split(/\r\n|[\n\r\u2028]/);
    expect(lines.filter(isCommand)).toEqual([]);
  });

  test.each(['a::b', 'std::vector', 'a ## [b]', ': :', 'https://x/y'])('innocent text stays as it is: %s', (text) => {
    expect(toInert(text)).toBe(text);
  });

  test('JSON is one line without commands, and parses to the same value', () => {
    const risky = fc.oneof(
      fc.string(),
      fc.constantFrom('::error::x', '\n::error::x', '##[error]', '###[[##[', '\\##[', '\u2028::a'),
    );
    fc.assert(
      fc.property(fc.dictionary(risky, fc.oneof(risky, fc.array(risky))), (value) => {
        const json = toInertJson(value);
        expect(json.split(/[\n\r]/)).toHaveLength(1);
        expect(isCommand(json)).toBe(false);
        // As JSON itself keeps it: -0 and the like are no concern here.
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

test.each<[string | undefined, string | undefined, boolean]>([
  ['9', '10', true],
  ['10', '9', false],
  ['9007199254740993', '9007199254740994', true],
  ['7', '7', false],
  [undefined, '7', false],
  ['7', undefined, false],
])('the id %s is lower than %s: %s', (a, b, expected) => {
  expect(isLower(a, b)).toBe(expected);
});
