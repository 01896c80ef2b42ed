import { type End, type Events, type Extras, toEvents } from '../events/event.js';
import { toGit, toGitTags } from '../events/git.js';
import { type JobOfRun, toFinalJob, toRunningJob } from '../events/job.js';
import { type Pipeline, toFinalPipeline, toRunningPipeline } from '../events/pipeline.js';
import { type Stage, toStage } from '../events/stage.js';
import { toSteps } from '../events/step.js';
import { toStageId } from '../model/identity.js';
import { type ApiStep, isSha, type Node } from '../model/run.js';
import { mergeTags } from '../model/tags.js';
import { cut } from '../model/text.js';
import { VERSION } from '../model/version.js';
import type { Log } from '../runner/log.js';
import type { Additions } from '../runner/runtime-file.js';
import type { Report } from './report.js';
import { toOldest } from './time-limits.js';

/** How a job and, where this job is the one to say so, its pipeline ended, and what else only the end knows. */
export interface Finish {
  job: End;
  pipeline?: End | undefined;
  /** Tags of ours about the run, and about this job. */
  tags: readonly string[];
  jobTags: readonly string[];
  /** Tags of ours about the pipeline alone. */
  pipelineTags?: readonly string[] | undefined;
  /** Labels of the runner, where the server tells them. */
  labels?: readonly string[] | undefined;
  added: Pick<Additions, 'tags' | 'measures' | 'parameters'>;
  dependencies: readonly string[];
  stages: readonly Stage[];
  steps: readonly ApiStep[];
  /** Milliseconds. */
  queueTime?: number | undefined;
}

/** No step has added anything. */
export const NOTHING_ADDED: Pick<Finish, 'added'> = { added: { tags: [], measures: [], parameters: {} } };

const NOTHING_YET = { ...NOTHING_ADDED, tags: [], jobTags: [], dependencies: [] };

/** What a job reports at its start: itself, and its pipeline where every job would say the same of it. */
export function toRunningEvents(reported: Report, log: Log): Events {
  const { role, startsPipeline, config } = reported;
  const pipeline = role === 'whole' ? toPipeline(reported, NOTHING_YET, log) : toPipelineOfAll(reported, log);
  const resources = pipeline && startsPipeline ? [toRunningPipeline(pipeline)] : [];
  return toEvents([...resources, toRunningJob(toJob(reported, NOTHING_YET, log))], config, log.redact);
}

/** What a job reports at its end: itself with its steps, and its pipeline unless that goes on. */
export function toFinalEvents(reported: Report, finish: Finish, log: Log): Events {
  const { config, jobStart } = reported;
  const pipeline = finish.pipeline && toPipeline(reported, finish, log);
  return toEvents(
    [
      ...(pipeline && finish.pipeline ? [toFinalPipeline(pipeline, finish.pipeline)] : []),
      ...finish.stages.map((stage) => toStage(stage, reported)),
      toFinalJob(toJob(reported, finish, log), finish.job),
      ...toSteps(finish.steps, reported, {
        start: jobStart,
        end: finish.job.time,
        oldest: toOldest(Date.parse(finish.job.time)),
      }),
    ],
    config,
    log.redact,
  );
}

type Late = Pick<Finish, 'tags' | 'jobTags' | 'pipelineTags' | 'labels' | 'added' | 'dependencies' | 'queueTime'>;

/** The pipeline as the job sees it that speaks for the whole of it. */
function toPipeline(reported: Report, late: Late, log: Log): Pipeline | undefined {
  const { role } = reported;
  const base = toPipelineOfAll(reported, log);
  // Of the machine's own parts only those of a pipeline that is one job.
  const ours = [
    ...(base?.tags ?? []),
    ...(role === 'whole' ? [...reported.jobTags, ...late.jobTags] : []),
    ...(late.pipelineTags ?? []),
    ...late.tags,
  ];
  const extras = toExtras(reported, ours, late, log);
  return (
    base && {
      ...base,
      ...extras,
      node: role === 'whole' ? toNode(reported, late) : undefined,
      queueTime: role === 'whole' ? late.queueTime : undefined,
      parameters: { ...base.parameters, ...extras.parameters },
    }
  );
}

/** The pipeline in what is the same for every one of its jobs, so that their events never contradict each other. */
function toPipelineOfAll(reported: Report, log: Log): Pipeline | undefined {
  const { run, pipelineId: id, start, partialRetry, previous } = reported;
  if (start === undefined) return undefined;
  return {
    run,
    id,
    start,
    partialRetry,
    previous,
    tags: toRunTags(reported, log),
    measures: [],
    parameters: run.parameters,
  };
}

function toJob(reported: Report, late: Late, log: Log): JobOfRun {
  const { config, run, jobId, pipelineId, jobStart, jobTags, identity } = reported;
  const stage = config.stage === undefined ? undefined : { id: toStageId(identity, config.stage), name: config.stage };
  const ours = [...toRunTags(reported, log), ...jobTags, ...late.jobTags, ...late.tags];
  return {
    run,
    job: { ...reported.job, node: toNode(reported, late) },
    id: jobId,
    pipelineId,
    start: jobStart,
    stage,
    dependencies: late.dependencies,
    queueTime: late.queueTime,
    ...toExtras(reported, ours, late, log),
  };
}

function toNode({ job: { node } }: Report, { labels }: Late): Node {
  return labels?.length ? { ...node, labels: [...labels] } : node;
}

/** Tags of ours that are the same in every job of the run. */
export function toRunTags({ run }: Pick<Report, 'run'>, log: Log): string[] {
  return [...run.tags, `reporter_version:${VERSION}`, ...toGitTagsOf(run, log)];
}

/** Ours and the user's; the user's last value wins. */
export function toExtras(
  { config }: Pick<Report, 'config'>,
  ours: readonly string[],
  { added }: Pick<Finish, 'added'>,
  log: Log,
): Extras {
  const { tags, left } = mergeTags(ours, config.tags, added.tags);
  const { tags: measures, left: leftMeasures } = mergeTags(config.measures, added.measures);
  warnLeft([...left, ...leftMeasures], log);
  return { tags, measures, parameters: { ...config.parameters, ...added.parameters } };
}

/** The parts of git as tags where the commit id is none that Datadog takes. */
function toGitTagsOf({ revision, commit }: Report['run'], log: Log): string[] {
  if (!revision.sha || isSha(revision.sha) || toGit(revision, commit)) return [];
  log.notice(
    'Datadog takes commit ids of 40 hexadecimal digits only, and this one is another: ' +
      '`git` is left out, its parts are sent as tags.',
  );
  return toGitTags(revision);
}

/** Names the tags and measures that Datadog's limits leave no place for. */
export function warnLeft(left: readonly string[], log: Log): void {
  if (left.length === 0) return;
  log.warn({
    what: `${left.length} tags or measures were left out (${left
      .slice(0, 20)
      .map((tag) => cut(log.redact(tag), 40))
      .join(', ')})`,
    why: 'Datadog takes at most 100 of each, and 300 characters for key and value together',
    fix: 'Send fewer, or shorter ones.',
  });
}
