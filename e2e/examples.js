// The workflows of `examples/`, as people copy them.
// @ts-check
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder of a server's workflows in a repository, by its folder in `examples/`. */
export const FOLDERS = {
  github: '.github/workflows',
  gitea: '.gitea/workflows',
  forgejo: '.forgejo/workflows',
};

/** Not a workflow, but the action of an organisation that `composite.yml` uses. */
export const COMPOSITE = 'composite-action.yml';

/** Where the examples use something by its address, act and a server that is on its own want the short name. */
export const withoutHosts = (/** @type {string} */ text) => text.replaceAll(/(uses: )https:\/\/[^/]+\//g, '$1');

/**
 * Puts every server's examples where its workflows stand.
 * @param {string} root the action's own repository
 * @param {string} path of the repository that gets them
 */
export async function copyExamples(root, path) {
  for (const [server, folder] of Object.entries(FOLDERS)) {
    const from = join(root, 'examples', server);
    await mkdir(join(path, folder), { recursive: true });
    for (const name of (await readdir(from)).filter((file) => file !== COMPOSITE))
      await writeFile(join(path, folder, name), withoutHosts(await readFile(join(from, name), 'utf8')));
  }
}
