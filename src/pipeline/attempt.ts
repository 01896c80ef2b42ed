import { type JobIdentity, type RunIdentity, toPipelineId } from '../model/identity.js';
import type { Link } from '../model/run.js';
import type { Role } from '../runner/inputs.js';
import type { ApiRun } from '../server/answers.js';
import type { Place, Platform } from '../server/platforms/platform.js';

/**
 * The identity of this attempt of the run. Where attempt numbers count per job, jobs of one retry would carry different
 * ones; there the time at which the server says that the run started is the same for all of them, and a retry sets it
 * anew. Not certain where that time is not known.
 */
export function toRunIdentity(
  { identity, place }: { identity: RunIdentity; place: Place },
  { role, platform, serverRun }: { role: Role; platform: Platform; serverRun: ApiRun | undefined },
): { identity: RunIdentity; isCertain: boolean } {
  // A pipeline that is one job has that job's attempts.
  if (role === 'whole' || platform.attemptsCount(place.env) === 'run') return { identity, isCertain: true };
  const start = serverRun?.start;
  return { identity: start ? { ...identity, attempt: `started:${start}` } : identity, isCertain: Boolean(start) };
}

/** The attempt before this one, as its own events identified it; unknown where each job counts its own attempts. */
export function toPrevious(
  { place, platform }: { place: Place; platform: Platform },
  identity: RunIdentity,
  job?: JobIdentity,
): Link | undefined {
  const attempt = place.attempt - 1;
  if (attempt < 1 || platform.attemptsCount(place.env) === 'job') return undefined;
  return {
    id: toPipelineId({ ...identity, attempt: `${attempt}` }, job),
    url: platform.runPage({ ...place, attempt }),
  };
}

/** The run's attempt, where it is the run's. */
export function toAttemptTags({ env, attempt }: Place, platform: Platform): string[] {
  return platform.attemptsCount(env) === 'run' ? [`run_attempt:${attempt}`] : [];
}
