import * as z from 'zod/mini';
import { parseSite } from './delivery/site.js';
import { type Event, type RunningJob, type RunningPipeline, shapeOf } from './events/schema.js';
import type { Config } from './inputs.js';
import type { Additions } from './runtime-file.js';
import { mergeTags } from './tags.js';

/** Environment variables that main exports to later steps; the names are a contract. */
export const RUNTIME_FILE = 'DD_PIPELINE_FILE';
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
  const slim = (event: Event, left: readonly string[]): Event => {
    const resource = Object.fromEntries(Object.entries(event.attributes.resource).filter(([field]) => !left.includes(field)));
    return { ...event, attributes: { ...event.attributes, resource: resource as unknown as Event['attributes']['resource'] } };
  };
  const text = JSON.stringify(events.map((event) => slim(event, ['git', 'node'])));
  return text.length <= LONGEST
    ? text
    : JSON.stringify(events.map((event) => slim(event, ['git', 'node', 'tags', 'metrics', 'parameters'])));
}

/** The running events that main left; undefined where it left none, or something that is not what main leaves. */
export function parseUpdatable(text: string | undefined): Event[] | undefined {
  try {
    const events = z.array(Envelope).parse(JSON.parse(text ?? '')) as unknown as Event[];
    const valid = events.every(({ attributes: { resource } }) => shapeOf(resource).safeParse(resource).success);
    return valid && events.length > 0 ? events : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Where an update goes: where its own inputs say, else to the site that main reported to. Undefined where that was another address, for any
 * step of the job can write the variable, and the key goes where it says.
 */
export function toUpdateIntake(
  { intake, hasDestination }: Pick<Config, 'intake' | 'hasDestination'>,
  told: string | undefined,
): string | undefined {
  if (hasDestination || !told) return intake;
  return parseSite(told)?.api === told ? told : undefined;
}

function toFilled(parameters: Record<string, string>): Record<string, string> | undefined {
  return Object.keys(parameters).length > 0 ? parameters : undefined;
}

/** The resources of running events with what a step adds. */
export function toUpdated(
  events: readonly Event[],
  { tags, measures, parameters }: Pick<Additions, 'tags' | 'measures' | 'parameters'>,
): { resources: (RunningPipeline | RunningJob)[]; left: string[] } {
  const left: string[] = [];
  const merge = (before: string[] | undefined, added: readonly string[]): string[] | undefined => {
    const merged = mergeTags(before ?? [], added);
    left.push(...merged.left);
    return merged.tags.length > 0 ? merged.tags : undefined;
  };
  const resources = events.map(({ attributes: { resource } }) => ({
    ...(resource as RunningPipeline | RunningJob),
    tags: merge(resource.tags, tags),
    metrics: merge(resource.metrics, measures),
    parameters: toFilled({ ...resource.parameters, ...parameters }),
  }));
  return { resources, left: [...new Set(left)] };
}
