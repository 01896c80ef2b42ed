import * as s from '../model/shape.js';
import type { ApiStep, Commit } from '../model/run.js';
import { toTime } from '../model/time.js';
import { id, number, soft, text, time, toWord, word } from '../model/soft.js';

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
  repository?: ApiRepository | undefined;
}

/** The repository of a run, in the words of event payloads. */
type ApiRepository = s.Shaped<typeof RepositoryBody>;
const RepositoryBody = s.object({ full_name: text, html_url: text, default_branch: text });

/** A list of jobs, and whether it is all of them. */
export interface ApiJobs {
  jobs: ApiJob[];
  complete: boolean;
  /** Jobs that wait are not in it, so that one of an earlier attempt may still run again. */
  omitsWaiting?: boolean | undefined;
}

const Person = s.object({ name: text, email: text, date: time });
const CommitBody = s.object({ message: text, author: soft(Person), committer: soft(Person) });

/**
 * `/git/commits/{sha}`: GitHub has the parts at the top (REST docs, "Get a commit object"), Gitea and Forgejo below
 * `commit`.
 */
export function parseCommit(body: unknown): Commit | undefined {
  const outer = s.read(s.object({ sha: s.string, commit: soft(CommitBody) }), body);
  const inner = s.read(CommitBody, outer?.commit ?? body);
  if (!outer || !inner) return undefined;
  const { message, author, committer } = inner;
  return { sha: outer.sha, message, author: toPerson(author), committer: toPerson(committer) };
}

function toPerson(person: s.Shaped<typeof Person> | undefined): Commit['author'] {
  return { name: person?.name, email: person?.email, time: person?.date };
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
  if (!job) return undefined;
  return {
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
  };
}

/** A page of jobs: `{ total_count, jobs }` on GitHub and Gitea, a bare list on Forgejo 16. */
export function parseJobs(body: unknown, attempt: number | undefined, parse = parseJob): ApiJobs | undefined {
  const isWhole = Array.isArray(body);
  const page = s.read(s.object({ total_count: number, jobs: s.list(s.unknown) }), isWhole ? { jobs: body } : body);
  if (!page) return undefined;
  const jobs = page.jobs
    .map((job, place) => {
      const read = parse(job, attempt);
      return read && isWhole ? { ...read, place } : read;
    })
    .filter((job) => job !== undefined);
  return { jobs, complete: jobs.length >= (page.total_count ?? 0) };
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
  repository: soft(RepositoryBody),
});

/**
 * A run: `run_started_at` on GitHub, `started_at` on Gitea, `started` on Forgejo, which also puts the conclusion into
 * `status`.
 */
export function parseRun(body: unknown): ApiRun | undefined {
  const run = s.read(RunBody, body);
  if (!run) return undefined;
  const { created, run_started_at, started_at, started, status, conclusion, path, event, trigger_event } = run;
  const start = run_started_at ?? started_at ?? started;
  return {
    created,
    start,
    conclusion: toConclusion({ status, conclusion }),
    file: path?.split('@')[0],
    event: trigger_event ?? event,
    isOfFork: run.is_fork_pull_request,
    repository: run.repository,
  };
}

const CONCLUSIONS = ['success', 'failure', 'cancelled', 'skipped'];

/** Forgejo tells how something ended in `status`, the others keep that word for how far it is. */
export function toConclusion({
  status,
  conclusion,
}: {
  status?: string | undefined;
  conclusion?: string | undefined;
}): string | undefined {
  return conclusion ?? CONCLUSIONS.find((word) => word === status);
}

/**
 * A job that a partial retry did not run again is listed with its old times and a new `created_at` (GitHub:
 * newrelic-experimental/gha-new-relic-exporter#38; Gitea 1.27: services/actions/rerun.go), or with an earlier attempt.
 * Its end and not its start tells, which may lie a second before the creation of a job that did run
 * (llvm/llvm-project#130941). Without the attempt (it is the job's own on some servers) that can't be told from one
 * job.
 */
function isCarriedOver(job: s.Shaped<typeof JobBody>, attempt: number | undefined): boolean {
  if (attempt === undefined || attempt <= 1 || job.conclusion === 'skipped') return false;
  const hasEnded = toConclusion(job) !== undefined;
  const end = job.completed_at ?? job.started_at;
  if (hasEnded && end && job.created_at && end < job.created_at) return true;
  const own = job.run_attempt ?? job.attempt ?? 0;
  return hasEnded && own > 0 && own < attempt;
}
