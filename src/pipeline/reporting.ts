import type { NeededJob } from './needed-jobs.js';
import type { PostSession } from './post-session.js';

/** The name of this action where the runner does not tell its repository. */
const OWN_NAME = 'datadog-pipeline-events';

/**
 * Those of the needed jobs that report themselves under their key and values. Inside of a composite action some runners
 * hide the matrix, and jobs report under other ids; whether a job uses this action itself is shown by its steps, in the
 * server's list or else in the workflow's file.
 */
export async function readReporting(
  needed: readonly NeededJob[],
  { server: { platform }, runner, readFileJobs }: Pick<PostSession, 'server' | 'runner' | 'readFileJobs'>,
): Promise<readonly NeededJob[]> {
  if (platform.jobStatus.wholeInComposite) return needed;
  const action = `${runner.env['GITHUB_ACTION_REPOSITORY'] || OWN_NAME}@`;
  const shows = ({ listed }: NeededJob): boolean => listed.steps.some(({ name }) => name.includes(action));
  const file = needed.every(shows) ? undefined : await readFileJobs();
  // What a name of people's own has in it is not the key, and may be another job's.
  const own = file?.filter(({ name, steps }) => name === undefined && steps.some(({ uses }) => uses?.includes(action)));
  const keys = new Set(own?.map(({ key }) => key));
  return needed.filter((job) => shows(job) || keys.has(job.key.replace(/ \(.*$/, '')));
}
