// @ts-check
import { STATUS_CODES } from 'node:http';

/** @typedef {import('../run/event.js').CiEvent} CiEvent */

/** @typedef {{ status: number, headers?: Record<string, string>, body?: unknown }} Answer */

/**
 * An answer in the place of the intake's own: to every request, or only where `when` holds for an element or there are
 * `over` so many of them.
 * @typedef {Answer & { when?: (element: CiEvent) => boolean, over?: number }} FailingAnswer
 */

/**
 * refused: nothing listens; silent: no answer ever; slow: the usual answer, `ms` later; dies: half of an answer.
 * @typedef {{ mode: 'refused' | 'silent' } | { mode: 'slow', ms: number } | { mode: 'dies', in: 'head' | 'body' }} Trouble
 */

/**
 * One way to fail, for short a word or a status; undefined is no failure.
 * @typedef {'refused' | 'silent' | 'slow' | 'dies' | 'redirect' | number | FailingAnswer | Trouble | undefined} Failure
 */

/** @typedef {Failure | readonly Failure[]} Failures */

/** @type {Map<string, FailingAnswer | Trouble>} */
const WORDS = new Map([
  ['refused', { mode: 'refused' }],
  ['silent', { mode: 'silent' }],
  ['slow', { mode: 'slow', ms: 1000 }],
  ['dies', { mode: 'dies', in: 'head' }],
  ['redirect', { status: 302, headers: { location: '/elsewhere' } }],
]);

/**
 * A function that tells the failure of each request in turn: always the same one, or those of a list and then none.
 * @param {Failures} fail
 */
export function queueOf(fail) {
  const all = listOf(fail).map(inFull);
  if (!Array.isArray(fail)) return () => all[0];
  if (all.some(isRefusal)) throw new TypeError("'refused' can't stand in a list: a closed port counts no requests");
  return () => all.shift();
}

/**
 * Whether an intake that fails so does not even listen.
 * @param {Failures} fail
 */
export const isRefused = (fail) => listOf(fail).map(inFull).some(isRefusal);

/**
 * What this failure answers to these elements, if it answers anything.
 * @param {FailingAnswer | Trouble | undefined} failure
 * @param {CiEvent[]} elements
 * @returns {Answer | undefined}
 */
export function failingAnswer(failure, elements) {
  if (!failure || 'mode' in failure) return undefined;
  const { status, headers = {}, body = errorBody(status), when, over } = failure;
  if (when && !elements.some(when)) return undefined;
  if (over !== undefined && elements.length <= over) return undefined;
  return { status, headers, body };
}

/**
 * An error as Datadog words it; at its gate the words are fewer.
 * @param {number} status
 * @param {string} [detail]
 */
export function errorBody(status, detail = 'because it was asked to fail') {
  const title = STATUS_CODES[status] ?? 'Unknown';
  return { errors: status === 403 ? [title] : [{ status: String(status), title, detail }] };
}

/**
 * @param {Failures} fail
 * @returns {readonly Failure[]}
 */
const listOf = (fail) => /** @type {readonly Failure[]} */ ([fail]).flat();

/** @param {FailingAnswer | Trouble | undefined} failure */
const isRefusal = (failure) => failure !== undefined && 'mode' in failure && failure.mode === 'refused';

/**
 * @param {Failure} failure
 * @returns {FailingAnswer | Trouble | undefined}
 */
function inFull(failure) {
  if (typeof failure === 'number') return { status: failure };
  if (typeof failure !== 'string') return failure;
  const full = WORDS.get(failure);
  if (!full) throw new TypeError(`'${failure}' is no failure: say a status or one of ${[...WORDS.keys()].join(', ')}`);
  return full;
}
