// @ts-check

/**
 * One element of the request's `data`, as Datadog names its parts.
 * @typedef {object} CiEvent
 * @property {'cipipeline_resource_request'} type
 * @property {{ env?: string, service?: string, provider_name?: string, resource: Resource }} attributes
 */

/**
 * A pipeline, stage, job or step: the fields of all four levels, so that readers need no cast.
 * @typedef {object} Resource
 * @property {'pipeline' | 'stage' | 'job' | 'step'} level
 * @property {string} name
 * @property {'running' | 'success' | 'error' | 'canceled' | 'skipped' | 'blocked'} status
 * @property {string} start
 * @property {string} [end]
 * @property {string | null} [url]
 * @property {string} [unique_id]
 * @property {string} [pipeline_id]
 * @property {boolean} [partial_retry]
 * @property {Link | null} [previous_attempt]
 * @property {Link | null} [parent_pipeline]
 * @property {boolean | null} [is_manual]
 * @property {boolean | null} [is_resumed]
 * @property {string} [id]
 * @property {string} [pipeline_unique_id]
 * @property {string} [pipeline_name]
 * @property {string | null} [stage_id]
 * @property {string | null} [stage_name]
 * @property {string | null} [job_id]
 * @property {string | null} [job_name]
 * @property {string[] | null} [dependencies]
 * @property {number | null} [queue_time]
 * @property {Git | null} [git]
 * @property {{ hostname?: string, name?: string, labels?: string[], workspace?: string } | null} [node]
 * @property {Failure | null} [error]
 * @property {Record<string, string> | null} [parameters]
 * @property {string[] | null} [tags]
 * @property {string[] | null} [metrics]
 */

/** @typedef {{ id: string, url?: string }} Link */

/**
 * @typedef {object} Git
 * @property {string} repository_url
 * @property {string} sha
 * @property {string} author_email
 * @property {string | null} [author_name]
 * @property {string | null} [author_time]
 * @property {string | null} [committer_name]
 * @property {string | null} [committer_email]
 * @property {string | null} [commit_time]
 * @property {string | null} [message]
 * @property {string | null} [branch]
 * @property {string | null} [tag]
 * @property {string | null} [default_branch]
 */

/**
 * @typedef {object} Failure
 * @property {string | null} [type]
 * @property {string | null} [message]
 * @property {string | null} [stack]
 * @property {'provider' | 'user' | 'unknown'} [domain]
 */

/**
 * The id of the pipeline that a resource is, or belongs to.
 * @param {Resource} resource
 */
export const pipelineOf = (resource) =>
  resource.level === 'pipeline' ? resource.unique_id : resource.pipeline_unique_id;

/**
 * What two events about the same thing have in common: Datadog's ids are unique per level, and within one pipeline.
 * @param {Resource} resource
 */
export const identityOf = (resource) => JSON.stringify([resource.level, pipelineOf(resource), resource.id]);
