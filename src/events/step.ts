import { type JobIdentity, toStepId } from '../model/identity.js';
import type { ApiStep, Job, Run } from '../model/run.js';
import { parseStatus } from '../model/status.js';
import { latest, within } from '../model/time.js';
import type { FinalStep } from './schema.js';

/**
 * The finished steps of a job in their order, within its times, without those that ended before `oldest` or before it
 * is seen to start, and without skipped ones: Datadog's steps know only success and error.
 */
export function toSteps(
  steps: readonly ApiStep[],
  {
    run,
    job,
    jobId,
    pipelineId,
    jobIdentity,
  }: { run: Run; job: Job; jobId: string; pipelineId: string; jobIdentity: JobIdentity },
  { oldest = '', ...times }: { start: string; end: string; oldest?: string | undefined },
): FinalStep[] {
  return steps.flatMap((step) => {
    const status = parseStatus(step.conclusion);
    if (!status || status === 'skipped' || !step.name || !step.startedAt || !step.completedAt) return [];
    const end = within(step.completedAt, times);
    // What the job wrote is a step of it, whatever its clock said.
    if (end < oldest || (!step.isWritten && endedBefore(times.start, step))) return [];
    const start = within(step.startedAt, times);
    return {
      level: 'step' as const,
      id: toStepId(run, jobIdentity, step.isWritten ? `own-${step.number}` : step.number),
      name: step.name,
      job_id: jobId,
      job_name: job.name,
      pipeline_unique_id: pipelineId,
      pipeline_name: run.name,
      start,
      end: latest(end, start),
      status: status === 'success' ? ('success' as const) : ('error' as const),
      tags: [
        `step_number:${step.number}`,
        `conclusion:${step.conclusion ?? ''}`,
        ...(step.isWritten ? ['step_source:runtime-file'] : []),
      ],
    };
  });
}

/** Servers tell whole seconds, so that a step without a length may have ended up to a second later than that. */
const SECOND = 1_000;

/** Whether a step such as "Set up job" was over when the job's own report began. */
function endedBefore(start: string, { startedAt, completedAt }: ApiStep): boolean {
  const end = Date.parse(completedAt!) + (startedAt === completedAt ? SECOND : 0);
  return end <= Date.parse(start);
}
