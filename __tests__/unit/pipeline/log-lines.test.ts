import { describe, expect, test } from '@jest/globals';
import { createLogHider } from '../../../src/model/log-secrets.js';
import type { LogLine } from '../../../src/model/log-line.js';
import { createLineReader, toLastTime } from '../../../src/pipeline/log-lines.js';
import { KEY } from '../../support/builders.js';

const hide = createLogHider([KEY]);

function readLines(log: string | Buffer, size = Infinity, first = 1): LogLine[] {
  const reader = createLineReader(hide, first);
  const bytes = Buffer.from(log);
  const lines = [];
  for (let at = 0; at < bytes.length; at += size) lines.push(...reader.read(bytes.subarray(at, at + size)));
  return [...lines, ...reader.end()];
}

const textsOf = (log: string | Buffer, size?: number): string[] => readLines(log, size).map(({ text }) => text);
const at = (second: number): string => `2026-11-20T09:15:${second}.1234567Z`;

test('a line has its number and its time', () => {
  expect(readLines(`\ufeff${at(30)} one\n${at(31)} two\nthree, without a time\n`)).toMatchObject([
    { number: 1, time: at(30), text: 'one' },
    { number: 2, time: at(31), text: 'two' },
    { number: 3, time: at(31), text: 'three, without a time' },
  ]);
});

test('blank lines are left out, and counted', () => {
  expect(readLines(`${at(30)} one\n\n${at(31)} \n${at(32)}\nfive`, 9).map(({ number }) => number)).toEqual([1, 5]);
});

test('what is no time stays in the line', () => {
  expect(readLines('2026-99-99T99:99:99Z x')[0]).toMatchObject({ time: undefined, text: 'x' });
  expect(readLines('2026-11-20 09:15:30 x')[0]!.text).toBe('2026-11-20 09:15:30 x');
});

test('the end of a log counts from the line that it begins with', () => {
  expect(readLines('a\nb', Infinity, 100).map(({ number }) => number)).toEqual([100, 101]);
});

test('the last time of a log is found behind lines without one', () => {
  expect(toLastTime(Buffer.from(`${at(30)} a\n${at(31)} b\nc\n`))).toBe(Date.parse(at(31)));
  expect(toLastTime(Buffer.from('a\nb'))).toBeNaN();
});

describe('sections', () => {
  const sections = (...texts: string[]): (string | undefined)[] =>
    readLines(texts.map((text) => `${at(30)} ${text}\n`).join('')).map(({ section }) => section);

  test.each<[string, string[], (string | undefined)[]]>([
    [
      'GitHub: a step goes on behind the group that it begins with',
      ['##[group]Run npm test', 'shell: bash', '##[endgroup]', 'ok 1', '##[group]Run npm run lint', 'x'],
      [...Array<string>(4).fill('Run npm test'), ...Array<string>(2).fill('Run npm run lint')],
    ],
    [
      'a group within a step, and the step again',
      ['##[group]Run make', '##[endgroup]', '##[group]Details', 'x', '##[endgroup]', 'y'],
      ['Run make', 'Run make', 'Details', 'Details', 'Details', 'Run make'],
    ],
    [
      'before the first step',
      ['runner 3.1', '::group::Runner Information', 'x', '::endgroup::', 'y'],
      [undefined, 'Runner Information', 'Runner Information', 'Runner Information', undefined],
    ],
    [
      'Gitea',
      ['::group::Run exit 3', 'exit 3', '::endgroup::', '##[error]code 3', 'Run Post acme/probe@main', 'x'],
      [...Array<string>(4).fill('Run exit 3'), 'Run Post acme/probe@main', 'Run Post acme/probe@main'],
    ],
    [
      'Forgejo',
      [
        'workflow prepared',
        '⭐ Run Main Unit tests',
        'x',
        '  ❓  ::group::Inner',
        'y',
        '  ❓  ::endgroup::',
        'z',
        '🏁  Job failed',
      ],
      [undefined, 'Run Unit tests', 'Run Unit tests', 'Inner', 'Inner', 'Inner', 'Run Unit tests', undefined],
    ],
    ['GitHub: after the steps', ['##[group]Run a', 'Post job cleanup.', 'x'], ['Run a', undefined, undefined]],
    ['a group without a name is none', ['##[group]', 'x'], [undefined, undefined]],
  ])('%s', (_, texts, expected) => {
    expect(sections(...texts)).toEqual(expected);
  });
});

describe('statuses', () => {
  test.each<[string, LogLine['status']]>([
    ['##[error]Process completed with exit code 3.', 'error'],
    ['::error file=a.ts,line=3::Type mismatch', 'error'],
    ['  ❗  ::error::bad', 'error'],
    ['⚙️ [runner]: RUN exit status 3', 'error'],
    ['  ❌  Failure - Main Unit tests', 'error'],
    ['##[warning]Node 16 is old', 'warning'],
    ['  🚧  ::warning::careful', 'warning'],
    ['::notice::hello', 'notice'],
    ['##[debug]Evaluating', 'debug'],
    ['an error: none', undefined],
    ['echo ::error::', undefined],
    ['  ⚙  ***', undefined],
  ])('%s', (text, status) => {
    expect(readLines(`${at(30)} ${text}`)[0]!.status).toBe(status);
  });
});

describe('a secret shows in no line', () => {
  const split = `${KEY.slice(0, 16)}\u001b[31m${KEY.slice(16)}\u001b[0m`;
  test.each<[string, string]>([
    ['plain', `key ${KEY} used`],
    [
      'with the end of a colour in it, as `tput sgr0` writes it',
      `key ${KEY.slice(0, 9)}\u001b(B\u001b[m${KEY.slice(9)} used`,
    ],
    ['with a control character in it', `key ${KEY.slice(0, 9)}\u0000${KEY.slice(9)} used`],
    ['coloured in part', `key ${split} used`],
    ['behind a line without an end', `x\nkey ${KEY} used`],
  ])('%s, wherever chunks end', (_, log) => {
    for (let size = 1; size <= log.length; size += 1) {
      expect(textsOf(log, size).at(-1)).toBe('key *** used');
    }
  });

  test('where a long line is cut', () => {
    for (const before of [65_500, 65_510, 65_530, 65_540]) {
      const [text] = textsOf(`${'x'.repeat(before)}${KEY}${'y'.repeat(300_000)}\n`, 10_000);
      expect(text).not.toMatch(/[0-9a-f]{6}/);
      expect(text!.length).toBeLessThanOrEqual(65_536);
    }
  });
});

describe('a hostile log', () => {
  test('10 MB in one line, with and without an end', () => {
    const log = Buffer.alloc(10_000_000, 'x');
    for (const end of ['', '\nlast\n']) {
      const lines = readLines(Buffer.concat([log, Buffer.from(end)]), 65_536);
      expect(lines.map(({ number, text }) => [number, text.length])).toEqual(
        end
          ? [
              [1, 65_536],
              [2, 4],
            ]
          : [[1, 65_536]],
      );
      expect(lines[0]!.text.endsWith('…')).toBe(true);
    }
  });

  test('bytes that are no UTF-8, and characters in two chunks', () => {
    expect(textsOf(Buffer.from([0x61, 0xff, 0xc3, 0x28, 0x0a, 0x62]))).toEqual(['a\ufffd\ufffd(', 'b']);
    expect(textsOf('größer 🚀\n', 1)).toEqual(['größer 🚀']);
  });

  test('control characters, colours, and a bar that writes over itself', () => {
    expect(textsOf('a\u0007b\u009bc\td\r\n\u001b[1;31mred\u001b[0m\n\u001b]0;title\u0007x\n10%\r20%\r\n')).toEqual([
      'abc\td',
      'red',
      'x',
      '10% 20%',
    ]);
  });
});
