// @ts-check
import { identityOf, pipelineOf } from '../viewer/run/event.js';

/** @typedef {import('../viewer/run/event.js').CiEvent} CiEvent */
/** @typedef {import('../viewer/run/event.js').Resource} Resource */

/**
 * All events about one pipeline or job.
 * @typedef {object} Story
 * @property {string} name
 * @property {string[]} statuses in the order of arrival
 * @property {string} [source] tag `status_source` of the last event
 */

/** @typedef {Story & { jobs: Story[] }} Outline */

/**
 * What the events tell, as short as an expectation should be: pipelines and their jobs by name, with the statuses that they went through.
 * @param {readonly CiEvent[]} events
 * @returns {Outline[]}
 */
export function toOutline(events) {
  const stories = groups(events);
  const pipelines = stories.filter(([first]) => first?.level === 'pipeline');
  return pipelines
    .map((pipeline) => ({
      ...toStory(pipeline),
      jobs: stories
        .filter(([first]) => first?.level === 'job' && pipelineOf(first) === pipeline[0]?.unique_id)
        .map(toStory)
        .sort(byName),
    }))
    .sort((one, other) => byName(one, other) || byName(one.jobs[0], other.jobs[0]));
}

/**
 * The last event about each pipeline or job of that name.
 * @param {readonly CiEvent[]} events
 * @param {'pipeline' | 'job'} level
 * @param {string} [name]
 * @returns {Resource[]}
 */
export function lastOf(events, level, name) {
  const stories = groups(events).filter(
    ([first]) => first?.level === level && (name === undefined || first.name === name),
  );
  return stories.flatMap((story) => story.at(-1) ?? []);
}

/**
 * The value of a tag or a measure, undefined if there is none.
 * @param {Resource | undefined} resource
 * @param {string} key
 */
export function tagOf(resource, key) {
  const pair = [...(resource?.tags ?? []), ...(resource?.metrics ?? [])].find((text) => text.startsWith(`${key}:`));
  return pair?.slice(key.length + 1);
}

/**
 * @param {readonly CiEvent[]} events
 * @returns {Resource[][]}
 */
function groups(events) {
  /** @type {Map<string, Resource[]>} */
  const stories = new Map();
  for (const { attributes } of events) {
    const identity = identityOf(attributes.resource);
    stories.set(identity, [...(stories.get(identity) ?? []), attributes.resource]);
  }
  return [...stories.values()];
}

/**
 * @param {Resource[]} story
 * @returns {Story}
 */
function toStory(story) {
  const source = tagOf(story.at(-1), 'status_source');
  return {
    name: story[0]?.name ?? '',
    statuses: story.map(({ status }) => status),
    ...(source === undefined ? {} : { source }),
  };
}

/**
 * @param {{ name: string } | undefined} one
 * @param {{ name: string } | undefined} other
 */
const byName = (one, other) => (one?.name ?? '').localeCompare(other?.name ?? '');
