// @ts-check
import { findContradictions } from './history.js';
import { toDuration } from './label.js';
import { toAdvice } from './advice.js';

/** @typedef {import('./run.js').Run} Run */
/** @typedef {import('./run.js').Part} Part */

/**
 * What Datadog would do: refuse an event, drop it though it answered 202, or show something that is not so.
 * @typedef {'refused' | 'dropped' | 'shown wrongly'} Effect
 */

/**
 * One thing that is wrong, wherever in the run it is.
 * @typedef {object} Problem
 * @property {Effect} effect
 * @property {string} title
 * @property {string} fix what to do
 * @property {{ key: string | undefined, detail: string }[]} cases the parts where it is so
 */

/** @typedef {{ key?: string | undefined, effect: Effect, title: string, detail: string, fix: string }} Finding */

/** A run whose jobs have all ended has this long for its own end, in milliseconds. */
const LONGEST_QUIET = 60_000;
/** Clocks of machines differ. */
const SKEW = 1_000;

/**
 * All that is wrong with a run, the worst first.
 * @param {Run} run
 * @param {number} now
 * @returns {Problem[]}
 */
export function findProblems(run, now) {
  const parts = [...run.parts.values()];
  const findings = [
    ...parts.flatMap(findRefusals),
    ...parts.flatMap(findChanges),
    ...findPipelineNames(run),
    ...findLinks(run),
    ...findTimes(run),
    ...findMissing(run, now),
    ...findBlanks(run),
  ];
  /** @type {Map<string, Problem>} */
  const problems = new Map();
  for (const { key, effect, title, detail, fix } of findings) {
    const problem = problems.get(title) ?? { effect, title, fix, cases: [] };
    problem.cases.push({ key, detail });
    problems.set(title, problem);
  }
  /** @type {Effect[]} */
  const order = ['refused', 'dropped', 'shown wrongly'];
  return [...problems.values()].sort((one, other) => order.indexOf(one.effect) - order.indexOf(other.effect));
}

/**
 * @param {Part} part
 * @returns {Finding[]}
 */
function findRefusals({ key, records }) {
  const words = new Set(records.flatMap(({ problems }) => problems));
  const refusals = [...words].map((text) => ({ key, effect: /** @type {Effect} */ ('refused'), ...toAdvice(text) }));
  const failed = records.find(({ isAccepted, problems }) => !isAccepted && problems.length === 0);
  const wasDelivered = failed && records.some(({ isAccepted, n }) => isAccepted && n > failed.n);
  if (!failed || wasDelivered) return refusals;
  if (failed.status === 400) {
    const title = 'Refused because of others in its request';
    const fix = 'Correct those others; this event is right, and is taken when it is sent without them.';
    return [...refusals, { key, effect: 'refused', title, detail: 'it got the answer 400', fix }];
  }
  const answer = failed.status === undefined ? 'no answer' : `the answer ${failed.status}`;
  return [
    ...refusals,
    {
      key,
      effect: 'dropped',
      title: 'The last event was not taken',
      detail: `it got ${answer}`,
      fix: 'Nothing is wrong with the event. Send it again: the job’s log has it, with the command for that.',
    },
  ];
}

/** What a contradiction between two events does, and what to do. */
const CONTRADICTIONS = {
  name: {
    effect: /** @type {Effect} */ ('shown wrongly'),
    title: 'The name changed between events',
    fix: 'Send the same name in all events of one thing: Datadog counts names, and a run under two of them is in neither.',
  },
  start: {
    effect: /** @type {Effect} */ ('shown wrongly'),
    title: 'The start changed between events',
    fix: 'Fix the start when the first event is sent, and carry it: with another start, the running record and the final one stay two.',
  },
  'running again': {
    effect: /** @type {Effect} */ ('shown wrongly'),
    title: 'A running event came after the final one',
    fix: 'Send nothing after the final event: the last one that arrives counts, and a retry needs an id of its own.',
  },
  end: {
    effect: /** @type {Effect} */ ('shown wrongly'),
    title: 'Two final events with different ends',
    fix: 'Let one job alone close a pipeline, and send the very same event again where a send is repeated.',
  },
};

/**
 * @param {Part} part
 * @returns {Finding[]}
 */
function findChanges({ key, records }) {
  const taken = records.filter(({ isAccepted }) => isAccepted).map(({ event }) => event.attributes.resource);
  const first = taken.findIndex(({ end }) => end !== undefined);
  return taken.slice(1).flatMap((resource, index) => {
    const final = first >= 0 && first <= index ? taken[first] : undefined;
    const before = final ?? taken[index] ?? resource;
    return findContradictions(before, resource).map(({ what, detail }) => ({ key, detail, ...CONTRADICTIONS[what] }));
  });
}

/**
 * @param {Run} run
 * @returns {Finding[]}
 */
function findPipelineNames({ parts, pipeline, name }) {
  if (!pipeline) return [];
  return [...parts.values()]
    .filter(({ resource: { level, pipeline_name } }) => level !== 'pipeline' && pipeline_name !== name)
    .map(({ key, resource }) => ({
      key,
      effect: 'dropped',
      title: 'Another pipeline name than the pipeline’s own',
      detail: `says ${JSON.stringify(resource.pipeline_name)}, the pipeline is called ${JSON.stringify(name)}`,
      fix: 'Send the pipeline’s name to the letter in every event: Datadog leaves out stages, jobs and steps where it differs.',
    }));
}

/**
 * Ids that lead nowhere. While jobs may still come, nothing is missing.
 * @param {Run} run
 * @returns {Finding[]}
 */
function findLinks({ parts, isRunning }) {
  if (isRunning) return [];
  const all = [...parts.values()];
  /** @param {string} level */
  const idsOf = (level) =>
    new Set(all.filter(({ resource }) => resource.level === level).map(({ resource }) => resource.id));
  const ids = { job: idsOf('job'), stage: idsOf('stage') };
  return all.flatMap(({ key, resource: { level, dependencies, stage_id, job_id } }) => {
    const among = level === 'stage' ? ids.stage : ids.job;
    const needed = Array.isArray(dependencies) ? dependencies : [];
    const links = [
      ...needed.filter((id) => !among.has(id)).map((id) => ({ what: 'dependency', id })),
      ...(stage_id && !ids.stage.has(stage_id) ? [{ what: 'stage', id: stage_id }] : []),
      ...(level === 'step' && job_id && !ids.job.has(job_id) ? [{ what: 'job', id: job_id }] : []),
    ];
    return links.map(({ what, id }) => ({
      key,
      effect: /** @type {Effect} */ ('shown wrongly'),
      title: what === 'dependency' ? 'A dependency that no event tells of' : `A ${what} that no event tells of`,
      detail: `names ${id}`,
      fix:
        what === 'dependency'
          ? 'Name only jobs that report themselves under that id in this attempt: the critical path ends at this one.'
          : `Send the ${what} too, or leave its id out.`,
    }));
  });
}

/**
 * @param {Run} run
 * @returns {Finding[]}
 */
function findTimes({ jobs, pipeline, parts }) {
  const byId = new Map(jobs.map((job) => [job.resource.id, job]));
  const early = jobs.flatMap(({ key, start, resource }) => {
    const needed = (Array.isArray(resource.dependencies) ? resource.dependencies : []).flatMap(
      (id) => byId.get(id) ?? [],
    );
    const late = needed.find(({ end }) => end !== undefined && start !== undefined && end > start + SKEW);
    if (!late || late.end === undefined || start === undefined) return [];
    return {
      key,
      effect: /** @type {Effect} */ ('shown wrongly'),
      title: 'A job starts before a job that it waits for has ended',
      detail: `starts ${toDuration(late.end - start)} before the end of ${JSON.stringify(late.resource.name)}`,
      fix: 'Check the dependency, and the clocks of the two machines: the critical path counts this time twice.',
    };
  });
  if (!pipeline) return early;
  const others = [...parts.values()].filter((part) => part !== pipeline);
  const ends = others.flatMap(({ end }) => end ?? []);
  const starts = others.flatMap(({ start }) => start ?? []);
  const last = ends.reduce((one, other) => Math.max(one, other), -Infinity);
  const first = starts.reduce((one, other) => Math.min(one, other), Infinity);
  /** @type {string[]} */
  const wrong = [];
  if (pipeline.end !== undefined && last > pipeline.end + SKEW) {
    wrong.push(`ends ${toDuration(last - pipeline.end)} before the last of its jobs`);
  }
  if (pipeline.start !== undefined && first < pipeline.start - SKEW) {
    wrong.push(`starts ${toDuration(pipeline.start - first)} after the first of its jobs`);
  }
  return [
    ...early,
    ...wrong.map((detail) => ({
      key: pipeline.key,
      effect: /** @type {Effect} */ ('shown wrongly'),
      title: 'The pipeline is shorter than its jobs',
      detail,
      fix: 'Let a job close the pipeline that waits for all others, and start it with the run: Datadog takes the duration from this event.',
    })),
  ];
}

/**
 * @param {Run} run
 * @param {number} now
 * @returns {Finding[]}
 */
function findMissing({ pipeline, parts, records }, now) {
  const quiet = now - (records.at(-1)?.time ?? now) >= LONGEST_QUIET;
  const open = [...parts.values()].filter(({ end, resource }) => end === undefined && resource.level !== 'pipeline');
  /** @type {Finding[]} */
  const found = [];
  if (!pipeline && quiet) {
    found.push({
      effect: 'dropped',
      title: 'No event of the pipeline itself',
      detail: 'there are only events of what is in it',
      fix: 'Let one job report the pipeline, in a workflow of several jobs the closing one: without it Datadog shows none of this.',
    });
  }
  if (pipeline && pipeline.end === undefined && open.length === 0 && quiet) {
    found.push({
      key: pipeline.key,
      effect: 'shown wrongly',
      title: 'The pipeline has no final event',
      detail: 'all that is known in it has ended',
      fix: 'Let a last job run in any case (if: always()) and close it. Datadog shows it as running for three days, then drops it.',
    });
  }
  for (const { key } of pipeline?.end === undefined ? [] : open) {
    found.push({
      key,
      effect: 'shown wrongly',
      title: 'A job has no final event',
      detail: 'runs on, though its pipeline has ended',
      fix: 'Look at the end of this job’s log: its post step did not run, or could not deliver.',
    });
  }
  return found;
}

/**
 * What is allowed to be missing, and is missed.
 * @param {Run} run
 * @returns {Finding[]}
 */
function findBlanks({ pipeline, failed }) {
  const git = pipeline?.resource.git;
  /** @type {Finding[]} */
  const found = [];
  if (pipeline && pipeline.end !== undefined && git && !git.default_branch) {
    found.push({
      key: pipeline.key,
      effect: 'dropped',
      title: 'The default branch is not told',
      detail: 'git.default_branch is missing',
      fix: 'Send git.default_branch: the Pipelines page shows runs of the default branch only, and this one is on no known one.',
    });
  }
  for (const { key, resource } of failed.filter(({ resource }) => !resource.error?.message)) {
    found.push({
      key,
      effect: 'shown wrongly',
      title: 'A failure without a reason',
      detail: `the ${resource.level} has the status error, and no error.message`,
      fix: 'Send error.message, such as the failed step’s name: Datadog groups failures by it.',
    });
  }
  return found;
}
