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
import type { Platform } from './platforms/platform.js';
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

const NOTHING = Promise.resolve(undefined);

/** The server of a run, read by `client`. */
export function bindServer(client: Client, platform: Platform, ref: RunRef): Server {
  const { reads, wholeRun } = platform;
  const attempt = attemptOf({ platform, ref });
  return {
    ...client,
    platform,
    ref,
    run: (onMiss) => client.read({ parse: parseRun, ...reads.run(ref) }, onMiss),
    jobs: (onMiss) => client.read({ parse: (body) => parseJobs(body, attempt), ...reads.jobs(ref) }, onMiss),
    job: (id, onMiss) =>
      reads.job ? client.read({ parse: (body) => parseJob(body, attempt), ...reads.job(ref, id) }, onMiss) : NOTHING,
    tasks: (page) => (reads.tasks ? client.read({ ...reads.tasks(ref, page), parse: parseTasks }) : NOTHING),
    annotations: (id) =>
      reads.annotations ? client.read({ parse: parseAnnotations, ...reads.annotations(ref, id) }) : NOTHING,
    commit: (sha) => client.read({ parse: parseCommit, ...reads.commit(ref, sha) }),
    file: (path, sha) => client.read({ ...wholeRun.file(ref, path, sha), parse: parseFile }),
  };
}

/** The run's attempt; undefined where each job counts its own. */
export function attemptOf({ platform, ref }: Pick<Server, 'platform' | 'ref'>): number | undefined {
  return platform.attemptsCount === 'run' ? ref.attempt : undefined;
}
