import type { End } from '../events/event.js';
import type { Failure, Status } from '../model/run.js';
import { parseStatus, toWorst } from '../model/status.js';
import { toFew } from '../model/text.js';
import type { Config } from '../runner/inputs.js';
import type { Need } from '../runner/needs.js';
import { toFailure } from './failure.js';
import type { JobEnd } from './job-end.js';
import type { Report } from './report.js';

/** How the pipeline ended: as its one job, or as the worst of the jobs that a closing job waited for. */
export function toPipelineEnd({ role, config, job }: Report, own: End, told: Partial<Failure>): End {
  if (role === 'whole') return own;
  const { needs = [] } = config;
  const end = { time: own.time, status: toPipelineStatus(needs, own.status) };
  if (end.status !== 'error') return end;
  const failed = needs.filter(({ result }) => parseStatus(result) === 'error').map(({ key }) => key);
  if (own.status === 'error') failed.push(job.name);
  return { ...end, failure: toFailure({ job: failed.join('", "'), told }) };
}

/** A closing job's pipeline status: the worst of the required jobs' and its own, and skipped where all were. */
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
    conclusion = 'failure',
    failed,
  }: { conclusion?: string | undefined; failed: readonly { job: { api: { name: string } }; failure: Failure }[] },
): End {
  if (status !== 'error') return { time, status };
  const [first] = failed;
  if (!first) {
    const message = `The run ended with "${conclusion}"`;
    return { time, status, failure: { type: 'Run failed', message, domain: 'unknown' } };
  }
  const names = failed.map(({ job }) => job.api.name);
  const { type, domain } = first.failure;
  const told: Failure = {
    type,
    message: `Failed: ${toFew(names, { most: MOST_NAMES })}\n${first.failure.message}`,
    domain: failed.every(({ failure }) => failure.domain === domain) ? domain : 'unknown',
  };
  return { time, status, failure: toFailure({ job: first.job.api.name, told }) };
}

/** Tags of ours where the pipeline's status is not certain: other jobs can't be read, or this one's end is assumed. */
export function toClosingTags({ needs = [], knowsNeeds }: Config, { status, source, certain }: JobEnd): string[] {
  // A failure that is known can't become anything else.
  if (toPipelineStatus(needs, 'success') === 'error') return [];
  if (!knowsNeeds && status !== 'error') return ['status_source:own-job'];
  return certain ? [] : [`status_source:${source}`];
}
