import type { JobOfRun } from '../events/job.js';
import { type JobIdentity, toJobId, toStageId } from '../model/identity.js';
import { memoize } from '../model/memoize.js';
import type { Run, Status } from '../model/run.js';
import { parseStatus } from '../model/status.js';
import { isLower } from '../model/text.js';
import { latest, within } from '../model/time.js';
import { toFullName, toListedKey } from '../pipeline/called-jobs.js';
import { isKeyed, separators } from '../pipeline/job-name.js';
import { toOwnJobs } from '../pipeline/partial-retry.js';
import type { ApiJob } from '../server/answers.js';
import type { Graph } from './graph.js';
import type { ObservedRun, ObserveSession } from './run.js';

/** A job of a run that has ended, as its events tell of it. */
export interface ObservedJob extends Pick<JobOfRun, 'id' | 'start' | 'stage' | 'dependencies'> {
  api: ApiJob;
  identity: JobIdentity;
  status: Status;
  end: string;
}

/** What jobs are seen against. */
interface RunSpan {
  run: Run;
  /** Attempts count per job, so that a job's own joins its id. */
  countsPerJob: boolean;
  /** The run's. */
  start: string;
  end: string;
  graph?: Graph | undefined;
  /** All jobs of this attempt, those that go on among them. */
  listed: readonly ApiJob[];
}

/**
 * Datadog computes the critical path from these: the jobs that ended last decide it, and not every event may carry
 * thousands of ids.
 */
const MOST_DEPENDENCIES = 100;

/** The jobs that ended in this attempt, each within the run's time. */
export function toObservedJobs(jobs: readonly ApiJob[], span: RunSpan): ObservedJob[] {
  const firsts = toFirsts(span.listed);
  const observed = jobs.filter(hasTime).map((job) => toObservedJob(job, firsts.get(toFullName(job)) === job.id, span));
  addDependencies(observed, span.graph);
  return observed;
}

/** Whether a job can be placed in time: one that was skipped, or ended before it began, needs no times. */
export function hasTime({ conclusion, startedAt, completedAt, createdAt, neverRan }: ApiJob): boolean {
  return Boolean(startedAt ?? completedAt ?? createdAt ?? neverRan) || parseStatus(conclusion) === 'skipped';
}

/** The lowest number among the jobs of each name. */
function toFirsts(jobs: readonly ApiJob[]): Map<string, string | undefined> {
  const firsts = new Map<string, string | undefined>();
  for (const job of jobs) {
    const name = toFullName(job);
    if (!firsts.has(name) || isLower(job.id, firsts.get(name))) firsts.set(name, job.id);
  }
  return firsts;
}

function toObservedJob(api: ApiJob, isFirst: boolean, { run, countsPerJob, graph, ...span }: RunSpan): ObservedJob {
  const identity = toIdentity(api, isFirst, countsPerJob);
  const name = toFullName(api);
  const call = graph?.knows(name) ? graph.callOf(name) : toCaller(name);
  const began = api.startedAt ?? api.completedAt ?? api.createdAt ?? span.end;
  const start = within(began, span);
  // An end that the server does not tell, though the job has ended, is the run's.
  const end = within(api.startedAt ? (api.completedAt ?? span.end) : began, span);
  return {
    api,
    id: toJobId(run, identity),
    identity,
    // A word that nobody knows yet is no success.
    status: parseStatus(api.conclusion) ?? 'error',
    start,
    end: latest(end, start),
    stage: call === undefined ? undefined : { id: toStageId(run, call), name: call },
    dependencies: [],
  };
}

/**
 * The identity that the job itself computes from its key and values, by which servers name jobs without `name:`. Where
 * keys repeat, inside a reusable workflow, or own names may, the server's number joins in. Unless the list has calls as
 * jobs, neither the files nor the rest of the list decide, for they may be unreadable the next time: of several jobs
 * with one name the first is like one that is alone.
 */
function toIdentity(api: ApiJob, isFirst: boolean, countsPerJob: boolean): JobIdentity {
  const attempt = countsPerJob ? `${api.attempt ?? 1}` : undefined;
  const { key, isShared } = toListedKey(api);
  const isAlone = api.called?.key !== undefined || (isKeyed(toFullName(api)) && isFirst);
  return { key, unique: isShared || !isAlone ? api.id : undefined, attempt };
}

/** Without the workflow's file: what stands before the first separator. */
function toCaller(name: string): string | undefined {
  return name.slice(0, separators(name)[0] ?? 0) || undefined;
}

function addDependencies(observed: ObservedJob[], graph: Graph | undefined): void {
  if (!graph) return;
  const ran = observed.filter(({ status }) => status !== 'skipped');
  const lastFirst = ran.sort((a, b) => (a.end < b.end ? 1 : a.end > b.end ? -1 : 0));
  const idsOf = memoize((needs: readonly string[]) => toLatestIds(new Set(needs), lastFirst, graph));
  for (const job of observed) {
    const ids = idsOf(graph.needsOf(toFullName(job.api)));
    // A file that is forged may make a job need itself.
    job.dependencies = ids.includes(job.id) ? ids.filter((id) => id !== job.id) : ids;
  }
}

function toLatestIds(needs: ReadonlySet<string>, lastFirst: readonly ObservedJob[], graph: Graph): string[] {
  const ids: string[] = [];
  for (const { id, api } of needs.size > 0 ? lastFirst : []) {
    if (graph.groupsOf(toFullName(api)).some((group) => needs.has(group))) ids.push(id);
    if (ids.length === MOST_DEPENDENCIES) break;
  }
  return ids;
}

/** The jobs of this attempt, and those by whether they have ended; the one that observes its own run is in neither. */
export function sortJobs({ list, attempt, isOwn }: ObservedRun, session: ObserveSession) {
  const all = list?.jobs ?? [];
  const { own } = toOwnJobs(all, attempt);
  const others = isOwn ? own.filter((job) => !isThisJob(job, session)) : own;
  const isOwnJob = new Set(own);
  return {
    own,
    ended: others.filter(({ conclusion }) => conclusion !== undefined),
    goingOn: others.filter(({ conclusion }) => conclusion === undefined),
    // A retry has their results too.
    carried: all.filter((job) => !isOwnJob.has(job) && job.conclusion !== undefined),
  };
}

/** By the server's number of it; where the runner does not know that, by the runner that runs it. */
function isThisJob(
  { id, conclusion, runnerName }: ApiJob,
  { platform, runner: { env }, config }: ObserveSession,
): boolean {
  const own = platform.jobId(config.checkRunId);
  return own === undefined ? conclusion === undefined && runnerName === env['RUNNER_NAME'] : id === own;
}
