import { describe, expect, test } from '@jest/globals';
import { leave, parseParts, readLeft, toParts, toUpdatable } from '../../../src/phases/handover.js';
import { aCommit, aConfig, aJobEvent, aPipelineEvent, aReport, aRun } from '../../support/builders.js';

/** A runner writes each part to a file and hands it over in an environment variable: as UTF-8. */
const travel = (parts: readonly string[]): string[] => parts.map((part) => Buffer.from(part, 'utf8').toString('utf8'));

const full = aReport({
  config: aConfig({
    name: 'CI',
    tags: ['a:1'],
    parameters: { b: '2' },
    parent: { id: 'p', url: 'https://x' },
    timeout: 7,
    partialRetry: true,
  }),
  previous: { id: 'q', url: 'https://y' },
});

describe('what main hands over comes out in post as it went in', () => {
  test.each<[string, Parameters<typeof toParts>[0]]>([
    ['all of it', { report: full, logged: ['a', 'b'] }],
    ['the least of it', { report: aReport({ run: aRun({ commit: undefined }) }), logged: [] }],
    ['nothing to end, and what was said', { logged: ['no key'] }],
    [
      'letters of all kinds, quotes and line ends',
      { report: aReport({ run: aRun({ name: '日本 😀 "\\\n\u2028%0A::' }) }), logged: [] },
    ],
    [
      'a message of many parts',
      { report: aReport({ run: aRun({ commit: aCommit({ message: 'x'.repeat(100_000) }) }) }), logged: [] },
    ],
  ])('%s', (_, state) => {
    expect(parseParts(travel(toParts(state)))).toEqual(JSON.parse(JSON.stringify(state)));
  });

  // A part that ends in the middle of a character is no text: the runner writes U+FFFD in its place.
  test('characters on the border of two parts', () => {
    const states = ['', 'x'].map((shift) => ({ logged: [`${shift}${'😀'.repeat(20_000)}`] }));
    for (const state of states) expect(parseParts(travel(toParts(state)))).toEqual(state);
  });
});

describe('every part fits an environment variable of Windows', () => {
  test.each<[string, string]>([
    ['letters of one byte', 'x'],
    ['of three bytes', '日'],
  ])('%s', (_, letter) => {
    const parts = toParts({ logged: [letter.repeat(25_000)] });
    expect(parts.map((part) => part.length)).toEqual([10_000, 10_000, expect.any(Number)]);
    expect(parts.every((part) => Buffer.byteLength(part) <= 32_767)).toBe(true);
  });

  test('and holds no line end, which some runners cut at', () => {
    expect(toParts({ report: aReport({ run: aRun({ name: 'a\nb\rc' }) }), logged: [] }).join('')).not.toMatch(/[\n\r]/);
  });
});

describe('what is not what main saves is nothing', () => {
  const parts = toParts({ report: full, logged: [] });
  test.each<[string, string[]]>([
    ['no part', []],
    ['the last part lost', [parts.join('').slice(0, -1)]],
    ['something else', ['{"said":"x"}']],
    ['a list', ['[]']],
    ['not JSON', ['undefined']],
    ['a part of it of another type', [parts.join('').replace('"partialRetry":false', '"partialRetry":"false"')]],
  ])('%s', (_, broken) => {
    expect(parseParts(broken)).toBeUndefined();
  });
});

describe('what uses leave to later steps of their job', () => {
  const FILE = '/temp/dd-1';
  const running = { intake: 'https://api.datadoghq.com', events: [aPipelineEvent(), aJobEvent()] };
  const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

  function read(text: string | undefined, env: Record<string, string> = { DD_PIPELINE_FILE: FILE }) {
    return readLeft({
      env,
      readRegularFile: (path) => (path === `${FILE}.jsonl` && text !== undefined ? { text } : { why: 'no such file' }),
    });
  }

  function write(...parts: Parameters<typeof leave>[0][]): string {
    let text = '';
    const appendFile = (path: string, more: string): boolean => {
      expect(path).toBe(`${FILE}.jsonl`);
      text += more;
      return true;
    };
    const runner = { appendFile };
    for (const part of parts) leave(part, FILE, runner);
    return text;
  }

  test('comes out as it went in: all marks, and the running events of the last use', () => {
    const later = { ...running, intake: 'https://api.datadoghq.eu' };
    const text = write({ mark: 'a' }, running, { mark: 'b' }, later);
    expect(read(text)).toEqual({ marks: ['a', 'b'], running: later });
  });

  test('is nothing where the variable is not set', () => {
    expect(read(write({ mark: 'a' }, running), {})).toEqual({ marks: [], running: undefined });
  });

  test.each<[string, string | undefined]>([
    ['there is no file', undefined],
    ['the file is empty', ''],
    ['a step wrote another text there', 'hello\n{"mark":\n[]\nnull\n{"mark":7}\n'],
    ['the events are none', line({ ...running, events: [] })],
    ['the address is none', line({ ...running, intake: 7 })],
    ['an event has ended', line(running).replace('"status":"running"', '"status":"success"')],
    ['an event has a field that Datadog does not know', line(running).replace('"level"', '"colour":"red","level"')],
  ])('is nothing where %s', (_, text) => {
    expect(read(text)).toEqual({ marks: [], running: undefined });
  });

  test('is found beside what another step wrote', () => {
    expect(read(`hello\n${write({ mark: 'a' }, running)}half a li`)).toEqual({ marks: ['a'], running });
  });

  test('holds no commit and no runner: an update only adds fields', () => {
    const git = {
      repository_url: 'https://x/y.git',
      sha: 'c0ffee'.padEnd(40, '0'),
      author_email: 'a@b',
      branch: 'main',
    };
    const events = toUpdatable([aPipelineEvent({ git, node: { name: 'runner-1' } })]);
    expect(JSON.parse(JSON.stringify(events))).toEqual([aPipelineEvent()]);
  });
});
