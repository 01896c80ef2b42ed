// @ts-check
import { plain, toDuration } from '../run/label.js';
import { drawArrows } from './arrows.js';
import { h, outside, style, svg } from './dom.js';
import { showKeyed } from './keyed.js';
import { ROW_HEIGHT } from './rows.js';
import { classOf, sign, wordOf } from './status.js';
import { toTickLabel, toTicks } from './times.js';

/** @typedef {import('../run/run.js').Part} Part */
/** @typedef {import('./rows.js').Row} Row */
/** @typedef {import('./model.js').ShownRun} ShownRun */

/**
 * @typedef {object} Shown
 * @property {ShownRun} run
 * @property {Row[]} rows
 * @property {string | undefined} selected
 * @property {number} now
 * @property {Part | undefined} zoom what fills the time scale instead of the run
 */

/** @typedef {import('./rows.js').Scale} Scale */

/** Rows above and below what is seen, so that scrolling shows no gap. */
const MARGIN = 12;
const TICK_ROOM = 90;
/** For the labels of bars that end last, in pixels. */
const LABEL_ROOM = 120;

/**
 * The waterfall of one run. Only the rows that are seen exist, so that thousands cost no more than a few.
 * @param {{ onSelect: (key: string) => void, onToggle: (row: Row) => void, onZoom: (key: string) => void }} on
 */
export function createWaterfall(on) {
  const axis = h('div', { class: 'axis', 'aria-hidden': 'true' });
  const grid = h('div', { class: 'grid', 'aria-hidden': 'true' });
  const body = h('div', { class: 'rows', role: 'presentation' });
  const arrows = svg('svg', { class: 'arrows', 'aria-hidden': 'true' });
  const canvas = h('div', { class: 'canvas', role: 'presentation' }, grid, body, arrows);
  const element = h(
    'div',
    { class: 'waterfall', role: 'treegrid', tabindex: 0, 'aria-label': 'Stages, jobs and steps', id: 'waterfall' },
    axis,
    canvas,
  );
  /** @type {Shown | undefined} */
  let last;

  const draw = () => {
    if (!last) return;
    const { rows, run, selected } = last;
    const scale = toScale(last, grid.clientWidth);
    const first = Math.max(0, Math.floor(element.scrollTop / ROW_HEIGHT) - MARGIN);
    const end = Math.ceil((element.scrollTop + element.clientHeight) / ROW_HEIGHT) + MARGIN;
    const onPath = new Set(run.path);
    const room = Math.min(33, (LABEL_ROOM / Math.max(1, grid.clientWidth)) * 100 - 0.5);
    const entries = rows.slice(first, end).map((row, index) => {
      const item = toItem(row, { index: first + index, isOnPath: onPath.has(row.part), scale, shown: last, room });
      return { key: row.part.key, item, looks: JSON.stringify({ ...item, row: undefined }) };
    });
    showKeyed(body, entries, (item) => toElement(item, on));
    const width = grid.clientWidth;
    drawArrows(arrows, { rows, run, selected, scale, width, window: { first, end } });
    const active = rows.findIndex(({ part }) => part.key === selected);
    if (active >= first && active < end) element.setAttribute('aria-activedescendant', `row-${active}`);
    else element.removeAttribute('aria-activedescendant');
  };

  const drawAxis = () => {
    if (!last) return;
    const { from, to } = toScale(last, grid.clientWidth);
    const origin = last.run.start;
    const ticks = toTicks(from - origin, to - origin, Math.max(2, Math.floor(grid.clientWidth / TICK_ROOM)));
    const at = (/** @type {number} */ tick) => `${((tick + origin - from) / (to - from)) * 100}%`;
    axis.replaceChildren(
      h('span', { class: 'corner' }, ''),
      h(
        'span',
        { class: 'scale' },
        ...ticks.map((tick) => style(h('span', {}, toTickLabel(tick)), { left: at(tick) })),
      ),
    );
    grid.replaceChildren(...ticks.map((tick) => style(h('i', {}), { left: at(tick) })));
  };

  element.addEventListener('scroll', draw, { passive: true });
  new ResizeObserver(() => {
    drawAxis();
    draw();
  }).observe(element);

  return {
    element,
    /** @param {Shown} shown */
    show(shown) {
      last = shown;
      style(canvas, { height: `${shown.rows.length * ROW_HEIGHT}px` });
      element.setAttribute('aria-rowcount', String(shown.rows.length));
      drawAxis();
      draw();
    },
    /** @param {string} key brings the row into sight */
    reveal(key) {
      const index = last?.rows.findIndex(({ part }) => part.key === key) ?? -1;
      if (index < 0) return;
      const [top, room] = [index * ROW_HEIGHT, element.clientHeight - axis.clientHeight - ROW_HEIGHT];
      if (top < element.scrollTop) element.scrollTop = top - ROW_HEIGHT;
      else if (top > element.scrollTop + room - ROW_HEIGHT) element.scrollTop = top - room + ROW_HEIGHT;
    },
  };
}

/**
 * @param {Shown} shown
 * @param {number} width in pixels
 * @returns {Scale}
 */
function toScale({ run, zoom, now }, width) {
  const running = run.isRunning && run.status === 'running';
  const { start, end } = zoom ?? { start: run.start, end: running ? Math.max(now, run.end) : run.end };
  const from = start ?? run.start;
  const to = Math.max(end ?? now, from + 1);
  const room = Math.min(0.5, LABEL_ROOM / Math.max(1, width - LABEL_ROOM));
  return { from: from - (to - from) * 0.005, to: to + (to - from) * room };
}

/**
 * @typedef {object} Item
 * @property {Row} row
 * @property {number} index
 * @property {string} name
 * @property {string} status
 * @property {number} depth
 * @property {boolean | undefined} isOpen
 * @property {boolean} isSelected
 * @property {boolean} isOnPath
 * @property {boolean} isRefused
 * @property {string} took
 * @property {number} left of the bar, in hundredths of the scale, as the others
 * @property {number} width
 * @property {number} queue
 * @property {boolean} isOpenEnded
 * @property {number} room that a label needs
 */

/**
 * @param {Row} row
 * @param {{ index: number, isOnPath: boolean, scale: Scale, shown: Shown | undefined, room: number }} around
 * @returns {Item}
 */
function toItem(row, { index, isOnPath, scale: { from, to }, shown, room }) {
  const { part, depth, isOpen } = row;
  const { resource } = part;
  const now = shown?.now ?? to;
  const isOpenEnded = part.end === undefined;
  const [start, end] = [part.start ?? from, part.end ?? Math.max(now, part.start ?? from)];
  const share = (/** @type {number} */ ms) => Number(((ms / (to - from)) * 100).toFixed(3));
  const queue = Number(resource.queue_time) || 0;
  return {
    row,
    index,
    name: plain(resource.name),
    status: String(resource.status),
    depth,
    isOpen,
    isSelected: part.key === shown?.selected,
    isOnPath,
    isRefused: part.isRefused,
    took: part.start === undefined ? '' : toDuration(Math.max(0, end - start)),
    left: share(start - from),
    width: share(Math.max(0, end - start)),
    queue: share(Math.max(0, queue)),
    isOpenEnded,
    room,
  };
}

/**
 * @param {Item} item
 * @param {Parameters<typeof createWaterfall>[0]} on
 */
function toElement(item, on) {
  const { row, index, name, status, depth, isOpen, isSelected, isOnPath, isRefused, took } = item;
  const { key, resource } = row.part;
  const twisty = h(
    'button',
    {
      class: 'twisty',
      type: 'button',
      tabindex: -1,
      'aria-label': isOpen ? 'Close' : 'Open',
      click: (/** @type {Event} */ event) => {
        event.stopPropagation();
        on.onToggle(row);
      },
    },
    isOpen ? '▾' : '▸',
  );
  const element = h(
    'div',
    {
      class: `row ${resource.level} ${classOf(status)}${isSelected ? ' selected' : ''}`,
      role: 'row',
      id: `row-${index}`,
      'aria-level': depth + 1,
      'aria-rowindex': index + 1,
      'aria-selected': isSelected ? 'true' : 'false',
      'aria-expanded': isOpen === undefined ? undefined : isOpen ? 'true' : 'false',
      click: () => on.onSelect(key),
      dblclick: () => on.onZoom(key),
    },
    style(
      h(
        'div',
        { class: 'label', role: 'gridcell', title: name },
        isOpen === undefined ? h('span', { class: 'twisty' }) : twisty,
        sign(status),
        h('span', { class: 'name' }, outside(name)),
        isOnPath ? h('span', { class: 'diamond', title: 'On the critical path' }, '◆') : undefined,
      ),
      { '--depth': String(depth) },
    ),
    h('div', { class: 'track', role: 'gridcell', 'aria-label': `${wordOf(status)}, ${took}` }, ...toBar(item)),
  );
  if (isRefused) element.classList.add('refused');
  return style(element, { top: `${index * ROW_HEIGHT}px` });
}

/** @param {Item} item */
function toBar({ room, status, left, width, queue, took, isOpenEnded, isOnPath, isRefused }) {
  const begin = Math.max(0, left - queue);
  const bar = style(h('span', { class: `bar${isOnPath ? ' critical' : ''}${isOpenEnded ? ' open' : ''}` }), {
    left: `${left}%`,
    width: `${width}%`,
  });
  const wait = style(h('span', { class: 'queue' }), { left: `${begin}%`, width: `${left - begin}%` });
  const word = isRefused ? 'refused' : status === 'success' || status === 'running' ? '' : wordOf(status).toLowerCase();
  const text = h('span', { class: 'text' }, took, word ? h('b', {}, ` ${word}`) : undefined);
  // Beside the bar where there is room, else in front of it, else in it.
  const where = left + width <= 100 - room ? 'after' : begin > room ? 'before' : 'inside';
  text.classList.add(where);
  style(
    text,
    where === 'after'
      ? { left: `${Math.max(0, left + width)}%` }
      : where === 'before'
        ? { right: `${100 - begin}%` }
        : { left: `${Math.max(0, left)}%` },
  );
  return [...(queue > 0 && left > begin ? [wait] : []), bar, text];
}
