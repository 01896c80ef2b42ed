import type { Run, RunRef } from '../model/run.js';
import { toRepositoryUrl } from '../pipeline/revision.js';
import type { Repository } from '../server/listing.js';
import type { Platform } from '../server/platforms/platform.js';
import type { EndedRun } from './ended-runs.js';
import type { Target } from './target.js';

/** What a run of another repository shares with this one; the public address, for runners may have another. */
export function toRunIn(own: Run, { name: repository, defaultBranch, ...told }: Omit<Repository, 'isIdle'>): Run {
  const serverUrl = told.serverUrl ?? own.serverUrl;
  const repositoryUrl = toRepositoryUrl(`${serverUrl}/${repository}`);
  return { ...own, serverUrl, repository, revision: { ...own.revision, repositoryUrl, defaultBranch } };
}

/**
 * A run that was listed. Where attempts count per job, another read tells whether it was run again since: its jobs
 * would be those of another attempt.
 */
export function toListedTarget(
  { id, details, attempt = 1 }: EndedRun,
  { serverUrl, repository }: RunRef,
  { attemptsCount }: Platform,
): Target {
  const isCounted = attemptsCount === 'run';
  return {
    ref: { serverUrl, repository, id, number: details.number ?? id, attempt },
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
