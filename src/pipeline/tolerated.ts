import type { ApiStep } from '../model/run.js';
import type { ApiJob } from '../server/answers.js';
import type { FileJob } from '../server/workflow-file.js';
import { hasFailed } from './job-end.js';
import type { PostSession } from './post-session.js';

/**
 * The job with its steps marked by whether the workflow's file lets them fail; as it was where the server tells that
 * itself, or the file does not.
 */
export async function readTolerated(
  job: ApiJob,
  isCalled: boolean,
  { server: { platform }, runner, readFileJobs }: PostSession,
): Promise<ApiJob> {
  // The file of a reusable workflow is not the run's.
  if (platform.tellsTolerated || !job.steps.some(hasFailed) || isCalled) return job;
  const own = (await readFileJobs())?.find(({ key }) => key === runner.env['GITHUB_JOB']);
  return own ? { ...job, steps: markTolerated(job.steps, own.steps) } : job;
}

/** Servers list a job's steps in the order of its file; a list that does not fit it tells nothing. */
function markTolerated(listed: readonly ApiStep[], steps: FileJob['steps']): ApiStep[] {
  const fits = listed.length === steps.length && listed.every(({ name }, at) => isSameName(name, steps[at]!.name));
  return listed.map((step, at) => (fits ? { ...step, isTolerated: toTolerated(steps[at]!.continueOnError) } : step));
}

/** A name that holds an expression, or none, is listed as something else. */
function isSameName(listed: string, name: string | undefined): boolean {
  return name === undefined || name.includes('${{') || name.trim() === listed.trim();
}

/** Undefined for an expression: what it came to is known to the runner only. */
function toTolerated(continueOnError: string | undefined): boolean | undefined {
  if (continueOnError === undefined) return false;
  return { true: true, false: false }[continueOnError.trim().toLowerCase()];
}
