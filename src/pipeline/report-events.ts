import { type End, type Events, type Extras, toEvents } from '../events/event.js';
import { toGitTags } from '../events/git.js';
import { type JobOfRun, toFinalJob, toRunningJob } from '../events/job.js';
import { type Pipeline, toFinalPipeline, toRunningPipeline } from '../events/pipeline.js';
import { type Stage, toStage } from '../events/stage.js';
import { toSteps } from '../events/step.js';
import { CONTAINS_DEPLOYMENT } from '../model/deployment.js';
import { toStageId } from '../model/identity.js';
import { type ApiStep, isSha, type Node, type Run } from '../model/run.js';
import { mergeTags } from '../model/tags.js';
import { VERSION } from '../model/version.js';
import type { Config } from '../runner/inputs.js';
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
const NOTHING: Finish['added'] = { tags: [], measures: [], parameters: {} };

const NOTHING_YET: Late = { added: NOTHING, tags: [], jobTags: [], dependencies: [] };

/** Events, and of each the tags and measures that Datadog's limits leave no place for. */
type ReportEvents = Events & { dropped: string[][] };

/** What a job reports at its start: itself, and its pipeline where every job would say the same of it. */
export function toRunningEvents(reported: Report, redact: (text: string) => string): ReportEvents {
  const { role, startsPipeline, config } = reported;
  const toOwn = role === 'whole' ? toPipeline : toPipelineOfAll;
  const pipeline = startsPipeline && hasStart(reported) ? [toOwn(reported, NOTHING_YET)] : [];
  const job = toJob(reported, NOTHING_YET);
  const resources = [...pipeline.map(toRunningPipeline), toRunningJob(job)];
  return { ...toEvents(resources, config, redact), dropped: [...pipeline, job].map(({ dropped }) => dropped) };
}

/** What a job reports at its end: itself with its steps, and its pipeline unless that goes on. */
export function toFinalEvents(reported: Report, finish: Finish, redact: (text: string) => string): ReportEvents {
  const { time: end } = finish.job;
  const pipeline = finish.pipeline && hasStart(reported) ? [toPipeline(reported, finish)] : [];
  const job = toJob(reported, finish);
  const resources = [
    ...pipeline.map((one) => toFinalPipeline(one, finish.pipeline!)),
    ...finish.stages.map((stage) => toStage(stage, reported)),
    toFinalJob(job, finish.job),
    ...toSteps(finish.steps, reported, { start: reported.jobStart, end, oldest: toOldest(Date.parse(end)) }),
  ];
  return { ...toEvents(resources, reported.config, redact), dropped: [...pipeline, job].map(({ dropped }) => dropped) };
}

type Started = Report & { start: string };

function hasStart(reported: Report): reported is Started {
  return reported.start !== undefined;
}

type Late = Pick<Finish, 'tags' | 'jobTags' | 'pipelineTags' | 'labels' | 'added' | 'dependencies' | 'queueTime'>;

/** The pipeline as the job sees it that speaks for the whole of it. */
function toPipeline(reported: Started, late: Late): Pipeline {
  const { role } = reported;
  const base = toPipelineOfAll(reported);
  // Of the machine's own parts only those of a pipeline that is one job.
  const ours = [
    ...base.tags,
    ...(role === 'whole' ? [...reported.jobTags, ...late.jobTags] : []),
    ...(reported.config.deployment.length > 0 ? [CONTAINS_DEPLOYMENT] : []),
    ...(late.pipelineTags ?? []),
    ...late.tags,
  ];
  const extras = toExtras(reported.config, ours, late.added);
  return {
    ...base,
    ...extras,
    node: role === 'whole' ? toNode(reported, late) : undefined,
    queueTime: role === 'whole' ? late.queueTime : undefined,
    parameters: { ...base.parameters, ...extras.parameters },
  };
}

/** The pipeline in what is the same for every one of its jobs, so that their events never contradict each other. */
export function toPipelineOfAll({
  run,
  pipelineId: id,
  start,
  partialRetry,
  previous,
}: Pick<Started, 'run' | 'pipelineId' | 'start' | 'partialRetry' | 'previous'>): Pipeline {
  const { parameters } = run;
  return { run, id, start, partialRetry, previous, tags: toRunTags(run), measures: [], parameters, dropped: [] };
}

function toJob(reported: Report, late: Late): JobOfRun {
  const { config, run, jobId, pipelineId, jobStart, jobTags, identity } = reported;
  const stage = config.stage === undefined ? undefined : { id: toStageId(identity, config.stage), name: config.stage };
  const ours = [...toRunTags(run), ...jobTags, ...config.deployment, ...late.jobTags, ...late.tags];
  return {
    run,
    job: { ...reported.job, node: toNode(reported, late) },
    id: jobId,
    pipelineId,
    start: jobStart,
    stage,
    dependencies: late.dependencies,
    queueTime: late.queueTime,
    ...toExtras(reported.config, ours, late.added),
  };
}

function toNode({ job: { node } }: Report, { labels }: Late): Node {
  return labels?.length ? { ...node, labels: [...labels] } : node;
}

/** Tags of ours that are the same in every job of the run. */
export function toRunTags(run: Run): string[] {
  return [...run.tags, `reporter_version:${VERSION}`, ...(hasForeignSha(run) ? toGitTags(run.revision) : [])];
}

/** Whether the commit id is none that Datadog takes, so that the parts of git are sent as tags. */
export function hasForeignSha({ revision: { sha } }: Run): boolean {
  return Boolean(sha) && !isSha(sha);
}

/** Ours and the user's; the user's last value wins. */
export function toExtras(
  config: Pick<Config, 'tags' | 'measures' | 'parameters'>,
  ours: readonly string[],
  added = NOTHING,
): Extras {
  const { tags, left } = mergeTags(ours, config.tags, added.tags);
  const { tags: measures, left: leftMeasures } = mergeTags(config.measures, added.measures);
  return {
    tags,
    measures,
    parameters: { ...config.parameters, ...added.parameters },
    dropped: [...left, ...leftMeasures],
  };
}
