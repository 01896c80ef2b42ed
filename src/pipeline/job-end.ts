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

/** The sources of a status in their order; the first that knows wins. */
const SOURCES: readonly ((facts: JobEndSources) => JobEnd | undefined)[] = [
  fromCancel,
  fromInput,
  ({ written }) => of('runtime-file', written, true),
  fromServer,
  fromJobStatus,
  (facts) => of('assumed', facts.jobStatus || 'success', false),
];

/** How this job ended; never fails: what nobody knows is told as assumed. */
export function toJobEnd(facts: JobEndSources): JobEnd {
  for (const source of SOURCES) {
    const jobEnd = source(facts);
    if (jobEnd) return jobEnd;
  }
  return { status: 'success', conclusion: 'success', source: 'assumed', certain: false, tolerated: [] };
}

/** Whether the runner's own word is known to be stale or partial, so that the server has to be asked. */
export function needsServer({ platform, inComposite, status, written, jobStatus }: JobEndSources): boolean {
  if (parseStatus(written)) return false;
  if (parseStatus(status)) return isPartial(platform, inComposite, status);
  return !isTrusted(platform, inComposite, jobStatus) || !platform.jobStatus.tellsCancel;
}

function isTrusted({ jobStatus }: Platform, inComposite: boolean, word: string): boolean {
  const status = parseStatus(word);
  if (!status) return false;
  return status !== 'success' || (jobStatus.fresh && (jobStatus.wholeInComposite || !inComposite));
}

/** Inside a composite action of an act-type runner even an explicit job.status sees that action's own steps only. */
function isPartial(platform: Platform, inComposite: boolean, word: string): boolean {
  return inComposite && !platform.jobStatus.wholeInComposite && parseStatus(word) === 'success';
}

/**
 * Whether some step has no conclusion yet, though post runs after all of them: they were cut off, or the runner has not
 * told of them yet.
 */
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

function fromInput({ platform, inComposite, status }: JobEndSources): JobEnd | undefined {
  return isPartial(platform, inComposite, status) ? undefined : of('status', status, true);
}

function fromServer(facts: JobEndSources): JobEnd | undefined {
  if (!needsServer(facts)) return undefined;
  const { job, run, jobStatus } = facts;
  if (job?.conclusion) return of('job', job.conclusion, true);
  if (job?.steps.some(hasEnded)) return fromSteps(job.steps, facts.platform);
  return run && isTrusted(facts.platform, facts.inComposite, jobStatus) ? of('job-status', jobStatus, true) : undefined;
}

function fromJobStatus({ platform, inComposite, jobStatus }: JobEndSources): JobEnd | undefined {
  if (!isTrusted(platform, inComposite, jobStatus)) return undefined;
  return of('job-status', jobStatus, platform.jobStatus.tellsCancel || jobStatus !== 'success');
}

/** The finished steps of this very job. */
function fromSteps(steps: readonly ApiStep[], { tellsTolerated }: Platform): JobEnd | undefined {
  const canceled = steps.find(({ conclusion }) => parseStatus(conclusion) === 'canceled');
  if (canceled) return of('steps', canceled.conclusion, true);
  const failed = steps.filter(({ conclusion }) => parseStatus(conclusion) === 'error');
  const isKnown = tellsTolerated || failed.every(({ isTolerated }) => isTolerated !== undefined);
  const decides =
    failed.find(({ isTolerated }) => isTolerated === false) ??
    steps.find((step, at) => failsJob(step, steps.slice(at + 1)));
  if (decides) return of('steps', decides.conclusion, isKnown || decides.isTolerated === false);
  return {
    status: 'success',
    conclusion: 'success',
    source: 'steps',
    certain: isKnown,
    tolerated: failed.map(({ name }) => name),
  };
}

/**
 * Whether a failed step is its job's failure. Where nobody says whether it was `continue-on-error`, which some servers
 * list as a failure (runner: act/runner/step.go, stepResult = Outcome), it is, unless a later one ran and none was
 * skipped.
 */
function failsJob({ conclusion, isTolerated }: ApiStep, later: readonly ApiStep[]): boolean {
  if (parseStatus(conclusion) !== 'error') return false;
  if (isTolerated !== undefined) return !isTolerated;
  const ended = later.filter(hasEnded).map((step) => parseStatus(step.conclusion));
  return ended.includes('skipped') || ended.every((status) => status === 'skipped');
}

/** The step that made its job fail: the last failed one that did, else the last failed one. */
export function findFailedStep(steps: readonly ApiStep[]): ApiStep | undefined {
  const decides = steps.findLast((step, index) => failsJob(step, steps.slice(index + 1)));
  return decides ?? steps.findLast(({ conclusion }) => parseStatus(conclusion) === 'error');
}

function hasEnded(step: ApiStep): boolean {
  return parseStatus(step.conclusion) !== undefined;
}

function of(source: JobEnd['source'], conclusion: string | undefined, certain: boolean): JobEnd | undefined {
  const status = parseStatus(conclusion);
  return status && { status, conclusion: conclusion ?? '', source, certain, tolerated: [] };
}

/** The words that the runner evaluates anew for post, and the one that a step wrote. */
export function toWords(
  { job, config }: Report,
  { status: written = '' }: Additions,
  { runner, server: { platform } }: PostSession,
): JobEndSources {
  const { status, jobStatus } = readEndWords(runner.input);
  // An explicit status counts only where main saw one too: on GitHub the post of a nested composite action gets wrong
  // inputs.
  return { platform, inComposite: job.inComposite, status: config.hasStatus ? status : '', written, jobStatus };
}

export function toJobEndTags({ conclusion, source, certain, tolerated }: JobEnd): string[] {
  return [
    `conclusion:${conclusion}`,
    ...(certain ? [] : [`status_source:${source}`]),
    ...(tolerated[0] ? [`continue_on_error:${tolerated[0]}`] : []),
  ];
}
