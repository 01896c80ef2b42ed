import type { ApiJob } from '../api/answers.js';
import type { RunDetails } from '../api/whole-run.js';
import type { End } from '../events/event.js';
import { toFailure } from '../failure.js';
import { newest, toWorst } from '../needs.js';
import type { Failure, Status } from '../run.js';
import { parseStatus } from '../status.js';
import { latest } from '../time.js';
import type { ObservedJob } from './jobs.js';

/** What the end of a run is found out from. */
export interface EndingFacts {
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

/** Names of so many failed jobs stand in the pipeline's message. */
const MOST_NAMES = 10;

/**
 * When a run ended: with its last job, which is the same whenever it is asked for; GitHub's `updated_at` may move later. A closing job
 * ends its run now.
 */
export function toEndTime({ details, jobs, isWhole, isOwn, start, now }: EndingFacts): string {
  const last = newest(jobs.map(({ completedAt }) => completedAt));
  // Clocks differ from machine to machine.
  if (isOwn) return latest(latest(now, last ?? now), start);
  return latest((isWhole ? last : undefined) ?? details.end ?? last ?? now, start);
}

/** How a run ended: in the server's word, or, for the job that closes it, as the worst of the others; undefined where nobody knows. */
export function toRunStatus({ details, jobs, isOwn }: Pick<EndingFacts, 'details' | 'jobs' | 'isOwn'>): Status | undefined {
  if (isOwn) return toWorst(jobs.map(({ conclusion }) => parseStatus(conclusion) ?? 'error'));
  // A word that nobody knows yet is no success.
  return details.conclusion === undefined ? undefined : (parseStatus(details.conclusion) ?? 'error');
}

/** The pipeline's end; a failure names the jobs that failed, and is of their domain where they agree. */
export function toRunEnd(
  status: Status,
  time: string,
  { conclusion, failed }: { conclusion: string | undefined; failed: readonly { job: ObservedJob; failure: Failure }[] },
): End {
  if (status !== 'error') return { time, status };
  if (failed.length === 0) {
    return { time, status, failure: { type: 'Run failed', message: `The run ended with "${conclusion ?? 'failure'}"`, domain: 'unknown' } };
  }
  const [first] = failed;
  const names = failed.slice(0, MOST_NAMES).map(({ job }) => job.api.name);
  const more = failed.length > names.length ? ` and ${failed.length - names.length} more` : '';
  const message = `Failed: ${names.join(', ')}${more}\n${first!.failure.message}`;
  const domain = new Set(failed.map(({ failure }) => failure.domain)).size === 1 ? first!.failure.domain : 'unknown';
  const told = { type: first!.failure.type, message, domain };
  return { time, status, failure: toFailure({ job: first!.job.api.name, steps: [], annotations: [], told }) };
}
