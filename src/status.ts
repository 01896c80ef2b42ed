import type { ApiJob, ApiRun, ApiStep } from './api/answers.js';
import type { Platform } from './platform.js';
import type { Status } from './run.js';

/** The servers' conclusions (GitHub REST docs, "conclusion"; Gitea and Forgejo use a part of them), and Datadog's own words. */
const STATUS_OF: Readonly<Record<string, Status>> = {
  success: 'success',
  failure: 'error',
  error: 'error',
  cancelled: 'canceled',
  canceled: 'canceled',
  skipped: 'skipped',
  timed_out: 'error',
  startup_failure: 'error',
  action_required: 'blocked',
  blocked: 'blocked',
  neutral: 'success',
  stale: 'canceled',
};

/** Datadog's status for a server's conclusion; undefined for what is none (null and "not yet" are no failure). */
export function parseStatus(conclusion: string | undefined): Status | undefined {
  const word = conclusion?.trim().toLowerCase() ?? '';
  return Object.hasOwn(STATUS_OF, word) ? STATUS_OF[word] : undefined;
}

/** How a job ended, as far as that can be known. */
export interface Ending {
  status: Status;
  /** The server's word behind it. */
  conclusion: string;
  /** Where the word comes from; told in a tag where `certain` is false. */
  source: 'status' | 'steps' | 'job' | 'run' | 'job-status' | 'assumed';
  certain: boolean;
  /** Steps that failed without failing the job. */
  tolerated: string[];
}

/** What is known when post runs. */
export interface EndFacts {
  platform: Platform;
  inComposite: boolean;
  /** The input `status`, where the user wrote one; empty otherwise. */
  status: string;
  /** `${{ job.status }}` of the default input. */
  jobStatus: string;
  job?: ApiJob | undefined;
  run?: ApiRun | undefined;
}

/** The sources of DESIGN 6 in their order; the first that knows wins. */
const SOURCES: readonly ((facts: EndFacts) => Ending | undefined)[] = [
  fromInput,
  fromServer,
  fromJobStatus,
  (facts) => of('assumed', facts.jobStatus || 'success', false),
];

/** How this job ended; never fails: what nobody knows is told as assumed. */
export function toEnding(facts: EndFacts): Ending {
  for (const source of SOURCES) {
    const ending = source(facts);
    if (ending) return ending;
  }
  return { status: 'success', conclusion: 'success', source: 'assumed', certain: false, tolerated: [] };
}

/** Whether the runner's own word is known to be stale or partial, so that the server has to be asked. */
export function needsServer({ platform, inComposite, status, jobStatus }: EndFacts): boolean {
  if (parseStatus(status)) return inComposite && !platform.jobStatus.wholeInComposite && parseStatus(status) === 'success';
  return !isTrusted(platform, inComposite, jobStatus) || !platform.jobStatus.tellsCancel;
}

function isTrusted({ jobStatus }: Platform, inComposite: boolean, word: string): boolean {
  const status = parseStatus(word);
  if (!status) return false;
  return status !== 'success' || (jobStatus.fresh && (jobStatus.wholeInComposite || !inComposite));
}

function fromInput({ platform, inComposite, status }: EndFacts): Ending | undefined {
  // Inside a composite action of an act-type runner even an explicit job.status sees that action's own steps only.
  const partial = inComposite && !platform.jobStatus.wholeInComposite && parseStatus(status) === 'success';
  return partial ? undefined : of('status', status, true);
}

function fromServer(facts: EndFacts): Ending | undefined {
  if (!needsServer(facts)) return undefined;
  const { job, run, jobStatus } = facts;
  if (job?.conclusion) return of('job', job.conclusion, true);
  if (job?.steps.some(hasEnded)) return fromSteps(job.steps);
  // A run that has other jobs under way is not concluded; only its cancel is this job's word.
  if (parseStatus(run?.conclusion) === 'canceled') return of('run', run?.conclusion, true);
  return run && isTrusted(facts.platform, facts.inComposite, jobStatus) ? of('job-status', jobStatus, true) : undefined;
}

function fromJobStatus({ platform, inComposite, jobStatus }: EndFacts): Ending | undefined {
  if (!isTrusted(platform, inComposite, jobStatus)) return undefined;
  return of('job-status', jobStatus, platform.jobStatus.tellsCancel || jobStatus !== 'success');
}

/** The finished steps of this very job. */
function fromSteps(steps: readonly ApiStep[]): Ending | undefined {
  const decides = steps.find((step, index) => parseStatus(step.conclusion) === 'canceled' || failsJob(step, steps.slice(index + 1)));
  if (decides) return of('steps', decides.conclusion, true);
  const tolerated = steps.filter(({ conclusion }) => parseStatus(conclusion) === 'error').map(({ name }) => name);
  return { status: 'success', conclusion: 'success', source: 'steps', certain: tolerated.length === 0, tolerated };
}

/**
 * A failed step is the job's failure, unless a later one ran and none was skipped: then it was `continue-on-error`, which Gitea lists as a
 * failure (runner: act/runner/step.go, stepResult = Outcome).
 */
function failsJob({ conclusion }: ApiStep, later: readonly ApiStep[]): boolean {
  if (parseStatus(conclusion) !== 'error') return false;
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

function of(source: Ending['source'], conclusion: string | undefined, certain: boolean): Ending | undefined {
  const status = parseStatus(conclusion);
  return status && { status, conclusion: conclusion ?? '', source, certain, tolerated: [] };
}
