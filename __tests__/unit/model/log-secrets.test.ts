import { describe, expect, test } from '@jest/globals';
import { createLogHider } from '../../../src/model/log-secrets.js';
import { KEY } from '../../support/builders.js';

/** As none is, with all that encodings change. */
const TOKEN = 'ghs_a+b/c"d\\e=f&g~0123456789';
const hide = createLogHider([KEY, TOKEN, '']);

const base64 = (text: string, encoding: 'base64' | 'base64url' = 'base64'): string =>
  Buffer.from(text).toString(encoding);

/** What of a secret's bytes a text in base64 still gives away, wherever it is cut. */
const leaks = (text: string, secret: string): boolean =>
  [0, 1, 2, 3].some((from) =>
    Buffer.from(text.replaceAll('*', '').slice(from), 'base64').toString('latin1').includes(secret.slice(4, 14)),
  );

describe.each([
  ['the key', KEY],
  ['a token with all kinds of characters', TOKEN],
])('%s', (_, secret) => {
  test.each<[string, string]>([
    ['as it is', secret],
    ['URL-encoded', encodeURIComponent(secret)],
    ['URL-encoded in lower case', encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase())],
    ['in JSON', JSON.stringify(secret)],
    ['in JSON with slashes escaped', JSON.stringify(secret).replaceAll('/', '\\/')],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(secret))],
  ])('is hidden %s', (_, form) => {
    const inner = form.replace(/^\\?"|\\?"$/g, '');
    expect(hide(`before ${form} after`)).not.toContain(inner.slice(0, 24));
    expect(hide(`before ${form} after`)).toMatch(/^before .*\*\*\*.* after$/);
  });

  test.each(['', 'a', 'ab', 'abc', 'user:', 'x-key='])('is hidden in base64 behind %j', (before) => {
    for (const after of ['', 'z', 'zz', ':x']) {
      for (const encoding of ['base64', 'base64url'] as const) {
        const hidden = hide(`basic ${base64(`${before}${secret}${after}`, encoding)} end`);
        expect(hidden).toContain('***');
        expect(leaks(hidden.replace(/^basic | end$/g, ''), secret)).toBe(false);
      }
    }
  });
});

test.each<[string, string]>([
  ['git clone https://alice:pa55word@git.example.com/x', 'git clone https://git.example.com/x'],
  ['{"url":"https:\\/\\/alice:pa55word@git.example.com\\/x"}', '{"url":"https:\\/\\/git.example.com\\/x"}'],
  ['mail alice@example.com', 'mail alice@example.com'],
  ['uses: actions/checkout@v4', 'uses: actions/checkout@v4'],
  ['first\nhttp://a:b@c/\nlast', 'first\nhttp://c/\nlast'],
])('%j has no user part of a URL', (text, expected) => {
  expect(hide(text)).toBe(expected);
});

test('an innocent text stays as it is', () => {
  const text = 'npm test -- --coverage=80 %2B \\" https://example.com/a?b=c\n\tdone';
  expect(hide(text)).toBe(text);
});
