import type { Delivered } from '../model/delivered.js';
import { toLine } from '../model/text.js';
import { toResult } from '../pipeline/result.js';
import type { Ended } from '../pipeline/summary.js';
import type { Session } from '../runner/session.js';
import { tellPage } from './page.js';

/**
 * Says in the log, and in the job summary where one is wanted, how something ended and what became of its events;
 * `isShown`: Datadog has the run's page.
 */
export async function tellOutcome(
  ended: Ended,
  delivered: Delivered & { isShown?: boolean },
  { runner, config, log }: Session,
): Promise<void> {
  const reason = (ended.reason ?? '').split('\n').filter(Boolean).join('; ');
  const words = [toResult(ended.name, ended), ...(reason ? [reason] : [])].join(': ');
  log.info(`Datadog: ${toLine(log.redact(words))}`);
  const page = tellPage(ended.url, delivered.isShown ?? delivered.pipeline, { config, log });
  const told = { ...delivered, page, elsewhere: config.app === '' };
  if (!config.summary) return;
  // Not where jobs are many, or no server shows it.
  const { toSummary, writeSummary } = await import('../pipeline/summary.js');
  writeSummary(toSummary(ended, told, log.redact), runner, log);
}
