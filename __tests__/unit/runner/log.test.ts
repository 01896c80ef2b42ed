import { describe, expect, test } from '@jest/globals';
import { openSession } from '../../../src/runner/session.js';
import type { Runner } from '../../../src/runner/runner.js';
import { aConfig, aLog, aSink, KEY, TOKEN } from '../../support/builders.js';

const PROBLEM = { what: 'Nothing is sent', why: 'there is no key', fix: 'Give one.' };
const SENTENCE = 'Nothing is sent: there is no key. Give one.';

test('notices and warnings are said once, the rest as often as it is meant', () => {
  const { log, words } = aLog();
  const speak = () => {
    log.notice('a notice');
    log.warn(PROBLEM);
    log.info('an info');
  };
  speak();
  speak();
  expect(words).toEqual([
    { kind: 'notice', text: 'a notice' },
    { kind: 'warning', text: SENTENCE },
    { kind: 'info', text: 'an info' },
    { kind: 'info', text: 'an info' },
  ]);
});

test('what main said, post does not repeat', () => {
  const main = aLog({ secrets: [KEY] });
  main.log.notice(`about ${KEY}`);
  main.log.warn(PROBLEM);
  const post = aLog({ secrets: [KEY], logged: JSON.parse(JSON.stringify(main.log.logged)) as string[] });
  post.log.notice(`about ${KEY}`);
  post.log.warn(PROBLEM);
  post.log.notice('news');
  expect(post.words).toEqual([{ kind: 'notice', text: 'news' }]);
});

test('debug lines are of a kind of their own, or stand in the log where that is asked for; never with a secret', () => {
  for (const [debug, kind, text] of [
    [false, 'debug', 'try 1 with ***'],
    [true, 'info', 'Datadog debug: try 1 with ***'],
  ] as const) {
    const { log, words } = aLog({ debug, secrets: [KEY] });
    log.debug(`try 1 with ${KEY}`);
    expect(words).toEqual([{ kind, text }]);
  }
});

test('with fail-on-error a warning fails the step, and a notice does not', () => {
  const { log, words } = aLog({ failOnError: true });
  log.warn(PROBLEM);
  log.notice('a notice');
  expect(words).toEqual([
    { kind: 'fail', text: SENTENCE },
    { kind: 'notice', text: 'a notice' },
  ]);
});

describe('nothing said holds a credential or starts a workflow command', () => {
  const text = `::warning::x ${KEY} https://alice:pa55@host ##[error]y`;
  test.each(['debug', 'info', 'notice', 'warn', 'group'] as const)('%s', (kind) => {
    const { log, words } = aLog({ secrets: [KEY, TOKEN] });
    if (kind === 'warn') log.warn({ what: text, why: text, fix: text });
    else if (kind === 'group') log.group(text, `key ${KEY}`);
    else log[kind](text);
    const [said] = words;
    expect(said!.text).not.toMatch(/0123456789abcdef|pa55|^\s*::|##\[/);
    expect(said!.text).toContain('***');
  });
});

test("a group's body stays as it is otherwise, for it has to parse", () => {
  const { log, words } = aLog({ secrets: [KEY] });
  log.group('title', '{"a":"::b"}');
  expect(words).toEqual([{ kind: 'group', text: 'title\n{"a":"::b"}' }]);
});

test('key, token and runtime token are masked with the runner, and taken out of what is said', () => {
  const masked: string[] = [];
  const { sink, of } = aSink();
  const runner = {
    env: { ACTIONS_RUNTIME_TOKEN: 'runtime-token-1' },
    input: (name: string) => (name === 'job-token' ? 'job-token-of-the-job' : ''),
    sink,
    mask: (secret: string) => void masked.push(secret),
    clock: () => 0,
  };
  openSession(runner as unknown as Runner, 5, { config: aConfig() }).log.info(
    `${KEY} ${TOKEN} job-token-of-the-job runtime-token-1`,
  );
  expect(masked).toEqual([KEY, TOKEN, 'job-token-of-the-job', 'runtime-token-1']);
  expect(of('info')).toEqual(['*** *** *** ***']);
});

test('nothing is masked where there is nothing', () => {
  const masked: string[] = [];
  const runner = {
    env: {},
    input: () => '',
    sink: aSink().sink,
    mask: (secret: string) => void masked.push(secret),
    clock: () => 0,
  };
  openSession(runner as unknown as Runner, 5, { config: aConfig({ apiKey: '', token: '' }) });
  expect(masked).toEqual([]);
});
