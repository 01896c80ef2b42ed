import * as z from 'zod/mini';
import { Config } from './inputs.js';
import { Job, Link, Run } from './run.js';

/** What main hands to post through its own step's state: everything that must be the same in both, and no other step may change. */
const State = z.object({
  /** Absent: main reported nothing, and said why; post has nothing to end. */
  reported: z.optional(
    z.object({
      config: Config,
      /** The platform's id. */
      platform: z.string(),
      run: Run,
      job: Job,
      pipelineId: z.string(),
      jobId: z.string(),
      /** Start of the pipeline and of this job, RFC 3339. */
      start: z.string(),
      jobStart: z.string(),
      partialRetry: z.boolean(),
      previous: z.optional(Link),
      /** Tags of ours about the machine, for events that one machine tells of. */
      runnerTags: z.array(z.string()),
      /** Base URL of the server's API; a later step may have changed the variable. */
      apiUrl: z.string(),
    }),
  ),
  said: z.array(z.string()),
});
export type State = z.infer<typeof State>;
export type Reported = NonNullable<State['reported']>;

/** A runner hands state over in environment variables; Windows takes 32,767 characters each, and one character is up to three bytes. */
const LONGEST_PART = 10_000;

/** The state as parts that each fit an environment variable. */
export function toParts(state: State): string[] {
  return JSON.stringify(state).match(new RegExp(`[\\s\\S]{1,${LONGEST_PART}}`, 'g')) ?? [];
}

/** The state in its parts; undefined where main saved none, or it is not what main saves. */
export function parseParts(parts: readonly string[]): State | undefined {
  try {
    return State.parse(JSON.parse(parts.join('')));
  } catch {
    return undefined;
  }
}
