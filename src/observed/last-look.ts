import { isLower } from '../model/text.js';
import type { OnMiss } from '../server/client.js';
import { readRuns } from '../server/listing.js';
import type { RunDetails } from '../server/run-details.js';
import type { Server } from '../server/server.js';
import { isSameWorkflow } from './own-workflow.js';

/**
 * The last look that left nothing out: the newest run of this workflow's file before this one that a schedule started
 * and that succeeded. Null: there is none since `oldest`; undefined: it can't be read.
 */
export async function readLastLook(
  own: RunDetails & { file: string },
  { oldest, server, onMiss }: { oldest: string; server: Server; onMiss: OnMiss },
): Promise<RunDetails | null | undefined> {
  const { platform, ref } = server;
  const { file } = own;
  const isLook = (run: RunDetails): boolean =>
    run.event === 'schedule' &&
    run.conclusion === 'success' &&
    isSameWorkflow(run, { file }) &&
    isLower(run.id, own.id);
  const list = {
    at: (page: number) => platform.lists.scheduled(ref, page, file),
    isEnough: (all: readonly RunDetails[]) => all.some((run) => isLook(run) || isBefore(run, oldest)),
  };
  const all = await readRuns(server, list, onMiss);
  return all && (all.find(isLook) ?? null);
}

/** A run is never started before it is created. */
export function isBefore({ created, start }: RunDetails, time: string): boolean {
  const known = created ?? start;
  return known !== undefined && Date.parse(known) < Date.parse(time);
}
