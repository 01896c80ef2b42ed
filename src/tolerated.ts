import type { ApiJob, ApiStep } from './api/answers.js';
import type { Server } from './api/server.js';
import { type FileJob, parseFile, parseWorkflowFile } from './api/workflow-file.js';
import type { Place, Platform } from './platform.js';
import { parseStatus } from './status.js';

/** Characters of a workflow's file that a job reads of itself. */
const LONGEST_FILE = 256 * 1024;

/** What the file is read with. */
interface Edges {
  server: Server;
  platform: Platform;
  place: Place;
}

/**
 * The job with each of its failed steps marked by whether the workflow's file lets it fail; as it was where the server tells that itself, and
 * where the file does not. At most three reads: the run, which names the file, and the folders where it may stand.
 */
export async function readTolerated(job: ApiJob, isCalled: boolean, edges: Edges): Promise<ApiJob> {
  const hasFailed = job.steps.some(({ conclusion }) => parseStatus(conclusion) === 'error');
  // The file of a called workflow is not the run's.
  if (edges.platform.tellsTolerated || !hasFailed || isCalled) return job;
  const file = await readFile(edges);
  const own = file?.find(({ key }) => key === edges.place.env['GITHUB_JOB']);
  return own ? { ...job, steps: markTolerated(job.steps, own.steps) } : job;
}

async function readFile({ server, platform, place }: Edges): Promise<FileJob[] | undefined> {
  const run = await server.read(platform.reads.run(place));
  const sha = place.env['GITHUB_SHA'];
  for (const path of run?.file && sha ? platform.wholeRun.workflowPaths(run.file) : []) {
    const text = await server.read({ ...platform.wholeRun.file(place, path, sha!), parse: parseFile });
    // Aliases could make a small file a large one.
    if (text !== undefined) return text.length <= LONGEST_FILE ? (await parseWorkflowFile(text, 0))?.jobs : undefined;
  }
  return undefined;
}

/** Servers list a job's steps in the order of its file; a list that does not fit it tells nothing. */
export function markTolerated(listed: readonly ApiStep[], steps: FileJob['steps']): ApiStep[] {
  const fits = listed.length === steps.length && listed.every(({ name }, at) => isSameName(name, steps[at]!.name));
  return listed.map((step, at) => (fits ? { ...step, isTolerated: toTolerated(steps[at]!.continueOnError) } : step));
}

/** A name that holds an expression, or none, is listed as something else. */
function isSameName(listed: string, name: string | undefined): boolean {
  return name === undefined || name.includes('${{') || name.trim() === listed.trim();
}

/** Undefined for an expression: what it came to is known to the runner only. */
function toTolerated(continueOnError: string | undefined): boolean | undefined {
  if (continueOnError === undefined) return false;
  return { true: true, false: false }[continueOnError.trim().toLowerCase()];
}
