import { NAME } from '../model/version.js';
import type { ObservedRun } from './run.js';

/**
 * Whether a run's steps, in the server's list or in its workflow's files, show that it reports itself: with this
 * action, or as a whole with `observe` in a closing job.
 */
export function reportsItself({ list, workflow }: ObservedRun, repository: string | undefined): boolean {
  const names = [NAME, repository || NAME].flatMap((name) => [`${name}@`, `${name}/observe@`]);
  const isOwn = (text = ''): boolean => names.some((name) => text.includes(name));
  const jobs = list?.jobs ?? [];
  // Where no job began, none has reported anything; where none can be read, some may have.
  const hasBegun = list?.unread === true || jobs.some(({ startedAt }) => startedAt);
  const files = workflow && hasBegun ? [workflow.file, ...workflow.called.values()] : [];
  return (
    jobs.some(({ steps }) => steps.some(({ name }) => isOwn(name))) ||
    files.some((file) => file.jobs.some(({ steps }) => steps.some(({ uses }) => isOwn(uses))))
  );
}
