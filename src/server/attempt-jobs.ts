import type { ApiJob, ApiJobs } from './answers.js';
import type { Unread } from './client.js';
import { type JobList, listJobs } from './job-list.js';
import type { Server } from './server.js';
import {
  type ApiTask,
  isEnough,
  reachesBefore,
  type RunTimes,
  type Tasks,
  toTaskJobs,
  toTimedJobs,
  toWanted,
} from './tasks.js';

/** How jobs are read. */
interface ReadOptions {
  /** Jobs of a first attempt are of use with their times only. */
  wantsTimes?: boolean | undefined;
}

/** Pages of tasks that a job waits for. */
const MOST_PAGES_IN_JOB = 4;

/** Pages of tasks when nobody waits: 2,500 tasks. */
const MOST_PAGES = 50;

/** The run's times, asked for only where they are needed. */
type Run = () => Promise<RunTimes | undefined> | RunTimes | undefined;

/**
 * The jobs of this attempt, first page, as one of them reads it: who was carried over is marked where the run's times
 * tell it.
 */
export async function readAttemptJobs(
  run: Run,
  server: Server,
  { wantsTimes = false }: ReadOptions = {},
): Promise<ApiJobs | undefined> {
  const { platform } = server;
  let why: Unread | undefined;
  const list = await server.jobs((unread) => (why = unread));
  if (platform.attemptsCount === 'run') return list;
  if (platform.reads.tasks) {
    // Where no job was ever run again none was carried over, and tasks would tell nothing else.
    const isFirst = list?.jobs.every(({ attempt = 0 }) => attempt <= 1);
    if (list && isFirst && !wantsTimes)
      return { ...list, jobs: toTimedJobs(list.jobs, { tasks: [], isAll: false }, {}) };
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
  const { jobs, omitsWaiting } = made;
  if (made.complete) return { jobs, missing: 0, unread: false, omitsWaiting };
  return {
    jobs,
    missing: 1,
    unread: false,
    omitsWaiting,
    why: { why: 'not all tasks since the run was created could be read' },
  };
}

/** Only a server that has no list of jobs at all: otherwise jobs would lose the numbers that their ids are made of. */
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
  const suffices = (read: Tasks, times: RunTimes): boolean => isEnough(wanted, read, times);
  const found = wanted.length > 0 ? await readTasks(search, suffices, server) : undefined;
  return toTimedJobs(jobs, found ?? { tasks: [], isAll: false }, found?.times ?? {});
}

async function readTaskJobs(search: Search, server: Server): Promise<ApiJobs | undefined> {
  const { platform, ref } = server;
  const found = await readTasks(search, (read, { created }) => reachesBefore(read, created), server);
  const own = { taskId: platform.taskId, jobId: platform.jobId('') };
  return found && toTaskJobs(found, { run: found.times, runNumber: ref.number, own });
}

/**
 * The newest tasks, page by page until they suffice, and the run's times; undefined where not even the first page can
 * be read.
 */
async function readTasks(
  { run, mostPages }: Search,
  suffices: (read: Tasks, times: RunTimes) => boolean,
  server: Server,
): Promise<(Tasks & { times: RunTimes }) | undefined> {
  // New ones move others to the next page, where they come again.
  const known = new Map<number, ApiTask>();
  let found: (Tasks & { times: RunTimes }) | undefined;
  for (let number = 1; number <= mostPages; number += 1) {
    const page = await server.tasks(number);
    if (!page) break;
    page.items.forEach((task) => known.set(task.id, task));
    const isAll = page.items.length === 0 || known.size >= (page.total ?? Infinity);
    found = { tasks: [...known.values()], isAll, times: found?.times ?? (await run()) ?? {} };
    if (isAll || suffices(found, found.times)) break;
  }
  return found;
}

/**
 * The list with the jobs marked as carried over that ended before this attempt of the run started; for servers that
 * count attempts per job.
 */
function markCarriedOver(list: ApiJobs, runStart: string): ApiJobs {
  const jobs = list.jobs.map((job) => ({
    ...job,
    carriedOver: job.completedAt !== undefined && job.completedAt < runStart,
  }));
  return { ...list, jobs };
}
