import type { Config } from '../inputs.js';
import type { Failure, Status } from '../run.js';
import { createRedactor, mapStrings, toPlain } from '../text.js';
import { type Event, type Resource, shapeOf } from './schema.js';

/** How something ended: what a final event has over a running one. */
export interface End {
  time: string;
  status: Status;
  failure?: Failure | undefined;
}

/** What pipeline and job events carry alike. */
export interface Extras {
  tags: string[];
  measures: string[];
}

/** Who sends: the parts of an event that are the same at every level. */
export type Sender = Pick<Config, 'env' | 'service' | 'providerName' | 'apiKey' | 'token'>;

/** Events ready to send, and those that are not valid with the reason: a mistake of ours that must not cost the others. */
export interface Events {
  events: Event[];
  invalid: { name: string; why: string }[];
}

/** Resources in their envelopes: plain text throughout, no credential in it, each checked against Datadog's shapes. */
export function toEvents(resources: readonly Resource[], { env, service, providerName, apiKey, token }: Sender): Events {
  const redact = createRedactor([apiKey, token]);
  const result: Events = { events: [], invalid: [] };
  for (const raw of resources) {
    const event: Event = {
      type: 'cipipeline_resource_request',
      attributes: { env, service, provider_name: providerName, resource: raw },
    };
    // Through JSON, as it will travel: fields that are undefined are gone.
    const plain = JSON.parse(
      JSON.stringify(mapStrings(event, (text, keys) => redact(mayHaveLines(keys) ? toPlain(text) : toPlain(text).replaceAll('\n', ' ')))),
    ) as Event;
    const { resource } = plain.attributes;
    const parsed = shapeOf(resource).safeParse(resource);
    if (parsed.success) result.events.push(plain);
    else result.invalid.push({ name: `${resource.level} "${resource.name}"`, why: toReason(parsed.error.issues) });
  }
  return result;
}

/** Messages and parameters keep their lines; a line feed in a name, a tag or a URL is somebody's mistake. */
function mayHaveLines(keys: readonly string[]): boolean {
  return keys.at(-1) === 'message' || keys.includes('parameters');
}

function toReason(issues: readonly { path: PropertyKey[]; message: string }[]): string {
  return issues.map(({ path, message }) => `${path.map(String).join('.')} ${message}`).join(', ');
}
