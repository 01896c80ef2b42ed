import { groupBy } from '../model/group-by.js';
import { memoize } from '../model/memoize.js';
import type { ApiJob } from '../server/answers.js';
import type { Calls } from '../server/platforms/platform.js';
import type { FileJob, WorkflowFile } from '../server/workflow-file.js';
import type { Workflow } from '../server/workflow.js';
import { innerName, SEPARATOR, separators } from './job-name.js';
import { createFinders, type Finders } from './pattern.js';

/** Where a listed job may stand: in the run's own workflow, or below a call of another one. */
interface Scope {
  /** The call as the server lists it; absent for the run's own workflow. */
  call?: ApiJob | undefined;
  /** The calls that lead here as they are listed, and by their keys where those tell it from other calls. */
  names: readonly string[];
  keys: readonly string[] | undefined;
  /** Its file; absent where that could not be read, so that any job may stand in it. */
  file?: Finders | undefined;
}

/** A job with its name as its file has it, and the scopes that it may stand in. */
interface Placed {
  row: ApiJob;
  name: string;
  scopes: readonly Scope[];
}

/** Each job of a name is held against each scope that has such a job; more of them than that are no workflow's. */
const MOST_PAIRS = 10_000;

/** Tells the calls of workflows in a list from jobs: a job names the runners that may take it, a call none. */
export function toIsCall(list: readonly ApiJob[]): (job: ApiJob) => boolean {
  const tellsLabels = list.some(({ labels }) => labels.length > 0);
  return ({ labels }) => tellsLabels && labels.length === 0;
}

/** The list without calls, see `toCalledJobs`; as it is, and the workflow unread, where it or its server has none. */
export async function withCalledJobs<T extends { jobs: ApiJob[] }>(
  list: T,
  readWorkflow: () => Promise<Workflow | undefined> | Workflow | undefined,
  calls: Calls | undefined,
): Promise<T> {
  if (!calls || !list.jobs.some(toIsCall(list.jobs))) return list;
  return { ...list, jobs: toCalledJobs(list.jobs, await readWorkflow(), calls) };
}

/**
 * The jobs of a list that has calls as jobs too, and inner jobs by their plain names (seen on Gitea 1.27 and Forgejo
 * 16): each inner job with its full name where files, order and times leave no doubt about its call; of the calls only
 * those that were skipped, or ended without any job.
 */
export function toCalledJobs(jobs: readonly ApiJob[], workflow: Workflow | undefined, calls: Calls): ApiJob[] {
  const isCall = toIsCall(jobs);
  const rows = jobs.filter((job) => !isCall(job));
  if (!workflow) return rows;
  const scopes = findScopes(jobs.filter(isCall), workflow, calls);
  const placed = new Map(place(rows, scopes, { calls, find: 'findJob' }).map((one) => [one.row, one]));
  const empty = new Set(scopes.map(({ call }) => call));
  for (const one of placed.values()) one.scopes.forEach(({ call }) => empty.delete(call));
  // It has failed before it had any job.
  const isAlone = (call: ApiJob): boolean =>
    call.conclusion === 'skipped' || (empty.has(call) && ![undefined, 'success'].includes(call.conclusion));
  return jobs.flatMap((job) => {
    const one = placed.get(job);
    return one ? toNamed(one, calls) : isAlone(job) ? job : [];
  });
}

/** The run's own workflow, and each call of another one, at any depth. */
function findScopes(callRows: readonly ApiJob[], { file, called }: Workflow, calls: Calls): Scope[] {
  const open = memoize(createFinders);
  const scopes: Scope[] = [{ names: [], keys: [], file: open(file) }];
  for (let [rest, known] = [callRows, 0]; known < scopes.length && rest.length > 0;) {
    known = scopes.length;
    const placed = place(rest, scopes, { calls, find: 'findCall' }).filter((one) => one.scopes.length === 1);
    for (const { row, name, scopes: found } of placed) {
      const outer = found[0]!;
      const job = outer.file?.findCall(name)?.job;
      const keys = job && !job.hasMatrix ? outer.keys && [...outer.keys, job.key] : undefined;
      const inner = called.get(job?.uses ?? '') ?? toListed(row, keys);
      scopes.push({ call: row, names: [...outer.names, name], keys, file: inner && open(inner) });
    }
    const isPlaced = new Set(placed.map(({ row }) => row));
    rest = rest.filter((row) => !isPlaced.has(row));
  }
  return scopes;
}

/** What a call's own row tells of the file that it calls: which jobs are in there. */
function toListed({ needs = [] }: ApiJob, keys: readonly string[] | undefined): WorkflowFile | undefined {
  const prefix = keys && `${keys.join('.')}.`;
  const own = needs.flatMap((key) => (prefix && key.startsWith(prefix) ? key.slice(prefix.length) : []));
  const jobs = own.map((key): FileJob => ({ key, needs: [], hasMatrix: true, steps: [] }));
  return jobs.length > 0 ? { jobs } : undefined;
}

/** Rows, jobs or calls, with the scopes that each may stand in: one where that is known, none where no file has it. */
function place(
  rows: readonly ApiJob[],
  scopes: readonly Scope[],
  { calls, find }: { calls: Calls; find: keyof Finders },
): Placed[] {
  const fits = (name: string): boolean => scopes.some(({ file }) => file?.[find](name));
  const toName = ({ name }: ApiJob): string => {
    const plain = calls.numbersNames ? name.replace(/-\d+$/, '') : name;
    return !fits(name) && fits(plain) ? plain : name;
  };
  return [...groupBy(rows, toName)].flatMap(([name, group]) => {
    const mayBe = scopes.filter(({ file }) => !file || file[find](name));
    const inOrder = group.sort((a, b) => toNumber(a) - toNumber(b));
    return [...settle(inOrder, mayBe, calls)].map(([row, found]) => ({ row, name, scopes: found }));
  });
}

/** Jobs of one name, each of which a scope has once. */
function settle(group: readonly ApiJob[], mayBe: readonly Scope[], calls: Calls): Map<ApiJob, readonly Scope[]> {
  const [own] = mayBe;
  // A job of the run's own workflow is always listed.
  if (group.length === 1 && own && !own.call && mayHold(own, group[0]!, calls)) return new Map([[group[0]!, [own]]]);
  if (group.length * mayBe.length > MOST_PAIRS) return new Map(group.map((row) => [row, mayBe]));
  const placed = new Map<ApiJob, readonly Scope[]>();
  let [open, free] = [group, mayBe];
  const choices = (row: ApiJob): Scope[] => free.filter((scope) => mayHold(scope, row, calls));
  const findSure = (): ApiJob | undefined => open.find((row) => choices(row).length === 1);
  for (let sure = findSure(); sure; sure = findSure()) {
    const chosen = choices(sure);
    placed.set(sure, chosen);
    free = free.filter((one) => one !== chosen[0]);
    open = open.filter((row) => !placed.has(row));
  }
  const inOrder = calls.areAhead && open.length === free.length;
  open.forEach((row, at) => placed.set(row, inOrder ? [free[at]!] : choices(row)));
  return placed;
}

/** Whether a job may belong to a call: created after it, and where calls begin when they are ready, run in its time. */
function mayHold({ call, keys }: Scope, row: ApiJob, { areAhead }: Calls): boolean {
  // Forgejo tells what an inner job waits for with the calls before it.
  const inner = row.needs?.find((key) => key.includes('.'));
  if (!call) return inner === undefined;
  if (inner !== undefined && keys && !inner.startsWith(`${keys.join('.')}.`)) return false;
  if (toNumber(row) <= toNumber(call)) return false;
  if (areAhead) return true;
  if (call.conclusion === 'skipped') return false;
  if (!row.startedAt) return true;
  const isBefore = !call.startedAt || row.startedAt < call.startedAt;
  return !isBefore && !(call.completedAt && row.startedAt > call.completedAt);
}

/** Servers number jobs in the order in which they create them. */
function toNumber({ id }: ApiJob): number {
  return Number(id ?? 0);
}

function toNamed({ row, name, scopes }: Placed, { areInKeys: isUnique }: Calls): ApiJob {
  const [scope, other] = scopes;
  if (other) return { ...row, called: { fullName: '', isUnique } };
  if (!scope?.call) return row;
  const fullName = [...scope.names, name].join(SEPARATOR);
  const key = toKey(scope.file?.findJob(name)?.job, name);
  const path = key === undefined || scope.keys === undefined ? undefined : [...scope.keys, key].join('.');
  return { ...row, called: { fullName, key: isUnique ? path : key, isUnique } };
}

/** A job's key with the values of its matrix, which a name of people's own hides. */
function toKey(job: FileJob | undefined, name: string): string | undefined {
  if (!job || (job.name !== undefined && job.hasMatrix)) return undefined;
  return job.name === undefined ? name : job.key;
}

/** A job's name below the calls that lead to it, `call / build`; empty where several calls may be meant. */
export function toFullName({ name, called }: ApiJob): string {
  return called?.fullName ?? name;
}

/** The key that a listed job reports itself under, as far as its name shows it; shared with those of other calls. */
export function toListedKey(job: ApiJob): { key: string; isShared: boolean } {
  const { key, isUnique } = job.called ?? {};
  if (key !== undefined) return { key, isShared: !isUnique };
  const name = toFullName(job);
  const call = separators(name).at(-1);
  return { key: innerName(name || job.name, call), isShared: call !== undefined };
}
