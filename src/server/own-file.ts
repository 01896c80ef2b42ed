import type { Server } from './client.js';
import type { Place, Platform } from './platforms/platform.js';
import { parseFile, parseWorkflowFile, type WorkflowFile } from './workflow-file.js';

/** Characters of a workflow's file that a job reads of itself. */
const LONGEST_FILE = 256 * 1024;

/** What it is read with. */
interface Edges {
  server: Server;
  platform: Platform;
  place: Place;
}

/**
 * The file of the workflow that runs here, at the run's commit: at most three reads, of the run, which names it, and of
 * where it may stand.
 */
export async function readOwnFile(
  { server, platform, place }: Edges,
  readRun = () => server.read(platform.reads.run(place)),
): Promise<WorkflowFile | undefined> {
  const sha = place.env['GITHUB_SHA'];
  const named = toOwnFile(place.env['GITHUB_WORKFLOW_REF']) ?? (await readRun())?.file;
  for (const path of named && sha ? platform.wholeRun.workflowPaths(named) : []) {
    const text = await server.read({ ...platform.wholeRun.file(place, path, sha!), parse: parseFile });
    // Aliases could make a small file a large one.
    if (text !== undefined) return text.length <= LONGEST_FILE ? parseWorkflowFile(text, 0) : undefined;
  }
  return undefined;
}

/** The file in `owner/repository/folders/file.yml@ref`. */
export function toOwnFile(workflowRef: string | undefined): string | undefined {
  const [, file] = /^[^/]+\/[^/]+\/([^@]+)/.exec(workflowRef ?? '') ?? [];
  return file;
}
