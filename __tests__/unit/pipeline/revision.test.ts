import { describe, expect, test } from '@jest/globals';
import { capMessage, findCommit, parseCommitObject } from '../../../src/pipeline/commit.js';
import { isFromFork, toRepositoryUrl, toRevision } from '../../../src/pipeline/revision.js';
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

describe("the repository's address", () => {
  test.each<[string, string, string | undefined]>([
    ['gets .git', 'https://git.example.com/acme/shop', 'https://git.example.com/acme/shop.git'],
    ['keeps .git', 'https://git.example.com/acme/shop.git', 'https://git.example.com/acme/shop.git'],
    ['loses slashes at the end', 'https://git.example.com/acme/shop//', 'https://git.example.com/acme/shop.git'],
    [
      'loses user and password',
      'https://alice:pa55@git.example.com/acme/shop',
      'https://git.example.com/acme/shop.git',
    ],
    [
      'loses query and hash',
      'https://git.example.com/acme/shop.git?ref=main#L1',
      'https://git.example.com/acme/shop.git',
    ],
    [
      'keeps port and path',
      'http://git.example.com:3000/git/acme/shop',
      'http://git.example.com:3000/git/acme/shop.git',
    ],
    ['of another scheme is left out', 'ssh://git@git.example.com/acme/shop.git', undefined],
    ["in scp's form is left out", 'git@git.example.com:acme/shop.git', undefined],
    ['of a host alone is left out', 'https://git.example.com/', undefined],
    ['that is none is left out', 'acme/shop', undefined],
  ])('%s', (_, raw, expected) => {
    expect(toRepositoryUrl(raw)).toBe(expected);
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

describe('the commit in the payload', () => {
  const person = { name: 'Alice', email: 'alice@example.com' };
  const commit = {
    id: SHA,
    message: 'Add totals',
    timestamp: '2026-11-20T10:15:02+01:00',
    author: person,
    committer: person,
  };
  const time = '2026-11-20T09:15:02.000Z';
  const expected = { sha: SHA, message: 'Add totals', author: { ...person, time }, committer: { ...person, time } };

  test.each<[string, unknown]>([
    ['of a push', { head_commit: commit }],
    ['of a workflow_run', { workflow_run: { id: 1, head_commit: commit } }],
    ['of a merge_group', { merge_group: { head_commit: commit } }],
    ['behind another one', { head_commit: { ...commit, id: 'f'.repeat(40) }, workflow_run: { head_commit: commit } }],
  ])('%s', (_, body) => {
    expect(findCommit(aPayload(body), SHA)).toEqual(expected);
  });

  test("the author's own time counts more than the commit's", () => {
    const author = { ...person, date: '2026-01-02T03:04:05Z' };
    expect(findCommit(aPayload({ head_commit: { ...commit, author } }), SHA)?.author.time).toBe(
      '2026-01-02T03:04:05.000Z',
    );
  });

  test.each<[string, unknown, string | undefined]>([
    ['an old push in a schedule', { head_commit: commit }, 'e'.repeat(40)],
    ['a push that deletes a branch', { head_commit: null }, SHA],
    ['no commit id on either side', { head_commit: { ...commit, id: undefined } }, undefined],
  ])('is none of this run: %s', (_, body, sha) => {
    expect(findCommit(aPayload(body), sha)).toBeUndefined();
  });
});

describe('a commit object as git prints it', () => {
  const tree = `tree ${'a'.repeat(40)}\nparent ${'b'.repeat(40)}`;
  const signature =
    'gpgsig -----BEGIN PGP SIGNATURE-----\n \n author <evil@example.com> 1 +0000\n -----END PGP SIGNATURE-----';
  const author = { name: 'Alice Example', email: 'alice@example.com', time: '2026-11-20T09:15:02.000Z' };
  const committer = { name: 'Build Bot', email: 'bot@example.com', time: '2026-11-20T09:20:00.000Z' };
  const people =
    'author Alice Example <alice@example.com> 1795166102 +0100\ncommitter Build Bot <bot@example.com> 1795166400 +0000';

  test.each<[string, string, object]>([
    ['a plain one', `${tree}\n${people}\n\nAdd totals\n`, { message: 'Add totals' }],
    ['a signed one', `${tree}\n${people}\n${signature}\n\nAdd totals\n`, { message: 'Add totals' }],
    [
      'a message of several parts',
      `${tree}\n${people}\n\nAdd totals\n\nauthor Bob <b@c> 5 +0000\n`,
      { message: 'Add totals\n\nauthor Bob <b@c> 5 +0000' },
    ],
    ['no message', `${tree}\n${people}\n\n`, { message: '' }],
    [
      'one of other letters',
      `${tree}\n${people.replace('Alice Example', 'Jürgen 日本 😀')}\n\n✓\n`,
      { message: '✓', author: { ...author, name: 'Jürgen 日本 😀' } },
    ],
    [
      'an author without name',
      `${tree}\n${people.replace('Alice Example ', '')}\n\nx`,
      { message: 'x', author: { ...author, name: undefined } },
    ],
    [
      'an author without address',
      `${tree}\n${people.replace('alice@example.com', '')}\n\nx`,
      { message: 'x', author: { ...author, email: undefined } },
    ],
    [
      'a merge with a tag in it',
      `${tree}\nmergetag object c\n tagger T <t@t> 1 +0000\n \n author <evil@e> 1 +0000\n${people}\n\nx`,
      { message: 'x' },
    ],
  ])('%s', (_, text, expected) => {
    expect(parseCommitObject(SHA, text)).toEqual({ sha: SHA, author, committer, ...expected });
  });

  test('nothing of a text that is none', () => {
    expect(parseCommitObject(SHA, 'fatal: bad object')).toBeUndefined();
  });

  // Anybody can write such a commit: it must not cost the report.
  test.each<[string, string]>([
    ['of a time that no clock has', '99999999999999999'],
    ['of a year of five digits, which RFC 3339 has not', '253402300800'],
    ["of Unix's zero time, which servers write for unset", '0'],
  ])('has no time where it is %s', (_, seconds) => {
    const commit = parseCommitObject(SHA, `${tree}\n${people.replace('1795166102', seconds)}\n\nx`);
    expect(commit?.author).toEqual({ ...author, time: undefined });
  });
});

test('a message of a thousand lines is cut to a size that people read', () => {
  const message = Array.from({ length: 1_000 }, (_, index) => `line ${index} 😀 of a long story`).join('\n');
  const capped = capMessage({ sha: SHA, message, author: {}, committer: {} }, (text) => text);
  expect(capped.message!.length).toBeLessThanOrEqual(20_000);
  expect(capped.message).toMatch(/^line 0 😀 of a long story\nline 1 /);
});
