// @ts-check
import { differ } from './differ.js';

/** @typedef {import('../../viewer/run/event.js').Resource} Resource */
/** @typedef {import('./api.js').Job} Job */
/** @typedef {import('./api.js').Run} Run */
/** @typedef {import('./repository.js').Attempt} Attempt */

/** Datadog's word for each of Gitea's conclusions. */
const STATUS = new Map([
  ['success', 'success'],
  ['failure', 'error'],
  ['cancelled', 'canceled'],
  ['skipped', 'skipped'],
]);

/** The server tells whole seconds, always the lower. */
const SECOND = 1000;

/**
 * Where an event contradicts the server about how and when it ended.
 * @param {Resource} resource a pipeline or a job
 * @param {Run | Job} said
 * @param {Attempt | undefined} previous attempt of the run
 */
export function checkEnd(resource, said, previous) {
  const what = `${resource.level} ${resource.name}`;
  const problems = differ(`status of ${what}`, resource.status, STATUS.get(said.conclusion ?? ''));
  // What was skipped has no times.
  if (said.conclusion === 'skipped') return problems;
  const [start, end] = [Date.parse(resource.start), Date.parse(resource.end ?? '')];
  const [started, completed] = [Date.parse(said.started_at), Date.parse(said.completed_at)];
  const told = `${what}, from ${resource.start} to ${resource.end} (server: from ${said.started_at} to ${said.completed_at})`;
  if (start < started) problems.push(`${told} starts too early`);
  if (start >= completed + SECOND) problems.push(`${told} starts after its end`);
  // A runner hears of a cancel some seconds after the server has called it the end.
  if (said.conclusion !== 'cancelled' && end >= completed + SECOND) problems.push(`${told} ends too late`);
  const since = toCreation(said, previous);
  if (resource.queue_time && start - resource.queue_time < since) {
    problems.push(`${told} waited ${resource.queue_time} ms, which is from before ${new Date(since).toISOString()}`);
  }
  return problems;
}

/**
 * When it can have begun to wait at the earliest: re-runs begin after the last end, though a job of 1.26 keeps its first `created_at`.
 * @param {Run | Job} said
 * @param {Attempt | undefined} previous
 */
function toCreation(said, previous) {
  if (previous) return Math.max(...previous.jobs.map((job) => Date.parse(job.completed_at)));
  return 'created_at' in said ? Date.parse(said.created_at) : -Infinity;
}
