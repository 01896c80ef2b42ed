import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parsePayload } from '../../../src/runner/payload.js';
import { fixtures } from '../../support/fixtures.js';
import { realPayloads } from '../../support/payloads.js';

const NOTHING = parsePayload('{}');

describe('a payload without parts, where the file is', () => {
  test.each<[string, string | undefined]>([
    ['missing', undefined],
    ['empty', ''],
    ['not JSON', '{"repository":'],
    ['null', 'null'],
    ['a list', '[{"repository":{}}]'],
    ['text', '"push"'],
    ['a number', '7'],
  ])('%s', (_, file) => {
    expect(parsePayload(file)).toEqual(NOTHING);
  });
});

test('one unusable part costs that part only', () => {
  const payload = parsePayload(
    JSON.stringify({
      repository: { full_name: 7, html_url: 'https://git.example.com/acme/shop', default_branch: null, owner: [] },
      head_commit: { id: 'a', message: ['no'], author: 'alice', committer: { name: 'Bob', email: {} } },
      pull_request: { number: '12', head: { ref: 'main', sha: 4, repo: null } },
      workflow_run: [],
      inputs: { a: 1 },
      workflow: {},
    }),
  );
  expect(payload).toEqual({
    repository: { html_url: 'https://git.example.com/acme/shop' },
    head_commit: { id: 'a', committer: { name: 'Bob' } },
    pull_request: { head: { ref: 'main' } },
    inputs: { a: 1 },
  });
});

/** The value with each of its properties in turn, at every depth, replaced. */
function* withEach(value: unknown, replacement: unknown): Generator {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const copy = (changed: unknown): unknown =>
      Array.isArray(value)
        ? value.map((item: unknown, index) => (`${index}` === key ? changed : item))
        : { ...value, [key]: changed };
    yield copy(replacement);
    for (const changed of withEach(inner, replacement)) yield copy(changed);
  }
}

test.each<[string, unknown]>([
  ['null', null],
  ['a list', []],
  ['a number', 1],
  ['text', 'x'],
])('%s in any place of a payload is no reason to fail', (_, replacement) => {
  for (const { event } of fixtures().filter(
    ({ platform, name }) => platform === 'github' && /fork|workflow-run|^push$/.test(name),
  )) {
    for (const changed of withEach(event, replacement)) parsePayload(JSON.stringify(changed));
  }
});

test('every payload that GitHub ever collected is understood', () => {
  for (const { payload } of realPayloads()) {
    const { full_name } = (payload['repository'] as { full_name?: string } | undefined) ?? {};
    expect(parsePayload(JSON.stringify(payload)).repository?.full_name).toBe(full_name);
  }
});

test('any JSON, and any text, is a payload', () => {
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (file) => typeof parsePayload(file) === 'object'));
});
