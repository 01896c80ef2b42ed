// What the workflows of `examples/` use, in folders of this machine.
// @ts-check
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COMPOSITE, withoutHosts } from './examples.js';
import { ACTION } from './workspace.js';

/**
 * What the examples use, as act's `--local-repository` wants it. The examples name no intake, so the action that they get here has the
 * address of one as the default of its input.
 * @param {string} root the action's own repository
 * @param {keyof typeof import('./examples.js').FOLDERS} server
 * @param {{ folder: string, intake: string }} place
 */
export async function createUsed(root, server, { folder, intake }) {
  const [action, composite] = [join(folder, 'action'), join(folder, 'composite')];
  await copyAction(root, action, intake);
  await mkdir(composite, { recursive: true });
  await writeFile(
    join(composite, 'action.yml'),
    withoutHosts(await readFile(join(root, 'examples', server, COMPOSITE), 'utf8')),
  );
  return { 'OWNER/datadog-pipeline-events@v1': action, 'acme/datadog@v1': composite };
}

/**
 * The action, whose events go to that intake where no input says otherwise.
 * @param {string} root
 * @param {string} folder
 * @param {string} intake
 */
export async function copyAction(root, folder, intake) {
  for (const part of ACTION) await cp(join(root, part), join(folder, part), { recursive: true });
  for (const path of ['action.yml', 'update/action.yml', 'observe/action.yml']) {
    const text = await readFile(join(folder, path), 'utf8');
    const changed = text.replace(/^( {2}intake-url:\n(?: {4}.+\n)*? {4}default: )''$/m, `$1'${intake}'`);
    if (changed === text) throw new Error(`${path} has no empty default of intake-url`);
    await writeFile(join(folder, path), changed);
  }
}
