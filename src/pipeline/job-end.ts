import type { ApiStep, Status } from '../model/run.js';
import { parseStatus } from '../model/status.js';
import { readEndWords } from '../runner/inputs.js';
import type { Additions } from '../runner/runtime-file.js';
import type { ApiJob, ApiRun } from '../server/answers.js';
import type { Platform } from '../server/platforms/platform.js';
import type { PostSession } from './post-session.js';
import type { Report } from './report.js';

/** How a job ended, as far as that can be known. */
export interface JobEnd {
  status: Status;
  /** The server's word for it. */
  conclusion: string;
  /** Where the word comes from; told in a tag where `certain` is false. */
  source: 'token-refused' | 'status' | 'runtime-file' | 'steps' | 'job' | 'run' | 'job-status' | 'assumed';
  certain: boolean;
  /** Steps that failed without failing the job. */
  tolerated: string[];
}

/** What is known when post runs. */
export interface JobEndSources {
  platform: Platform;
  inComposite: boolean;
  /** The input `status`, where the user wrote one; empty otherwise. */
  status: string;
  /** The last `status=` line of the run-time file; empty without one. */
  written: string;
  /** `${{ job.status }}` of the default input. */
  jobStatus: string;
  job?: ApiJob | undefined;
  run?: ApiRun | undefined;
  /** The server refuses the job's own token; with how the job ended where that is told to anybody. */
  refusal?: { told?: string | undefined } | undefined;
  /** The job's steps were looked at again after a while. */
  isSettled?: boolean | undefined;
}

/** How this job ended, by the first source that knows; never fails: what nobody knows is told as assumed. */
export function toJobEnd(sources: JobEndSources): JobEnd {
  return (
    fromCancel(sources) ??
    fromInput(sources) ??
    of('runtime-file', sources.written, true) ??
    fromServer(sources) ??
    fromJobStatus(sources) ??
    of('assumed', sources.jobStatus, false) ??
    of('assumed', 'success', false)!
  );
}

/** Whether the runner's own word is known to be stale or partial, so that the server has to be asked. */
export function needsServer(sources: JobEndSources): boolean {
  if (parseStatus(sources.written)) return false;
  if (parseStatus(sources.status)) return isPartial(sources);
  return !isTrusted(sources) || !sources.platform.jobStatus.tellsCancel;
}

function isTrusted({ platform: { jobStatus: word }, inComposite, jobStatus }: JobEndSources): boolean {
  const status = parseStatus(jobStatus);
  return status === 'success' ? word.fresh && (word.wholeInComposite || !inComposite) : status !== undefined;
}

/** Inside a composite action of an act-type runner even an explicit job.status sees that action's own steps only. */
function isPartial({ platform, inComposite, status }: JobEndSources): boolean {
  return inComposite && !platform.jobStatus.wholeInComposite && parseStatus(status) === 'success';
}

/** Whether steps have no conclusion though post runs after them: cut off, or not told of yet by the runner. */
export function hasOpenSteps(job: ApiJob | undefined): boolean {
  return job !== undefined && job.conclusion === undefined && !job.steps.every(hasEnded);
}

/** The server's sign of a cancel, which no word in post tells on some servers: it goes over every other word. */
function fromCancel({ platform, job, run, refusal, isSettled = false }: JobEndSources): JobEnd | undefined {
  if (!platform.cancel) return undefined;
  if (refusal) return of('job', refusal.told, true) ?? of('token-refused', 'cancelled', false);
  if (parseStatus(job?.conclusion) === 'canceled') return of('job', job?.conclusion, true);
  // A run that has other jobs under way is not concluded; only its cancel is this job's word.
  if (parseStatus(run?.conclusion) === 'canceled') return of('run', run?.conclusion, true);
  return platform.cancel.leavesOpenSteps && hasOpenSteps(job) ? of('steps', 'cancelled', isSettled) : undefined;
}

function fromInput(sources: JobEndSources): JobEnd | undefined {
  return isPartial(sources) ? undefined : of('status', sources.status, true);
}

function fromServer(sources: JobEndSources): JobEnd | undefined {
  const { job, platform } = sources;
  if (!job || !needsServer(sources)) return undefined;
  if (job.conclusion) return of('job', job.conclusion, true);
  return job.steps.some(hasEnded) ? fromSteps(job.steps, platform) : undefined;
}

/** Certain where it tells a cancel, or is no success, or the server shows that the run was not cancelled. */
function fromJobStatus(sources: JobEndSources): JobEnd | undefined {
  const { platform, run, jobStatus } = sources;
  const isCertain = platform.jobStatus.tellsCancel || jobStatus !== 'success' || run !== undefined;
  return isTrusted(sources) ? of('job-status', jobStatus, isCertain) : undefined;
}

/** The finished steps of this very job. */
function fromSteps(steps: readonly ApiStep[], { tellsTolerated }: Platform): JobEnd | undefined {
  const canceled = steps.find(({ conclusion }) => parseStatus(conclusion) === 'canceled');
  if (canceled) return of('steps', canceled.conclusion, true);
  const failed = steps.filter(hasFailed);
  const isKnown = tellsTolerated || failed.every(({ isTolerated }) => isTolerated !== undefined);
  const decides =
    failed.find(({ isTolerated }) => isTolerated === false) ??
    steps.find((step, at) => failsJob(step, steps.slice(at + 1)));
  if (decides) return of('steps', decides.conclusion, isKnown || decides.isTolerated === false);
  return { ...of('steps', 'success', isKnown)!, tolerated: failed.map(({ name }) => name) };
}

/**
 * Whether a failed step is its job's failure. Where nobody says whether it was `continue-on-error`, which some servers
 * list as a failure (runner: act/runner/step.go, stepResult = Outcome), it is, unless a later one ran and none was
 * skipped.
 */
function failsJob(step: ApiStep, later: readonly ApiStep[]): boolean {
  if (!hasFailed(step)) return false;
  if (step.isTolerated !== undefined) return !step.isTolerated;
  const ended = later.filter(hasEnded).map(({ conclusion }) => parseStatus(conclusion));
  return ended.includes('skipped') || ended.every((status) => status === 'skipped');
}

/** The step that made its job fail: the last failed one that did, else the last failed one. */
export function findFailedStep(steps: readonly ApiStep[]): ApiStep | undefined {
  return steps.findLast((step, at) => failsJob(step, steps.slice(at + 1))) ?? steps.findLast(hasFailed);
}

/** Whether a step failed, tolerated or not. */
export function hasFailed({ conclusion }: ApiStep): boolean {
  return parseStatus(conclusion) === 'error';
}

function hasEnded({ conclusion }: ApiStep): boolean {
  return parseStatus(conclusion) !== undefined;
}

function of(source: JobEnd['source'], conclusion: string | undefined, certain: boolean): JobEnd | undefined {
  const status = parseStatus(conclusion);
  return status && { status, conclusion: conclusion ?? '', source, certain, tolerated: [] };
}

/** How the job ended in the words that the runner evaluates anew for post, and in the one that a step wrote. */
export function readWords(
  { job, config }: Report,
  { status: written = '' }: Additions,
  { runner, server: { platform } }: PostSession,
): JobEndSources {
  const { status, jobStatus } = readEndWords(runner.input);
  // An explicit status counts only where main saw one too: on GitHub the post of a nested composite action gets wrong
  // inputs.
  return { platform, inComposite: job.inComposite, status: config.hasStatus ? status : '', written, jobStatus };
}

/** Tags of ours about a job's end: the server's word, where it comes from unless that is certain, a tolerated step. */
export function toJobEndTags({ conclusion, source, certain, tolerated }: JobEnd): string[] {
  return [
    `conclusion:${conclusion}`,
    ...(certain ? [] : [`status_source:${source}`]),
    ...(tolerated[0] ? [`continue_on_error:${tolerated[0]}`] : []),
  ];
}
