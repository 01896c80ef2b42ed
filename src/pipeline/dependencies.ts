import type { ApiJob, ApiJobs } from '../server/answers.js';
import { toNeededId, toNeededJobs } from './needed-jobs.js';
import { findOwnRow } from './own-row.js';
import type { PostSession } from './post-session.js';
import type { Report } from './report.js';
import { readReporting } from './reporting.js';

/** Ids of the jobs that this one waited for, as far as it is known under which they report themselves. */
export async function readDependencies(
  report: Report,
  { list, own }: { list: ApiJobs | undefined; own: ApiJob | undefined },
  session: PostSession,
): Promise<string[]> {
  const { config, job } = report;
  // What is used inside of a composite action here is used so elsewhere too, and there some runners hide the matrix.
  const isHidden = job.inComposite && !session.server.platform.jobStatus.wholeInComposite;
  // Jobs that count their own attempts find each other by the run's start, and without it nobody knows who was run
  // again.
  const isStartUnknown = report.jobIdentity.attempt !== undefined && report.serverRun?.start === undefined;
  if (!list || isHidden || isStartUnknown) return [];
  const isCalled = job.isCalled && !session.server.platform.calls?.areInKeys;
  const needed = toNeededJobs(config.needs ?? [], list, { job: findOwnRow(job, list) ?? own, isCalled });
  const ids = (await readReporting(needed, session)).map((one) => toNeededId(one, report));
  return [...new Set(ids)];
}
