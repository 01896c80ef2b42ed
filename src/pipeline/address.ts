import type { Run } from '../model/run.js';
import type { Payload } from '../runner/payload.js';
import type { Server } from '../server/server.js';
import { toPublicUrl } from './own-run.js';
import { toRepositoryUrl } from './revision.js';

/** Whether an event does not tell the server's public address (a schedule of Forgejo's, seen on 16). */
export function lacksAddress({ repository }: Payload): boolean {
  return repository?.html_url === undefined;
}

/**
 * The run with the server's public address and the default branch as the API tells them, where the event does not: the
 * address that a runner knows may be one of its own.
 */
export async function readAddress(
  run: Run,
  payload: Payload,
  { run: read, platform }: Pick<Server, 'run' | 'platform'>,
): Promise<Run> {
  const repository = lacksAddress(payload) ? (await read())?.repository : undefined;
  const serverUrl = toPublicUrl(repository);
  if (!repository || !serverUrl) return run;
  const { defaultBranch = repository.default_branch } = run.revision;
  const repositoryUrl = toRepositoryUrl(`${serverUrl}/${run.repository}`);
  const moved = { ...run, serverUrl, revision: { ...run.revision, defaultBranch, repositoryUrl } };
  return { ...moved, url: platform.runPage(moved) };
}
