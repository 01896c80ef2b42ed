import type { End } from '../events/event.js';
import { parseStatus } from '../model/status.js';
import type { ApiJob, ApiJobs } from '../server/answers.js';
import type { Platform } from '../server/platforms/platform.js';
import { toIsCall } from './called-jobs.js';
import { toFailure, toReason } from './failure.js';
import { findOwnRow } from './own-row.js';
import type { Outcome } from './report-events.js';
import type { Report } from './report.js';
import type { Ended, SummaryJob } from './summary.js';

/** What ended, as a job tells people of it: itself where it is one of several, else its pipeline. */
export function toEnded(
  report: Report,
  { job: own, pipeline, list }: Pick<Outcome, 'job' | 'pipeline'> & { list: ApiJobs | undefined },
  platform: Platform,
): Ended {
  const { role, run, job, start, jobStart } = report;
  const { time, status, failure } = pipeline ?? own;
  const shared = { status, end: time, url: run.url, reason: failure?.message };
  // Why it failed stands above its one row.
  const row = toOwnRow(report, own);
  const self = { ...shared, start: jobStart, jobs: [{ ...row, reason: undefined }] };
  if (role === 'member') return { ...self, name: `${run.name} › ${job.name}` };
  if (role === 'whole') return { ...self, name: run.name };
  const others = toOthers(report, list, platform);
  const jobs = [...others.jobs, row];
  const first = jobs.find(({ reason }) => reason !== undefined && reason !== failure?.message);
  const reason = [failure?.message, first && `${first.name}: ${first.reason}`].filter(Boolean).join('\n');
  return { ...shared, name: run.name, start: start ?? jobStart, reason, jobs, notes: others.notes };
}

/** The job itself, as its own summary shows it. */
function toOwnRow({ job, jobStart }: Report, { status, time, failure }: End): SummaryJob {
  return { name: job.name, url: job.url, status, start: jobStart, end: time, reason: failure && toReason(failure) };
}

/** The other jobs of a closing job's run that have ended: by the server's list, else by `needs`; and who is missing. */
function toOthers(
  { config: { needs = [] }, run, job: self }: Report,
  list: ApiJobs | undefined,
  platform: Platform,
): Required<Pick<Ended, 'jobs' | 'notes'>> {
  if (!list) return { jobs: needs.map(({ key, result }) => ({ name: key, status: parseStatus(result)! })), notes: [] };
  const isCall = toIsCall(list.jobs);
  const own = findOwnRow(self, list);
  const others = list.jobs.filter((job) => job !== own && (!isCall(job) || parseStatus(job.conclusion) === 'skipped'));
  const here = others.filter(({ carriedOver }) => !carriedOver);
  return {
    jobs: here.flatMap((job) => toRow(job, platform.jobPage(run, job.id))),
    notes: [
      ...(here.length < others.length ? ['Jobs that an earlier attempt ran are not shown.'] : []),
      ...(list.complete ? [] : ['More jobs of this run are not shown.']),
    ],
  };
}

/** Nothing for a job that goes on. */
function toRow({ name, conclusion, startedAt, completedAt, steps }: ApiJob, url: string): SummaryJob[] {
  const status = parseStatus(conclusion);
  if (!status) return [];
  const reason = status === 'error' ? toReason(toFailure({ job: name, steps })) : undefined;
  return [{ name, url, status, start: startedAt, end: completedAt, reason }];
}
