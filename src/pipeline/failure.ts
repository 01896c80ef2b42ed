import type { ApiStep, Failure, Status } from '../model/run.js';
import { cut } from '../model/text.js';
import type { Additions } from '../runner/runtime-file.js';
import type { ApiJob } from '../server/answers.js';
import type { Server } from '../server/server.js';
import type { PostSession } from './post-session.js';
import { findFailedStep } from './job-end.js';
import type { Report } from './report.js';

/** The limits of `error` in Datadog's API reference. */
const LONGEST_TYPE = 100;
const LONGEST_MESSAGE = 5000;

/** What platforms write when they failed themselves (GitHub's: int128/datadog-actions-metrics, actions/runner). */
const PLATFORM_FAILURES: readonly [RegExp, string][] = [
  [/lost communication with the server/i, 'Runner lost'],
  [/received a shutdown signal/i, 'Runner shut down'],
  [/the (hosted )?runner encountered an error/i, 'Runner error'],
  [/the job was not acquired by runner/i, 'Runner not available'],
  [/job was not started because|account payments have failed|spending limit/i, 'Job not started'],
  [/unable to resolve action|failed to download action/i, 'Set-up failed'],
];

/** Steps that the platform itself puts around a job's own (GitHub's names). */
const PLATFORM_STEPS = /^(Set up job|Set up runner|Initialize containers|Stop containers|Complete job)$/;

/** What is known about a job that failed. */
interface FailureSources {
  /** Its name. */
  job: string;
  steps?: readonly ApiStep[] | undefined;
  /** Texts of the failure annotations of this job. */
  annotations?: readonly string[] | undefined;
  /** What a step said in the run-time file; it wins, field by field. */
  told?: Partial<Failure>;
}

/** Why a job failed: what a step told, else the failed step and the annotations, else that it failed. */
export function toFailure({ job, steps = [], annotations = [], told }: FailureSources): Failure {
  const step = findFailedStep(steps);
  const words = annotations.join('\n');
  const ofPlatform =
    PLATFORM_FAILURES.find(([pattern]) => pattern.test(words))?.[1] ??
    (step && PLATFORM_STEPS.test(step.name) ? 'Set-up failed' : undefined);
  const found: Failure = {
    type: ofPlatform ?? (step ? 'Step failed' : 'Job failed'),
    message: [step ? `Step "${step.name}" failed` : `Job "${job}" failed`, words].filter(Boolean).join('\n'),
    domain: ofPlatform ? 'provider' : step ? 'user' : 'unknown',
  };
  const failure = { ...found, ...told };
  return { ...failure, type: cut(failure.type, LONGEST_TYPE), message: cut(failure.message, LONGEST_MESSAGE) };
}

/** Why a job failed, for who knows already that it did; undefined where nothing is known. */
export function toReason({ message }: Failure): string | undefined {
  return /^Job ".*" failed$/.test(message) ? undefined : message;
}

/** Why this job failed, with what its server noted about it; redacted before it is cut, or half a secret could stay. */
export async function readFailure(
  { job: { name: job, serverId } }: Report,
  { steps, added }: { steps: readonly ApiStep[]; added: Additions },
  { server, log }: PostSession,
): Promise<Failure> {
  const annotations = serverId ? await server.annotations(serverId) : undefined;
  return toFailure({ job, steps, annotations: annotations?.map(log.redact), told: added.error });
}

/** For so many failed jobs the server is asked what it noted about them. */
const MOST_ASKED = 10;

/** A job as the server lists it, and how it ended. */
interface EndedJob {
  status: Status;
  api: ApiJob;
}

/** Tells why a job failed, with what the server noted about the first failed ones. */
export async function readFailures(
  jobs: readonly EndedJob[],
  server: Server,
  redact: (text: string) => string,
): Promise<(job: EndedJob) => Failure> {
  const failed = jobs.filter(({ status, api }) => status === 'error' && api.id !== undefined).slice(0, MOST_ASKED);
  const reads = failed.map(async ({ api: { id } }) => [id, await server.annotations(id!)] as const);
  const noted = new Map(await Promise.all(reads));
  return ({ api: { id, name, steps } }) => toFailure({ job: name, steps, annotations: noted.get(id)?.map(redact) });
}
