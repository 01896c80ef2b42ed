import type { End } from '../events/event.js';
import { toFinalJob } from '../events/job.js';
import { type Pipeline, toFinalPipeline } from '../events/pipeline.js';
import type { Resource } from '../events/schema.js';
import { type Stage, toStage } from '../events/stage.js';
import { toSteps } from '../events/step.js';
import type { Failure, Job } from '../model/run.js';
import { toQueueTime } from '../model/time.js';
import { toFullName } from '../pipeline/called-jobs.js';
import { toJobQueueTime } from '../pipeline/job.js';
import { toExtras, toPipelineOfAll } from '../pipeline/report-events.js';
import type { ApiJob } from '../server/answers.js';
import type { JobPlace, Platform } from '../server/platforms/platform.js';
import type { Graph } from './graph.js';
import type { ObservedJob } from './jobs.js';
import type { ObservedRun, ObserveSession } from './run.js';

/** Everything that the final events of a run are made from. */
export interface Final {
  observed: ObservedRun;
  pipeline: Pipeline;
  end: End;
  stages: readonly Stage[];
  jobs: readonly ObservedJob[];
  /** Why a job failed. */
  toFailure(job: ObservedJob): Failure;
  /** Tags of ours that all levels carry. */
  tags: readonly string[];
  graph?: Graph | undefined;
  /** Steps that ended before are not accepted. */
  oldest?: string | undefined;
}

/**
 * A run's final resources one after the other: the pipeline, the stages, then each job with its steps; the tags of jobs
 * that Datadog's limits leave no place for are added to `dropped` on the way.
 */
export function* streamResources(
  final: Final,
  { config, platform }: Pick<ObserveSession, 'config' | 'platform'>,
  dropped: string[][],
): Generator<Resource> {
  const { observed, pipeline, end, stages, jobs } = final;
  const { run, pipelineId } = observed;
  yield toFinalPipeline(pipeline, end);
  for (const stage of stages) yield toStage(stage, { run, pipelineId });
  for (const observedJob of jobs) {
    const { api, id: jobId, identity: jobIdentity, status, start, end: time } = observedJob;
    const job = toJob(observedJob, observed, platform);
    const ours = [...final.tags, `conclusion:${api.conclusion ?? ''}`];
    // What the user measures is measured once, for the pipeline.
    const extras = toExtras({ tags: config.tags, measures: [], parameters: {} }, ours);
    dropped.push(extras.dropped);
    const needsNone = final.graph?.isFirst(toFullName(api)) === true;
    const queueTime = status === 'skipped' ? undefined : toJobQueueTime(api, { ...jobIdentity, needsNone }, platform);
    const failure = status === 'error' ? final.toFailure(observedJob) : undefined;
    yield toFinalJob({ ...observedJob, ...extras, run, job, pipelineId, queueTime }, { time, status, failure });
    const of = { run, job, jobId, pipelineId, jobIdentity };
    if (config.steps) yield* toSteps(api.steps, of, { start, end: time, oldest: final.oldest });
  }
}

function toJob({ api, identity }: ObservedJob, { run }: ObservedRun, platform: Platform): Job {
  return {
    key: identity.key,
    name: (api.called?.isUnique ? identity.key : api.name) || identity.key || 'unnamed',
    url: platform.jobPage(run, api.id, toPlace(api)),
    serverId: api.id,
    isCalled: false,
    inComposite: false,
    node: { name: api.runnerName, labels: api.labels.length > 0 ? api.labels : undefined },
  };
}

function toPlace({ place, attempt }: ApiJob): JobPlace | undefined {
  return place === undefined || attempt === undefined ? undefined : { place, attempt };
}

/** A run as the pipeline that its events tell of, with its wait for runners where that is known. */
export function toPipeline(
  observed: ObservedRun,
  { ended, tags }: { ended: readonly ApiJob[]; tags: readonly string[] },
  { config, platform }: Pick<ObserveSession, 'config' | 'platform'>,
): Pipeline {
  const { run, start, details, attempt } = observed;
  const extras = toExtras(config, tags);
  // A run keeps its creation through all its retries; one of a fork may have waited for people and not for runners.
  const isFirst = attempt.number === 1 || (ended.length > 0 && ended.every((job) => job.attempt === 1));
  return {
    ...toPipelineOfAll({ ...observed, partialRetry: observed.partialRetry.partial }),
    queueTime:
      platform.wholeRun.startsWithFirstJob && isFirst && !details.isOfFork
        ? toQueueTime(details.created, start)
        : undefined,
    ...extras,
    parameters: { ...run.parameters, ...extras.parameters },
  };
}
