// @ts-check
import { identityOf, pipelineOf } from './event.js';

/** @typedef {import('./event.js').Resource} Resource */

/** @typedef {{ what: 'name' | 'start' | 'running again' | 'end', detail: string }} Contradiction */

/**
 * What events say against each other: where it is not empty, Datadog would show two records of one thing, or lose some.
 * @param {readonly import('./event.js').CiEvent[]} elements in the order of their arrival
 * @param {{ allowOrphans?: boolean }} [options] whether children may come without any event of their pipeline
 * @returns {string[]}
 */
export function checkHistory(elements, { allowOrphans = true } = {}) {
  const resources = elements.map((element) => element.attributes.resource);
  return [
    ...checkRepeats(resources),
    ...checkPipelineNames(resources),
    ...(allowOrphans ? [] : checkOrphans(resources)),
  ];
}

/** @param {Resource[]} resources */
function checkRepeats(resources) {
  /** @type {Map<string, Resource>} */
  const known = new Map();
  return resources.flatMap((resource) => {
    const identity = identityOf(resource);
    const before = known.get(identity);
    if (!before || isFinal(resource) || !isFinal(before)) known.set(identity, resource);
    const found = before ? findContradictions(before, resource) : [];
    return found.map(({ detail }) => `${describe(resource)} ${detail}`);
  });
}

/**
 * What a later event about a thing says against an earlier one.
 * @param {Resource} before
 * @param {Resource} after
 * @returns {Contradiction[]}
 */
export function findContradictions(before, after) {
  /** @type {Contradiction[]} */
  const found = [];
  if (after.name !== before.name) {
    found.push({ what: 'name', detail: `was called ${JSON.stringify(before.name)} before` });
  }
  if (!sameTime(after.start, before.start)) {
    found.push({ what: 'start', detail: `starts at ${after.start}, before it was ${before.start}` });
  }
  if (isFinal(before) && !isFinal(after)) {
    found.push({ what: 'running again', detail: 'is running again after its final event' });
  }
  if (isFinal(before) && isFinal(after) && !sameTime(after.end, before.end)) {
    found.push({ what: 'end', detail: `ends at ${after.end}, before it was ${before.end}` });
  }
  return found;
}

/** @param {Resource[]} resources */
function checkPipelineNames(resources) {
  const pipelines = resources.filter(({ level }) => level === 'pipeline');
  const children = resources.filter(({ level }) => level !== 'pipeline');
  /** @type {Map<string | undefined, string | undefined>} */
  const names = new Map();
  for (const resource of [...pipelines, ...children]) {
    const id = pipelineOf(resource);
    if (!names.has(id)) names.set(id, resource.level === 'pipeline' ? resource.name : resource.pipeline_name);
  }
  return children
    .filter((resource) => resource.pipeline_name !== names.get(pipelineOf(resource)))
    .map((resource) => {
      const name = JSON.stringify(names.get(pipelineOf(resource)));
      return `${describe(resource)} says pipeline_name ${JSON.stringify(resource.pipeline_name)}, its pipeline is called ${name}`;
    });
}

/** @param {Resource[]} resources */
function checkOrphans(resources) {
  const pipelines = new Set(resources.filter(({ level }) => level === 'pipeline').map(pipelineOf));
  return resources
    .filter((resource) => !pipelines.has(pipelineOf(resource)))
    .map((resource) => `${describe(resource)} belongs to the pipeline ${pipelineOf(resource)}, of which no event came`);
}

/** @param {Resource} resource */
const isFinal = (resource) => resource.end !== undefined;

/**
 * @param {string | undefined} one
 * @param {string | undefined} other
 */
const sameTime = (one, other) => Date.parse(String(one)) === Date.parse(String(other));

/** @param {Resource} resource */
const describe = (resource) =>
  `${resource.level} ${JSON.stringify(resource.name)} (${resource.id ?? resource.unique_id})`;
