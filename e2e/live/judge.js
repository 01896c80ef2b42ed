// @ts-check
import { deepEqual, equal } from 'node:assert/strict';
import { judgeEvents } from '../judge.js';
import { lastOf, tagOf } from '../outline.js';
import { judgeEnd } from './end.js';

/** @typedef {import('../../demo/event.js').CiEvent} CiEvent */
/** @typedef {import('../../demo/event.js').Resource} Resource */
/** @typedef {import('../../demo/intake.js').Intake} Intake */
/** @typedef {import('./repository.js').Attempt} Attempt */
/** @typedef {import('./scenarios.js').Scenario} Scenario */

/**
 * Throws at the first thing that contradicts the server, Datadog's rules, or the scenario.
 * @param {Scenario} scenario
 * @param {Attempt[]} attempts as the server tells them, in order
 * @param {Intake} intake
 */
export async function judge(scenario, attempts, intake) {
  deepEqual(attempts.map(toConclusion), scenario.says, 'the server says something else than this scenario is about');
  judgeEvents(intake);
  const { events } = intake;
  const pipelines = toPipelines(attempts, events);
  for (const [index, attempt] of attempts.entries()) {
    const before = attempts.slice(0, index).findLastIndex(({ run }) => run.id === attempt.run.id);
    judgeAttempt(scenario, { attempt, previous: attempts[before] }, pipelines[index], events);
    const link = pipelines[index]?.previous_attempt;
    if (link) equal(link.id, pipelines[before]?.unique_id, 'the previous attempt is another pipeline');
  }
  await judgePages(attempts, events);
  scenario.check?.(events, attempts);
}

/** @param {Attempt} attempt */
const toConclusion = ({ run, jobs }) => [run.conclusion, Object.fromEntries(jobs.map(({ name, conclusion }) => [name, conclusion]))];

/**
 * The pipeline of each attempt: those of a run follow each other.
 * @param {Attempt[]} attempts
 * @param {CiEvent[]} events
 */
function toPipelines(attempts, events) {
  const pipelines = lastOf(events, 'pipeline').toSorted((one, other) => Date.parse(one.start) - Date.parse(other.start));
  equal(pipelines.length, attempts.length, `${pipelines.length} pipelines for ${attempts.length} attempts`);
  const left = [...pipelines];
  return attempts.map(({ run }) => {
    const index = left.findIndex((pipeline) => pipeline.pipeline_id === `${run.id}`);
    return left.splice(index, index < 0 ? 0 : 1)[0];
  });
}

/**
 * @param {Scenario} scenario
 * @param {{ attempt: Attempt, previous?: Attempt | undefined }} said
 * @param {Resource | undefined} pipeline
 * @param {CiEvent[]} events
 */
function judgeAttempt({ needs = {}, observed, open, silent }, { attempt: { run, jobs }, previous }, pipeline, events) {
  if (!pipeline) throw new Error(`no pipeline for the run ${run.id}`);
  const ran = jobs.filter((job) => job.run_attempt > (previous?.jobs.find(({ id }) => id === job.id)?.run_attempt ?? 0));
  equal(pipeline.partial_retry, previous !== undefined && ran.length < jobs.length, 'partial_retry');
  equal(pipeline.git?.sha, run.head_sha, 'commit');
  if (open) equal(pipeline.status, 'running', 'nobody could close the pipeline');
  else judgeEnd(pipeline, { ...run, completed_at: lastOfAll(run, jobs) }, previous);

  const told = lastOf(events, 'job').filter((job) => job.pipeline_unique_id === pipeline.unique_id);
  const expected = (observed ? jobs : ran).filter(({ name }) => name !== silent);
  deepEqual(told.map(({ name }) => name).sort(), expected.map(({ name }) => name).sort(), 'the jobs that are told of');
  for (const job of told) {
    const row = expected.find(({ name }) => name === job.name);
    if (row) judgeEnd(job, row, previous);
    equal(tagOf(job, 'status_source') === 'assumed', false, `the status of ${job.name} is assumed, and the server tells it`);
    judgeDependencies(
      job,
      told.filter(({ name }) => needs[job.name]?.includes(name)),
    );
  }
}

/**
 * @param {Resource} job
 * @param {Resource[]} needed the jobs of its attempt that it waits for
 */
function judgeDependencies({ name, status, dependencies }, needed) {
  const ids = needed.map(({ id }) => id);
  // A cancelled job may not read the list of jobs any more, so it can tell less.
  const known = status === 'canceled' ? ids.filter((id) => dependencies?.includes(id ?? '')) : ids;
  deepEqual([...(dependencies ?? [])].sort(), known.sort(), `dependencies of ${name}`);
}

/**
 * When a run of 1.26 has ended: it calls itself ended as soon as a job failed, also while others go on.
 * @param {import('./api.js').Run} run
 * @param {import('./api.js').Job[]} jobs
 */
const lastOfAll = (run, jobs) =>
  [run, ...jobs].reduce((last, { completed_at: end }) => (Date.parse(end) > Date.parse(last) ? end : last), run.completed_at);

/**
 * Everybody who may read the repository may see the pages, and they are about these runs.
 * @param {Attempt[]} attempts
 * @param {CiEvent[]} events
 */
async function judgePages(attempts, events) {
  const pages = new Set(events.flatMap(({ attributes }) => attributes.resource.url ?? []));
  for (const page of pages) {
    const { status, url } = await fetch(page);
    equal(status, 200, `${page} answers ${status}`);
    equal(
      attempts.some(({ run }) => `${url}/`.startsWith(`${run.html_url}/`)),
      true,
      `${page} leads to ${url}`,
    );
  }
}
