import type { Status } from '../model/run.js';
import { parseStatus, toWorst } from '../model/status.js';
import { toLine } from '../model/text.js';
import { latest, newest } from '../model/time.js';
import { ASSUMED } from '../pipeline/partial-retry.js';
import type { ApiJob } from '../server/answers.js';
import type { RunDetails } from '../server/run-details.js';
import type { ObservedRun } from './run.js';

/** What the end of a run is found out from. */
export interface RunEndSources {
  details: RunDetails;
  /** The jobs that ended in this attempt, as far as they were read. */
  jobs: readonly ApiJob[];
  /** They are all that there are. */
  isWhole: boolean;
  /** This job closes the run, which goes on until then. */
  isOwn: boolean;
  start: string;
  now: string;
}

/**
 * When a run ended: with its last job, which is the same whenever it is asked for; GitHub's `updated_at` may move
 * later. A closing job ends its run now.
 */
export function toEndTime({ details, jobs, isWhole, isOwn, start, now }: RunEndSources): string {
  const last = newest(jobs.map(({ completedAt }) => completedAt));
  // Clocks differ from machine to machine.
  const end = isOwn ? latest(now, last ?? now) : ((isWhole ? last : undefined) ?? details.end ?? last ?? now);
  return latest(end, start);
}

/** How a run ended: in the server's word, or for its closing job as the worst of the others; undefined: not known. */
export function toRunStatus({ details, jobs, isOwn }: RunEndSources): Status | undefined {
  if (isOwn) return toWorst(jobs.map(({ conclusion }) => parseStatus(conclusion) ?? 'error'));
  // A word that nobody knows yet is no success.
  return details.conclusion === undefined ? undefined : (parseStatus(details.conclusion) ?? 'error');
}

/** Tags of ours about a run's end: the server's word, and what is assumed or missing. */
export function toEndTags(
  { details, partialRetry, isOwn }: ObservedRun,
  status: Status,
  isIncomplete: boolean,
): string[] {
  return [
    // The server has no word yet for the run that its closing job ends.
    ...(isOwn ? [] : [`conclusion:${toLine(details.conclusion ?? '')}`]),
    ...(partialRetry.certain ? [] : [ASSUMED]),
    ...(isIncomplete ? ['incomplete:jobs'] : []),
    // A closing job does not know how those ended that it could not read.
    ...(isIncomplete && isOwn && status !== 'error' ? ['status_source:assumed'] : []),
  ];
}
