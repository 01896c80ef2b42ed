import * as z from 'zod/mini';
import { Job, Link, Run } from '../model/run.js';
import { Config } from '../runner/inputs.js';

/**
 * What a job reports about itself and its run: everything that must be the same at start and end, and that no other
 * step may change.
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
  /**
   * When the server says that the run was created, and that this attempt of it started: who ran before, an earlier
   * attempt ran.
   */
  serverRun: z.optional(z.object({ created: z.optional(z.string()), start: z.optional(z.string()) })),
  /**
   * Start and partial retry are the same for every job of the run, so running events of the pipeline may carry them.
   */
  startsPipeline: z.boolean(),
  jobStart: z.string(),
  partialRetry: z.boolean(),
  previous: z.optional(Link),
  /** Tags of ours that belong to this job alone. */
  jobTags: z.array(z.string()),
  /**
   * The run-time file, as main made it; a later step may have changed the variable. Absent where it could not be made.
   */
  runtimeFile: z.optional(z.string()),
  /** Base URL of the server's API; a later step may have changed the variable. */
  apiUrl: z.string(),
});
export type Report = z.infer<typeof Report>;
