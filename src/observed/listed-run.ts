import { toRepositoryUrl } from '../pipeline/revision.js';
import type { Context } from '../pipeline/context.js';
import type { Repository } from '../server/listing.js';
import type { Platform } from '../server/platforms/platform.js';
import type { EndedRun } from './ended-runs.js';
import type { Target } from './target.js';

/** What a run of another repository shares with this one; the public address, for runners may have another. */
export function toContextOf(
  context: Context,
  { name, server = context.place.server, defaultBranch }: Repository,
): Context {
  const { run, place, identity } = context;
  return {
    ...context,
    run: {
      ...run,
      server,
      repository: name,
      revision: { ...run.revision, repositoryUrl: toRepositoryUrl(`${server}/${name}`), defaultBranch },
    },
    place: { ...place, server, repository: name },
    identity: { ...identity, host: new URL(server).host, repository: name },
  };
}

/**
 * A run that was listed. Where attempts count per job, another read tells whether it was run again since: its jobs
 * would be those of another attempt.
 */
export function toListedTarget({ id, details, attempt }: EndedRun, { place }: Context, platform: Platform): Target {
  const isCounted = platform.attemptsCount(place.env) === 'run';
  return {
    place: { ...place, runId: id, runNumber: details.number ?? id, attempt: attempt ?? 1 },
    isOwn: false,
    isAttemptKnown: isCounted,
    ...(isCounted ? { details } : {}),
  };
}

/** Lines of `owner/name` and `owner/*`: the repositories by name, and the owners of all of theirs. */
export function toNamed(lines: readonly string[]): { names: string[]; owners: string[] } {
  const all = lines.filter((line) => line.endsWith('/*')).map((line) => line.slice(0, -2));
  return { names: lines.filter((line) => !line.endsWith('/*')), owners: [...new Set(all)] };
}

/** Whether two names are of one repository; servers take them in any case. */
export function isSameRepository(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
