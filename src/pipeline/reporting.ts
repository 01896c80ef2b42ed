import { NAME } from '../model/version.js';
import type { FileJob } from '../server/workflow-file.js';
import type { Workflow } from '../server/workflow.js';
import type { NeededJob } from './needed-jobs.js';
import type { PostSession } from './post-session.js';

/**
 * Those of the needed jobs that report themselves under their key and values. Inside a composite action some runners
 * hide the matrix; whether a job uses this action itself is shown by its steps, in the server's list or else in the
 * workflow's file.
 */
export async function readReporting(
  needed: readonly NeededJob[],
  { server: { platform }, runner, readFileJobs, readWorkflow }: PostSession,
): Promise<readonly NeededJob[]> {
  if (platform.jobStatus.wholeInComposite) return needed;
  const action = `${runner.env['GITHUB_ACTION_REPOSITORY'] || NAME}@`;
  const shows = ({ listed }: NeededJob): boolean => listed.steps.some(({ name }) => name.includes(action));
  const jobs = needed.every(shows) ? undefined : await readFileJobs();
  const hasInner = needed.some(({ listed }) => listed.called);
  const called = jobs && hasInner ? (await readWorkflow())?.called : undefined;
  return needed.filter((one) => {
    if (shows(one)) return true;
    const job = findJob(one.key.replace(/ \(.*$/, ''), jobs, called);
    // What a name of people's own has in it is not the key, and may be another job's.
    const isMeant = job?.name === undefined || one.listed.called !== undefined;
    return isMeant && job?.steps.some(({ uses }) => uses?.includes(action)) === true;
  });
}

/** The job of a key in the files; `call.build` is one of a workflow that the job `call` calls. */
function findJob(key: string, jobs: readonly FileJob[] = [], called?: Workflow['called']): FileJob | undefined {
  const [own, ...inner] = key.split('.');
  const job = jobs.find((one) => one.key === own);
  return inner.length === 0 ? job : findJob(inner.join('.'), called?.get(job?.uses ?? '')?.jobs, called);
}
