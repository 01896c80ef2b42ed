import type { Job, RunRef } from '../model/run.js';
import { toLine } from '../model/text.js';
import type { Config } from '../runner/inputs.js';
import type { ApiJob, ApiJobs } from '../server/answers.js';
import type { Platform } from '../server/platforms/platform.js';
import { hidesMatrix } from './job.js';

/** This job in a list of its run's. */
export function findOwnRow({ serverId }: Job, list: ApiJobs | undefined): ApiJob | undefined {
  return serverId === undefined ? undefined : list?.jobs.find(({ id }) => id === serverId);
}

/**
 * The job with what only the server's list tells: its page, and its name with the values of its matrix where a
 * composite action hides them.
 */
export function toListedJob(
  job: Job,
  row: ApiJob | undefined,
  { run, platform, config }: { run: RunRef; platform: Platform; config: Config },
): Job {
  const place = row?.place === undefined ? undefined : { place: row.place, attempt: run.attempt };
  const url = platform.jobPage(run, job.serverId, place);
  if (!row || job.isCalled || !hidesMatrix(job, platform)) return { ...job, url };
  const isKeyed = row.name === job.key || (row.name.startsWith(`${job.key} (`) && row.name.endsWith(')'));
  const known = isKeyed ? { key: row.name, knowsMatrix: true } : {};
  return { ...job, ...known, name: config.jobName ?? toLine(row.name), url };
}
