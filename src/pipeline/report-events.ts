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
import type { Added } from '../runner/runtime-file.js';
import type { Report } from './report.js';
import { toOldest } from './time-limits.js';

/** How a job and, where this job is the one to say so, its pipeline ended, and what else only the end knows. */
export interface Outcome extends Late {
  job: End;
  pipeline?: End | undefined;
  stages: readonly Stage[];
  steps: readonly ApiStep[];
}

/** What the end adds to what stood in running events. */
interface Late {
  /** Tags of ours about the run, and about this job. */
  tags: readonly string[];
  jobTags: readonly string[];
  /** Tags of ours about the pipeline alone. */
  pipelineTags?: readonly string[] | undefined;
  /** Labels of the runner, where the server tells them. */
  labels?: readonly string[] | undefined;
  /** The runner's name, where the server tells it; runners before 2.3.0 of Gitea do not. */
  runnerName?: string | undefined;
  added: Added;
  dependencies: readonly string[];
  /** Milliseconds. */
  queueTime?: number | undefined;
}

const NOTHING: Added = { tags: [], measures: [], parameters: {} };
const NOTHING_YET: Late = { added: NOTHING, tags: [], jobTags: [], dependencies: [] };

/** Events, and of each the tags and measures that Datadog's limits leave no place for. */
type ReportEvents = Events & { dropped: string[][] };

/** What a job reports at its start: itself, and its pipeline where every job would say the same of it. */
export function toRunningEvents(report: Report, redact: (text: string) => string): ReportEvents {
  const { role, startsPipeline, config } = report;
  const toOwn = role === 'whole' ? toPipeline : toPipelineOfAll;
  const pipeline = startsPipeline && hasStart(report) ? [toOwn(report, NOTHING_YET)] : [];
  const job = toJob(report, NOTHING_YET);
  const resources = [...pipeline.map(toRunningPipeline), toRunningJob(job)];
  return { ...toEvents(resources, config, redact), dropped: [...pipeline, job].map(({ dropped }) => dropped) };
}

/** What a job reports at its end: itself with its steps, and its pipeline unless that goes on. */
export function toFinalEvents(report: Report, outcome: Outcome, redact: (text: string) => string): ReportEvents {
  const { time: end } = outcome.job;
  const pipeline = outcome.pipeline && hasStart(report) ? [toPipeline(report, outcome)] : [];
  const job = toJob(report, outcome);
  const resources = [
    ...pipeline.map((one) => toFinalPipeline(one, outcome.pipeline!)),
    ...outcome.stages.map((stage) => toStage(stage, report)),
    toFinalJob(job, outcome.job),
    ...toSteps(outcome.steps, report, { start: report.jobStart, end, oldest: toOldest(Date.parse(end)) }),
  ];
  return { ...toEvents(resources, report.config, redact), dropped: [...pipeline, job].map(({ dropped }) => dropped) };
}

type Started = Report & { start: string };

function hasStart(report: Report): report is Started {
  return report.start !== undefined;
}

/** The pipeline as the job sees it that speaks for the whole of it. */
function toPipeline(report: Started, late: Late): Pipeline {
  const { role } = report;
  const base = toPipelineOfAll(report);
  // Of the machine's own parts only those of a pipeline that is one job.
  const ours = [
    ...base.tags,
    ...(role === 'whole' ? [...report.jobTags, ...late.jobTags] : []),
    ...(report.config.deployment.length > 0 ? [CONTAINS_DEPLOYMENT] : []),
    ...(late.pipelineTags ?? []),
    ...late.tags,
  ];
  const extras = toExtras(report.config, ours, late.added);
  return {
    ...base,
    ...extras,
    node: role === 'whole' ? toNode(report, late) : undefined,
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

function toJob(report: Report, late: Late): JobOfRun {
  const { config, run, jobId: id, pipelineId, jobStart: start, jobTags } = report;
  const stage = config.stage === undefined ? undefined : { id: toStageId(run, config.stage), name: config.stage };
  const ours = [...toRunTags(run), ...jobTags, ...config.deployment, ...late.jobTags, ...late.tags];
  return {
    run,
    job: { ...report.job, node: toNode(report, late) },
    id,
    pipelineId,
    start,
    stage,
    dependencies: late.dependencies,
    queueTime: late.queueTime,
    ...toExtras(config, ours, late.added),
  };
}

function toNode({ job: { node } }: Report, { labels, runnerName }: Late): Node {
  const named = node.name === undefined && runnerName ? { ...node, name: runnerName } : node;
  return labels?.length ? { ...named, labels: [...labels] } : named;
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
export function toExtras(config: Added, ours: readonly string[], added = NOTHING): Extras {
  const { tags, dropped } = mergeTags(ours, config.tags, added.tags);
  const { tags: measures, dropped: droppedMeasures } = mergeTags(config.measures, added.measures);
  const parameters = { ...config.parameters, ...added.parameters };
  return { tags, measures, parameters, dropped: [...dropped, ...droppedMeasures] };
}
