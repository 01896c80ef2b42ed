// @ts-check
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KEY } from '../play.js';
import { COMPOSITE } from '../examples.js';
import { ACTION } from '../workspace.js';
import { readExample } from './examples.js';
import { createRepository, OWNER } from './repository.js';

/**
 * What the scenarios use: the organisation with its key, this action, composite actions around it, and a checkout.
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
  await createRepository(gitea, folder, {
    name: 'checkout',
    fill: (path) => cp(join(import.meta.dirname, 'checkout'), path, { recursive: true }),
  });
  await createRepository(gitea, folder, {
    name: 'datadog',
    fill: async (path) => writeFile(join(path, 'action.yml'), await readExample(root, COMPOSITE)),
  });
}
