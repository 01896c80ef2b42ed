import type { ApiJob, ApiJobs } from './answers.js';
import type { Unread } from './client.js';
import { type JobList, listJobs } from './job-list.js';
import { growList } from './list-page.js';
import type { Server } from './server.js';
import { isEnough, reachesBefore, type RunTimes, type Tasks, toTaskJobs, toTimedJobs, toWanted } from './tasks.js';

/** Pages of tasks that a job waits for. */
const MOST_PAGES_IN_JOB = 4;

/** Pages of tasks when nobody waits: 2,500 tasks. */
const MOST_PAGES = 50;

/** The run's times, asked for only where they are needed. */
type Run = () => Promise<RunTimes | undefined> | RunTimes | undefined;

/**
 * The jobs of this attempt, first page, as one of them reads it; the run's times tell who was carried over. Those of a
 * first attempt have times only where `wantsTimes`.
 */
export async function readAttemptJobs(
  run: Run,
  server: Server,
  { wantsTimes = false } = {},
): Promise<ApiJobs | undefined> {
  const { platform } = server;
  let why: Unread | undefined;
  const list = await server.jobs((unread) => (why = unread));
  if (platform.attemptsCount === 'run') return list;
  if (platform.reads.tasks) {
    // Where no job was ever run again none was carried over, and tasks would tell nothing else.
    const isFirst = list?.jobs.every(({ attempt = 0 }) => attempt <= 1);
    if (list && isFirst && !wantsTimes) return { ...list, jobs: toTimedJobs(list.jobs) };
    const search = { run, mostPages: MOST_PAGES_IN_JOB };
    if (list) return { ...list, jobs: await addTimes(list.jobs, search, server) };
    return lacksList(why) ? readTaskJobs(search, server) : undefined;
  }
  const start = list && (await run())?.start;
  return list && start !== undefined ? markCarriedOver(list, start) : list;
}

/** All jobs of an attempt, as those see it who report the whole run. */
export async function listAttemptJobs(run: RunTimes, server: Server): Promise<JobList> {
  const list = await listJobs(server);
  if (!server.platform.reads.tasks) return list;
  const search = { run: () => run, mostPages: MOST_PAGES };
  if (!list.unread) return { ...list, jobs: await addTimes(list.jobs, search, server) };
  const made = lacksList(list.why) ? await readTaskJobs(search, server) : undefined;
  if (!made) return list;
  const { jobs, complete, omitsWaiting } = made;
  const why = complete ? undefined : { why: 'not all tasks since the run was created could be read' };
  return { jobs, missing: complete ? 0 : 1, unread: false, omitsWaiting, why };
}

/** Only where there is no list of jobs at all: tasks lack the numbers that ids are made of. */
function lacksList(why: Unread | undefined): boolean {
  return why?.status === 404;
}

/** How far tasks are read. */
interface Search {
  run: Run;
  mostPages: number;
}

async function addTimes(jobs: readonly ApiJob[], search: Search, server: Server): Promise<ApiJob[]> {
  const wanted = toWanted(jobs);
  const found = wanted.length > 0 ? await readTasks(search, (read) => isEnough(wanted, read), server) : undefined;
  return toTimedJobs(jobs, found);
}

async function readTaskJobs(search: Search, server: Server): Promise<ApiJobs | undefined> {
  const { platform, ref } = server;
  const found = await readTasks(search, (read) => reachesBefore(read, read.run.created), server);
  const own = { runNumber: ref.number, taskId: platform.taskId, jobId: platform.jobId('') };
  return found && toTaskJobs(found, own);
}

/** The newest tasks, until they suffice; undefined where not even the first page can be read. */
async function readTasks(
  { run, mostPages }: Search,
  suffices: (read: Tasks) => boolean,
  server: Server,
): Promise<Tasks | undefined> {
  const readPage = async (number: number) => (number > mostPages ? undefined : server.tasks(number));
  let found: Tasks | undefined;
  for await (const { items: tasks, isAll } of growList(readPage, ({ id }) => id)) {
    found = { tasks, isAll, run: found?.run ?? (await run()) ?? {} };
    if (suffices(found)) break;
  }
  return found;
}

/**
 * For servers that count attempts per job: those were carried over that ended before this attempt of the run started.
 */
function markCarriedOver(list: ApiJobs, runStart: string): ApiJobs {
  const jobs = list.jobs.map((job) => ({
    ...job,
    carriedOver: job.completedAt !== undefined && job.completedAt < runStart,
  }));
  return { ...list, jobs };
}
