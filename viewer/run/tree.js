// @ts-check
import { identityOf, pipelineOf } from './event.js';
import { timeOf } from './label.js';

/** @typedef {import('./event.js').Resource} Resource */

/** @typedef {{ resource: Resource, depth: number }} Branch */

/**
 * What is known of each pipeline: the last word on every part of it, where a running event never replaces a final one.
 * @param {readonly import('./event.js').CiEvent[]} events
 * @returns {Resource[][]}
 */
export function toPipelines(events) {
  /** @type {Map<string, Resource>} */
  const known = new Map();
  for (const event of events) {
    const resource = event?.attributes?.resource;
    if (!resource) continue;
    const identity = identityOf(resource);
    const isNews = resource.status !== 'running' || (known.get(identity)?.status ?? 'running') === 'running';
    if (isNews) known.set(identity, resource);
  }
  return [...groupBy([...known.values()], pipelineOf).values()];
}

/**
 * Each resource under the one that it belongs to, the earlier first; what belongs to nothing known stands at the top.
 * @param {Resource[]} resources
 * @returns {Branch[]}
 */
export function toBranches(resources) {
  const children = groupBy(resources, (resource) => parentOf(resource, resources));
  /** @type {(parent: Resource | undefined, depth: number) => Branch[]} */
  const under = (parent, depth) =>
    (children.get(parent) ?? [])
      .sort((one, other) => (timeOf(one.start) ?? 0) - (timeOf(other.start) ?? 0))
      .flatMap((resource) => [{ resource, depth }, ...under(resource, depth + 1)]);
  return under(undefined, 0);
}

/**
 * @param {Resource} resource
 * @param {Resource[]} others
 * @returns {Resource | undefined}
 */
function parentOf({ level, job_id, stage_id, stage_name }, others) {
  const jobs = level === 'step' ? others.filter((other) => other.level === 'job') : [];
  const stages = level === 'step' || level === 'job' ? others.filter((other) => other.level === 'stage') : [];
  return (
    jobs.find(({ id }) => id === job_id) ??
    stages.find(({ id, name }) => (stage_id ? id === stage_id : name === stage_name))
  );
}

/**
 * @template T, K
 * @param {T[]} things
 * @param {(thing: T) => K} keyOf
 * @returns {Map<K, T[]>}
 */
function groupBy(things, keyOf) {
  /** @type {Map<K, T[]>} */
  const groups = new Map();
  for (const thing of things) {
    const key = keyOf(thing);
    groups.set(key, [...(groups.get(key) ?? []), thing]);
  }
  return groups;
}
