import type { Job, Run } from '../model/run.js';
import { type End, type Extras, toChildStatus, toExtraFields } from './event.js';
import { toGit } from './git.js';
import type { FinalJob, RunningJob } from './schema.js';

/** A job of a run as its events tell of it. */
export interface JobOfRun extends Extras {
  run: Run;
  job: Job;
  id: string;
  pipelineId: string;
  start: string;
  /** Its own stage, or the call of another workflow that it belongs to. */
  stage?: { id: string; name: string } | undefined;
  /** Ids of the jobs that this one waited for. */
  dependencies: readonly string[];
}

/** The running event of a job. */
export function toRunningJob(job: JobOfRun): RunningJob {
  return { ...toFields(job), status: 'running' };
}

/** The final event of a job. */
export function toFinalJob(job: JobOfRun, { time, status, failure }: End): FinalJob {
  return { ...toFields(job), status: toChildStatus(status), end: time, error: failure };
}

function toFields({ run, job, id, pipelineId, start, stage, dependencies, ...extras }: JobOfRun) {
  return {
    level: 'job' as const,
    id,
    name: job.name,
    pipeline_unique_id: pipelineId,
    pipeline_name: run.name,
    url: job.url,
    start,
    stage_id: stage?.id,
    stage_name: stage?.name,
    dependencies: dependencies.length > 0 ? [...dependencies] : undefined,
    git: toGit(run.revision, run.commit),
    node: job.node,
    ...toExtraFields(extras),
  };
}
