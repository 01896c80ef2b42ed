import type { Env } from '../runner/runner.js';
import type { Server } from './server.js';
import { parseWorkflowFile, type WorkflowFile } from './workflow-file.js';

/** Characters of a workflow's file that a job reads of itself. */
const LONGEST_FILE = 256 * 1024;

/** The file of the workflow that runs here, at the run's commit; the run is read where nothing else names it. */
export async function readOwnFile(env: Env, server: Server): Promise<WorkflowFile | undefined> {
  const sha = env['GITHUB_SHA'];
  const named = toOwnFile(env['GITHUB_WORKFLOW_REF']) ?? (await server.run())?.file;
  const found = sha ? await findFile(named, sha, server) : undefined;
  // Aliases could make a small file a large one.
  return found && found.text.length <= LONGEST_FILE ? parseWorkflowFile(found.text, 0) : undefined;
}

/** The text of a workflow's file, by what its run calls it: the first that there is. */
export async function findFile(
  named: string | undefined,
  sha: string,
  server: Server,
): Promise<{ path: string; text: string } | undefined> {
  for (const path of named ? server.platform.wholeRun.workflowPaths(named) : []) {
    const text = path.split('/').includes('..') ? undefined : await server.file(path, sha);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

/** The file in `owner/repository/folders/file.yml@ref`. */
export function toOwnFile(workflowRef: string | undefined): string | undefined {
  const [, file] = /^[^/]+\/[^/]+\/([^@]+)/.exec(workflowRef ?? '') ?? [];
  return file;
}
