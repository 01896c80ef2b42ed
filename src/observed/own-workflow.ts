import { toFileName } from '../model/text.js';
import type { Env } from '../runner/runner.js';
import { parseRun } from '../server/answers.js';
import type { OnMiss } from '../server/client.js';
import { toOwnFile } from '../server/own-file.js';
import { parseRunDetails, type RunDetails } from '../server/run-details.js';
import type { Server } from '../server/server.js';
import type { Target } from './target.js';

/** A workflow, as far as it is known: its file, with or without folders, and its name. */
export interface WorkflowName {
  file?: string | undefined;
  name?: string | undefined;
}

/**
 * Whether two are one workflow: by the file, which Gitea tells without its folders, and only where one is not known by
 * the name, which others may have as well.
 */
export function isSameWorkflow(a: WorkflowName, b: WorkflowName): boolean {
  if (!a.file || !b.file) return Boolean(a.name) && a.name === b.name;
  if (a.file.includes('/') && b.file.includes('/')) return a.file === b.file;
  return toFileName(a.file) === toFileName(b.file);
}

/** The workflow of the run that an event tells of; its path may have the ref after it. */
export function toToldWorkflow({ told, workflow }: Pick<Target, 'told' | 'workflow'>): WorkflowName {
  return { file: parseRun(told)?.file || undefined, name: workflow };
}

/** This job's run, as the server tells it. */
export async function readOwnRun({ read, platform, ref }: OwnRun, onMiss?: OnMiss): Promise<RunDetails | undefined> {
  return read({ ...platform.wholeRun.latest(ref), parse: parseRunDetails }, onMiss);
}

/** The server as far as this job's run is read. */
type OwnRun = Pick<Server, 'read' | 'platform' | 'ref'>;

/** The workflow that runs here; its file by the run where the runner does not name it (Gitea's, seen up to v3.1.0). */
export async function readOwnWorkflow(env: Env, server: OwnRun): Promise<WorkflowName> {
  const name = env['GITHUB_WORKFLOW'] || undefined;
  const file = toOwnFile(env['GITHUB_WORKFLOW_REF']) ?? (await readOwnRun(server))?.file;
  return { file, name };
}
