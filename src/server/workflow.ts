import { isSha } from '../model/run.js';
import { findFile } from './own-file.js';
import type { Server } from './server.js';
import { parseWorkflowFile, type WorkflowFile } from './workflow-file.js';

/** A workflow's own file, where it stands, and the files of the same commit that it calls. */
export interface FoundWorkflow extends Workflow {
  path: string;
}

/** So many called files are read. */
const MOST_CALLED = 10;

/** A file of the same commit after `uses:`, with no way out of the repository. */
const LOCAL = /^\.\/((?:(?!\.\.?\/)[\w.-]+\/)*[\w.-]+\.ya?ml)$/;

/** The workflow of a run at its commit, with the local ones that it calls; undefined where it can't be read. */
export async function readWorkflow(
  named: string | undefined,
  sha: string | undefined,
  server: Server,
): Promise<FoundWorkflow | undefined> {
  const found = isSha(sha) ? await findFile(named, sha, server) : undefined;
  const file = found && (await parseWorkflowFile(found.text));
  return file && { path: found.path, file, called: await readCalled(file, sha!, server) };
}

/** The local workflows that a file calls, at any depth, by the text after `uses:`. */
export async function readCalled(file: WorkflowFile, sha: string, server: Server): Promise<Map<string, WorkflowFile>> {
  const called = new Map<string, WorkflowFile>();
  const seen = new Set<string>();
  for (let level = [file]; level.length > 0;) {
    const uses = [...new Set(level.flatMap(({ jobs }) => jobs.flatMap((job) => job.uses ?? [])))];
    const fresh = uses.filter((path) => LOCAL.test(path) && !seen.has(path)).slice(0, MOST_CALLED - seen.size);
    fresh.forEach((path) => seen.add(path));
    const files = await Promise.all(fresh.map((path) => readFile(LOCAL.exec(path)![1]!, sha, server)));
    level = files.filter((one) => one !== undefined);
    fresh.forEach((path, index) => files[index] && called.set(path, files[index]));
  }
  return called;
}

async function readFile(path: string, sha: string, server: Server): Promise<WorkflowFile | undefined> {
  const text = await server.file(path, sha);
  return text === undefined ? undefined : parseWorkflowFile(text);
}

/** A workflow with those of the workflows it calls that could be read, by the text after `uses:`. */
export interface Workflow {
  file: WorkflowFile;
  called: ReadonlyMap<string, WorkflowFile>;
}
