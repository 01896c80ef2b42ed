import { toJobId } from '../model/identity.js';
import { parseStatus } from '../model/status.js';
import type { Need } from '../runner/needs.js';
import type { ApiJob, ApiJobs } from '../server/answers.js';
import { toFullName, toIsCall, toListedKey } from './called-jobs.js';
import { SEPARATOR, separators } from './job-name.js';
import type { Report } from './report.js';

/** A job of the run that a required job stands for, with what its identity takes. */
export interface NeededJob extends ReturnType<typeof toListedKey> {
  /** As the API lists it. */
  listed: ApiJob;
}

/**
 * The jobs that a job waited for and that ran in this attempt, as far as the API lists them: a key stands for the jobs
 * of a matrix, `key (values)`, and those of a reusable workflow, `key / inner`, too. Jobs with names of their own are
 * not found.
 */
export function toNeededJobs(
  needs: readonly Need[],
  list: ApiJobs,
  own: { job: ApiJob | undefined; isCalled: boolean },
): NeededJob[] {
  const name = own.job ? toFullName(own.job) : '';
  const call = own.isCalled ? separators(name).at(-1) : undefined;
  // Keys repeat from call to call, and a list that shows no callers does not tell them apart.
  if (own.isCalled && call === undefined) return [];
  const caller = call === undefined ? '' : name.slice(0, call) + SEPARATOR;
  const isCall = toIsCall(list.jobs);
  return (
    needs
      .filter(({ result }) => parseStatus(result) !== 'skipped')
      .flatMap(({ key }) => list.jobs.filter((job) => belongsTo(toFullName(job), caller + toName(key))))
      // The call of a workflow may be listed as a job, which no runner runs.
      .filter((job) => hasRun(job) && (!job.called || job.called.key !== undefined) && !isCall(job))
      .map((listed) => ({ ...toListedKey(listed), listed }))
  );
}

/** Where keys have the calls before them, a key stands for a full name. */
function toName(key: string): string {
  return key.replaceAll('.', SEPARATOR);
}

function belongsTo(name: string, key: string): boolean {
  return name === key || name.startsWith(`${key} (`) || name.startsWith(key + SEPARATOR);
}

function hasRun({ carriedOver, conclusion, startedAt }: ApiJob): boolean {
  return !carriedOver && parseStatus(conclusion) !== 'skipped' && (startedAt !== undefined || conclusion !== undefined);
}

/** The id under which a needed job reports itself. */
export function toNeededId({ key, isShared, listed }: NeededJob, { run, jobIdentity, job }: Report): string {
  const attempt = jobIdentity.attempt && `${listed.attempt ?? jobIdentity.attempt}`;
  // A server that does not tell this job its number does not tell the others theirs.
  return toJobId(run, { key, unique: isShared && job.serverId ? listed.id : undefined, attempt });
}
