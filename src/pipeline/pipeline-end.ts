import type { End } from '../events/event.js';
import type { Failure, Status } from '../model/run.js';
import { parseStatus, toWorst } from '../model/status.js';
import type { Need } from '../runner/needs.js';
import type { Additions } from '../runner/runtime-file.js';
import { toFailure } from './failure.js';
import type { Ending } from './job-end.js';
import type { Finish } from './report-events.js';
import type { Report } from './report.js';

/** How the pipeline ended: as its one job, or as the worst of the jobs that a closing job waited for. */
export function toPipelineEnd(
  reported: Report,
  ending: Ending,
  time: string,
  failure: Failure | undefined,
  added: Additions,
): Finish['pipeline'] {
  const { role, config, job } = reported;
  if (role === 'whole') return { time, status: ending.status, failure };
  const needs = config.needs ?? [];
  const status = toPipelineStatus(needs, ending.status);
  if (status !== 'error') return { time, status };
  const failed = needs.filter(({ result }) => parseStatus(result) === 'error').map(({ key }) => key);
  if (ending.status === 'error') failed.push(job.name);
  return {
    time,
    status,
    failure: toFailure({ job: failed.join('", "'), steps: [], annotations: [], told: added.error }),
  };
}

/**
 * A closing job's pipeline status: the worst of the required jobs' and this job's own, and skipped where nothing was to
 * do.
 */
export function toPipelineStatus(needs: readonly Need[], own: Status): Status {
  const results = needs.map(({ result }) => parseStatus(result));
  const worst = toWorst([...results, own]);
  return worst === 'success' && results.length > 0 && results.every((result) => result === 'skipped')
    ? 'skipped'
    : (worst ?? own);
}

/** Names of so many failed jobs stand in the pipeline's message. */
const MOST_NAMES = 10;

/** The pipeline's end; a failure names the jobs that failed, and is of their domain where they agree. */
export function toRunEnd(
  status: Status,
  time: string,
  {
    conclusion,
    failed,
  }: { conclusion: string | undefined; failed: readonly { job: { api: { name: string } }; failure: Failure }[] },
): End {
  if (status !== 'error') return { time, status };
  if (failed.length === 0) {
    return {
      time,
      status,
      failure: { type: 'Run failed', message: `The run ended with "${conclusion ?? 'failure'}"`, domain: 'unknown' },
    };
  }
  const [first] = failed;
  const names = failed.slice(0, MOST_NAMES).map(({ job }) => job.api.name);
  const more = failed.length > names.length ? ` and ${failed.length - names.length} more` : '';
  const message = `Failed: ${names.join(', ')}${more}\n${first!.failure.message}`;
  const domain = new Set(failed.map(({ failure }) => failure.domain)).size === 1 ? first!.failure.domain : 'unknown';
  const told = { type: first!.failure.type, message, domain };
  return { time, status, failure: toFailure({ job: first!.job.api.name, steps: [], annotations: [], told }) };
}
