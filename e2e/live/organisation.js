// @ts-check
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { KEY } from '../play.js';
import { ACTION } from '../workspace.js';
import { createRepository, OWNER } from './repository.js';

/**
 * What every scenario uses: the organisation with its key, this action, and a composite action around it.
 * @param {import('./gitea.js').Gitea} gitea
 * @param {string} root the action's own repository
 * @param {string} folder
 */
export async function createOrganisation(gitea, root, folder) {
  await gitea.api.ask('POST', '/orgs', { username: OWNER, visibility: 'public' });
  await gitea.api.ask('PUT', `/orgs/${OWNER}/actions/secrets/DD_API_KEY`, { data: KEY });
  await createRepository(gitea, folder, {
    name: 'datadog-pipeline-events',
    fill: (path) => Promise.all(ACTION.map((part) => cp(join(root, part), join(path, part), { recursive: true }))),
  });
  await createRepository(gitea, folder, {
    name: 'report',
    fill: (path) => cp(join(import.meta.dirname, 'report'), path, { recursive: true }),
  });
}
