import type { Commit } from '../model/run.js';
import type { ApiJob, ApiJobs, ApiRun } from './answers.js';
import type { Client, OnMiss } from './client.js';
import type { Place, Platform } from './platforms/platform.js';
import type { TaskPage } from './tasks.js';
import { parseFile } from './workflow-file.js';

type Reading<T> = Promise<T | undefined>;

/** The server of one run: what it can do, where the run stands, and what it tells. What can't be read is undefined. */
export interface Server extends Client {
  platform: Platform;
  place: Place;
  run(onMiss?: OnMiss): Reading<ApiRun>;
  /** The jobs of this attempt, first page. */
  jobs(onMiss?: OnMiss): Reading<ApiJobs>;
  /** One job with its steps. */
  job(id: string, onMiss?: OnMiss): Reading<ApiJob>;
  /** The repository's tasks, newest first. */
  tasks(page: number): Reading<TaskPage>;
  /** What a job's steps and the platform noted as failures. */
  annotations(jobId: string): Reading<string[]>;
  commit(sha: string): Reading<Commit>;
  /** The text of a file at a commit. */
  file(path: string, sha: string): Reading<string>;
}

const NOTHING = Promise.resolve(undefined);

/** The server of a run, read by `client`. */
export function bindServer(client: Client, platform: Platform, place: Place): Server {
  const { reads, wholeRun } = platform;
  return {
    ...client,
    platform,
    place,
    run: (onMiss) => client.read(reads.run(place), onMiss),
    jobs: (onMiss) => client.read(reads.jobs(place), onMiss),
    job: (id, onMiss) => (reads.job ? client.read(reads.job(place, id), onMiss) : NOTHING),
    tasks: (page) => (reads.tasks ? client.read(reads.tasks(place, page)) : NOTHING),
    annotations: (id) => (reads.annotations ? client.read(reads.annotations(place, id)) : NOTHING),
    commit: (sha) => client.read(reads.commit(place, sha)),
    file: (path, sha) => client.read({ ...wholeRun.file(place, path, sha), parse: parseFile }),
  };
}
