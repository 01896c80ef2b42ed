import { type JobIdentity, toPipelineId } from '../model/identity.js';
import type { Link, Run } from '../model/run.js';
import { toTags } from '../model/tags.js';
import type { Role } from '../runner/inputs.js';
import type { ApiRun } from '../server/answers.js';
import type { Platform } from '../server/platforms/platform.js';

/**
 * What tells this attempt of the run from the others. Where attempts count per job, jobs of one retry have different
 * numbers; there it is the run's start as the server tells it, which a retry sets anew. Not certain where that is not
 * known.
 */
export function toAttemptId(
  { attempt }: Pick<Run, 'attempt'>,
  { role, platform, serverRun }: { role: Role; platform: Platform; serverRun: ApiRun | undefined },
): { attemptId: string; isCertain: boolean } {
  // A pipeline that is one job has that job's attempts.
  if (role === 'whole' || platform.attemptsCount === 'run') return { attemptId: `${attempt}`, isCertain: true };
  const start = serverRun?.start;
  return { attemptId: start ? `started:${start}` : `${attempt}`, isCertain: Boolean(start) };
}

/**
 * The attempt before this one, as its own events identified it; where attempts count per job, only of a pipeline that
 * is one job.
 */
export function toPrevious(run: Run, platform: Platform, job?: JobIdentity): Link | undefined {
  const attempt = run.attempt - 1;
  if (attempt < 1 || (platform.attemptsCount === 'job' && !job)) return undefined;
  const before = job?.attempt === undefined ? job : { ...job, attempt: `${attempt}` };
  return {
    id: toPipelineId({ ...run, attemptId: `${attempt}` }, before),
    url: platform.runPage({ ...run, attempt }),
  };
}

/** Tags of ours that tell what started a run, and its numbers; its attempt where that is the run's. */
export function toOriginTags(
  { event, actor, number, attempt }: Pick<Run, 'event' | 'actor' | 'number' | 'attempt'>,
  pullRequest: number | undefined,
  { attemptsCount }: Platform,
): string[] {
  return toTags({
    event,
    actor,
    run_number: number,
    pull_request: pullRequest?.toString(),
    run_attempt: attemptsCount === 'run' ? `${attempt}` : undefined,
  });
}
