import * as z from 'zod/mini';

/**
 * Datadog's wire shapes (docs, "Send pipeline event"; npm @datadog/datadog-api-client 1.64.0, models CIApp*): the only
 * place with its field names' types. Strict: an unknown field is a mistake of ours.
 */
const name = z.string().check(z.minLength(1));
const id = name;
const time = z.iso.datetime({ offset: true });
const url = z.string().check(z.regex(/^https?:\/\//));
const queue = z.optional(z.number().check(z.int(), z.nonnegative()));
const pair = z.string().check(z.regex(/^[^:]+:[\s\S]+$/));

const Git = z
  .strictObject({
    repository_url: z.string().check(z.regex(/^https?:\/\/[^@?#]+\.git$/)),
    sha: z.string().check(z.regex(/^[a-fA-F0-9]{40}$/)),
    author_email: name,
    author_name: z.optional(z.string()),
    author_time: z.optional(time),
    committer_email: z.optional(z.string()),
    committer_name: z.optional(z.string()),
    commit_time: z.optional(time),
    message: z.optional(z.string()),
    default_branch: z.optional(z.string()),
    branch: z.optional(name),
    tag: z.optional(name),
  })
  .check(z.refine(({ branch, tag }) => (branch === undefined) !== (tag === undefined), 'either branch or tag'));

const Host = z.strictObject({
  hostname: z.optional(z.string()),
  name: z.optional(z.string()),
  labels: z.optional(z.array(z.string())),
  workspace: z.optional(z.string()),
});

const Failure = z.strictObject({
  type: z.optional(z.string().check(z.maxLength(100))),
  message: z.optional(z.string().check(z.maxLength(5000))),
  stack: z.optional(z.string()),
  domain: z.optional(z.enum(['provider', 'user', 'unknown'])),
});

const Link = z.strictObject({ id, url: z.optional(url) });

const common = {
  git: z.optional(Git),
  node: z.optional(Host),
  tags: z.optional(z.array(pair)),
  metrics: z.optional(z.array(pair)),
  parameters: z.optional(z.record(z.string(), z.string())),
};
const running = { status: z.literal('running') };
const ended = { end: time, error: z.optional(Failure) };

const pipeline = {
  level: z.literal('pipeline'),
  unique_id: id,
  pipeline_id: z.optional(z.string()),
  name,
  url,
  start: time,
  partial_retry: z.boolean(),
  previous_attempt: z.optional(Link),
  parent_pipeline: z.optional(Link),
  is_manual: z.optional(z.boolean()),
  queue_time: queue,
  ...common,
};
const RunningPipeline = z.strictObject({ ...pipeline, ...running });
const FinalPipeline = z.strictObject({
  ...pipeline,
  ...ended,
  status: z.enum(['success', 'error', 'canceled', 'skipped', 'blocked']),
});

const child = { id, name, pipeline_unique_id: id, pipeline_name: name, start: time, ...common };
const job = {
  level: z.literal('job'),
  ...child,
  url,
  queue_time: queue,
  dependencies: z.optional(z.array(id)),
  stage_id: z.optional(id),
  stage_name: z.optional(name),
};
const RunningJob = z.strictObject({ ...job, ...running });
const FinalJob = z.strictObject({ ...job, ...ended, status: z.enum(['success', 'error', 'canceled', 'skipped']) });

const FinalStage = z.strictObject({
  level: z.literal('stage'),
  ...child,
  ...ended,
  status: z.enum(['success', 'error', 'canceled', 'skipped']),
  dependencies: z.optional(z.array(id)),
});

const FinalStep = z.strictObject({
  level: z.literal('step'),
  ...child,
  ...ended,
  status: z.enum(['success', 'error']),
  job_id: z.optional(id),
  job_name: z.optional(name),
  url: z.optional(url),
});

/** A pipeline that goes on. */
export type RunningPipeline = z.infer<typeof RunningPipeline>;
/** A pipeline that has ended. */
export type FinalPipeline = z.infer<typeof FinalPipeline>;
/** A job that goes on. */
export type RunningJob = z.infer<typeof RunningJob>;
/** A job that has ended. */
export type FinalJob = z.infer<typeof FinalJob>;
/** A stage, once its jobs have ended. */
export type FinalStage = z.infer<typeof FinalStage>;
/** A step that has ended. */
export type FinalStep = z.infer<typeof FinalStep>;
/** What an event tells of. */
export type Resource = RunningPipeline | FinalPipeline | FinalStage | FinalStep | RunningJob | FinalJob;
/** The commit of a pipeline and where it is. */
export type Git = z.infer<typeof Git>;

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
