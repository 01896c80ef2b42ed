// @ts-check
import { identityOf, pipelineOf } from './event.js';
import { timeOf } from './label.js';
import { createParentFinder, groupBy } from './tree.js';

/** @typedef {import('./event.js').Resource} Resource */
/** @typedef {import('./record.js').EventRecord} EventRecord */

/**
 * A pipeline, stage, job or step, as all the events about it tell.
 * @typedef {object} Part
 * @property {string} key
 * @property {Resource} resource as Datadog would show it
 * @property {EventRecord[]} records in the order of their arrival
 * @property {boolean} isRefused whether Datadog would take none of its events
 * @property {number | undefined} start in milliseconds
 * @property {number | undefined} end none while it runs
 * @property {Part[]} children the earlier first
 */

/**
 * @typedef {object} Run
 * @property {string} id of the pipeline
 * @property {string} name
 * @property {Resource['status']} status
 * @property {number} attempt 1 where nothing tells
 * @property {Part | undefined} pipeline
 * @property {Map<string, Part>} parts all of them, the pipeline too, by their keys
 * @property {Part[]} jobs
 * @property {Part[]} roots stages, and jobs of none; the earlier first
 * @property {number} start
 * @property {number} end the latest time that is known; while it runs, of anything in it
 * @property {boolean} isRunning
 * @property {Part[]} failed jobs, those first that tell why; the pipeline where none of them does
 * @property {EventRecord[]} records
 */

/**
 * What the records about one pipeline tell.
 * @param {string} id
 * @param {EventRecord[]} records
 * @returns {Run}
 */
export function toRun(id, records) {
  const parts = new Map(
    [...groupBy(records, ({ event }) => identityOf(event.attributes.resource))].map(([key, own]) => [
      key,
      toPart(key, own),
    ]),
  );
  const all = [...parts.values()];
  const pipeline = all.find(({ resource }) => resource.level === 'pipeline');
  const others = all.filter((part) => part !== pipeline).sort((one, other) => (one.start ?? 0) - (other.start ?? 0));
  const roots = nest(others);
  const jobs = others.filter(({ resource }) => resource.level === 'job');
  const times = all.flatMap(({ start, end }) => [start ?? [], end ?? []]).flat();
  const first = pipeline ?? others[0];
  return {
    id,
    name: (pipeline ? pipeline.resource.name : first?.resource.pipeline_name) ?? '?',
    status: pipeline?.resource.status ?? toStatus(jobs),
    attempt: toAttempt(first?.resource),
    pipeline,
    parts,
    jobs,
    roots,
    start: times.reduce((one, other) => Math.min(one, other), Infinity),
    end: times.reduce((one, other) => Math.max(one, other), -Infinity),
    isRunning: (pipeline ?? { end: undefined }).end === undefined,
    failed: toFailed(jobs, pipeline),
    records,
  };
}

/**
 * The id of the pipeline that an event is about, if it is about one.
 * @param {import('./event.js').CiEvent} event
 */
export function runIdOf(event) {
  const resource = event?.attributes?.resource;
  return resource && typeof resource === 'object' ? pipelineOf(resource) : undefined;
}

/**
 * @param {string} key
 * @param {EventRecord[]} records
 * @returns {Part}
 */
function toPart(key, records) {
  const taken = records.filter(({ isAccepted }) => isAccepted);
  const resource = toShown((taken.length > 0 ? taken : records).map(({ event }) => event.attributes.resource));
  return {
    key,
    resource,
    records,
    isRefused: taken.length === 0,
    start: timeOf(resource.start),
    end: timeOf(resource.end),
    children: [],
  };
}

/**
 * A final event counts as it stands; running ones add up, for Datadog asks to update by adding fields.
 * @param {Resource[]} resources
 * @returns {Resource}
 */
const toShown = (resources) =>
  resources.findLast(({ status }) => status !== 'running') ?? Object.assign({}, ...resources);

/**
 * Puts each part below its parent.
 * @param {Part[]} parts
 * @returns {Part[]} those without one
 */
function nest(parts) {
  const byResource = new Map(parts.map((part) => [part.resource, part]));
  const parentOf = createParentFinder(parts.map(({ resource }) => resource));
  return parts.filter((part) => {
    const parent = parentOf(part.resource);
    if (parent) byResource.get(parent)?.children.push(part);
    return !parent;
  });
}

/**
 * Of a pipeline of which no event came.
 * @param {Part[]} jobs
 * @returns {Resource['status']}
 */
function toStatus(jobs) {
  const statuses = new Set(jobs.map(({ resource }) => resource.status));
  /** @type {Resource['status'][]} */
  const order = ['running', 'error', 'canceled', 'success', 'skipped'];
  return order.find((status) => statuses.has(status)) ?? 'running';
}

/**
 * The tag that this action sends, else what the page's address says.
 * @param {Resource | undefined} resource
 */
function toAttempt(resource) {
  const tag = resource?.tags?.find?.((one) => /^run_attempt:\d+$/.test(String(one)))?.slice('run_attempt:'.length);
  return Number(tag ?? /\/attempts\/(\d+)/.exec(String(resource?.url))?.[1] ?? 1);
}

/**
 * @param {Part[]} jobs
 * @param {Part | undefined} pipeline
 */
function toFailed(jobs, pipeline) {
  const failed = jobs.filter(({ resource }) => resource.status === 'error');
  const sorted = [...failed].sort((one, other) => Number(hasReason(other)) - Number(hasReason(one)));
  const isNews = pipeline?.resource.status === 'error' && !failed.some(hasReason);
  return isNews && (failed.length === 0 || hasReason(pipeline)) ? [pipeline, ...sorted] : sorted;
}

/** @param {Part} part */
const hasReason = ({ resource }) => Boolean(resource.error?.message);
