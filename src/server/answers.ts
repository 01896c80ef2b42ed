import * as s from '../model/shape.js';
import type { ApiStep, Commit } from '../model/run.js';
import { HeadCommit, type Payload, Repository, toCommit } from '../runner/payload.js';
import { toTime } from '../model/time.js';
import { id, number, soft, text, time, toWord, word } from '../model/soft.js';
import type { Page } from './list-page.js';

/** A job of a run as the server's API lists it; times that are unset are absent. */
export interface ApiJob {
  id?: string | undefined;
  name: string;
  conclusion?: string | undefined;
  labels: string[];
  /** The keys of the jobs that it waits for, where the list tells them; of a call, of its own jobs. */
  needs?: string[] | undefined;
  runnerName?: string | undefined;
  createdAt?: string | undefined;
  startedAt?: string | undefined;
  completedAt?: string | undefined;
  attempt?: number | undefined;
  /** Listed in this attempt, but run in an earlier one. */
  carriedOver: boolean;
  /** Its place in the list, from 0, where the server gives the whole list at once. */
  place?: number | undefined;
  /** The task that it is on a runner, where the server has such; 0: none. */
  taskId?: number | undefined;
  /** It ended before it began. */
  neverRan?: boolean | undefined;
  steps: ApiStep[];
  /** It stands in a workflow that another one called, and its name does not show that. */
  called?: CalledJob | undefined;
}

/** What the files tell of an inner job that is listed by its plain name. */
interface CalledJob {
  /** Below the calls that lead to it, `call / build`; empty where several calls may be meant. */
  fullName: string;
  /** The key under which it knows itself, with the values of its matrix; absent where nobody knows it. */
  key?: string | undefined;
  /** No other job of the run has this key, for the calls are part of it, `call.build (20)`. */
  isUnique: boolean;
}

/** A run as the server's API tells it. */
export interface ApiRun {
  created?: string | undefined;
  /** The server's own word for when this attempt started. */
  start?: string | undefined;
  conclusion?: string | undefined;
  /** The workflow's file, where its path is told; without its folder on some servers. */
  file?: string | undefined;
  event?: string | undefined;
  /** A run of a fork's, which may have waited for somebody to approve it. */
  isOfFork?: boolean | undefined;
  repository?: Payload['repository'];
}

/** A list of jobs, and whether it is all of them. */
export interface ApiJobs {
  jobs: ApiJob[];
  complete: boolean;
  /** Jobs that wait are not in it, so that one of an earlier attempt may still run again. */
  omitsWaiting?: boolean | undefined;
}

/** `/git/commits/{sha}`, whose parts Gitea and Forgejo have below `commit` (REST docs, "Get a commit object"). */
export function parseCommit(body: unknown): Commit | undefined {
  const data = s.read(s.object({ sha: s.string, commit: HeadCommit }), body);
  const commit = data?.commit ?? s.read(HeadCommit, body);
  return data && commit && toCommit(data.sha, commit);
}

const JobBody = s.object({
  id,
  name: text,
  status: word,
  conclusion: word,
  labels: soft(s.list(s.string)),
  runs_on: soft(s.list(s.string)),
  runner_name: word,
  needs: soft(s.list(s.string)),
  run_attempt: number,
  attempt: number,
  task_id: number,
  created_at: time,
  started_at: time,
  completed_at: time,
  steps: parseSteps,
});

/** The steps in a job's answer, without what is none. */
export function parseSteps(body: unknown): ApiStep[] {
  if (!Array.isArray(body)) return [];
  return (body as unknown[]).flatMap((step, index) => {
    if (!step || typeof step !== 'object') return [];
    const { name, number: count, conclusion, started_at, completed_at } = step as Record<string, unknown>;
    return {
      name: typeof name === 'string' ? name : '',
      // Without numbers, the place in the list tells steps apart.
      number: typeof count === 'number' ? count : index + 1,
      conclusion: toWord(conclusion),
      startedAt: toTime(started_at),
      completedAt: toTime(completed_at),
    };
  });
}

/** One job in the shape of GitHub's REST API, which Gitea from 1.25 shares. */
export function parseJob(body: unknown, attempt: number | undefined): ApiJob | undefined {
  const job = s.read(JobBody, body);
  return (
    job && {
      id: job.id,
      name: job.name ?? '',
      conclusion: toConclusion(job),
      attempt: job.run_attempt ?? job.attempt,
      labels: job.labels ?? job.runs_on ?? [],
      needs: job.needs,
      runnerName: job.runner_name,
      createdAt: job.created_at,
      startedAt: job.started_at,
      completedAt: job.completed_at,
      carriedOver: isCarriedOver(job, attempt),
      taskId: job.task_id,
      steps: job.steps,
    }
  );
}

const JobsBody = s.object({ total_count: number, jobs: s.list(s.unknown) });

/** A page of jobs: `{ total_count, jobs }` on GitHub and Gitea, a bare list on Forgejo 16. */
export function parseJobPage(body: unknown, attempt: number | undefined, parse = parseJob): Page<ApiJob> | undefined {
  const data = s.read(JobsBody, Array.isArray(body) ? { jobs: body } : body);
  const items = data?.jobs.flatMap((job, place) => {
    const read = parse(job, attempt);
    if (read && Array.isArray(body)) read.place = place;
    return read ?? [];
  });
  return items && { items, total: data?.total_count };
}

/** The same, and whether it is all of them. */
export function parseJobs(body: unknown, attempt: number | undefined): ApiJobs | undefined {
  const page = parseJobPage(body, attempt);
  return page && { jobs: page.items, complete: page.items.length >= (page.total ?? 0) };
}

/** The texts of the failure annotations of a check run (GitHub REST docs, "List check run annotations"). */
export function parseAnnotations(body: unknown): string[] | undefined {
  const annotations = s.read(s.list(s.object({ annotation_level: text, message: text })), body);
  return annotations?.flatMap(({ annotation_level, message }) =>
    annotation_level === 'failure' && message ? [message] : [],
  );
}

const RunBody = s.object({
  created: time,
  run_started_at: time,
  started_at: time,
  started: time,
  status: word,
  conclusion: word,
  path: word,
  event: word,
  trigger_event: word,
  is_fork_pull_request: soft(s.boolean),
  repository: Repository,
});

/** A run, which starts with `run_started_at` on GitHub, `started_at` on Gitea and `started` on Forgejo. */
export function parseRun(body: unknown): ApiRun | undefined {
  const run = s.read(RunBody, body);
  return (
    run && {
      created: run.created,
      start: run.run_started_at ?? run.started_at ?? run.started,
      conclusion: toConclusion(run),
      file: run.path?.split('@')[0],
      event: run.trigger_event ?? run.event,
      isOfFork: run.is_fork_pull_request,
      repository: run.repository,
    }
  );
}

const CONCLUSIONS = ['success', 'failure', 'cancelled', 'skipped'];

/** Forgejo tells how something ended in `status`, the others keep that word for how far it is. */
export function toConclusion({ status, conclusion }: { status?: string; conclusion?: string }): string | undefined {
  return conclusion ?? CONCLUSIONS.find((word) => word === status);
}

/**
 * A job that a partial retry did not run again is listed with an earlier attempt, or with its old times and a new
 * `created_at` (GitHub: newrelic-experimental/gha-new-relic-exporter#38; Gitea 1.27: services/actions/rerun.go). Its
 * end tells, for the start of a job that did run may lie a second before its creation (llvm/llvm-project#130941).
 * Without the run's attempt that can't be told from one job.
 */
function isCarriedOver(job: s.Shaped<typeof JobBody>, attempt = 1): boolean {
  if (attempt <= 1 || job.conclusion === 'skipped' || toConclusion(job) === undefined) return false;
  const end = job.completed_at ?? job.started_at;
  const own = job.run_attempt ?? job.attempt ?? 0;
  return Boolean(end && job.created_at && end < job.created_at) || (own > 0 && own < attempt);
}
