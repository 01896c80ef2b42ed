// @ts-check
import { checkEvents } from '../check.js';
import { lastOf, tagOf } from '../outline.js';
import { differ } from './differ.js';
import { checkEnd } from './end.js';
import { checkPages } from './pages.js';

/** @typedef {import('../../viewer/run/event.js').CiEvent} CiEvent */
/** @typedef {import('../../viewer/run/event.js').Resource} Resource */
/** @typedef {import('../../viewer/intake/intake.js').Intake} Intake */
/** @typedef {import('./api.js').Job} Job */
/** @typedef {import('./repository.js').Attempt} Attempt */
/** @typedef {import('./scenarios.js').Scenario} Scenario */

/**
 * Everything in the events that contradicts the server or the scenario; throws where they are none that Datadog would understand, or where
 * the scenario was not played.
 * @param {Scenario} scenario
 * @param {Attempt[]} attempts as the server tells them, in order
 * @param {Intake} intake
 */
export async function check(scenario, attempts, intake) {
  const staged = differ('what the server says in the end', attempts.map(toConclusion), scenario.says);
  if (staged.length > 0) throw new Error(staged.join());
  checkEvents(intake);
  const { events } = intake;
  const pipelines = lastOf(events, 'pipeline').toSorted(
    (one, other) => Date.parse(one.start) - Date.parse(other.start),
  );
  const problems = differ('number of pipelines', pipelines.length, attempts.length);
  for (const attempt of attempts) {
    // Those of a run follow each other.
    const before = attempts.slice(0, attempts.indexOf(attempt)).filter(({ run }) => run.id === attempt.run.id);
    const ofRun = pipelines.filter((pipeline) => pipeline.pipeline_id === `${attempt.run.id}`);
    const pipeline = ofRun[before.length];
    if (!pipeline) continue;
    problems.push(...checkAttempt(scenario, { attempt, previous: before.at(-1) }, pipeline, events));
    const link = pipeline.previous_attempt;
    if (link) problems.push(...differ('previous attempt', link.id, ofRun[before.length - 1]?.unique_id));
  }
  return [...problems, ...(await checkPages(attempts, events)), ...(scenario.check?.(events) ?? [])];
}

/** @param {Attempt} attempt */
const toConclusion = ({ run, jobs }) => [
  run.conclusion,
  Object.fromEntries(jobs.map(({ name, conclusion }) => [name, conclusion])),
];

/**
 * @param {Scenario} scenario
 * @param {{ attempt: Attempt, previous?: Attempt | undefined }} said
 * @param {Resource} pipeline
 * @param {CiEvent[]} events
 */
function checkAttempt(
  { needs = {}, called = {}, observed, open, silent },
  { attempt: { run, jobs }, previous },
  pipeline,
  events,
) {
  const ran = jobs.filter(
    (job) => job.run_attempt > (previous?.jobs.find(({ id }) => id === job.id)?.run_attempt ?? 0),
  );
  const expected = (observed ? jobs : ran)
    .filter(({ name }) => name !== silent)
    .map((job) => ({ ...job, name: called[job.name] ?? job.name }));
  const told = lastOf(events, 'job').filter((job) => job.pipeline_unique_id === pipeline.unique_id);
  return [
    ...differ('partial_retry', pipeline.partial_retry, previous !== undefined && ran.length < jobs.length),
    ...differ('commit', pipeline.git?.sha, run.head_sha),
    ...(open
      ? differ('status of the pipeline, which nobody could close', pipeline.status, 'running')
      : checkEnd(pipeline, { ...run, completed_at: toEnd(run, jobs) }, previous)),
    ...differ('jobs', told.map(({ name }) => name).sort(), expected.map(({ name }) => name).sort()),
    ...expected.flatMap((row) =>
      told.filter(({ name }) => name === row.name).flatMap((job) => checkJob(job, row, previous)),
    ),
    ...told.flatMap((job) => {
      const needed = told.filter(({ name }) => needs[job.name]?.includes(name));
      return checkDependencies(job, needed);
    }),
  ];
}

/**
 * @param {Resource} job
 * @param {Job} row
 * @param {Attempt | undefined} previous
 */
const checkJob = (job, row, previous) => [
  ...checkEnd(job, row, previous),
  ...(tagOf(job, 'status_source') === 'assumed' ? [`${job.name}: its status is assumed, and the server tells it`] : []),
];

/**
 * @param {Resource} job
 * @param {Resource[]} needed the jobs of its attempt that it waits for
 */
function checkDependencies({ name, status, dependencies }, needed) {
  const ids = needed.map(({ id }) => id);
  // A cancelled job may not read the list of jobs any more, so it can tell less.
  const known = status === 'canceled' ? ids.filter((id) => dependencies?.includes(id ?? '')) : ids;
  return differ(`dependencies of ${name}`, [...(dependencies ?? [])].sort(), known.sort());
}

/**
 * When a run has ended: one of 1.26 calls itself ended as soon as a job has failed, also while others go on.
 * @param {import('./api.js').Run} run
 * @param {Job[]} jobs
 */
const toEnd = (run, jobs) =>
  [run, ...jobs].reduce(
    (last, { completed_at: end }) => (Date.parse(end) > Date.parse(last) ? end : last),
    run.completed_at,
  );
