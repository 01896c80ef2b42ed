// @ts-check
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The programs that an action of this repository names, by the phase that starts them: a runner knows no other way.
 * @param {string} [folder] of the action, '' for the one at the root
 * @returns {{ main?: string, post?: string }} absolute paths
 */
export function readPrograms(folder = '') {
  const file = join(ROOT, folder, 'action.yml');
  const runs = readFileSync(file, 'utf8').split(/^runs:$/m)[1] ?? '';
  const entries = [...runs.matchAll(/^ {2}(main|post): *['"]?([^'"\s]+)/gm)];
  return Object.fromEntries(entries.map(([, phase, path]) => [phase, join(dirname(file), path ?? '')]));
}
