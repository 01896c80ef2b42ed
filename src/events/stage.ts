import type { Run, Status } from '../model/run.js';
import { toChildStatus } from './event.js';
import { toGit } from './git.js';
import type { FinalStage } from './schema.js';

/** A stage of a run that has ended. */
export interface Stage {
  id: string;
  name: string;
  start: string;
  end: string;
  status: Status;
}

/** The event of a stage. */
export function toStage(
  { id, name, start, end, status }: Stage,
  { run, pipelineId }: { run: Run; pipelineId: string },
): FinalStage {
  return {
    level: 'stage',
    id,
    name,
    pipeline_unique_id: pipelineId,
    pipeline_name: run.name,
    start,
    end,
    status: toChildStatus(status),
    git: toGit(run.revision, run.commit),
  };
}
