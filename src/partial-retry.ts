import type { ApiJobs } from './api/answers.js';
import type { Server } from './api/server.js';
import type { Config } from './inputs.js';
import type { Place, Platform } from './platform.js';

/** Whether this attempt runs only a part of the jobs again, and the tag that says so where it was assumed. */
export interface PartialRetry {
  partial: boolean;
  tags: string[];
  /** The jobs of this attempt, where they had to be read. */
  listed?: ApiJobs | undefined;
}

/** The input, else false for the first attempt, else what the server's jobs tell, else true: a retry of all jobs is the rarer one. */
export async function readPartialRetry(
  { partialRetry }: Pick<Config, 'partialRetry'>,
  { server, platform, place }: { server: Server; platform: Platform; place: Place },
): Promise<PartialRetry> {
  if (partialRetry !== undefined) return { partial: partialRetry, tags: [] };
  if (place.attempt <= 1) return { partial: false, tags: [] };
  const listed = await server.read(platform.reads.jobs(place));
  if (listed?.jobs.some((job) => job.carriedOver)) return { partial: true, tags: [], listed };
  // Of a list that goes on, the rest may hold the jobs that were carried over.
  if (listed?.complete && listed.jobs.length > 0) return { partial: false, tags: [], listed };
  return { partial: true, tags: ['partial_retry_source:assumed'], listed };
}
