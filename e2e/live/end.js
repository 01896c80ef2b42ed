// @ts-check
import { equal, ok } from 'node:assert/strict';

/** @typedef {import('../../demo/event.js').Resource} Resource */
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
 * Throws where an event contradicts the server about how and when it ended.
 * @param {Resource} resource a pipeline or a job
 * @param {Run | Job} said
 * @param {Attempt | undefined} previous attempt of the run
 */
export function judgeEnd(resource, said, previous) {
  const what = `${resource.level} ${resource.name}`;
  equal(resource.status, STATUS.get(said.conclusion ?? ''), `${what}, which the server calls ${said.conclusion}`);
  // What was skipped has no times.
  if (said.conclusion === 'skipped') return;
  const [start, end] = [Date.parse(resource.start), Date.parse(resource.end ?? '')];
  const [started, completed] = [Date.parse(said.started_at), Date.parse(said.completed_at)];
  ok(start >= started, `${what} starts at ${resource.start}, before the server starts it (${said.started_at})`);
  ok(start < completed + SECOND, `${what} starts at ${resource.start}, after its end (${said.completed_at})`);
  // A runner hears of a cancel some seconds after the server has called it the end.
  if (said.conclusion !== 'cancelled') {
    ok(end < completed + SECOND, `${what} ends at ${resource.end}, after the server ends it (${said.completed_at})`);
  }
  judgeQueue(resource, said, previous);
}

/**
 * @param {Resource} resource
 * @param {Run | Job} said
 * @param {Attempt | undefined} previous
 */
function judgeQueue({ level, name, start, queue_time: queued }, said, previous) {
  const since =
    previous?.jobs
      .map((job) => job.completed_at)
      .sort()
      .at(-1) ?? ('created_at' in said ? said.created_at : undefined);
  if (!queued || since === undefined) return;
  ok(Date.parse(start) - queued >= Date.parse(since), `${level} ${name} waited ${queued} ms, which is since before ${since}`);
}
