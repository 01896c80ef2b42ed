import { latest, newest } from '../model/time.js';
import { parseStatus } from '../model/status.js';
import { isTooOld } from '../pipeline/time-limits.js';
import type { ApiJob } from '../server/answers.js';
import type { RunDetails } from '../server/run-details.js';
import { isSameWorkflow } from './own-workflow.js';

/** So many are closed: those before them were closed by earlier closing jobs. */
const MOST = 20;

/** The cancelled runs of a workflow's file in a list, the newest first, whose end Datadog still takes. */
export function toCancelled(
  runs: readonly RunDetails[],
  { file, runId, now }: { file: string; runId: string; now: number },
): RunDetails[] {
  const isMeant = (run: RunDetails): boolean =>
    run.id !== runId &&
    run.start !== undefined &&
    parseStatus(run.conclusion) === 'canceled' &&
    isSameWorkflow(run, { file }) &&
    !isTooOld(run.end ?? run.start, now);
  return runs.filter(isMeant).slice(0, MOST);
}

/** Whether a run's pipeline goes on in Datadog: jobs began, but not the one that closes it, by any of its names. */
export function isLeftOpen(jobs: readonly ApiJob[], closing: readonly (string | undefined)[]): boolean {
  const isClosing = ({ name }: ApiJob): boolean => closing.includes(name);
  return jobs.some((job) => isClosing(job) && neverBegan(job)) && jobs.some((job) => !isClosing(job) && job.startedAt);
}

/** Where jobs have tasks, one without times may just be unread. */
function neverBegan({ neverRan, taskId, startedAt }: ApiJob): boolean {
  return neverRan === true || (taskId === undefined && startedAt === undefined);
}

/** When a cancelled run ended: with the last of its jobs; undefined where no end is told. */
export function toCancelTime(jobs: readonly ApiJob[], start: string): string | undefined {
  const last = newest(jobs.map(({ completedAt }) => completedAt));
  return last && latest(last, start);
}
