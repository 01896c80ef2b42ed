import * as s from '../model/shape.js';

/**
 * Datadog's wire shapes (docs, "Send pipeline event"; npm @datadog/datadog-api-client 1.64.0, models CIApp*): the only
 * place with its field names' types. Strict: an unknown field is a mistake of ours.
 */
const name = s.where(s.string, (text) => text !== '');
const id = name;
const time = s.where(
  s.matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/),
  // Date takes the 30th of February for the 2nd of March.
  (text) => JSON.stringify(new Date(`${text.slice(0, 19)}Z`)).startsWith(`"${text.slice(0, 19)}`),
);
const url = s.matching(/^https?:\/\//);
const queue = s.optional(s.where(s.number, (count) => Number.isSafeInteger(count) && count >= 0));
const pair = s.matching(/^[^:]+:[\s\S]+$/);

const Git = s.where(
  s.strictObject({
    repository_url: s.matching(/^https?:\/\/[^@?#]+\.git$/),
    sha: s.matching(/^[a-fA-F0-9]{40}$/),
    author_email: name,
    author_name: s.optional(s.string),
    author_time: s.optional(time),
    committer_email: s.optional(s.string),
    committer_name: s.optional(s.string),
    commit_time: s.optional(time),
    message: s.optional(s.string),
    default_branch: s.optional(s.string),
    branch: s.optional(name),
    tag: s.optional(name),
  }),
  ({ branch, tag }) => (branch === undefined) !== (tag === undefined),
  'either branch or tag',
);

const Host = s.strictObject({
  hostname: s.optional(s.string),
  name: s.optional(s.string),
  labels: s.optional(s.list(s.string)),
  workspace: s.optional(s.string),
});

const Failure = s.strictObject({
  type: s.optional(s.where(s.string, (text) => text.length <= 100)),
  message: s.optional(s.where(s.string, (text) => text.length <= 5000)),
  stack: s.optional(s.string),
  domain: s.optional(s.oneOf('provider', 'user', 'unknown')),
});

const Link = s.strictObject({ id, url: s.optional(url) });

const common = {
  git: s.optional(Git),
  node: s.optional(Host),
  tags: s.optional(s.list(pair)),
  metrics: s.optional(s.list(pair)),
  parameters: s.optional(s.record(s.string)),
};
const running = { status: s.oneOf('running') };
const ended = { end: time, error: s.optional(Failure) };

const pipeline = {
  level: s.oneOf('pipeline'),
  unique_id: id,
  pipeline_id: s.optional(s.string),
  name,
  url,
  start: time,
  partial_retry: s.boolean,
  previous_attempt: s.optional(Link),
  parent_pipeline: s.optional(Link),
  is_manual: s.optional(s.boolean),
  queue_time: queue,
  ...common,
};
const RunningPipeline = s.strictObject({ ...pipeline, ...running });
const FinalPipeline = s.strictObject({
  ...pipeline,
  ...ended,
  status: s.oneOf('success', 'error', 'canceled', 'skipped', 'blocked'),
});

const child = { id, name, pipeline_unique_id: id, pipeline_name: name, start: time, ...common };
const job = {
  level: s.oneOf('job'),
  ...child,
  url,
  queue_time: queue,
  dependencies: s.optional(s.list(id)),
  stage_id: s.optional(id),
  stage_name: s.optional(name),
};
const RunningJob = s.strictObject({ ...job, ...running });
const FinalJob = s.strictObject({ ...job, ...ended, status: s.oneOf('success', 'error', 'canceled', 'skipped') });

const FinalStage = s.strictObject({
  level: s.oneOf('stage'),
  ...child,
  ...ended,
  status: s.oneOf('success', 'error', 'canceled', 'skipped'),
  dependencies: s.optional(s.list(id)),
});

const FinalStep = s.strictObject({
  level: s.oneOf('step'),
  ...child,
  ...ended,
  status: s.oneOf('success', 'error'),
  job_id: s.optional(id),
  job_name: s.optional(name),
  url: s.optional(url),
});

/** A pipeline that goes on. */
export type RunningPipeline = s.Shaped<typeof RunningPipeline>;
/** A pipeline that has ended. */
export type FinalPipeline = s.Shaped<typeof FinalPipeline>;
/** A job that goes on. */
export type RunningJob = s.Shaped<typeof RunningJob>;
/** A job that has ended. */
export type FinalJob = s.Shaped<typeof FinalJob>;
/** A stage, once its jobs have ended. */
export type FinalStage = s.Shaped<typeof FinalStage>;
/** A step that has ended. */
export type FinalStep = s.Shaped<typeof FinalStep>;
/** What an event tells of. */
export type Resource = RunningPipeline | FinalPipeline | FinalStage | FinalStep | RunningJob | FinalJob;
/** The commit of a pipeline and where it is. */
export type Git = s.Shaped<typeof Git>;

/** The shape that a resource has to have, by its level and whether it has ended. */
export function shapeOf({ level, status }: Pick<Resource, 'level' | 'status'>) {
  if (level === 'stage') return FinalStage;
  if (level === 'step') return FinalStep;
  const isRunning = status === 'running';
  return level === 'pipeline' ? (isRunning ? RunningPipeline : FinalPipeline) : isRunning ? RunningJob : FinalJob;
}

/** One element of a request's `data`. */
export interface Event {
  type: 'cipipeline_resource_request';
  attributes: {
    env?: string | undefined;
    service?: string | undefined;
    provider_name?: string | undefined;
    resource: Resource;
  };
}
