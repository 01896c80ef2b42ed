import { describe, expect, test } from '@jest/globals';
import type { Client } from '../../../src/server/client.js';
import { bindServer } from '../../../src/server/server.js';
import {
  capMessage,
  findCommit,
  parseCommitObject,
  readCommit,
  readLateCommit,
  toAuthoredCommit,
} from '../../../src/pipeline/commit.js';
import type { PostSession } from '../../../src/pipeline/post-session.js';
import type { Commit } from '../../../src/model/run.js';
import { parsePayload } from '../../../src/runner/payload.js';
import { aCommit, aLog, aReport, aRunRef, aRevision, aRun, SHA, platformOf } from '../../support/builders.js';

const aPayload = (body: unknown) => parsePayload(JSON.stringify(body));
const OBJECT = `tree ${'a'.repeat(40)}\nauthor Carol <carol@example.com> 1795166102 +0000\ncommitter Carol <carol@example.com> 1795166102 +0000\n\nFix\n`;
const FROM_API = aCommit({ message: 'from the API' });

async function read({ sha = SHA, workspace = '/w', object }: { sha?: string; workspace?: string; object?: string }) {
  const asked: string[] = [];
  const client: Client = {
    read: ({ path }) => {
      asked.push(path);
      return Promise.resolve(FROM_API as never);
    },
  };
  const runner = {
    env: { GITHUB_WORKSPACE: workspace },
    readCommitObject: (folder: string, id: string) => {
      asked.push(`${folder} ${id}`);
      return Promise.resolve(object);
    },
  };
  const commit = await readCommit(sha, runner, bindServer(client, platformOf({}), aRunRef()));
  return { message: commit?.message, asked };
}

describe('a commit that the payload does not describe', () => {
  const API = `/repos/acme/shop/git/commits/${SHA}`;
  test.each<[string, Parameters<typeof read>[0], string | undefined, string[]]>([
    ['is in the work tree', { object: OBJECT }, 'Fix', [`/w ${SHA}`]],
    ['is not there: one read of the API', {}, 'from the API', [`/w ${SHA}`, API]],
    ['has no author there', { object: OBJECT.replace('carol@example.com', '') }, 'from the API', [`/w ${SHA}`, API]],
    ['there is something else there', { object: 'fatal: not a git repository' }, 'from the API', [`/w ${SHA}`, API]],
    ['there is no work tree', { workspace: '' }, 'from the API', [API]],
    ['is of another kind of id: nobody is asked', { sha: 'ab'.repeat(32), object: OBJECT }, undefined, []],
    ['has no id', { sha: '', object: OBJECT }, undefined, []],
    ['would be taken for an option of git', { sha: '--help' }, undefined, []],
  ])('%s', async (_, options, message, asked) => {
    expect(await read(options)).toEqual({ message, asked });
  });
});

describe('whoever started the run stands in for the author', () => {
  const run = aRun({ actor: 'alice', actorId: '501', commit: undefined });
  const github = platformOf({});

  test('by the address that the server makes for him', () => {
    const author = { name: 'alice', email: '501+alice@users.noreply.git.example.com' };
    expect(toAuthoredCommit(run, github)).toEqual({
      commit: { sha: SHA, author, committer: {} },
      tags: ['git_author_source:actor'],
    });
  });

  test.each<[string, Parameters<typeof aRun>[0]]>([
    ['nobody is known', { actor: '' }],
    ['the commit is none for git', { revision: aRevision({ sha: 'ab'.repeat(32) }) }],
    ['there is no commit', { revision: aRevision({ sha: undefined }) }],
  ])('but not where %s', (_, parts) => {
    expect(toAuthoredCommit({ ...run, ...parts }, github)).toEqual({ commit: undefined, tags: [] });
  });

  test.each<[string, Partial<Commit['author']>, string | undefined, object]>([
    ['nobody else', { email: 'carol@example.com' }, undefined, { email: 'carol@example.com' }],
    ['the work tree before', {}, OBJECT, { email: 'carol@example.com' }],
    ['where the server tells none', {}, undefined, { name: 'alice' }],
  ])('in the end: %s', async (_, author, object, expected) => {
    const report = aReport({ run: { ...run, commit: aCommit({ author }) } });
    const runner = { env: { GITHUB_WORKSPACE: '/w' }, readCommitObject: () => Promise.resolve(object) };
    const session = { runner, log: aLog().log, server: { platform: github } } as unknown as PostSession;
    expect((await readLateCommit(report, session)).commit?.author).toMatchObject(expected);
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
