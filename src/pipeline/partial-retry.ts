import type { Config, Role } from '../runner/inputs.js';
import type { ApiJob, ApiJobs, ApiRun } from '../server/answers.js';
import { readAttemptJobs } from '../server/attempt-jobs.js';
import type { Server } from '../server/server.js';
import type { JobList } from '../server/job-list.js';
import { tellsAttempt, toReporting } from '../server/tasks.js';
import type { Report } from './report.js';

/** The tag of a partial retry that nobody knows of for certain. */
export const ASSUMED = 'partial_retry_source:assumed';

/** Whether this attempt runs only a part of the jobs again, and the tag that says so where it was assumed. */
interface PartialRetry {
  partial: boolean;
  tags: string[];
  /** The jobs of this attempt, where they had to be read. */
  listed?: ApiJobs | undefined;
}

/** The input, else false in a first attempt, else what the server's jobs tell, else true: the likelier retry. */
export async function readPartialRetry(
  { partialRetry, role }: Pick<Config, 'partialRetry'> & { role: Role },
  server: Server,
  serverRun: Promise<ApiRun | undefined>,
): Promise<PartialRetry> {
  const { platform, ref } = server;
  if (partialRetry !== undefined) return { partial: partialRetry, tags: [] };
  const countsPerJob = role !== 'whole' && platform.attemptsCount === 'job';
  // Where attempts count per job, a job's first may be the run's second: it was skipped before.
  if (ref.attempt <= 1 && !countsPerJob) return { partial: false, tags: [] };
  const listed = await readJobs(role, server, serverRun);
  const { jobs = [], complete, omitsWaiting } = listed ?? {};
  const isPartial = jobs.some((job) => job.carriedOver);
  // A closing job runs after all others; for another one the list may not show who waits to run again.
  if (isPartial && (role === 'closing' || !omitsWaiting)) return { partial: true, tags: [], listed };
  // Of a list that goes on, the rest may hold the jobs that were carried over; without times none can be told.
  const isWhole = complete && jobs.length > 0 && (!countsPerJob || jobs.every(tellsAttempt));
  if (!isPartial && (isWhole || ref.attempt <= 1)) return { partial: false, tags: [], listed };
  return { partial: true, tags: [ASSUMED], listed };
}

async function readJobs(
  role: Role,
  server: Server,
  serverRun: Promise<ApiRun | undefined>,
): Promise<ApiJobs | undefined> {
  const { platform, ref } = server;
  const asksItself = role === 'whole' && platform.reads.tasks !== undefined;
  const listed = await readAttemptJobs(() => (asksItself ? server.run() : serverRun), server);
  if (!listed || role !== 'whole' || platform.attemptsCount === 'run') return listed;
  // A pipeline that is one job has that job's attempts: where no times tell, whoever has fewer was not run again.
  const hasFewer = ({ conclusion, completedAt, attempt = ref.attempt }: ApiJob): boolean =>
    conclusion !== undefined && !(asksItself && completedAt) && attempt < ref.attempt;
  return { ...listed, jobs: listed.jobs.map((job) => ({ ...job, carriedOver: job.carriedOver || hasFewer(job) })) };
}

/** What is known of the attempt that jobs are listed for. */
export interface AttemptSpan {
  /** Absent where attempts count per job. */
  number?: number | undefined;
  start: string;
}

/** The jobs that ran in this attempt, without those that a partial retry carried over from an earlier one. */
export function toOwnJobs(jobs: readonly ApiJob[], attempt: AttemptSpan) {
  const { start } = attempt;
  const hasRun = ({ conclusion }: ApiJob): boolean => conclusion !== 'skipped';
  const isOld = (job: ApiJob): boolean => (hasRun(job) && job.carriedOver) || (job.completedAt ?? start) < start;
  // A job that is skipped has no start of its own; only in a partial retry its end tells.
  const isPartial = !isFirst(jobs, attempt) && jobs.some((job) => hasRun(job) && isOld(job));
  return { own: isPartial ? jobs.filter((job) => !isOld(job)) : jobs, isPartial };
}

/** A clock that is wrong makes no retry of a first attempt. */
function isFirst(jobs: readonly ApiJob[], { number }: AttemptSpan): boolean {
  if (number !== undefined) return number <= 1;
  // A job's first attempt may be the run's second: it never ran before.
  return jobs.every(({ attempt, carriedOver }) => attempt !== undefined && attempt <= 1 && !carriedOver);
}

/**
 * Whether an attempt ran only a part of the jobs again, and whether that is certain; some may wait while it goes on.
 */
export function toPartialRetry(list: JobList | undefined, attempt: AttemptSpan, goesOn = false) {
  const { number } = attempt;
  const isCounted = number !== undefined;
  if (isCounted && number <= 1) return { partial: false, certain: true };
  const { jobs = [], missing = 0, omitsWaiting } = list ?? {};
  if (toOwnJobs(jobs, attempt).isPartial) return { partial: true, certain: !(goesOn && omitsWaiting) };
  // Where attempts count per job, one of a retry without its times may be of an earlier attempt.
  const isTold = isCounted || isFirst(jobs, attempt) || jobs.every(tellsAttempt);
  const isWhole = jobs.length > 0 && missing === 0 && isTold;
  // A retry of all jobs is the rarer one; where attempts are not counted, a first attempt is the likelier one.
  return { partial: !isWhole && isCounted, certain: isWhole };
}

/** The jobs of this attempt; where attempts count per job, its start tells who ran before it. */
export async function readRunJobs({ serverRun, role, config }: Report, server: Server): Promise<ApiJobs | undefined> {
  // Stages are made of times, which some servers tell elsewhere.
  const wantsTimes = role === 'closing' && config.needs?.some(({ stage }) => stage !== undefined);
  const list = await readAttemptJobs(() => serverRun, server, { wantsTimes });
  return list && server.platform.reads.tasks ? toReporting(list) : list;
}
