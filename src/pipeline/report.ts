import * as s from '../model/shape.js';
import { Job, Link, Run } from '../model/run.js';
import { Config } from '../runner/inputs.js';

/**
 * What a job reports of itself and its run: all that must be the same at start and end, and that no step may change.
 */
export const Report = s.object({
  config: Config,
  /** The platform's id. */
  platform: s.string,
  role: s.oneOf('whole', 'member', 'closing'),
  jobIdentity: s.object({ key: s.string, unique: s.optional(s.string), attempt: s.optional(s.string) }),
  run: Run,
  job: Job,
  pipelineId: s.string,
  jobId: s.string,
  /** RFC 3339; absent where this job does not know when its run started. */
  start: s.optional(s.string),
  /** When the run was created, and this attempt of it started, by the server: who ran before, an earlier one ran. */
  serverRun: s.optional(s.object({ created: s.optional(s.string), start: s.optional(s.string) })),
  /** Start and partial retry are the same for every job of the run, so that running events may carry them. */
  startsPipeline: s.boolean,
  jobStart: s.string,
  partialRetry: s.boolean,
  previous: s.optional(Link),
  /** Tags of ours that belong to this job alone. */
  jobTags: s.list(s.string),
  /** As main made it; a later step may have changed the variable. Absent where it could not be made. */
  runtimeFile: s.optional(s.string),
  /** Base URL of the server's API; a later step may have changed the variable. */
  apiUrl: s.string,
});
export type Report = s.Shaped<typeof Report>;
