// @ts-check
import { checkEvent } from '../intake/rules.js';
import { toRecords } from './store.js';

/** @typedef {import('../run/event.js').CiEvent} CiEvent */
/** @typedef {import('../run/record.js').NewRecord} NewRecord */

/** How payloads begin: those of dry runs, of undelivered events, and of `npm run demo -- --json`. */
const BEGIN = /\{\s*"data"\s*:\s*[[{]/;
/** The time that servers write before each line of a log. */
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/;
/** The colours and other controls of terminals. */
// eslint-disable-next-line no-control-regex -- they are what has to go
const CONTROLS = /\u001b\[[\d;]*[A-Za-z]/g;

/**
 * The events in a job's log, whatever the runner or the server wrote before each line; or in a file that is one payload.
 * Each is checked by the time of its line, else by its own.
 * @param {string} text
 * @param {string} source the file's name
 * @returns {NewRecord[]}
 */
export function readLog(text, source) {
  const whole = parse(text);
  if (whole) return toEventRecords(whole, undefined, source);
  return text.split('\n').flatMap((line, index) => {
    const plain = line.replace(CONTROLS, '');
    const at = plain.search(BEGIN);
    if (at < 0) return [];
    const time = Date.parse(TIME.exec(plain.slice(0, at))?.[0] ?? '');
    const data = parse(plain.slice(at));
    if (data) return toEventRecords(data, time || undefined, source);
    const problem = `line ${index + 1} begins like a payload and is no whole JSON: the log may have been cut there`;
    return [{ kind: /** @type {const} */ ('refused'), time: time || 0, what: source, problems: [problem] }];
  });
}

/**
 * @param {CiEvent[]} elements
 * @param {number | undefined} known
 * @param {string} source
 */
function toEventRecords(elements, known, source) {
  const time = known ?? latestOf(elements);
  const problems = elements.map((element, index) => checkEvent(element, time, `data[${index}]`));
  const bad = problems.some((found) => found.length > 0);
  // A payload is refused as a whole, and then sent in parts, so that what is right in it is taken.
  const parts = bad
    ? elements.map((element, index) => ({ elements: [element], problems: [problems[index] ?? []] }))
    : [];
  return (bad ? parts : [{ elements, problems }]).flatMap((part) => {
    const isAccepted = part.problems.every((found) => found.length === 0);
    return toRecords({ method: '', path: '', logs: [], status: undefined, time, isAccepted, ...part }, source);
  });
}

/**
 * @param {string} text
 * @returns {CiEvent[] | undefined}
 */
function parse(text) {
  try {
    const { data } = JSON.parse(text);
    return Array.isArray(data) ? data : typeof data === 'object' && data !== null ? [data] : undefined;
  } catch {
    return undefined;
  }
}

/** @param {CiEvent[]} elements */
function latestOf(elements) {
  const times = elements.flatMap((element) => {
    const { start, end } = element?.attributes?.resource ?? {};
    return Date.parse(String(end ?? start)) || [];
  });
  return times.reduce((one, other) => Math.max(one, other), 0);
}
