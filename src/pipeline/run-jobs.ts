import type { End } from '../events/event.js';
import { parseStatus } from '../model/status.js';
import type { ApiJob, ApiJobs } from '../server/answers.js';
import type { Server } from '../server/server.js';
import { toIsCall } from './called-jobs.js';
import { toFailure, toReason } from './failure.js';
import type { Outcome } from './report-events.js';
import type { Report } from './report.js';
import type { Ended, SummaryJob } from './summary.js';

/** What ended, as a job tells people of it: itself where it is one of several, else its pipeline. */
export function toEnded(
  report: Report,
  { job: own, pipeline, list }: Pick<Outcome, 'job' | 'pipeline'> & { list: ApiJobs | undefined },
  server: Pick<Server, 'platform' | 'ref'>,
): Ended {
  const { role, run, job, start, jobStart } = report;
  const { time, status, failure } = pipeline ?? own;
  const shared = { status, end: time, url: run.url, reason: failure?.message };
  // Why it failed stands above its one row.
  const self = { ...shared, start: jobStart, jobs: [{ ...toOwnRow(report, own), reason: undefined }] };
  if (role === 'member') return { ...self, name: `${run.name} › ${job.name}` };
  if (role === 'whole') return { ...self, name: run.name };
  const { jobs, notes } = toRunJobs(report, { own, list }, server);
  const first = jobs.find(({ reason }) => reason !== undefined && reason !== failure?.message);
  const reason = [failure?.message, first && `${first.name}: ${first.reason}`].filter(Boolean).join('\n');
  return { ...shared, name: run.name, start: start ?? jobStart, reason, jobs, notes };
}

/** The job itself, as its own summary shows it. */
function toOwnRow({ job, jobStart }: Report, { status, time, failure }: End): SummaryJob {
  return { name: job.name, url: job.url, status, start: jobStart, end: time, reason: failure && toReason(failure) };
}

/**
 * The jobs of a run that have ended, as the job that closes it knows them: by the server's list, else by `needs`; and
 * what is not among them.
 */
function toRunJobs(
  report: Report,
  { own, list }: { own: End; list: ApiJobs | undefined },
  server: Pick<Server, 'platform' | 'ref'>,
): Required<Pick<Ended, 'jobs' | 'notes'>> {
  const { config, job: self } = report;
  const row = toOwnRow(report, own);
  if (!list) {
    const needs = (config.needs ?? []).map(({ key, result }) => ({ name: key, status: parseStatus(result)! }));
    return { jobs: [...needs, row], notes: [] };
  }
  const isCall = toIsCall(list.jobs);
  const others = list.jobs.filter(
    (job) =>
      (job.id === undefined || job.id !== self.serverId) && (!isCall(job) || parseStatus(job.conclusion) === 'skipped'),
  );
  const here = others.filter(({ carriedOver }) => !carriedOver);
  return {
    jobs: [...here.flatMap((job) => toRow(job, server.platform.jobPage(server.ref, job.id))), row],
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
