import type { Commit, RunRef } from '../model/run.js';
import {
  type ApiJob,
  type ApiJobs,
  type ApiRun,
  parseAnnotations,
  parseCommit,
  parseJob,
  parseJobs,
  parseRun,
} from './answers.js';
import type { Client, OnMiss } from './client.js';
import type { Page } from './list-page.js';
import type { OwnRead, Platform, Read } from './platforms/platform.js';
import { type ApiTask, parseTasks } from './tasks.js';
import { parseFile } from './workflow-file.js';

type Reading<T> = Promise<T | undefined>;

/** The server of one run: what it can do, which run it is, and what it tells. What can't be read is undefined. */
export interface Server extends Client {
  platform: Platform;
  /** The run that it is bound to. */
  ref: RunRef;
  run(onMiss?: OnMiss): Reading<ApiRun>;
  /** The jobs of this attempt, first page. */
  jobs(onMiss?: OnMiss): Reading<ApiJobs>;
  /** One job with its steps. */
  job(id: string, onMiss?: OnMiss): Reading<ApiJob>;
  /** The repository's tasks, newest first. */
  tasks(page: number): Reading<Page<ApiTask>>;
  /** What a job's steps and the platform noted as failures. */
  annotations(jobId: string): Reading<string[]>;
  commit(sha: string): Reading<Commit>;
  /** The text of a file at a commit. */
  file(path: string, sha: string): Reading<string>;
}

/** The server of a run, read by `client`. */
export function bindServer(client: Client, platform: Platform, ref: RunRef): Server {
  const { reads, wholeRun } = platform;
  const attempt = attemptOf(platform, ref);
  const read = async <T>(where: OwnRead<T> | undefined, parse: Read<T>['parse'], onMiss?: OnMiss) =>
    where && client.read({ parse, ...where }, onMiss);
  return {
    ...client,
    platform,
    ref,
    run: (onMiss) => read(reads.run(ref), parseRun, onMiss),
    jobs: (onMiss) => read(reads.jobs(ref), (body) => parseJobs(body, attempt), onMiss),
    job: (id, onMiss) => read(reads.job?.(ref, id), (body) => parseJob(body, attempt), onMiss),
    tasks: (page) => read(reads.tasks?.(ref, page), parseTasks),
    annotations: (jobId) => read(reads.annotations?.(ref, jobId), parseAnnotations),
    commit: (sha) => read(reads.commit(ref, sha), parseCommit),
    file: (path, sha) => read(wholeRun.file(ref, path, sha), parseFile),
  };
}

/** The run's attempt; undefined where each job counts its own. */
export function attemptOf({ attemptsCount }: Platform, { attempt }: RunRef): number | undefined {
  return attemptsCount === 'run' ? attempt : undefined;
}
