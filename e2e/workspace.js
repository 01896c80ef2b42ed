// @ts-check
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCommit, toPushPayload } from '../viewer/demo/commit.js';
import { copyExamples } from './examples.js';
import { createGit } from './git.js';

/** @typedef {import('../viewer/demo/commit.js').Commit} Commit */

/** The repository that the workflows run in, as the runners are told. */
export const REPOSITORY = 'OWNER/repository';

/** What people get with `uses:`. */
export const ACTION = ['action.yml', 'update', 'observe', 'dist', 'package.json'];

/** What uses it, in the folder of this file. */
const USES = ['actions', 'workflows'];

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
  await copyExamples(root, path);
  const git = createGit(path, folder);
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'Add a page for the opening hours');
  const commit = await readCommit(path);
  if (!commit) throw new Error(`no commit in ${path}`);
  const event = join(folder, 'event.json');
  await writeFile(event, JSON.stringify(toPushPayload(commit, REPOSITORY)));
  return {
    root,
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
