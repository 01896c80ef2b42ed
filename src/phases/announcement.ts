import type { Delivered } from '../model/delivered.js';
import { toDatadogUrl } from '../model/site.js';
import { toLine } from '../model/text.js';
import { toResult } from '../pipeline/result.js';
import type { Ended } from '../pipeline/summary.js';
import type { Session } from '../runner/session.js';

/** Tells log and job summary how something ended and what became of it; `isShown`: Datadog has the run's page. */
export async function tellOutcome(
  ended: Ended,
  delivered: Delivered & { isShown?: boolean },
  session: Session,
): Promise<void> {
  const { config, log } = session;
  const reason = (ended.reason ?? '').split('\n').filter(Boolean).join('; ');
  const words = [toResult(ended.name, ended), reason].filter(Boolean).join(': ');
  log.info(`Datadog: ${toLine(log.redact(words))}`);
  const page = tellPage(ended.url, delivered.isShown ?? delivered.pipeline, session);
  const told = { ...delivered, page, elsewhere: config.app === '' };
  if (!config.summary) return;
  // Not where jobs are many, or no server shows it.
  const { toSummary } = await import('../pipeline/summary.js');
  writeSummary(toSummary(ended, told, log.redact), session);
}

/** Adds a summary to the job's, where the runner takes one. */
export function writeSummary(text: string, { runner: { env, appendFile }, log }: Session): void {
  const file = env['GITHUB_STEP_SUMMARY'];
  if (!file || !appendFile(file, text)) log.debug('the runner takes no job summary');
}

/** Says where in Datadog a run is to be seen, where it is there; returns that page. */
export function tellPage(url: string, isShown: boolean, { config, log }: Session) {
  const page = isShown ? toDatadogUrl(config, url) : '';
  if (page) log.info(`Datadog: ${page}`);
  return page;
}
