import * as s from '../model/shape.js';
import { type Event, type RunningJob, type RunningPipeline, shapeOf } from '../events/schema.js';
import { parseJson } from '../model/json.js';
import { Report } from '../pipeline/report.js';
import type { Runner } from '../runner/runner.js';
import { LONGEST_RUNTIME_FILE, RUNTIME_FILE } from '../runner/runtime-file.js';

const Envelope = s.object({
  type: s.oneOf('cipipeline_resource_request'),
  attributes: s.object({
    env: s.optional(s.string),
    service: s.optional(s.string),
    provider_name: s.optional(s.string),
    resource: s.are(isRunning),
  }),
});

const Mark = s.object({ mark: s.string });

/** What `update/` repeats, and the address without its path that it was sent to. */
const Running = s.object({ intake: s.string, events: s.where(s.list(Envelope), (events) => events.length > 0) });

/**
 * Leaves something to later steps of the job, as a line of JSON in a file beside the run-time file: each use of the
 * action that reports the job its mark.
 */
export function leave(
  what: { mark: string } | { intake: string; events: Event[] },
  runtimeFile: string,
  runner: Pick<Runner, 'appendFile'>,
): void {
  runner.appendFile(toLeftFile(runtimeFile), `${JSON.stringify(what)}\n`);
}

/** All marks of this job, and what its last use left; what is not as main leaves it is another step's, and no part. */
export function readLeft({ env, readRegularFile }: Pick<Runner, 'env' | 'readRegularFile'>) {
  const file = env[RUNTIME_FILE];
  const read = file ? readRegularFile(toLeftFile(file), LONGEST_RUNTIME_FILE) : { text: '' };
  const lines = 'text' in read ? read.text.split('\n') : [];
  return {
    marks: lines.flatMap((line) => parseJson(line, Mark)?.mark ?? []),
    running: lines.map((line) => parseJson(line, Running)).findLast(Boolean),
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

function isRunning(value: unknown): value is RunningPipeline | RunningJob {
  const resource = s.read(s.object({ level: s.oneOf('pipeline', 'job'), status: s.oneOf('running') }), value);
  return resource !== undefined && s.check(shapeOf(resource), value).length === 0;
}

/** What main hands to post through its own step's state. */
const State = s.object({
  /** Absent: main reported nothing, and said why; post has nothing to end. */
  report: s.optional(Report),
  logged: s.list(s.string),
});
type State = s.Shaped<typeof State>;

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
