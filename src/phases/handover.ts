import * as z from 'zod/mini';
import { type Event, shapeOf } from '../events/schema.js';
import { parseJson } from '../model/json.js';
import { Report } from '../pipeline/report.js';
import type { Runner } from '../runner/runner.js';
import { LONGEST_RUNTIME_FILE, RUNTIME_FILE } from '../runner/runtime-file.js';

const Envelope = z.object({
  type: z.literal('cipipeline_resource_request'),
  attributes: z.object({
    env: z.optional(z.string()),
    service: z.optional(z.string()),
    provider_name: z.optional(z.string()),
    resource: z.looseObject({ level: z.enum(['pipeline', 'job']), status: z.literal('running') }),
  }),
});

/** What `update/` repeats, and the address without its path that it was sent to. */
export interface Running {
  intake: string;
  events: Event[];
}

const Mark = z.object({ mark: z.string() });
const Running = z.object({ intake: z.string(), events: z.array(Envelope).check(z.minLength(1)) });

/**
 * Leaves something to later steps of the job, as a line of JSON in a file beside the run-time file: each use of the
 * action that reports the job its mark. False where that is not possible.
 */
export function leave(
  what: { mark: string } | Running,
  runtimeFile: string,
  runner: Pick<Runner, 'appendFile'>,
): boolean {
  return runner.appendFile(toLeftFile(runtimeFile), `${JSON.stringify(what)}\n`);
}

/** All marks of this job, and what its last use left; what is not as main leaves it is another step's, and no part. */
export function readLeft({ env, readRegularFile }: Pick<Runner, 'env' | 'readRegularFile'>) {
  const file = env[RUNTIME_FILE];
  const read = file ? readRegularFile(toLeftFile(file), LONGEST_RUNTIME_FILE) : { text: '' };
  const lines = 'text' in read ? read.text.split('\n') : [];
  return {
    marks: lines.flatMap((line) => parseJson(line, Mark)?.mark ?? []),
    running: lines.map(parseRunning).findLast(Boolean),
  };
}

function toLeftFile(runtimeFile: string): string {
  return `${runtimeFile}.jsonl`;
}

/** Running events without what is long and stays as it was; an update only adds fields. */
export function toUpdatable(events: readonly Event[]): Event[] {
  return events.map(({ attributes, ...event }) => ({
    ...event,
    attributes: { ...attributes, resource: { ...attributes.resource, git: undefined, node: undefined } },
  }));
}

function parseRunning(line: string): Running | undefined {
  const running = parseJson(line, Running) as unknown as Running | undefined;
  const isValid = ({ attributes: { resource } }: Event): boolean => shapeOf(resource).safeParse(resource).success;
  return running?.events.every(isValid) ? running : undefined;
}

/** What main hands to post through its own step's state. */
const State = z.object({
  /** Absent: main reported nothing, and said why; post has nothing to end. */
  report: z.optional(Report),
  logged: z.array(z.string()),
});
type State = z.infer<typeof State>;

/** State travels in environment variables: Windows takes 32,767 UTF-16 units each, and a character is up to two. */
const LONGEST_PART = 10_000;

/** The state as parts that each fit an environment variable. */
export function toParts(state: State): string[] {
  return JSON.stringify(state).match(new RegExp(`[\\s\\S]{1,${LONGEST_PART}}`, 'gu')) ?? [];
}

/** The state in its parts; undefined where main saved none, or it is not what main saves. */
export function parseParts(parts: readonly string[]): State | undefined {
  return parseJson(parts.join(''), State);
}
