// @ts-check
import { svg } from './dom.js';
import { ROW_HEIGHT } from './rows.js';

/** @typedef {import('../run/run.js').Part} Part */

/** A job that waits for hundreds is not seen better with more lines. */
const MOST_ARROWS = 200;

/**
 * Lines from the end of a job to the start of one that waited for it: for the critical path, and for what is selected.
 * @param {SVGElement} element
 * @param {object} drawing
 * @param {import('./rows.js').Row[]} drawing.rows
 * @param {import('./model.js').ShownRun} drawing.run
 * @param {string | undefined} drawing.selected
 * @param {import('./rows.js').Scale} drawing.scale
 * @param {number} drawing.width of the time scale, in pixels
 * @param {{ first: number, end: number }} drawing.window the rows that are seen
 */
export function drawArrows(element, { rows, run, selected, scale: { from, to }, width, window }) {
  const rowOf = new Map(rows.map(({ part }, index) => [part, index]));
  const path = run.path.slice(1).map((part, index) => ({ one: run.path[index], other: part, kind: 'critical' }));
  const arrows = [...path, ...toSelected(run, selected)].slice(0, MOST_ARROWS);
  const x = (/** @type {number | undefined} */ time) => (((time ?? to) - from) / (to - from)) * width;
  const lines = arrows.flatMap(({ one, other, kind }) => {
    const [begin, end] = [one && rowOf.get(one), rowOf.get(other)];
    if (!one || begin === undefined || end === undefined) return [];
    if (Math.max(begin, end) < window.first || Math.min(begin, end) > window.end) return [];
    const [x1, x2] = [x(one.end), x(other.start)];
    const [y1, y2] = [(begin + 0.5) * ROW_HEIGHT, (end + 0.5) * ROW_HEIGHT];
    const bend = Math.min(14, Math.abs(y2 - y1) / 2);
    const d = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
    return [svg('path', { d, class: kind }), svg('circle', { cx: x2, cy: y2, r: 2.5, class: kind })];
  });
  element.replaceChildren(...lines);
}

/**
 * @param {import('./model.js').ShownRun} run
 * @param {string | undefined} selected
 */
function toSelected({ parts, jobs }, selected) {
  const part = selected === undefined ? undefined : parts.get(selected);
  if (!part) return [];
  const { needs, neededBy } = toNeighbours(part, jobs);
  return [
    ...needs.map((one) => ({ one, other: part, kind: 'chosen' })),
    ...neededBy.map((other) => ({ one: part, other, kind: 'chosen' })),
  ];
}

/**
 * The jobs that a job waited for, and those that waited for it.
 * @param {Part} part
 * @param {Part[]} jobs
 */
export function toNeighbours(part, jobs) {
  const needsOf = (/** @type {Part} */ { resource }) =>
    Array.isArray(resource.dependencies) ? resource.dependencies : [];
  if (part.resource.level !== 'job') return { needs: [], neededBy: [] };
  const ids = new Set(needsOf(part));
  return {
    needs: jobs.filter(({ resource }) => resource.id !== undefined && ids.has(resource.id)),
    neededBy: jobs.filter((job) => needsOf(job).includes(part.resource.id ?? '')),
  };
}
