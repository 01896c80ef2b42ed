import type { LogDelivery } from '../delivery/logs.js';
import { FEW, toFew } from '../model/text.js';
import type { Log } from '../runner/log.js';
import type { Session } from '../runner/session.js';
import type { Unread } from '../server/client.js';
import type { Platform } from '../server/platforms/platform.js';

/** What became of the log of a job; `unread` without a value: nothing was tried. */
export type LogResult = { name: string } & ({ unread: Unread | undefined } | { total: number; sent: number });

/** Says that the log of this job can't be read here. */
export function warnNoLog({ log: at }: Platform, log: Log): void {
  if (at && !at.whileRunning) {
    return log.notice(
      'Datadog: the log of this job is not sent, because this server hands it out when the job has ended; ' +
        '`observe` with `logs` sends it.',
    );
  }
  log.notice(
    'Datadog: no job log is sent, because there is no server here that hands it out, or no number of the job.',
  );
}

/** Says how much of the logs is sent, and why not all of it. */
export function warnLogs(results: readonly LogResult[], delivery: LogDelivery, { config, log }: Session): void {
  const { accepted, refused, why, stopped } = delivery;
  if (accepted > 0) log.info(`Datadog: ${accepted} lines of job logs sent.`);
  const cut = results.filter((result) => 'total' in result && result.sent < result.total);
  if (accepted > 0 && cut.length > 0) {
    log.info(
      `Datadog: of the log of ${toNames(cut)} only the last ${config.logLines} lines are sent; ` +
        '`log-lines` takes more.',
    );
  }
  if (refused > 0) {
    log.warn({
      what: `Datadog refused ${refused} lines of job logs`,
      why: [...why].slice(0, FEW).join('; '),
      fix: 'Check the values this step adds (`provider-name`); if they are right, please report it.',
    });
  }
  if (stopped) {
    return log.warn({ what: 'Job logs did not reach Datadog, or only a part of them', ...stopped });
  }
  warnUnread(results, log);
}

function warnUnread(results: readonly LogResult[], log: Log): void {
  const unread = results.filter((result) => 'unread' in result);
  if (unread.length === 0) return;
  const reasons = unread.map((result) => result.unread ?? NO_TIME);
  log.warn({
    what: `The log of ${toNames(unread)} is not sent to Datadog`,
    why: [...new Set(reasons.map((reason) => reason.why))].slice(0, FEW).join('; '),
    fix: reasons.find(({ fix }) => fix)?.fix ?? 'The events are not affected; a later run may have its log again.',
  });
}

const NO_TIME: Unread = { why: 'no time was left for it', fix: '`timeout` gives it more seconds.' };

function toNames(jobs: readonly LogResult[]): string {
  return toFew(jobs.map(({ name }) => `job "${name}"`));
}
