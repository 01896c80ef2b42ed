import type { Stage } from '../events/stage.js';
import { type RunIdentity, toStageId } from '../model/identity.js';
import type { Status } from '../model/run.js';
import { parseStatus, toWorst } from '../model/status.js';
import { earliest, latest, newest } from '../model/time.js';
import type { Need } from '../runner/needs.js';
import type { ApiJobs } from '../server/answers.js';
import { toNeededJobs } from './needed-jobs.js';

/**
 * The stages that a closing job can vouch for: those whose jobs handed the stage over as their output `stage`, and each
 * of which is listed by the API with its times.
 */
export function toStages(run: RunIdentity, needs: readonly Need[], list: ApiJobs | undefined): Stage[] {
  if (!list?.complete) return [];
  const names = [...new Set(needs.flatMap(({ stage }) => stage ?? []))];
  return names.flatMap((name) => {
    const members = needs.filter(({ stage }) => stage === name);
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
interface CalledJob {
  stage?: { id: string; name: string } | undefined;
  status: Status;
  start: string;
  end: string;
}

/**
 * The calls of other workflows as stages: from the first start to the last end of their jobs, with the worst status
 * among them.
 */
export function toCallStages(jobs: readonly CalledJob[]): Stage[] {
  const members = new Map<string, CalledJob[]>();
  for (const job of jobs) {
    if (!job.stage) continue;
    const known = members.get(job.stage.id);
    if (known) known.push(job);
    else members.set(job.stage.id, [job]);
  }
  return [...members.values()].map((all) => {
    // A skipped job has no time of its own.
    const ran = all.filter(({ status }) => status !== 'skipped');
    const status = toWorst(all.map((job) => job.status))!;
    return { ...all[0]!.stage!, ...toSpan(ran.length > 0 ? ran : all), status };
  });
}
