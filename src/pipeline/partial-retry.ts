import type { RunRef } from '../model/run.js';
import type { Config, Role } from '../runner/inputs.js';
import type { ApiJob, ApiJobs, ApiRun } from '../server/answers.js';
import { readAttemptJobs } from '../server/attempt-jobs.js';
import type { Server } from '../server/server.js';
import type { JobList } from '../server/job-list.js';
import { tellsAttempt, toReporting } from '../server/tasks.js';
import type { Report } from './report.js';

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
  // Where attempts count per job, a job's first may be the run's second: it was skipped before.
  const mayBeRetry = ref.attempt > 1 || (role !== 'whole' && platform.attemptsCount === 'job');
  if (!mayBeRetry) return { partial: false, tags: [] };
  const listed = await readJobs(role, server, serverRun);
  const hasCarriedOver = listed?.jobs.some((job) => job.carriedOver) ?? false;
  // A closing job runs after all others; for another one the list may not show who waits to run again.
  if (hasCarriedOver && (role === 'closing' || !listed?.omitsWaiting)) return { partial: true, tags: [], listed };
  // Of a list that goes on, the rest may hold the jobs that were carried over; without times none can be told.
  if (!hasCarriedOver && listed?.complete && listed.jobs.length > 0 && tellsCarriedOver(listed, role, server))
    return { partial: false, tags: [], listed };
  if (ref.attempt <= 1 && !hasCarriedOver) return { partial: false, tags: [], listed };
  return { partial: true, tags: ['partial_retry_source:assumed'], listed };
}

async function readJobs(
  role: Role,
  server: Server,
  serverRun: Promise<ApiRun | undefined>,
): Promise<ApiJobs | undefined> {
  const { platform, ref } = server;
  const asksItself = role === 'whole' && platform.reads.tasks !== undefined;
  const run = (): typeof serverRun => (asksItself ? server.run() : serverRun);
  const listed = await readAttemptJobs(run, server);
  if (!listed || role !== 'whole' || platform.attemptsCount === 'run') return listed;
  // A pipeline that is one job has that job's attempts: where no times tell, whoever has fewer was not run again.
  const isOld = (job: ApiJob): boolean => job.carriedOver || (!(asksItself && job.completedAt) && hasFewer(job, ref));
  return { ...listed, jobs: listed.jobs.map((job) => ({ ...job, carriedOver: isOld(job) })) };
}

function hasFewer({ conclusion, attempt }: ApiJob, ref: RunRef): boolean {
  return conclusion !== undefined && (attempt ?? ref.attempt) < ref.attempt;
}

function tellsCarriedOver({ jobs }: ApiJobs, role: Role, { platform }: Server): boolean {
  const byTime = role !== 'whole' && platform.attemptsCount === 'job';
  return !byTime || jobs.every(tellsAttempt);
}

/** What is known of the attempt that jobs are listed for. */
export interface AttemptSpan {
  /** Absent where attempts count per job. */
  number?: number | undefined;
  start: string;
}

/** The jobs that ran in this attempt, without those that a partial retry carried over from an earlier one. */
export function toOwnJobs(jobs: readonly ApiJob[], facts: AttemptSpan): { own: readonly ApiJob[]; isPartial: boolean } {
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
function isFirst(jobs: readonly ApiJob[], { number }: AttemptSpan): boolean {
  if (number !== undefined) return number <= 1;
  // A job's first attempt may be the run's second: it never ran before.
  return jobs.every(({ attempt, carriedOver }) => attempt !== undefined && attempt <= 1 && !carriedOver);
}

/**
 * Whether an attempt ran only a part of the jobs again, and whether that is certain; some may wait while it goes on.
 */
export function toPartialRetry(
  list: JobList | undefined,
  facts: AttemptSpan,
  goesOn = false,
): { partial: boolean; certain: boolean } {
  if (facts.number !== undefined && facts.number <= 1) return { partial: false, certain: true };
  if (list && toOwnJobs(list.jobs, facts).isPartial) return { partial: true, certain: !(goesOn && list.omitsWaiting) };
  const isWhole =
    list !== undefined && !list.unread && list.missing === 0 && list.jobs.length > 0 && isTold(list.jobs, facts);
  // A retry of all jobs is the rarer one; where attempts are not counted, a first attempt is the likelier one.
  return { partial: !isWhole && facts.number !== undefined, certain: isWhole };
}

/** Without its times a job of a retry may be one of an earlier attempt, where attempts count per job. */
function isTold(jobs: readonly ApiJob[], facts: AttemptSpan): boolean {
  return facts.number !== undefined || isFirst(jobs, facts) || jobs.every(tellsAttempt);
}

/** The jobs of this attempt; where attempts count per job, its start tells who ran before it. */
export async function readList({ serverRun, role, config }: Report, server: Server): Promise<ApiJobs | undefined> {
  // Stages are made of times, which some servers tell elsewhere.
  const wantsTimes = role === 'closing' && config.needs?.some(({ stage }) => stage !== undefined);
  const list = await readAttemptJobs(() => serverRun, server, { wantsTimes });
  return list && server.platform.reads.tasks ? toReporting(list) : list;
}
