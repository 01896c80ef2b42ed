import { NAME } from '../model/version.js';
import type { JobList } from '../server/job-list.js';
import type { FoundWorkflow } from '../server/workflow.js';

/**
 * Whether the steps of a run, as the server lists them or else as its workflow's file has them, show that it reports
 * itself: with this action, or as a whole with `observe` in a closing job.
 */
export function reportsItself(
  { list, workflow }: { list?: Pick<JobList, 'jobs' | 'unread'> | undefined; workflow?: FoundWorkflow | undefined },
  repository: string | undefined,
): boolean {
  const names = [...new Set([NAME, repository || NAME])];
  const isOwn = (text: string | undefined): boolean =>
    names.some((name) => text?.includes(`${name}@`) === true || text?.includes(`${name}/observe@`) === true);
  const jobs = list?.jobs ?? [];
  // Where no job began, none has reported anything; where none can be read, some may have.
  const hasBegun = list?.unread === true || jobs.some(({ startedAt }) => startedAt);
  const files = workflow && hasBegun ? [workflow.file, ...workflow.called.values()] : [];
  return (
    jobs.some(({ steps }) => steps.some(({ name }) => isOwn(name))) ||
    files.some((file) => file.jobs.some(({ steps }) => steps.some(({ uses }) => isOwn(uses))))
  );
}
