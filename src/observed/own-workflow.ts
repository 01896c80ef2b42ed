import * as z from 'zod/mini';
import { toLine } from '../model/text.js';
import type { Log } from '../runner/log.js';
import type { Server } from '../server/client.js';
import { toOwnFile } from '../server/own-file.js';
import type { Place, Platform } from '../server/platforms/platform.js';
import { parseRunDetails } from '../server/run-details.js';
import type { Target } from './target.js';

/** A workflow, as far as it is known: its file, with or without folders, and its name. */
export interface WorkflowFacts {
  file?: string | undefined;
  name?: string | undefined;
}

/**
 * Whether two are one workflow: the same file, and only where one of the files is not known the same name, which others
 * may have as well. Gitea tells the file of a run without its folders.
 */
export function isSameWorkflow(a: WorkflowFacts, b: WorkflowFacts): boolean {
  if (!a.file || !b.file) return Boolean(a.name) && a.name === b.name;
  if (a.file.includes('/') && b.file.includes('/')) return a.file === b.file;
  return toBase(a.file) === toBase(b.file);
}

function toBase(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

const Told = z.object({ path: z.string() });

/** The workflow of the run that an event tells of; its path may have the ref after it. */
export function toToldWorkflow({ told, workflow }: Pick<Target, 'told' | 'workflow'>): WorkflowFacts {
  const path = Told.safeParse(told).data?.path;
  return { file: path?.split('@')[0] || undefined, name: workflow };
}

/**
 * The workflow that runs here; Gitea's runners do not name the file (seen up to v3.1.0), so that the run of this job is
 * asked.
 */
export async function readOwnWorkflow(
  place: Place,
  { server, platform }: { server: Pick<Server, 'read'>; platform: Platform },
): Promise<WorkflowFacts> {
  const name = place.env['GITHUB_WORKFLOW'] || undefined;
  const file = toOwnFile(place.env['GITHUB_WORKFLOW_REF']);
  if (file) return { file, name };
  const run = await server.read({ ...platform.wholeRun.latest(place), parse: parseRunDetails });
  return { file: run?.file, name };
}

/** Says that a workflow is not to observe its own runs, each of which would start the next one. */
export function warnOwnWorkflow({ name, file }: WorkflowFacts, log: Log): void {
  const shown = toLine(name ?? file ?? '');
  log.notice(
    'Datadog: nothing is sent, because the run is one of this workflow itself, ' +
      `which would start another one each time it ends; \`workflows: ["**", "!${shown}"]\` leaves it out.`,
  );
}
