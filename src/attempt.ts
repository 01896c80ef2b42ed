import type { ApiRun } from './api/answers.js';
import type { Context } from './context.js';
import { type JobIdentity, type RunIdentity, toPipelineId } from './identity.js';
import type { Log } from './log.js';
import type { Platform } from './platform.js';
import type { Role } from './role.js';
import type { Link } from './run.js';

/**
 * The identity of this attempt of the run. Where attempt numbers count per job, jobs of one retry would carry different ones; there the time
 * at which the server says that the run started is the same for all of them, and a retry sets it anew.
 */
export function toRunIdentity(
  { identity, place }: Pick<Context, 'identity' | 'place'>,
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
  { place }: Pick<Context, 'place'>,
  identity: RunIdentity,
  platform: Platform,
  job: JobIdentity | undefined,
): Link | undefined {
  const attempt = place.attempt - 1;
  if (attempt < 1 || platform.attemptsCount(place.env) === 'job') return undefined;
  return { id: toPipelineId({ ...identity, attempt: `${attempt}` }, job), url: platform.runPage({ ...place, attempt }) };
}
