import type { ApiJob } from '../api/answers.js';
import { type JobIdentity, type RunIdentity, toJobId, toStageId } from '../identity.js';
import { SEPARATOR } from '../needs.js';
import type { Status } from '../run.js';
import { parseStatus } from '../status.js';
import { latest, within } from '../time.js';
import type { Graph } from './graph.js';

/** A job of a run that has ended, as its events tell of it. */
export interface ObservedJob {
  api: ApiJob;
  id: string;
  identity: JobIdentity;
  status: Status;
  start: string;
  end: string;
  /** The call of another workflow that it belongs to. */
  stage?: { id: string; name: string } | undefined;
  /** Ids of jobs that it waited for. */
  dependencies: readonly string[];
}

/** What jobs are seen against. */
export interface Frame {
  identity: RunIdentity;
  /** Attempts count per job, so that a job's own joins its id. */
  countsPerJob: boolean;
  /** The run's. */
  start: string;
  end: string;
  graph?: Graph | undefined;
}

/** Datadog computes the critical path from these: the jobs that ended last decide it, and thousands of ids for each of thousands of jobs would not be sent. */
const MOST_DEPENDENCIES = 100;

/** The jobs that ended in this attempt, each within the run's time. */
export function toObservedJobs(jobs: readonly ApiJob[], frame: Frame): ObservedJob[] {
  const counts = new Map<string, number>();
  for (const { name } of jobs) counts.set(name, (counts.get(name) ?? 0) + 1);
  const observed = jobs.filter(hasTime).map((job) => toObservedJob(job, counts.get(job.name)! > 1, frame));
  addDependencies(observed, frame.graph);
  return observed;
}

/** Whether a job can be placed in time: one that was skipped before it began has no length, and may have no times either. */
export function hasTime({ conclusion, startedAt, completedAt, createdAt }: ApiJob): boolean {
  return Boolean(startedAt ?? completedAt ?? createdAt) || parseStatus(conclusion) === 'skipped';
}

function toObservedJob(api: ApiJob, isRepeated: boolean, { identity: run, countsPerJob, graph, ...span }: Frame): ObservedJob {
  const identity = toIdentity(api, isRepeated, countsPerJob);
  const call = graph?.knows(api.name) ? graph.callOf(api.name) : toCaller(api.name);
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
 * The identity that the job itself would compute (DESIGN 4) from its key and values, which is how servers name jobs without `name:`. Inside
 * a called workflow keys repeat, and so may names of people's own; there the server's number joins in. The files play no part in it: they may
 * be unreadable the next time.
 */
function toIdentity({ id, name, attempt }: ApiJob, isRepeated: boolean, countsPerJob: boolean): JobIdentity {
  const isCalled = name.includes(SEPARATOR);
  return {
    key: name.slice(isCalled ? name.lastIndexOf(SEPARATOR) + SEPARATOR.length : 0),
    unique: isCalled || isRepeated ? id : undefined,
    attempt: countsPerJob ? `${attempt ?? 1}` : undefined,
  };
}

/** Without the workflow's file: what stands before the first separator. */
function toCaller(name: string): string | undefined {
  const at = name.indexOf(SEPARATOR);
  return at > 0 ? name.slice(0, at) : undefined;
}

function addDependencies(observed: ObservedJob[], graph: Graph | undefined): void {
  if (!graph) return;
  const ran = observed.filter(({ status }) => status !== 'skipped');
  const byName = new Map<string, ObservedJob[]>();
  for (const job of ran) {
    const others = byName.get(job.api.name);
    if (others) others.push(job);
    else byName.set(job.api.name, [job]);
  }
  const needsOf = graph.toNeeds([...byName.keys()]);
  const known = new Map<readonly string[], readonly string[]>();
  for (const job of observed) {
    const names = needsOf(job.api.name);
    const ids = known.get(names) ?? toLatestIds(names.flatMap((name) => byName.get(name) ?? []));
    known.set(names, ids);
    // A file that is forged may make a job need itself.
    job.dependencies = ids.includes(job.id) ? ids.filter((id) => id !== job.id) : ids;
  }
}

function toLatestIds(jobs: readonly ObservedJob[]): string[] {
  const inOrder = jobs.length > MOST_DEPENDENCIES ? [...jobs].sort((a, b) => (a.end < b.end ? 1 : -1)) : jobs;
  return inOrder.slice(0, MOST_DEPENDENCIES).map(({ id }) => id);
}
