import type { Ended } from '../pipeline/summary.js';
import { toReason } from '../pipeline/failure.js';
import type { Platform } from '../server/platforms/platform.js';
import type { Final } from './events.js';

/** A run that has ended, as people are told of it. */
export function toEnded({ observed, end, jobs, toFailure }: Final, platform: Platform): Ended {
  const { run, start, list } = observed;
  const missing = list?.missing ?? 0;
  return {
    name: run.name,
    status: end.status,
    start,
    end: end.time,
    reason: end.failure?.message,
    url: run.url,
    notes: missing > 0 ? [`${missing} of the jobs could not be read.`] : [],
    jobs: jobs.map((job) => {
      const { api, status, stage } = job;
      const url = platform.jobPage(run, api.id);
      const reason = status === 'error' ? toReason(toFailure(job)) : undefined;
      return { name: api.name, url, status, start: job.start, end: job.end, stage: stage?.name, reason };
    }),
  };
}
