import type { Stage } from '../events/stage.js';
import { groupBy } from '../model/group-by.js';
import { type RunIdentity, toStageId } from '../model/identity.js';
import { parseStatus, toWorst } from '../model/status.js';
import { earliest, latest, newest } from '../model/time.js';
import type { Need } from '../runner/needs.js';
import type { ApiJobs } from '../server/answers.js';
import { toNeededJobs } from './needed-jobs.js';

/**
 * The stages that a closing job can vouch for: those whose jobs gave them as their output `stage`, and are all listed
 * by the API with their times.
 */
export function toStages(run: RunIdentity, needs: readonly Need[], list: ApiJobs | undefined): Stage[] {
  if (!list?.complete) return [];
  return [...groupBy(needs, ({ stage }) => stage)].flatMap(([name, members]) => {
    if (name === undefined) return [];
    const jobs = toNeededJobs(members, list, { job: undefined, isCalled: false });
    const times = jobs.flatMap(({ listed }) =>
      listed.startedAt && listed.completedAt ? [{ start: listed.startedAt, end: listed.completedAt }] : [],
    );
    const status = toWorst(members.map(({ result }) => parseStatus(result)));
    if (times.length === 0 || times.length < jobs.length || !status) return [];
    return [{ id: toStageId(run, name), name, ...toSpan(times), status }];
  });
}

/** From the first start to the last end. */
function toSpan(times: readonly { start: string; end: string }[]): Pick<Stage, 'start' | 'end'> {
  const start = earliest(times.map((time) => time.start))!;
  return { start, end: latest(newest(times.map(({ end }) => end))!, start) };
}

/** A job with the call of another workflow that it belongs to. */
interface CalledJob extends Omit<Stage, 'id' | 'name'> {
  stage?: Pick<Stage, 'id' | 'name'> | undefined;
}

/** The calls of other workflows as stages, each with the time and the worst status of its jobs. */
export function toCallStages(jobs: readonly CalledJob[]): Stage[] {
  return [...groupBy(jobs, ({ stage }) => stage?.id).values()].flatMap((members) => {
    const { stage } = members[0]!;
    if (!stage) return [];
    // A skipped job has no time of its own.
    const ran = members.filter(({ status }) => status !== 'skipped');
    const status = toWorst(members.map((job) => job.status))!;
    return { ...stage, ...toSpan(ran.length > 0 ? ran : members), status };
  });
}
