import type { Run } from '../model/run.js';
import { toRepositoryUrl, toServerUrl } from '../model/url.js';
import type { Payload } from '../runner/payload.js';
import type { Repository } from '../server/listing.js';
import type { Server } from '../server/server.js';

/** Whether an event does not tell the server's public address (a schedule of Forgejo's, seen on 16). */
export function lacksAddress({ repository }: Payload): boolean {
  return repository?.html_url === undefined;
}

/**
 * The run with the server's public address and the default branch by the API, where the event does not tell them: the
 * address that a runner knows may be one of its own.
 */
export async function readAddress(run: Run, payload: Payload, server: Pick<Server, 'run' | 'platform'>): Promise<Run> {
  const repository = lacksAddress(payload) ? (await server.run())?.repository : undefined;
  const serverUrl = toServerUrl(repository);
  if (!repository || !serverUrl) return run;
  const { defaultBranch = repository.default_branch } = run.revision;
  const moved = toRunIn(run, { name: run.repository, serverUrl, defaultBranch });
  return { ...moved, url: server.platform.runPage(moved) };
}

/** What a run of another repository, or at another address, shares with this one. */
export function toRunIn(
  run: Run,
  { name: repository, defaultBranch, serverUrl = run.serverUrl }: Omit<Repository, 'isIdle'>,
): Run {
  const repositoryUrl = toRepositoryUrl(`${serverUrl}/${repository}`);
  return { ...run, serverUrl, repository, revision: { ...run.revision, repositoryUrl, defaultBranch } };
}
