import { type JobIdentity, type RunIdentity, toPipelineId } from '../model/identity.js';
import type { Link } from '../model/run.js';
import type { Role } from '../runner/inputs.js';
import type { Log } from '../runner/log.js';
import type { ApiRun } from '../server/answers.js';
import type { Place, Platform } from '../server/platforms/platform.js';

/**
 * The identity of this attempt of the run. Where attempt numbers count per job, jobs of one retry would carry different
 * ones; there the time at which the server says that the run started is the same for all of them, and a retry sets it
 * anew.
 */
export function toRunIdentity(
  { identity, place }: { identity: RunIdentity; place: Place },
  { role, platform, serverRun, log }: { role: Role; platform: Platform; serverRun: ApiRun | undefined; log: Log },
): RunIdentity {
  // A pipeline that is one job has that job's attempts.
  if (role === 'whole' || platform.attemptsCount(place.env) === 'run') return identity;
  if (serverRun?.start) return { ...identity, attempt: `started:${serverRun.start}` };
  log.warn({
    what: 'When jobs of this run are run again, they may show as several pipelines',
    why: "this server counts attempts per job, and its API, which could tell the run's start, was not readable",
    fix: 'Let the input `token` (by default the job token) read actions.',
  });
  return identity;
}

/** The attempt before this one, as its own events identified it; unknown where each job counts its own attempts. */
export function toPrevious(
  { place }: { place: Place },
  identity: RunIdentity,
  platform: Platform,
  job: JobIdentity | undefined,
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
