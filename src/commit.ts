import type { Server } from './api/server.js';
import { isSha, parseCommitObject } from './git.js';
import type { Place, Platform } from './platform.js';
import type { Ports } from './ports.js';
import type { Commit, Run } from './run.js';

/** The commit of a run that the event's payload does not describe: from the work tree, else by one API read. */
export async function readCommit(
  sha: string | undefined,
  { ports, server, platform, place }: { ports: Pick<Ports, 'readCommitObject'>; server: Server; platform: Platform; place: Place },
): Promise<Commit | undefined> {
  if (!isSha(sha)) return undefined;
  const workspace = place.env['GITHUB_WORKSPACE'];
  const object = workspace && (await ports.readCommitObject(workspace, sha));
  const commit = object ? parseCommitObject(sha, object) : undefined;
  return commit?.author.email ? commit : server.read(platform.reads.commit(place, sha));
}

/** Whoever started the run as the author, by the address under which the server hides e-mail addresses: better than no git at all. */
export function toAssumedCommit(run: Run, platform: Platform): Commit | undefined {
  const { actor, actorId, server, revision } = run;
  if (!actor || !isSha(revision.sha)) return undefined;
  const email = platform.noReply({ name: actor, id: actorId, host: new URL(server).hostname });
  return { sha: revision.sha, author: { name: actor, email }, committer: {} };
}
