import { describe, expect, test } from '@jest/globals';
import type { Client } from '../../../src/server/client.js';
import { bindServer } from '../../../src/server/server.js';
import { readCommit, toAssumedCommit } from '../../../src/pipeline/commit.js';
import { detectPlatform } from '../../../src/server/platforms/detect.js';
import { aCommit, aPlace, aRevision, aRun, SHA } from '../../support/builders.js';

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
    readCommitObject: (folder: string, id: string) => {
      asked.push(`${folder} ${id}`);
      return Promise.resolve(object);
    },
  };
  const place = aPlace({ env: { GITHUB_WORKSPACE: workspace } });
  const commit = await readCommit(sha, runner, bindServer(client, detectPlatform({}), place));
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
  const github = detectPlatform({});

  test('by the address that the server makes for him', () => {
    const author = { name: 'alice', email: '501+alice@users.noreply.git.example.com' };
    expect(toAssumedCommit(run, github)).toEqual({
      commit: { sha: SHA, author, committer: {} },
      tags: ['git_author_source:actor'],
    });
  });

  test.each<[string, Parameters<typeof aRun>[0]]>([
    ['nobody is known', { actor: '' }],
    ['the commit is none for git', { revision: aRevision({ sha: 'ab'.repeat(32) }) }],
    ['there is no commit', { revision: aRevision({ sha: undefined }) }],
  ])('but not where %s', (_, parts) => {
    expect(toAssumedCommit({ ...run, ...parts }, github)).toEqual({ commit: undefined, tags: [] });
  });
});
