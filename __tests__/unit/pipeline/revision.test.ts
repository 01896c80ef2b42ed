import { describe, expect, test } from '@jest/globals';
import { isFromFork, toRevision } from '../../../src/pipeline/revision.js';
import { isSha } from '../../../src/model/run.js';
import { parsePayload } from '../../../src/runner/payload.js';
import { SHA } from '../../support/builders.js';

const SERVER = 'https://git.example.com';
const aPayload = (body: unknown) => parsePayload(JSON.stringify(body));

describe('a commit id', () => {
  test.each([SHA, SHA.toUpperCase()])('%s', (sha) => {
    expect(isSha(sha)).toBe(true);
  });
  test.each([undefined, '', SHA.slice(1), `${SHA}0`, `${SHA}\n`, 'ab'.repeat(32), 'g'.repeat(40)])('not %j', (sha) => {
    expect(isSha(sha)).toBe(false);
  });
});

describe('the ref', () => {
  const refOf = (env: Record<string, string>) => {
    const { branch, tag } = toRevision(
      { GITHUB_REPOSITORY: 'acme/shop', GITHUB_SHA: SHA, ...env },
      aPayload({}),
      SERVER,
    );
    return { ...(branch === undefined ? {} : { branch }), ...(tag === undefined ? {} : { tag }) };
  };

  test.each<[string, Record<string, string>, object]>([
    ['a branch', { GITHUB_REF: 'refs/heads/main' }, { branch: 'main' }],
    ['a tag', { GITHUB_REF: 'refs/tags/v1.2.0' }, { tag: 'v1.2.0' }],
    ['a branch that is called like a tag', { GITHUB_REF: 'refs/heads/x/refs/tags/v1' }, { branch: 'x/refs/tags/v1' }],
    ['a tag that is called like a branch', { GITHUB_REF: 'refs/tags/refs/heads/x' }, { tag: 'refs/heads/x' }],
    ['a branch that begins like another prefix', { GITHUB_REF: 'refs/heads/heads/x' }, { branch: 'heads/x' }],
    [
      "a pull request's own ref, for want of a payload",
      { GITHUB_REF: 'refs/pull/12/merge' },
      { branch: 'pull/12/merge' },
    ],
    [
      'its head, where the runner tells',
      { GITHUB_REF: 'refs/pull/12/merge', GITHUB_HEAD_REF: 'feature/x' },
      { branch: 'feature/x' },
    ],
    ['another kind of ref', { GITHUB_REF: 'refs/for/main' }, { branch: 'for/main' }],
    ['none', { GITHUB_REF: '' }, {}],
  ])('%s', (_, env, expected) => {
    expect(refOf(env)).toEqual(expected);
  });
});

describe("a pull request's head", () => {
  const env = {
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_SHA: 'f'.repeat(40),
    GITHUB_REF: 'refs/pull/12/merge',
  };
  const headOf = (head: object, more: object = {}) => aPayload({ pull_request: { number: 12, head }, ...more });
  const own = { full_name: 'acme/shop', owner: { login: 'acme' } };
  const fork = { full_name: 'contributor/shop', owner: { login: 'contributor' } };

  test.each<[string, object, Record<string, string>, { sha: string; branch: string }]>([
    ['of this repository', { sha: SHA, ref: 'feature/x', repo: own }, {}, { sha: SHA, branch: 'feature/x' }],
    [
      'of this repository in other letters',
      { sha: SHA, ref: 'x', repo: { full_name: 'Acme/Shop' } },
      {},
      { sha: SHA, branch: 'x' },
    ],
    ['of a fork', { sha: SHA, ref: 'main', repo: fork }, {}, { sha: SHA, branch: 'contributor:main' }],
    [
      'of a fork whose owner only its name tells',
      { sha: SHA, ref: 'x', repo: { full_name: 'bob/shop' } },
      {},
      { sha: SHA, branch: 'bob:x' },
    ],
    ['of a fork that is gone', { sha: SHA, ref: 'x', repo: null }, {}, { sha: SHA, branch: 'unknown:x' }],
    [
      'for pull_request_target',
      { sha: SHA, ref: 'x', repo: fork },
      { GITHUB_EVENT_NAME: 'pull_request_target' },
      { sha: SHA, branch: 'contributor:x' },
    ],
    [
      'for a review',
      { sha: SHA, ref: 'x', repo: own },
      { GITHUB_EVENT_NAME: 'pull_request_review' },
      { sha: SHA, branch: 'x' },
    ],
    [
      'not where another event carries one',
      { sha: SHA, ref: 'x', repo: own },
      { GITHUB_EVENT_NAME: 'issue_comment' },
      { sha: 'f'.repeat(40), branch: 'pull/12/merge' },
    ],
    ['not without its commit', { ref: 'x', repo: own }, {}, { sha: 'f'.repeat(40), branch: 'pull/12/merge' }],
  ])('%s', (_, head, more, expected) => {
    const { sha, branch, tag } = toRevision({ ...env, ...more }, headOf(head), SERVER);
    expect({ sha, branch, tag }).toEqual({ ...expected, tag: undefined });
  });

  test('the repository is always the one that the workflow runs in', () => {
    const payload = headOf({ sha: SHA, ref: 'x', repo: fork }, { repository: { default_branch: 'trunk' } });
    expect(toRevision(env, payload, SERVER)).toMatchObject({
      repositoryUrl: `${SERVER}/acme/shop.git`,
      defaultBranch: 'trunk',
    });
  });

  test.each<[string, object, boolean]>([
    ['this repository', { ref: 'x', repo: own }, false],
    ['another', { ref: 'x', repo: fork }, true],
    ['one that is gone', { ref: 'x', repo: null }, true],
  ])('is it a fork: %s', (_, head, expected) => {
    expect(isFromFork(env, headOf(head))).toBe(expected);
  });

  test('no pull request is no fork', () => {
    expect(isFromFork(env, aPayload({}))).toBe(false);
  });
});
