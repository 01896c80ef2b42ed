// @ts-check
import { toCriticalPath } from '../run/critical-path.js';
import { findProblems } from '../run/problems.js';
import { runIdOf, toRun } from '../run/run.js';

/** @typedef {import('../run/record.js').StoredRecord} StoredRecord */
/** @typedef {import('../run/record.js').EventRecord} EventRecord */
/** @typedef {import('../run/record.js').RefusedRecord} RefusedRecord */
/** @typedef {import('../run/run.js').Run} Run */
/** @typedef {import('../intake/request.js').LogLine} LogLine */

/**
 * @typedef {Run & {
 *   version: number,
 *   problems: import('../run/problems.js').Problem[],
 *   path: import('../run/run.js').Part[],
 * }} ShownRun `version` is another one whenever something about the run has come
 */

const MOST_LINES = 5_000;

/**
 * What came, by run. A run is worked out when it is asked for and something about it has come since.
 */
export function createModel() {
  /** @type {Map<string, EventRecord[]>} */
  const recordsOf = new Map();
  /** @type {Map<string, ShownRun>} */
  const known = new Map();
  /** @type {Map<string, number>} */
  const versions = new Map();
  let version = 0;
  /** @type {Map<string, LogLine[]>} */
  const logs = new Map();
  /** @type {RefusedRecord[]} */
  const refused = [];

  /** @param {StoredRecord} record */
  const add = (record) => {
    if (record.kind === 'refused') return void refused.push(record);
    if (record.kind === 'logs') return addLines(record.lines);
    const id = runIdOf(record.event);
    if (id === undefined) return;
    known.delete(id);
    versions.set(id, (version += 1));
    const records = recordsOf.get(id);
    if (records) records.push(record);
    else recordsOf.set(id, [record]);
  };

  /** @param {LogLine[]} lines of one job */
  const addLines = (lines) => {
    const [first] = lines;
    if (!first) return;
    const key = logKey(first.pipeline_unique_id, first.job_id);
    logs.set(key, [...(logs.get(key) ?? []), ...lines].slice(-MOST_LINES));
  };

  /**
   * @param {string} id
   * @param {number} now
   * @returns {ShownRun | undefined}
   */
  const run = (id, now) => {
    const records = recordsOf.get(id);
    if (!records) return undefined;
    const before = known.get(id);
    if (before) return before;
    const made = toRun(id, records);
    const shown = {
      ...made,
      version: versions.get(id) ?? 0,
      problems: findProblems(made, now),
      path: toCriticalPath(made),
    };
    known.set(id, shown);
    return shown;
  };

  return {
    /** @param {StoredRecord[]} records */
    add: (records) => records.forEach(add),
    clear() {
      for (const map of [recordsOf, known, logs]) map.clear();
      refused.length = 0;
    },
    run,
    /**
     * All runs, the latest start first.
     * @param {number} now
     */
    runs: (now) =>
      [...recordsOf.keys()]
        .flatMap((id) => run(id, now) ?? [])
        .sort((one, other) => (other.start || 0) - (one.start || 0)),
    /** Has the problems that come of time passing looked for again. */
    recheck() {
      for (const [id, { isRunning, pipeline }] of known) if (isRunning || !pipeline) known.delete(id);
    },
    refused,
    /**
     * @param {string} pipelineId
     * @param {string | undefined} jobId
     */
    logs: (pipelineId, jobId) => logs.get(logKey(pipelineId, jobId)) ?? [],
  };
}

/**
 * @param {string} pipelineId
 * @param {string | undefined} jobId
 */
const logKey = (pipelineId, jobId) => JSON.stringify([pipelineId, jobId]);
