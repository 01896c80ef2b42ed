import type { ApiJobs } from './api/answers.js';
import type { Stage } from './events/stage.js';
import { type RunIdentity, toStageId } from './identity.js';
import { type Need, toNeededJobs, toWorst } from './needs.js';
import { parseStatus } from './status.js';
import { latest } from './time.js';

/**
 * The stages that a closing job can vouch for: those whose jobs handed the stage over as their output `stage`, and each of which is
 * listed by the API with its times.
 */
export function toStages(identity: RunIdentity, needs: readonly Need[], list: ApiJobs | undefined): Stage[] {
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
    const start = times.map((time) => time.start).sort()[0]!;
    const end = times
      .map((time) => time.end)
      .sort()
      .at(-1)!;
    return [{ id: toStageId(identity, name), name, start, end: latest(end, start), status }];
  });
}
