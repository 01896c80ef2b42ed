// @ts-check
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OWNER } from './repository.js';

const BEGINNING = '```yaml\nname: Datadog\n';
const KEY = 'api-key: ${{ secrets.DD_API_KEY }}';

/**
 * The workflow that docs/observe.md gives to people who observe all others, with this server's action and an intake of ours.
 * @param {string} root the action's own repository
 */
export async function readRecipe(root) {
  const page = await readFile(join(root, 'docs/observe.md'), 'utf8');
  const begin = page.indexOf(BEGINNING);
  const end = page.indexOf('```\n', begin + 3);
  if (begin < 0 || end < 0) throw new Error(`docs/observe.md has no ${JSON.stringify(BEGINNING)}`);
  return page
    .slice(begin + '```yaml\n'.length, end)
    .replace(/OWNER\/datadog-pipeline-events\/observe@\S+/, `${OWNER}/datadog-pipeline-events/observe@main`)
    .replace(KEY, `${KEY}\n          intake-url: \${{ vars.DD_INTAKE_URL }}`);
}
