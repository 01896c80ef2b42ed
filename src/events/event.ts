import type { Failure, Status } from '../model/run.js';
import { check, type Issue } from '../model/shape.js';
import { mapStrings, toPlain } from '../model/text.js';
import { type Event, type Resource, shapeOf } from './schema.js';

/** How something ended: what a final event has over a running one. */
export interface End {
  time: string;
  status: Status;
  failure?: Failure | undefined;
}

/** What pipeline and job events carry alike. */
export interface Extras {
  parameters: Record<string, string>;
  /** Milliseconds. */
  queueTime?: number | undefined;
  tags: string[];
  measures: string[];
  /** The tags and measures that Datadog's limits leave no place for. */
  dropped: string[];
}

/** The same in Datadog's words. */
export function toExtraFields({ queueTime, tags, measures, parameters }: Extras) {
  return {
    queue_time: queueTime,
    tags,
    metrics: measures.length > 0 ? measures : undefined,
    parameters: Object.keys(parameters).length > 0 ? parameters : undefined,
  };
}

/** The status of a stage or job: Datadog has `blocked` for pipelines only. */
export function toChildStatus(status: Status): Exclude<Status, 'blocked'> {
  return status === 'blocked' ? 'canceled' : status;
}

/** Who sends: the parts of an event that are the same at every level. */
export interface Sender {
  env?: string | undefined;
  service?: string | undefined;
  providerName?: string | undefined;
}

/** Events ready to send, and what of them is not valid: a mistake of ours that must not cost the rest. */
export interface Events {
  events: Event[];
  invalid: { name: string; why: string; sent: boolean }[];
}

/** Resources in their envelopes: plain text, passed through `redact`, each checked against Datadog's shapes. */
export function toEvents(resources: readonly Resource[], sender: Sender, redact: (text: string) => string): Events {
  const invalid: Events['invalid'] = [];
  return { events: [...streamEvents(resources, sender, { redact, invalid })], invalid };
}

/** The same, one by one as they are asked for; what is not valid is added to `invalid` on the way. */
export function* streamEvents(
  resources: Iterable<Resource>,
  { env, service, providerName }: Sender,
  { redact, invalid }: Pick<Events, 'invalid'> & { redact(this: void, text: string): string },
): Generator<Event> {
  for (const raw of resources) {
    const event: Event = {
      type: 'cipipeline_resource_request',
      attributes: { env, service, provider_name: providerName, resource: raw },
    };
    // Through JSON, as it will travel: fields that are undefined are gone.
    const plain = JSON.parse(JSON.stringify(mapStrings(event, (text, keys) => toValue(redact(text), keys)))) as Event;
    const { resource } = plain.attributes;
    const shape = shapeOf(resource);
    const issues = check(shape, resource);
    // One part that is not as Datadog wants it must not cost the whole event.
    const faulty = new Set(issues.map(({ path }) => path[0]));
    const rest = Object.fromEntries(
      Object.entries(resource).filter(([field]) => !faulty.has(field)),
    ) as unknown as Resource;
    const sent = issues.length === 0 || check(shape, rest).length === 0;
    if (issues.length > 0) invalid.push({ name: `${resource.level} "${resource.name}"`, why: toReason(issues), sent });
    if (sent) yield { ...plain, attributes: { ...plain.attributes, resource: rest } };
  }
}

/** Messages and parameters keep their lines, elsewhere a line feed is a mistake; what is blank is unknown. */
function toValue(text: string, keys: readonly string[]): string | undefined {
  if (keys.includes('parameters')) return toPlain(text);
  const plain = keys.at(-1) === 'message' ? toPlain(text) : toPlain(text).replace(/[\n\t]/g, ' ');
  return plain.trim() === '' ? undefined : plain;
}

function toReason(issues: readonly Issue[]): string {
  return issues.map(({ path, message }) => `${path.join('.')} ${message}`).join(', ');
}
