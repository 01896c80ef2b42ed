import { groupBy } from '../model/group-by.js';
import * as s from '../model/shape.js';
import { number, text, time } from '../model/soft.js';
import { type ApiJob, type ApiJobs, type ApiRun, toConclusion } from './answers.js';
import { type Page, parsePage } from './list-page.js';

/** One go of a job on a runner (Forgejo's `/actions/tasks`, seen on 15 and 16); a retry of the job is another. */
export interface ApiTask {
  /** Grows with every task of the server. */
  id: number;
  name: string;
  /** The run's number, each of which a repository has once. */
  runNumber?: string | undefined;
  conclusion?: string | undefined;
  createdAt?: string | undefined;
  startedAt?: string | undefined;
  endedAt?: string | undefined;
  /** The page of its run. */
  page?: string | undefined;
}

/** When a run was created, and when its latest attempt started. */
export type RunTimes = Pick<ApiRun, 'created' | 'start'>;

/** The newest tasks of a repository, each once, as far back as they were read, and the run that they are read for. */
export interface Tasks {
  tasks: readonly ApiTask[];
  /** There are no older ones. */
  isAll: boolean;
  run: RunTimes;
}

const TaskBody = s.object({
  id: s.number,
  name: s.string,
  run_number: number,
  status: text,
  created_at: time,
  run_started_at: time,
  updated_at: time,
  url: text,
});

/** A page of tasks; of one that has ended `updated_at` is the end, as in its log (seen on Forgejo 15 and 16). */
export function parseTasks(body: unknown): Page<ApiTask> | undefined {
  return parsePage(body, parseTask);
}

function parseTask(body: unknown): ApiTask | undefined {
  const data = s.read(TaskBody, body);
  if (!data) return undefined;
  const conclusion = toConclusion(data);
  return {
    id: data.id,
    name: data.name,
    runNumber: data.run_number?.toString(),
    conclusion,
    createdAt: data.created_at,
    startedAt: data.run_started_at ?? data.created_at,
    endedAt: conclusion && data.updated_at,
    page: data.url,
  };
}

/** Times have whole seconds, and the first task of an attempt is stored a moment before the attempt's start. */
const SECOND = 1000;

/** Whether tasks were read back to before a time. */
export function reachesBefore({ tasks, isAll }: Tasks, time: string | undefined): boolean {
  return isAll || tasks.some((task) => isLongBefore(task, time));
}

function isLongBefore({ createdAt = '' }: ApiTask, time = ''): boolean {
  // Of what is unknown this is NaN, and false.
  return Date.parse(createdAt) + SECOND < Date.parse(time);
}

/** Whether a task is of an earlier attempt than the one that started then, of which no task ended before. */
function isEarlier(task: ApiTask, start: string | undefined): boolean {
  if (start === undefined || task.createdAt === undefined || task.createdAt >= start) return false;
  return isLongBefore(task, start) || (task.endedAt !== undefined && task.endedAt < start);
}

/** The tasks that tell something of listed jobs: what goes on was not carried over, and has no end. */
export function toWanted(jobs: readonly ApiJob[]): number[] {
  return jobs.flatMap(({ taskId, conclusion }) => (taskId && conclusion !== undefined ? [taskId] : []));
}

/** Whether older tasks would tell nothing more: what is older than the attempt was carried over, whatever its times. */
export function isEnough(wanted: readonly number[], read: Tasks): boolean {
  const known = new Set(read.tasks.map(({ id }) => id));
  return (
    wanted.every((id) => known.has(id)) ||
    reachesBefore(read, read.run.start) ||
    read.tasks.some(({ id }) => id <= Math.min(...wanted))
  );
}

/** Jobs, which Forgejo 16 lists without times, with those of their tasks, and whether an earlier attempt ran them. */
export function toTimedJobs(jobs: readonly ApiJob[], read?: Tasks): ApiJob[] {
  const { tasks = [], run: { start } = {} } = read ?? {};
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const newestEarlier = Math.max(0, ...tasks.filter((task) => isLongBefore(task, start)).map(({ id }) => id));
  return jobs.map((job) => {
    // Seen on Forgejo 16: a job that waits has no task yet, and one that was skipped or cancelled while it waited never
    // gets one.
    if (job.taskId === 0) return job.conclusion === undefined ? job : { ...job, neverRan: true };
    const task = job.taskId === undefined ? undefined : byId.get(job.taskId);
    if (!task) return { ...job, carriedOver: job.taskId !== undefined && job.taskId < newestEarlier };
    return { ...job, ...toTimes(task, start), conclusion: job.conclusion ?? task.conclusion };
  });
}

/** When a task was created is when its runner took it, so that tells of no queue, and is not the job's creation. */
function toTimes(task: ApiTask, start: string | undefined): Pick<ApiJob, 'startedAt' | 'completedAt' | 'carriedOver'> {
  return { startedAt: task.startedAt, completedAt: task.endedAt, carriedOver: isEarlier(task, start) };
}

/** The job that runs here. */
interface OwnTask {
  runNumber: string;
  taskId?: number | undefined;
  /** Its own number. */
  jobId?: string | undefined;
}

/**
 * The jobs of a run by its tasks alone (Forgejo up to 15): of each name those of this attempt, else the newest. Their
 * attempt is the number of their name's tasks; unknown without the oldest ones, and where a name stands for several
 * jobs, as one does that ran twice in an attempt. Jobs that have not begun are missing.
 */
export function toTaskJobs(read: Tasks, own: OwnTask): ApiJobs {
  const { run } = read;
  const complete = reachesBefore(read, run.created);
  const byName = groupBy(
    read.tasks.filter(({ runNumber }) => runNumber === own.runNumber),
    ({ name }) => name,
  );
  const shown = [...byName.values()].flatMap((tasks) => {
    const newestFirst = tasks.sort((a, b) => b.id - a.id);
    const ofAttempt = newestFirst.filter((task) => !isEarlier(task, run.start));
    const isShared = ofAttempt.length > 1 && run.start !== undefined;
    const count = complete && !isShared ? tasks.length : undefined;
    return (isShared ? ofAttempt : newestFirst.slice(0, 1)).map((task) => ({ task, count, isShared }));
  });
  const jobs = shown
    .sort((a, b) => a.task.id - b.task.id)
    .map(({ task, count, isShared }): ApiJob => ({
      id: task.id === own.taskId ? own.jobId : isShared ? `task-${task.id}` : undefined,
      name: task.name,
      conclusion: task.conclusion,
      attempt: count,
      labels: [],
      steps: [],
      ...toTimes(task, run.start),
    }));
  return { jobs, complete, omitsWaiting: true };
}

/** Whether it is known of a job if an earlier attempt ran it. */
export function tellsAttempt({ conclusion = 'skipped', carriedOver, completedAt, neverRan }: ApiJob): boolean {
  return conclusion === 'skipped' || carriedOver || completedAt !== undefined || neverRan === true;
}

/** Jobs that report nothing under an id that can be known count as carried over, so that a needed one is left out. */
export function toReporting(list: ApiJobs): ApiJobs {
  return {
    ...list,
    jobs: list.jobs.map((job) => (job.neverRan || job.attempt === undefined ? { ...job, carriedOver: true } : job)),
  };
}
