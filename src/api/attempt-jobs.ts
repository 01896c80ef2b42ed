import type { Place, Platform } from '../platform.js';
import { type ApiJob, type ApiJobs, markCarriedOver } from './answers.js';
import { type JobList, listJobs } from './job-list.js';
import type { Server, Unread } from './server.js';
import { type ApiTask, isEnough, reachesBefore, type RunTimes, type Tasks, toTaskJobs, toTimedJobs, toWanted } from './tasks.js';

/** What a run's jobs are read with. */
interface Edges {
  server: Server;
  platform: Platform;
  place: Place;
}

/** Pages of tasks that a job waits for. */
const MOST_PAGES_IN_JOB = 4;

/** Pages of tasks when nobody waits: 2,500 tasks. */
const MOST_PAGES = 50;

/** The jobs of this attempt, first page, as one of them reads it: who was carried over is marked where the run's times tell it. */
export async function readAttemptJobs(
  run: Promise<RunTimes | undefined> | RunTimes | undefined,
  edges: Edges,
): Promise<ApiJobs | undefined> {
  const { server, platform, place } = edges;
  let why: Unread | undefined;
  const [list, times = {}] = await Promise.all([server.read(platform.reads.jobs(place), (unread) => (why = unread)), run]);
  if (platform.attemptsCount(place.env) === 'run') return list;
  if (!platform.reads.tasks) return list && times.start ? markCarriedOver(list, times.start) : list;
  if (list) return { ...list, jobs: await addTimes(list.jobs, times, edges, MOST_PAGES_IN_JOB) };
  return lacksList(why) ? readTaskJobs(times, edges, MOST_PAGES_IN_JOB) : undefined;
}

/** All jobs of an attempt, as those see it who report the whole run. */
export async function listAttemptJobs(run: RunTimes, edges: Edges): Promise<JobList> {
  const { server, platform, place } = edges;
  const list = await listJobs(server, platform, place);
  if (!platform.reads.tasks) return list;
  if (!list.unread) return { ...list, jobs: await addTimes(list.jobs, run, edges, MOST_PAGES) };
  const made = lacksList(list.why) ? await readTaskJobs(run, edges, MOST_PAGES) : undefined;
  if (!made) return list;
  const { jobs, omitsWaiting } = made;
  if (made.complete) return { jobs, missing: 0, unread: false, omitsWaiting };
  return { jobs, missing: 1, unread: false, omitsWaiting, why: { why: 'not all tasks since the run was created could be read' } };
}

/** Only a server that has no list of jobs at all: otherwise jobs would lose the numbers that their ids are made of. */
function lacksList(why: Unread | undefined): boolean {
  return why?.status === 404;
}

async function addTimes(jobs: readonly ApiJob[], run: RunTimes, edges: Edges, mostPages: number): Promise<ApiJob[]> {
  const wanted = toWanted(jobs);
  const tasks = wanted.length > 0 ? await readTasks((read) => isEnough(wanted, read, run), edges, mostPages) : undefined;
  return toTimedJobs(jobs, tasks ?? { tasks: [], isAll: false }, run);
}

async function readTaskJobs(run: RunTimes, edges: Edges, mostPages: number): Promise<ApiJobs | undefined> {
  const { platform, place } = edges;
  const tasks = await readTasks((read) => reachesBefore(read, run.created), edges, mostPages);
  const own = { taskId: platform.taskId?.(place.env), jobId: platform.jobId(place.env, '') };
  return tasks && toTaskJobs(tasks, { run, runNumber: place.runNumber, own });
}

/** The newest tasks, page by page until it is enough; undefined where not even the first page can be read. */
async function readTasks(
  suffices: (read: Tasks) => boolean,
  { server, platform, place }: Edges,
  mostPages: number,
): Promise<Tasks | undefined> {
  // New ones move others to the next page, where they come again.
  const known = new Map<number, ApiTask>();
  let read: Tasks | undefined;
  for (let number = 1; number <= mostPages; number += 1) {
    const page = await server.read(platform.reads.tasks!(place, number));
    if (!page) break;
    page.tasks.forEach((task) => known.set(task.id, task));
    read = { tasks: [...known.values()], isAll: page.tasks.length === 0 || known.size >= (page.total ?? Infinity) };
    if (read.isAll || suffices(read)) break;
  }
  return read;
}
