import type { Stage } from '../events/stage.js';
import { earliest, newest, toWorst } from '../needs.js';
import type { ObservedJob } from './jobs.js';

/** The calls of other workflows as stages: from the first start to the last end of their jobs, with the worst status among them. */
export function toCallStages(jobs: readonly ObservedJob[]): Stage[] {
  const members = new Map<string, ObservedJob[]>();
  for (const job of jobs) {
    if (!job.stage) continue;
    const known = members.get(job.stage.id);
    if (known) known.push(job);
    else members.set(job.stage.id, [job]);
  }
  return [...members.values()].map((all) => {
    // A skipped job has no time of its own.
    const ran = all.filter(({ status }) => status !== 'skipped');
    const timed = ran.length > 0 ? ran : all;
    return {
      ...all[0]!.stage!,
      start: earliest(timed.map(({ start }) => start))!,
      end: newest(timed.map(({ end }) => end))!,
      status: toWorst(all.map(({ status }) => status))!,
    };
  });
}
