// @ts-check
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutHosts } from '../examples.js';
import { OWNER } from './repository.js';

/**
 * A file of `examples/gitea/`, with this server's repositories behind `uses:` and an intake of ours; all else is as it stands there.
 * @param {string} root the action's own repository
 * @param {string} name
 */
export async function readExample(root, name) {
  return withoutHosts(await readFile(join(root, 'examples/gitea', name), 'utf8'))
    .replaceAll(/uses: (?:OWNER|acme)\/([\w/-]+)@v1/g, `uses: ${OWNER}/$1@main`)
    .replaceAll(/uses: actions\/checkout@\w+/g, `uses: ${OWNER}/checkout@main`)
    .replaceAll(/^( +)api-key: \$\{\{ secrets.+$/gm, '$&\n$1intake-url: ${{ vars.DD_INTAKE_URL }}')
    .replaceAll(/^( +)api-key: \$\{\{ inputs.+$/gm, '$&\n$1intake-url: ${{ inputs.intake-url }}')
    .replace(/^inputs:\n {2}api-key:/m, 'inputs:\n  intake-url:\n    description: Base URL of the intake.\n  api-key:');
}
