// @ts-check
import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readCommit, toPushPayload } from '../demo/commit.js';

/** @typedef {import('../demo/commit.js').Commit} Commit */

/** The repository that the workflows run in, as the runners are told. */
export const REPOSITORY = 'OWNER/repository';

/** What people get with `uses:`. */
const ACTION = ['action.yml', 'update', 'dist', 'package.json'];

/** What uses it, in the folder of this file. */
const USES = ['actions', 'workflows'];

const AUTHOR = { name: 'Ada Example', email: 'ada@example.com' };

/**
 * A git repository with one commit that holds the action and the workflows, so that `uses: ./` is the action that was built.
 * @param {string} root the action's own repository
 * @param {string} folder where the workspace and the event's payload are made
 */
export async function createWorkspace(root, folder) {
  const path = join(folder, 'workspace');
  await mkdir(path, { recursive: true });
  for (const part of ACTION) await cp(join(root, part), join(path, part), { recursive: true });
  for (const part of USES) await cp(join(import.meta.dirname, part), join(path, 'e2e', part), { recursive: true });
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    ...Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((who) => [
        [`GIT_${who}_NAME`, AUTHOR.name],
        [`GIT_${who}_EMAIL`, AUTHOR.email],
      ]),
    ),
  };
  /** @param {...string} args */
  const git = (...args) => promisify(execFile)('git', ['-C', path, ...args], { env });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'Add a page for the opening hours');
  const commit = await readCommit(path);
  if (!commit) throw new Error(`no commit in ${path}`);
  const event = join(folder, 'event.json');
  await writeFile(event, JSON.stringify(toPushPayload(commit, REPOSITORY)));
  return {
    path,
    event,
    commit,
    /**
     * Gives the repository a remote; the function that comes back takes it away again.
     * @param {string} url
     */
    async setRemote(url) {
      await git('remote', 'add', 'origin', url);
      return () => git('remote', 'remove', 'origin');
    },
  };
}
