import * as z from 'zod/mini';
import { Job, Link, Run } from '../model/run.js';
import { Config } from '../runner/inputs.js';

/**
 * What a job reports of itself and its run: all that must be the same at start and end, and that no step may change.
 */
export const Report = z.object({
  config: Config,
  /** The platform's id. */
  platform: z.string(),
  role: z.enum(['whole', 'member', 'closing']),
  jobIdentity: z.object({ key: z.string(), unique: z.optional(z.string()), attempt: z.optional(z.string()) }),
  run: Run,
  job: Job,
  pipelineId: z.string(),
  jobId: z.string(),
  /** RFC 3339; absent where this job does not know when its run started. */
  start: z.optional(z.string()),
  /** When the run was created, and this attempt of it started, by the server: who ran before, an earlier one ran. */
  serverRun: z.optional(z.object({ created: z.optional(z.string()), start: z.optional(z.string()) })),
  /** Start and partial retry are the same for every job of the run, so that running events may carry them. */
  startsPipeline: z.boolean(),
  jobStart: z.string(),
  partialRetry: z.boolean(),
  previous: z.optional(Link),
  /** Tags of ours that belong to this job alone. */
  jobTags: z.array(z.string()),
  /** As main made it; a later step may have changed the variable. Absent where it could not be made. */
  runtimeFile: z.optional(z.string()),
  /** Base URL of the server's API; a later step may have changed the variable. */
  apiUrl: z.string(),
});
export type Report = z.infer<typeof Report>;
