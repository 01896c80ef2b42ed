import type { Link, Node, Run } from '../model/run.js';
import { type End, type Extras, toExtraFields } from './event.js';
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
export function toFinalPipeline(pipeline: Pipeline, { time, status, failure }: End): FinalPipeline {
  return { ...toFields(pipeline), status, end: time, error: failure };
}

function toFields({ run, id, start, partialRetry, previous, node, ...extras }: Pipeline) {
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
    is_manual: run.manual || undefined,
    git: toGit(run.revision, run.commit),
    node,
    ...toExtraFields(extras),
  };
}
