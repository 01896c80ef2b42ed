import type { RunRef } from '../model/run.js';
import type { Platform } from '../server/platforms/platform.js';
import type { EndedRun } from './ended-runs.js';
import type { Target } from './target.js';

/**
 * A run that was listed. Where attempts count per job, it is read again, for its jobs would be those of a later one.
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
