import type { Link, Node, Run } from '../model/run.js';
import type { End, Extras } from './event.js';
import { toGit } from './git.js';
import type { FinalPipeline, RunningPipeline } from './schema.js';

/** A run as the pipeline that its events tell of. */
export interface Pipeline extends Extras {
  run: Run;
  id: string;
  start: string;
  partialRetry: boolean;
  previous?: Link | undefined;
  node?: Node | undefined;
}

/** The running event of a pipeline. */
export function toRunningPipeline(pipeline: Pipeline): RunningPipeline {
  return { ...toFields(pipeline), status: 'running' };
}

/** The final event of a pipeline. */
export function toFinalPipeline(pipeline: Pipeline, end: End): FinalPipeline {
  return { ...toFields(pipeline), status: end.status, end: end.time, error: end.failure };
}

function toFields({ run, id, start, partialRetry, previous, node, tags, measures, parameters, queueTime }: Pipeline) {
  return {
    level: 'pipeline' as const,
    unique_id: id,
    pipeline_id: run.id,
    name: run.name,
    url: run.url,
    start,
    partial_retry: partialRetry,
    previous_attempt: previous,
    parent_pipeline: run.parent,
    queue_time: queueTime,
    is_manual: run.manual || undefined,
    git: toGit(run.revision, run.commit),
    node,
    tags,
    metrics: measures.length > 0 ? measures : undefined,
    parameters: Object.keys(parameters).length > 0 ? parameters : undefined,
  };
}
