import { createRequire } from 'node:module';

/** The part of Datadog's client that is used here. */
interface Serializer {
  serialize(data: unknown, type: string, format: string): unknown;
  deserialize(data: unknown, type: string, format?: string): unknown;
}

interface Model {
  getAttributeTypeMap?(): Record<string, { baseName: string }>;
}

type Fields = Record<string, unknown>;

const MODELS = '@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/models';
const ELEMENT = 'CIAppCreatePipelineEventRequestData';

/** Datadog's models of each level: a resource has to be exactly one of them. */
const FORMS: Record<string, string[]> = {
  pipeline: ['CIAppPipelineEventFinishedPipeline', 'CIAppPipelineEventInProgressPipeline'],
  stage: ['CIAppPipelineEventStage'],
  job: ['CIAppPipelineEventFinishedJob', 'CIAppPipelineEventInProgressJob'],
  step: ['CIAppPipelineEventStep'],
};

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

let client: Serializer | undefined;

// Thousands of files: read when the first event is checked, and only the models of the API's second version.
function serializer(): Serializer {
  client ??= (createRequire(import.meta.url)(`${MODELS}/ObjectSerializer.js`) as { ObjectSerializer: Serializer })
    .ObjectSerializer;
  return client;
}

/** What Datadog's own model refuses, leaves unparsed or loses in one element of the request's `data`; empty: all is well. */
export function checkModel(element: unknown): string[] {
  // As it goes over the wire: undefined values are gone there.
  const wire: unknown = JSON.parse(JSON.stringify(element ?? null));
  if (!isFields(wire)) return ['the element is not an object'];
  const found = [
    ...['type', 'attributes'].filter((key) => !(key in wire)).map((key) => `${key}: missing`),
    ...nulls(wire, ''),
    ...roundTrip(wire, ELEMENT, ''),
  ];
  const resource = isFields(wire.attributes) ? wire.attributes.resource : undefined;
  if (isFields(resource)) found.push(...limits(resource, 'attributes.resource'));
  return [...new Set(found)];
}

/** What differs between a value and what the client makes of it when it parses it as `type` and writes it again. */
function roundTrip(wire: Fields, type: string, path: string): string[] {
  let parsed: unknown;
  try {
    parsed = serializer().deserialize(wire, type, '');
  } catch (error) {
    return [`${path || 'element'}: ${String(error)}`];
  }
  const left = leftovers(parsed, path);
  if (left.length > 0) return left;
  try {
    return differences(wire, serializer().serialize(parsed, type, ''), path);
  } catch (error) {
    return [`${path || 'element'}: ${String(error)}`];
  }
}

/** Everything in a parsed value that the client could not place. */
function leftovers(value: unknown, path: string): string[] {
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => leftovers(item, `${path}[${index}]`));
  if (Object.prototype.toString.call(value) === '[object Date]') {
    return Number.isNaN((value as Date).getTime()) ? [`${path}: not a time`] : [];
  }
  if ('_data' in value && value.constructor.name === 'UnparsedObject') return unparsed(value._data, path);
  const names = (value.constructor as Model).getAttributeTypeMap?.() ?? {};
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'additionalProperties' && isFields(inner)) {
      return Object.keys(inner).map((extra) => `${join(path, extra)}: unknown field`);
    }
    return leftovers(inner, join(path, names[key]?.baseName ?? key));
  });
}

/** Why a value fits none of the client's models: for a resource, form by form. */
function unparsed(data: unknown, path: string): string[] {
  const level = isFields(data) ? data.level : undefined;
  const forms = typeof level === 'string' && Object.hasOwn(FORMS, level) ? FORMS[level]! : [];
  if (!isFields(data) || forms.length === 0) return [`${path}: not understood: ${JSON.stringify(data).slice(0, 80)}`];
  return forms.flatMap((form) => roundTrip(data, form, path).map((why) => `${why} (as ${form})`));
}

/** Paths where two JSON values differ. */
function differences(before: unknown, after: unknown, path: string): string[] {
  if (Object.is(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => differences(item, after[index], `${path}[${index}]`));
  }
  if (isFields(before) && isFields(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => differences(before[key], after[key], join(path, key)));
  }
  if (after === undefined) return [`${path}: lost`];
  return [`${path}: ${JSON.stringify(before)} became ${JSON.stringify(after)}`];
}

/** Paths that are null: the client lets null pass everywhere, and what is unknown is to be left out. */
function nulls(value: unknown, path: string): string[] {
  if (value === null) return [`${path}: null`];
  if (Array.isArray(value)) return value.flatMap((item, index) => nulls(item, `${path}[${index}]`));
  if (isFields(value)) return Object.entries(value).flatMap(([key, inner]) => nulls(inner, join(path, key)));
  return [];
}

/** What Datadog documents of a resource's values (API schema, Ruby and Python clients) and this client does not check. */
function limits(resource: Fields, path: string): string[] {
  const git = isFields(resource.git) ? resource.git : {};
  const error = isFields(resource.error) ? resource.error : {};
  const strings = (list: unknown) => (Array.isArray(list) ? list.filter((item) => typeof item === 'string') : []);
  const wrong: [field: string, why: string, isWrong: boolean][] = [
    ['start', 'not RFC 3339', notTime(resource.start)],
    ['end', 'not RFC 3339', notTime(resource.end)],
    ['git.author_time', 'not RFC 3339', notTime(git.author_time)],
    ['git.commit_time', 'not RFC 3339', notTime(git.commit_time)],
    ['git.sha', 'not 40 hex digits', typeof git.sha === 'string' && !/^[a-fA-F0-9]{40}$/.test(git.sha)],
    ['git', 'branch and tag together', git.branch !== undefined && git.tag !== undefined],
    ['queue_time', 'not whole milliseconds from 0', resource.queue_time !== undefined && !isCount(resource.queue_time)],
    ['error.type', 'over 100 characters', typeof error.type === 'string' && error.type.length > 100],
    ['error.message', 'over 5000 characters', typeof error.message === 'string' && error.message.length > 5000],
    ['tags', 'not all key:value', !strings(resource.tags).every((tag) => /^[^:]+:/.test(tag))],
    ['metrics', 'not all key:number', !strings(resource.metrics).every(isMetric)],
  ];
  return wrong.filter(([, , isWrong]) => isWrong).map(([field, why]) => `${path}.${field}: ${why}`);
}

function notTime(value: unknown): boolean {
  return typeof value === 'string' && !(RFC3339.test(value) && Number.isFinite(Date.parse(value)));
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isMetric(metric: string): boolean {
  const [, value] = /^[^:]+:(.+)$/s.exec(metric) ?? [];
  return value?.trim() === value && Number.isFinite(Number(value));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, key: string): string {
  return path ? `${path}.${key}` : key;
}
