import type { JobList } from '../api/job-list.js';
import type { Unread } from '../api/server.js';
import type { ApiJob } from '../api/answers.js';
import type { Log } from '../log.js';
import type { Place, Platform } from '../platform.js';

/** How to send a run's events another time. */
export function toAgain({ runId, attempt }: Place): string {
  return `The same events can be sent again, within 18 hours of the run's end, with \`run-id: ${runId}\` and \`attempt: ${attempt}\`.`;
}

/** Says that the run itself can't be read. */
export function tellUnread({ runId }: Place, unread: Unread | undefined, platform: Platform, log: Log): void {
  log.warn({
    what: 'Nothing is sent to Datadog',
    why: `the run ${runId} can't be read from the server's API (${unread?.why ?? 'no reason is known'})`,
    fix: toFix(unread, `Check \`run-id\`, \`attempt\` and \`token\`. ${platform.wholeRun.since.runs}`),
  });
}

/** Says that a run has no start yet. */
export function tellNotStarted({ runId }: Place, log: Log): void {
  log.info(`Datadog: the run ${runId} has not started yet, so nothing is sent.`);
}

/** Says that a run ended longer ago than Datadog takes. */
export function tellTooOld({ runId }: Place, end: string, log: Log): void {
  log.warn({
    what: 'Nothing is sent to Datadog',
    why: `the run ${runId} ended at ${end}, and Datadog takes what ended within the last 18 hours`,
    fix: 'Observe runs when they end (`on: workflow_run`, or a closing job).',
  });
}

/** Says that a closing job does not know how the others ended. */
export function tellUnknownEnd(log: Log): void {
  log.warn({
    what: 'Nothing is sent to Datadog',
    why: 'no other job of this run could be read that has ended, so how the run ends is not known',
    fix: 'Name the other jobs in `needs:` of this one, and let its token read actions (`permissions: actions: read`).',
  });
}

/** Says which jobs could not be read; true where some are missing that the server has. */
export function tellMissing({ jobs, missing, unread, why }: JobList, place: Place, platform: Platform, log: Log): boolean {
  if (unread && why?.status === 404) {
    log.notice(`Datadog: the pipeline is sent without its jobs, because this server's API lists none. ${platform.wholeRun.since.jobs}`);
    return false;
  }
  if (!unread && missing === 0) return false;
  log.warn({
    what: unread
      ? 'The jobs of this run are missing in Datadog'
      : `${missing} of ${jobs.length + missing} jobs of this run are missing in Datadog`,
    why: why?.why ?? 'the server listed fewer than it counts',
    fix: toFix(why, `${toAgain(place)} \`timeout\` gives the reads more seconds.`),
  });
  return true;
}

/** Says that jobs of a closing job's run go on. */
export function tellUnended(jobs: readonly ApiJob[], log: Log): void {
  if (jobs.length === 0) return;
  log.notice(
    `Datadog: ${jobs.length} jobs have not ended and are left out (${toNames(jobs)}). A closing job names all others in \`needs:\`.`,
  );
}

/** Says that jobs without times are not sent. */
export function tellTimeless(count: number, platform: Platform, log: Log): void {
  if (count === 0) return;
  log.notice(`Datadog: ${count} jobs are not sent, because this server lists them without their times. ${platform.wholeRun.since.jobs}`);
}

/** Says that jobs of a long run ended too long ago. */
export function tellOldJobs(count: number, log: Log): void {
  if (count === 0) return;
  log.warn({
    what: `${count} jobs of this run are missing in Datadog`,
    why: 'they ended more than 18 hours ago, and Datadog takes nothing older',
    fix: 'In runs as long as that let each job report itself (`level: job`).',
  });
}

function toFix(unread: Unread | undefined, otherwise: string): string {
  const isRefused = unread?.status === 401 || unread?.status === 403;
  return isRefused ? 'Give the token the permission that is named above (`permissions:` of this workflow).' : otherwise;
}

function toNames(jobs: readonly ApiJob[]): string {
  return jobs
    .slice(0, 5)
    .map(({ name }) => `"${name}"`)
    .join(', ');
}
