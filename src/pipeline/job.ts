import * as s from '../model/shape.js';
import type { JobIdentity } from '../model/identity.js';
import { parseJson } from '../model/json.js';
import type { Job, RunRef } from '../model/run.js';
import { toTags } from '../model/tags.js';
import { toLine } from '../model/text.js';
import { toQueueTime } from '../model/time.js';
import type { Config } from '../runner/inputs.js';
import type { Env, Runner } from '../runner/runner.js';
import type { ApiJob } from '../server/answers.js';
import type { Platform } from '../server/platforms/platform.js';

/** The job that runs here. */
export function readJob(
  { env, hostname }: Pick<Runner, 'env' | 'hostname'>,
  config: Config,
  { run, platform }: { run: RunRef; platform: Platform },
): Job {
  const key = toJobKey(env['GITHUB_JOB'] ?? '', config.matrix);
  const serverId = platform.jobId(config.checkRunId);
  return {
    key,
    name: config.jobName ?? toLine(key),
    url: platform.jobPage(run, serverId),
    serverId,
    isCalled: platform.isCalled(config.workflowRef),
    inComposite: Boolean(env['GITHUB_ACTION_PATH']),
    node: {
      hostname: hostname || undefined,
      name: env['RUNNER_NAME'] || undefined,
      workspace: env['GITHUB_WORKSPACE'] || undefined,
    },
  };
}

/** Job key and matrix values in the matrix's own order, `build (20, ubuntu)`, as GitHub names a job without `name:`. */
export function toJobKey(key: string, matrix: string): string {
  const values = toLeaves(parseJson(matrix, s.unknown));
  return values.length > 0 ? `${key} (${values.join(', ')})` : key;
}

/** The job's identity within its run; what is random joins in where nothing else tells it from others. */
export function toJobIdentity(
  job: Job,
  { run, platform }: { run: RunRef; platform: Platform },
  random: string,
): JobIdentity {
  // Reusable workflows repeat their keys. Key and values are not unique there.
  const repeats = job.isCalled && !platform.calls?.areInKeys;
  return {
    key: job.key,
    unique: hidesMatrix(job, platform) ? (job.serverId ?? random) : repeats ? job.serverId : undefined,
    attempt: platform.attemptsCount === 'job' ? `${run.attempt}` : undefined,
  };
}

/** Inside a composite action an act-type runner shows no matrix, so that the key lacks its values. */
export function hidesMatrix({ inComposite, knowsMatrix }: Job, { jobStatus }: Platform): boolean {
  return inComposite && !jobStatus.wholeInComposite && !knowsMatrix;
}

/**
 * Milliseconds that a listed job waited for a runner. Its creation begins that wait, unless it waited for other jobs
 * before, or a retry keeps the first one's, as where attempts count per job.
 */
export function toJobQueueTime(
  { createdAt, startedAt }: Pick<ApiJob, 'createdAt' | 'startedAt'>,
  { attempt = '1', needsNone }: { attempt?: string | undefined; needsNone: boolean },
  { createsJobsWhenReady }: Platform,
): number | undefined {
  const isTold = createsJobsWhenReady || (needsNone && Number(attempt) <= 1);
  return isTold ? toQueueTime(createdAt, startedAt) : undefined;
}

/** Tags of ours that belong to this job: its machine, and the attempt where it is the job's own. */
export function toJobTags(env: Env, { attempt }: JobIdentity): string[] {
  return toTags({ run_attempt: attempt, runner_os: env['RUNNER_OS'], runner_arch: env['RUNNER_ARCH'] });
}

function toLeaves(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'object') return Object.values(value).flatMap(toLeaves);
  return [toLine(`${value as string | number | boolean}`)];
}
