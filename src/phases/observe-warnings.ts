import type { Problem } from '../model/problem.js';
import type { Run, RunRef } from '../model/run.js';
import { toFew, toLine } from '../model/text.js';
import type { Unobserved } from '../observed/read-run.js';
import type { Log } from '../runner/log.js';
import type { ApiJob } from '../server/answers.js';
import type { JobList } from '../server/job-list.js';
import type { Platform } from '../server/platforms/platform.js';
import type { ObserveSession } from '../observed/run.js';
import { warnOldSteps } from './warnings.js';

/** How to send a run's events another time. */
export function toAgain({ id, attempt }: RunRef, platform: Platform): string {
  const named = platform.attemptsCount === 'run' ? ` and \`attempt: ${attempt}\`` : '';
  return `The same events can be sent again, within 18 hours of the run's end, with \`run-id: ${id}\`${named}.`;
}

/** Says why nothing is sent of a run. */
export function warnUnobserved(found: Unobserved, runId: string, { platform, log }: ObserveSession): void {
  if (found.reason === 'not started') {
    return log.info(`Datadog: the run ${runId} has not started yet, so nothing is sent.`);
  }
  if (found.reason === 'own workflow') {
    const shown = toLine(found.workflow.name ?? found.workflow.file ?? '');
    return log.notice(
      'Datadog: nothing is sent, because the run is one of this workflow itself, which would start another one each ' +
        `time it ends; \`workflows: ["**", "!${shown}"]\` leaves it out.`,
    );
  }
  const { unread } = found;
  log.warn({
    what: 'Nothing is sent to Datadog',
    why: `the run ${runId} can't be read from the server's API (${unread?.why ?? 'no reason is known'})`,
    fix: unread?.fix ?? `Check \`run-id\`, \`attempt\` and \`token\`. ${platform.wholeRun.since.runs ?? ''}`.trim(),
  });
}

/** The event tells of no run. */
export const NO_RUN: Problem = {
  what: 'Nothing is sent to Datadog',
  why: 'the event `workflow_run` tells of no run with an id',
  fix: 'Name the run with `run-id`.',
};

/** The server can't be asked for an attempt. */
export const NO_ATTEMPTS: Problem = {
  what: 'Nothing is sent to Datadog',
  why: "`attempt` is set, and this server's API tells of a run's latest attempt only",
  fix: 'Leave `attempt` out.',
};

/** Says that a run's branch is not known. */
export function warnBranchless({ revision: { sha, branch, tag } }: Run, log: Log): void {
  if (!sha || branch || tag) return;
  log.notice('Datadog: the branch of this run is not known, so `git` is left out, and its parts are sent as tags.');
}

/** Says that a run ended longer ago than Datadog takes. */
export function warnTooOld({ id }: RunRef, end: string, log: Log): void {
  log.warn({
    what: 'Nothing is sent to Datadog',
    why: `the run ${id} ended at ${end}, and Datadog takes what ended within the last 18 hours`,
    fix: 'Observe runs when they end (`on: workflow_run`, or a closing job).',
  });
}

/** Says that a closing job does not know how the others ended. */
export function warnUnknownEnd(list: JobList | undefined, platform: Platform, log: Log): void {
  const hasNoList = list !== undefined && lacksList(list, platform);
  log.warn({
    what: 'Nothing is sent to Datadog',
    why:
      (hasNoList ? "this server's API lists no jobs" : 'no other job of this run could be read that has ended') +
      `${list?.why && !hasNoList ? ` (${list.why.why})` : ''}, so how the run ends is not known`,
    fix: hasNoList
      ? 'Close the run with the action itself, with `needs: ${{ toJSON(needs) }}` below `with:`. ' +
        (platform.wholeRun.since.jobs ?? '')
      : 'Name the other jobs in `needs:` of this one, and let its token read actions (`permissions: actions: read`).',
  });
}

/** The server is of a version that has no list of jobs. */
function lacksList({ unread, why }: JobList, platform: Platform): boolean {
  return unread && why?.status === 404 && platform.wholeRun.since.jobs !== undefined;
}

/** Whether jobs could not be read that the server lists. */
export function hasGaps(list: JobList, platform: Platform): boolean {
  return !lacksList(list, platform) && (list.unread || list.missing > 0);
}

/** The log says already why a look can send nothing. */
export const NO_LOOK: Problem = {
  what: 'This look left everything out',
  why: 'nothing can be sent, as is said above',
  fix: 'Once that is mended, the next look begins where the last one that succeeded began.',
};

/** Says which jobs could not be read; true where some are missing that the server has. */
export function warnMissing(
  list: JobList,
  { run, isOwn }: { run: RunRef; isOwn: boolean },
  { platform, log }: ObserveSession,
): boolean {
  const { jobs, missing, unread, why } = list;
  if (lacksList(list, platform)) {
    // Without jobs a closing job has nothing to send, which is said by itself.
    if (!isOwn) {
      log.notice(
        "Datadog: the pipeline is sent without its jobs, because this server's API lists none. " +
          (platform.wholeRun.since.jobs ?? ''),
      );
    }
    return false;
  }
  if (!unread && missing === 0) return false;
  log.warn({
    what: unread
      ? 'The jobs of this run are missing in Datadog'
      : `${missing} of ${jobs.length + missing} jobs of this run are missing in Datadog`,
    why: why?.why ?? 'the server listed fewer than it counts',
    fix: why?.fix ?? `${toAgain(run, platform)} \`timeout\` gives the reads more seconds.`,
  });
  return true;
}

/** Says that jobs of a closing job's run go on. */
export function warnUnended(jobs: readonly ApiJob[], log: Log): void {
  if (jobs.length === 0) return;
  const names = toFew(jobs.map(({ name }) => `"${name}"`));
  log.notice(
    `Datadog: ${jobs.length} jobs have not ended and are left out (${names}). ` +
      'A closing job names all others in `needs:`.',
  );
}

/** Says what of the jobs can't be sent: those without times, those that ended too long ago, and their steps. */
export function warnLeftOut(
  { timeless, old, start }: { timeless: number; old: number; start: string },
  { runner, log, config }: ObserveSession,
): void {
  if (timeless > 0) {
    log.notice(
      `Datadog: ${timeless} jobs are not sent, because this server lists them without their times, ` +
        'and they are not among the tasks, which tell them, that could be read.',
    );
  }
  if (old > 0) {
    log.warn({
      what: `${old} jobs of this run are missing in Datadog`,
      why: 'they ended more than 18 hours ago, and Datadog takes nothing older',
      fix: 'In runs as long as that let each job report itself (`level: job`).',
    });
  }
  if (config.steps && !config.dryRun) warnOldSteps(start, runner.now(), log);
}
