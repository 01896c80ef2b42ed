import * as z from 'zod/mini';
import { type Event, shapeOf } from '../events/schema.js';
import { parseJson } from '../model/json.js';
import { Report } from '../pipeline/report.js';

export const RUNNING_EVENTS = 'DD_PIPELINE_RUNNING';
export const INTAKE = 'DD_PIPELINE_INTAKE';

/** Windows takes 32,767 characters in one environment variable. */
const LONGEST = 30_000;

const Envelope = z.object({
  type: z.literal('cipipeline_resource_request'),
  attributes: z.object({
    env: z.optional(z.string()),
    service: z.optional(z.string()),
    provider_name: z.optional(z.string()),
    resource: z.looseObject({ level: z.enum(['pipeline', 'job']), status: z.literal('running') }),
  }),
});

/** Running events for the environment, without what is long and stays as it was; an update only adds fields. */
export function toUpdatable(events: readonly Event[]): string {
  const slim = (event: Event, dropped: readonly string[]): Event => {
    const resource = Object.fromEntries(
      Object.entries(event.attributes.resource).filter(([field]) => !dropped.includes(field)),
    );
    return {
      ...event,
      attributes: { ...event.attributes, resource: resource as unknown as Event['attributes']['resource'] },
    };
  };
  const text = JSON.stringify(events.map((event) => slim(event, ['git', 'node'])));
  return text.length <= LONGEST
    ? text
    : JSON.stringify(events.map((event) => slim(event, ['git', 'node', 'tags', 'metrics', 'parameters'])));
}

/** The running events that main left; undefined where it left none, or something that is not what main leaves. */
export function parseUpdatable(text: string | undefined): Event[] | undefined {
  const events = parseJson(text, z.array(Envelope)) as unknown as Event[] | undefined;
  const valid = events?.every(({ attributes: { resource } }) => shapeOf(resource).safeParse(resource).success);
  return valid && events?.length ? events : undefined;
}

/** What main hands to post through its own step's state. */
const State = z.object({
  /** Absent: main reported nothing, and said why; post has nothing to end. */
  report: z.optional(Report),
  logged: z.array(z.string()),
});
type State = z.infer<typeof State>;

/**
 * A runner hands state over in environment variables; Windows takes 32,767 UTF-16 units each, and a character is up to
 * two.
 */
const LONGEST_PART = 10_000;

/** The state as parts that each fit an environment variable. */
export function toParts(state: State): string[] {
  return JSON.stringify(state).match(new RegExp(`[\\s\\S]{1,${LONGEST_PART}}`, 'gu')) ?? [];
}

/** The state in its parts; undefined where main saved none, or it is not what main saves. */
export function parseParts(parts: readonly string[]): State | undefined {
  return parseJson(parts.join(''), State);
}
