// @ts-check

/** @typedef {import('./event.js').CiEvent} CiEvent */
/** @typedef {import('../intake/request.js').LogLine} LogLine */

/**
 * An event as it came. Nothing of its request's headers is in it, so that no key is.
 * @typedef {object} EventRecord
 * @property {'event'} kind
 * @property {number} n counts what came, from 1
 * @property {number} time of receipt, in milliseconds
 * @property {number | undefined} [status] the answer's; none where it got none, or was read from a file
 * @property {boolean} isAccepted
 * @property {CiEvent} event
 * @property {string[]} problems why Datadog would refuse it
 * @property {string | undefined} [source] the file that it was read from
 */

/**
 * A request, or a part of a file, that holds no events that can be read.
 * @typedef {{ kind: 'refused', n: number, time: number, status?: number | undefined, what: string, problems: string[] }} RefusedRecord
 */

/**
 * Lines of jobs' logs, of which only the last ones of each job are kept.
 * @typedef {{ kind: 'logs', n: number, time: number, lines: LogLine[] }} LogsRecord
 */

/** @typedef {EventRecord | RefusedRecord | LogsRecord} StoredRecord */

/** @typedef {Omit<EventRecord, 'n'> | Omit<RefusedRecord, 'n'> | Omit<LogsRecord, 'n'>} NewRecord */

/** @typedef {{ records: StoredRecord[], isLive: boolean, now: number, version: string }} PageData what a page begins with */

export {};
