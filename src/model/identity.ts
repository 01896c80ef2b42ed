import { createHash } from 'node:crypto';
import type { Run } from './run.js';

/** This project's own namespace for UUIDv5; changing it would cut every id off from those already sent. */
const NAMESPACE = Buffer.from('6d0c5d1c9a7c4b0e8f0f5d7b3f6a2e41', 'hex');

/** What every job of a run can compute alone. */
export type RunIdentity = Pick<Run, 'serverUrl' | 'repository' | 'id' | 'attemptId'>;

/** What tells one job of a run from the others. */
export interface JobIdentity {
  /** Job key and matrix values, `build (20, ubuntu)`. */
  key: string;
  /** What joins in where key and values are not unique (check-run id, job id of the runtime token), else absent. */
  unique?: string | undefined;
  /** The job's own attempt, where the server counts attempts per job. */
  attempt?: string | undefined;
}

/** The pipeline's `unique_id`; with `job`, that of a pipeline which is this one job. */
export function toPipelineId(run: RunIdentity, job?: JobIdentity): string {
  return toUuid(['pipeline', ...runParts(run), ...(job ? jobParts(job) : [])]);
}

/** A job's `id`. */
export function toJobId(run: RunIdentity, job: JobIdentity): string {
  return toUuid(['job', ...runParts(run), ...jobParts(job)]);
}

/** By the step's number in the server's list, or `own-<number>` of one that the job wrote itself. */
export function toStepId(run: RunIdentity, job: JobIdentity, number: number | `own-${number}`): string {
  return toUuid(['step', ...runParts(run), ...jobParts(job), `${number}`]);
}

/** A stage's `id`: of a name a run has one. */
export function toStageId(run: RunIdentity, name: string): string {
  return toUuid(['stage', ...runParts(run), name]);
}

/** The mark by which a second use in the same job, for the same intake, knows the first one. */
export function toMark(run: RunIdentity, job: JobIdentity, intake: string): string {
  return toUuid(['mark', ...runParts(run), ...jobParts(job), intake]);
}

/** A UUIDv5 (RFC 9562, 5.5) over a list of parts; JSON keeps `["a","b"]` and `["ab"]` apart. */
export function toUuid(parts: readonly string[]): string {
  const hash = createHash('sha1').update(NAMESPACE).update(JSON.stringify(parts)).digest();
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function runParts({ serverUrl, repository, id, attemptId }: RunIdentity): string[] {
  return [new URL(serverUrl).host, repository.toLowerCase(), id, attemptId];
}

function jobParts({ key, unique = '', attempt = '' }: JobIdentity): string[] {
  return [key, unique, attempt];
}
