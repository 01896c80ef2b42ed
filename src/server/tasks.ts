import * as s from '../model/shape.js';
import { number, text, time } from '../model/soft.js';
import { type ApiJob, type ApiJobs, toConclusion } from './answers.js';
import { type Page, parsePage } from './list-page.js';

/**
 * One go of a job on a runner, as Forgejo lists it (`/actions/tasks`, seen on 15 and 16): a retry of the job is another
 * task.
 */
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

/** The newest tasks of a repository, each once, as far back as they were read. */
export interface Tasks {
  tasks: readonly ApiTask[];
  /** There are no older ones. */
  isAll: boolean;
}

/** When a run was created, and when its latest attempt started. */
export interface RunTimes {
  created?: string | undefined;
  start?: string | undefined;
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

/**
 * A page of tasks; `updated_at` is the end of one that has ended, which agrees with the logs to the second (seen on
 * Forgejo 15 and 16).
 */
export function parseTasks(body: unknown): Page<ApiTask> | undefined {
  return parsePage(body, parseTask);
}

function parseTask(body: unknown): ApiTask | undefined {
  const data = s.read(TaskBody, body);
  if (!data) return undefined;
  const { id, name, run_number, status, created_at: createdAt } = data;
  const conclusion = toConclusion({ status });
  return {
    id,
    name,
    runNumber: run_number?.toString(),
    conclusion,
    createdAt,
    startedAt: data.run_started_at ?? createdAt,
    endedAt: conclusion === undefined ? undefined : data.updated_at,
    page: data.url,
  };
}

/**
 * Times are told in whole seconds, and the first task of an attempt is stored a moment before the attempt's start is.
 */
const SECOND = 1000;

/** Whether tasks were read back to before a time. */
export function reachesBefore({ tasks, isAll }: Tasks, time: string | undefined): boolean {
  return isAll || (time !== undefined && tasks.some((task) => isLongBefore(task, time)));
}

function isLongBefore({ createdAt }: ApiTask, time: string): boolean {
  return createdAt !== undefined && Date.parse(createdAt) + SECOND < Date.parse(time);
}

/**
 * Whether a task belongs to an earlier attempt than the one that started then; no task of this one ended before it
 * began.
 */
function isEarlier(task: ApiTask, start: string | undefined): boolean {
  if (start === undefined || task.createdAt === undefined || task.createdAt >= start) return false;
  return isLongBefore(task, start) || (task.endedAt !== undefined && task.endedAt < start);
}

/** The tasks that tell something of listed jobs: what goes on was not carried over, and has no end. */
export function toWanted(jobs: readonly ApiJob[]): number[] {
  return jobs.flatMap(({ taskId, conclusion }) => (taskId && conclusion !== undefined ? [taskId] : []));
}

/**
 * Whether older tasks would tell nothing more of listed jobs: what is older than the attempt was carried over, whatever
 * its times are.
 */
export function isEnough(wanted: readonly number[], read: Tasks, { start }: RunTimes): boolean {
  const known = new Set(read.tasks.map(({ id }) => id));
  return (
    wanted.every((id) => known.has(id)) ||
    reachesBefore(read, start) ||
    read.tasks.some(({ id }) => id <= Math.min(...wanted))
  );
}

/**
 * Listed jobs (Forgejo 16, which lists them without times) with what their tasks tell: times, and whether an earlier
 * attempt ran them.
 */
export function toTimedJobs(jobs: readonly ApiJob[], { tasks }: Tasks, { start }: RunTimes): ApiJob[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const newestEarlier =
    start === undefined ? 0 : Math.max(0, ...tasks.filter((task) => isLongBefore(task, start)).map(({ id }) => id));
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

/** What jobs are made from where the server has no list of them. */
interface Maker {
  run: RunTimes;
  runNumber: string;
  /** The job that runs here: its task, and its own number. */
  own: { taskId?: number | undefined; jobId?: string | undefined };
}

/**
 * The jobs of a run by its tasks alone (Forgejo up to 15): of each name those of this attempt, else the newest, whose
 * attempt is the number of its name's tasks. Jobs that have not begun are not among them, and without the oldest tasks
 * attempts can't be counted; nor where a name stands for several jobs, as one does that ran twice in an attempt.
 */
export function toTaskJobs(read: Tasks, { run, runNumber, own }: Maker): ApiJobs {
  const complete = reachesBefore(read, run.created);
  const byName = new Map<string, ApiTask[]>();
  for (const task of read.tasks) {
    if (task.runNumber === runNumber) byName.set(task.name, [...(byName.get(task.name) ?? []), task]);
  }
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
export function tellsAttempt({ conclusion, carriedOver, completedAt, neverRan }: ApiJob): boolean {
  return (
    conclusion === undefined ||
    conclusion === 'skipped' ||
    carriedOver ||
    completedAt !== undefined ||
    neverRan === true
  );
}

/**
 * The list with those jobs marked as not run here that report nothing under an id that can be known: a needed one is
 * then left out.
 */
export function toReporting(list: ApiJobs): ApiJobs {
  return {
    ...list,
    jobs: list.jobs.map((job) => (job.neverRan || job.attempt === undefined ? { ...job, carriedOver: true } : job)),
  };
}
