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
  const children = groupBy(resources, createParentFinder(resources));
  /** @type {(parent: Resource | undefined, depth: number) => Branch[]} */
  const under = (parent, depth) =>
    sortByStart(children.get(parent) ?? []).flatMap((resource) => [{ resource, depth }, ...under(resource, depth + 1)]);
  return under(undefined, 0);
}

/**
 * What finds the job of a step, and the stage of a job or of a step without a known job.
 * @param {readonly Resource[]} resources
 * @returns {(resource: Resource) => Resource | undefined}
 */
export function createParentFinder(resources) {
  const jobs = new Map(resources.filter(({ level }) => level === 'job').map((job) => [job.id, job]));
  const stages = resources.filter(({ level }) => level === 'stage');
  const byId = new Map(stages.map((stage) => [stage.id, stage]));
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  return ({ level, job_id, stage_id, stage_name }) => {
    if (level !== 'step' && level !== 'job') return undefined;
    const job = level === 'step' ? jobs.get(job_id ?? undefined) : undefined;
    return job ?? (stage_id ? byId.get(stage_id) : byName.get(stage_name ?? ''));
  };
}

/**
 * @template {{ start: string }} T
 * @param {T[]} things
 */
export const sortByStart = (things) =>
  things
    .map((thing) => ({ thing, time: timeOf(thing.start) ?? 0 }))
    .sort((one, other) => one.time - other.time)
    .map(({ thing }) => thing);

/**
 * @template T, K
 * @param {readonly T[]} things
 * @param {(thing: T) => K} keyOf
 * @returns {Map<K, T[]>}
 */
export function groupBy(things, keyOf) {
  /** @type {Map<K, T[]>} */
  const groups = new Map();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group) group.push(thing);
    else groups.set(key, [thing]);
  }
  return groups;
}
