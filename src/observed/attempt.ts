import type { ApiJob } from '../api/answers.js';
import type { JobList } from '../api/job-list.js';
import { tellsAttempt } from '../api/tasks.js';

/** What is known of the attempt that jobs are listed for. */
export interface AttemptFacts {
  /** Absent where attempts count per job. */
  number?: number | undefined;
  start: string;
}

/** The jobs that ran in this attempt; those that a partial retry carried over from an earlier one are not among them. */
export function toOwnJobs(jobs: readonly ApiJob[], facts: AttemptFacts): { own: readonly ApiJob[]; isPartial: boolean } {
  if (isFirst(jobs, facts)) return { own: jobs, isPartial: false };
  const isOld = ({ carriedOver, conclusion, completedAt }: ApiJob): boolean =>
    conclusion !== 'skipped' && (carriedOver || (completedAt !== undefined && completedAt < facts.start));
  if (!jobs.some(isOld)) return { own: jobs, isPartial: false };
  // A job that is skipped has no start of its own; in a partial retry its end tells.
  const isOldSkip = ({ conclusion, completedAt }: ApiJob): boolean =>
    conclusion === 'skipped' && completedAt !== undefined && completedAt < facts.start;
  return { own: jobs.filter((job) => !isOld(job) && !isOldSkip(job)), isPartial: true };
}

/** A clock that is wrong makes no retry of a first attempt. */
function isFirst(jobs: readonly ApiJob[], { number }: AttemptFacts): boolean {
  if (number !== undefined) return number <= 1;
  // A job's first attempt may be the run's second: it never ran before.
  return jobs.every(({ attempt, carriedOver }) => attempt !== undefined && attempt <= 1 && !carriedOver);
}

/** Whether an attempt ran only a part of the jobs again, and whether that is known and not assumed; while it goes on, some may still wait. */
export function toPartialRetry(list: JobList | undefined, facts: AttemptFacts, goesOn = false): { partial: boolean; certain: boolean } {
  if (facts.number !== undefined && facts.number <= 1) return { partial: false, certain: true };
  if (list && toOwnJobs(list.jobs, facts).isPartial) return { partial: true, certain: !(goesOn && list.omitsWaiting) };
  const isWhole = list !== undefined && !list.unread && list.missing === 0 && list.jobs.length > 0 && isTold(list.jobs, facts);
  // A retry of all jobs is the rarer one; where attempts are not counted, a first attempt is the likelier one.
  return { partial: !isWhole && facts.number !== undefined, certain: isWhole };
}

/** Without its times a job of a retry may be one of an earlier attempt, where attempts count per job. */
function isTold(jobs: readonly ApiJob[], facts: AttemptFacts): boolean {
  return facts.number !== undefined || isFirst(jobs, facts) || jobs.every(tellsAttempt);
}
