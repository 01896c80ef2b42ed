// @ts-check
import { runIdOf } from '../run/run.js';

/** @typedef {import('../run/record.js').StoredRecord} StoredRecord */
/** @typedef {import('../intake/request.js').IntakeRequest} IntakeRequest */

/** Of what came first so much is forgotten that no more than this is kept, in characters of JSON. */
const MOST_CHARACTERS = 200_000_000;
const MOST_LINES_OF_A_JOB = 5_000;

/**
 * What came in, without the requests' headers, in the order of its arrival.
 * @param {{ most?: number, mostLines?: number }} [limits]
 */
export function createStore({ most = MOST_CHARACTERS, mostLines = MOST_LINES_OF_A_JOB } = {}) {
  /** @type {Map<StoredRecord, number>} with their sizes */
  const kept = new Map();
  /** @type {Set<(records: StoredRecord[]) => void>} */
  const listeners = new Set();
  /** @type {Map<string, StoredRecord[]>} */
  const logsOf = new Map();
  let size = 0;
  let n = 0;

  /** @param {StoredRecord} record */
  const forget = (record) => {
    size -= kept.get(record) ?? 0;
    kept.delete(record);
  };

  /** @param {StoredRecord} record */
  const keep = (record) => {
    const length = JSON.stringify(record).length;
    kept.set(record, length);
    size += length;
    if (record.kind === 'logs') limitLogs(record);
    while (size > most && kept.size > 1) forgetOldest();
  };

  /** All of the run whose record is the oldest, for a part of a run would look as if the rest had never come. */
  const forgetOldest = () => {
    const [oldest] = kept.keys();
    if (!oldest) return;
    const id = oldest.kind === 'event' ? runIdOf(oldest.event) : undefined;
    const isOfIt = (/** @type {StoredRecord} */ record) => record.kind === 'event' && runIdOf(record.event) === id;
    [...kept.keys()].filter((record) => record === oldest || (id !== undefined && isOfIt(record))).forEach(forget);
  };

  /** @param {import('../run/record.js').LogsRecord} record of one job */
  const limitLogs = (record) => {
    const [{ pipeline_unique_id, job_id } = { pipeline_unique_id: '', job_id: '' }] = record.lines;
    const key = JSON.stringify([pipeline_unique_id, job_id]);
    const records = [...(logsOf.get(key) ?? []), record];
    const count = () => records.reduce((sum, one) => sum + (one.kind === 'logs' ? one.lines.length : 0), 0);
    for (let lines = count(); lines > mostLines && records.length > 1; lines = count()) {
      const oldest = records.shift();
      if (oldest) forget(oldest);
    }
    logsOf.set(key, records);
  };

  return {
    /** @returns {StoredRecord[]} */
    records: () => [...kept.keys()],
    /**
     * @param {import('../run/record.js').NewRecord[]} records
     */
    add(records) {
      const numbered = records.map((record) => /** @type {StoredRecord} */ ({ ...record, n: (n += 1) }));
      numbered.forEach(keep);
      for (const listener of listeners) listener(numbered);
    },
    /**
     * @param {(records: StoredRecord[]) => void} listener
     * @returns {() => void} what ends it
     */
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/**
 * What is kept of a request.
 * @param {Pick<IntakeRequest, 'method' | 'path' | 'elements' | 'logs' | 'problems' | 'status' | 'isAccepted' | 'time'>} request
 * @param {string} [source]
 * @returns {import('../run/record.js').NewRecord[]}
 */
export function toRecords({ method, path, elements, logs, problems, status, isAccepted, time }, source) {
  /** @type {import('../run/record.js').NewRecord[]} */
  const records = [];
  const whole = problems.length === 1 && elements.length + logs.length !== 1 ? problems[0] : undefined;
  elements.forEach((event, index) => {
    const own = whole ?? problems[index] ?? [];
    const isReadable = runIdOf(event) !== undefined;
    records.push(
      isReadable
        ? { kind: 'event', time, status, isAccepted, event, problems: own, source }
        : { kind: 'refused', time, status, what: 'an element that names no pipeline', problems: own },
    );
  });
  if (logs.length > 0 && isAccepted) {
    const jobs = new Map(logs.map((line) => [JSON.stringify([line.pipeline_unique_id, line.job_id]), line]));
    for (const { pipeline_unique_id, job_id } of jobs.values()) {
      const lines = logs.filter((line) => line.pipeline_unique_id === pipeline_unique_id && line.job_id === job_id);
      records.push({ kind: 'logs', time, lines });
    }
  } else if (elements.length === 0) {
    records.push({ kind: 'refused', time, status, what: `${method} ${path}`, problems: problems.flat() });
  }
  return records;
}
