import type { ApiJob, ApiJobs, ApiRun } from './api/answers.js';
import { readAttemptJobs } from './api/attempt-jobs.js';
import type { Server } from './api/server.js';
import { tellsAttempt } from './api/tasks.js';
import type { Config } from './inputs.js';
import type { Place, Platform } from './platform.js';
import type { Role } from './role.js';

/** Whether this attempt runs only a part of the jobs again, and the tag that says so where it was assumed. */
export interface PartialRetry {
  partial: boolean;
  tags: string[];
  /** The jobs of this attempt, where they had to be read. */
  listed?: ApiJobs | undefined;
}

/** What the server can be asked, and what of the run is asked of it anyway. */
interface Edges {
  server: Server;
  platform: Platform;
  place: Place;
  role: Role;
  serverRun: Promise<ApiRun | undefined>;
}

/** The input, else false for the first attempt, else what the server's jobs tell, else true: a retry of all jobs is the rarer one. */
export async function readPartialRetry({ partialRetry }: Pick<Config, 'partialRetry'>, edges: Edges): Promise<PartialRetry> {
  const { platform, place, role } = edges;
  if (partialRetry !== undefined) return { partial: partialRetry, tags: [] };
  // Where attempts count per job, a job's first may be the run's second: it was skipped before.
  const mayBeRetry = place.attempt > 1 || (role !== 'whole' && platform.attemptsCount(place.env) === 'job');
  if (!mayBeRetry) return { partial: false, tags: [] };
  const listed = await readJobs(edges);
  const hasCarriedOver = listed?.jobs.some((job) => job.carriedOver) ?? false;
  // A closing job runs after all others; for another one the list may not show who waits to run again.
  if (hasCarriedOver && (role === 'closing' || !listed?.omitsWaiting)) return { partial: true, tags: [], listed };
  // Of a list that goes on, the rest may hold the jobs that were carried over; without times none can be told.
  if (!hasCarriedOver && listed?.complete && listed.jobs.length > 0 && tellsCarriedOver(listed, edges))
    return { partial: false, tags: [], listed };
  if (place.attempt <= 1 && !hasCarriedOver) return { partial: false, tags: [], listed };
  return { partial: true, tags: ['partial_retry_source:assumed'], listed };
}

async function readJobs({ server, platform, place, role, serverRun }: Edges): Promise<ApiJobs | undefined> {
  const asksItself = role === 'whole' && platform.reads.tasks !== undefined;
  const run = (): typeof serverRun => (asksItself ? server.read(platform.reads.run(place)) : serverRun);
  const listed = await readAttemptJobs(run, { server, platform, place });
  if (!listed || role !== 'whole' || platform.attemptsCount(place.env) === 'run') return listed;
  // A pipeline that is one job has that job's attempts: where no times tell, whoever has fewer was not run again.
  const isOld = (job: ApiJob): boolean => job.carriedOver || (!(asksItself && job.completedAt) && hasFewer(job, place));
  return { ...listed, jobs: listed.jobs.map((job) => ({ ...job, carriedOver: isOld(job) })) };
}

function hasFewer({ conclusion, attempt }: ApiJob, place: Place): boolean {
  return conclusion !== undefined && (attempt ?? place.attempt) < place.attempt;
}

function tellsCarriedOver({ jobs }: ApiJobs, { platform, place, role }: Edges): boolean {
  const byTime = role !== 'whole' && platform.attemptsCount(place.env) === 'job';
  return !byTime || jobs.every(tellsAttempt);
}
