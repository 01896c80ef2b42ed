// @ts-check
import { plain } from '../run/label.js';
import { wordOf } from './status.js';

/** @typedef {import('../run/run.js').Part} Part */
/** @typedef {import('./model.js').ShownRun} ShownRun */

/** @typedef {{ part: Part, depth: number, isOpen: boolean | undefined }} Row open is undefined where nothing is below */

/** @typedef {{ toggled: Map<string, boolean>, filter: string, onlyPath: boolean }} View */

/** @typedef {{ from: number, to: number }} Scale times at the edges of the bars, in milliseconds */

/** In pixels; the style sheet knows it too. */
export const ROW_HEIGHT = 28;

/** A run of more jobs begins with all of them closed. */
const MANY_JOBS = 60;

/**
 * The rows of a run's waterfall: the pipeline, below it stages, jobs and steps, without those that are closed or do not
 * fit the filter; what something that fits stands below stays.
 * @param {ShownRun} run
 * @param {View} view
 * @returns {Row[]}
 */
export function toRows(run, { toggled, filter, onlyPath }) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const onPath = new Set(run.path);
  const opensFailed = run.jobs.length <= MANY_JOBS;
  /** @param {Part} part */
  const fits = ({ resource }) => {
    const text = `${plain(resource.name)} ${wordOf(resource.status)} ${resource.level}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  /** @type {(part: Part, depth: number, isFound: boolean) => Row[]} */
  const below = (part, depth, isFound) => {
    if (onlyPath && part.resource.level === 'job' && !onPath.has(part)) return [];
    const own = isFound || fits(part);
    const { level, status } = part.resource;
    const opens = level === 'stage' || (level === 'job' && status === 'error' && opensFailed);
    const isOpen =
      part.children.length > 0 ? (words.length > 0 && !own) || (toggled.get(part.key) ?? opens) : undefined;
    const rows = isOpen ? part.children.flatMap((child) => below(child, depth + 1, own)) : [];
    const isWanted = onlyPath && level !== 'job' ? rows.length > 0 || level === 'step' : own || rows.length > 0;
    return isWanted ? [{ part, depth, isOpen }, ...rows] : [];
  };
  const rows = run.roots.flatMap((part) => below(part, run.pipeline ? 1 : 0, words.length === 0));
  return run.pipeline ? [{ part: run.pipeline, depth: 0, isOpen: undefined }, ...rows] : rows;
}
