// @ts-check
import { plain, toDuration } from '../run/label.js';
import { h, outside } from './dom.js';
import { showKeyed } from './keyed.js';
import { classOf, sign, wordOf } from './status.js';
import { toClock, toDate } from './times.js';

/** @typedef {import('./model.js').ShownRun} ShownRun */

/** So many are shown at first. */
const FIRST = 200;

/**
 * The list of runs.
 * @param {(id: string) => string} toHash
 */
export function createList(toHash) {
  const items = h('ol', { class: 'runs' });
  const more = h('button', { class: 'quiet more', type: 'button', click: () => showAll() });
  const empty = h('p', { class: 'hint' });
  const element = h('nav', { class: 'list', 'aria-label': 'Runs' }, items, more, empty);
  let most = FIRST;
  let showAgain = () => {};
  const showAll = () => {
    most = Infinity;
    showAgain();
  };

  /**
   * @param {{ runs: ShownRun[], total: number, selected: string | undefined, now: number }} shown
   */
  const show = ({ runs, total, selected, now }) => {
    showAgain = () => show({ runs, total, selected, now });
    const entries = runs.slice(0, most).map((run) => ({ key: run.id, item: run, looks: looksOf(run, selected, now) }));
    showKeyed(items, entries, (run) => toItem(run, { selected, now, href: toHash(run.id) }));
    more.hidden = runs.length <= most;
    more.textContent = `Show all ${runs.length}`;
    empty.textContent = runs.length > 0 ? '' : total > 0 ? 'No run fits the filter.' : 'No runs yet.';
  };
  return { element, show };
}

/**
 * @param {ShownRun} run
 * @param {string | undefined} selected
 * @param {number} now
 */
const looksOf = (run, selected, now) =>
  JSON.stringify([run.version, run.problems.length, run.id === selected, run.status, lasts(run, now)]);

/**
 * @param {ShownRun} run
 * @param {{ selected: string | undefined, now: number, href: string }} around
 */
function toItem(run, { selected, now, href }) {
  const { git } = run.pipeline?.resource ?? run.jobs[0]?.resource ?? {};
  const ref = git?.branch ?? git?.tag;
  const count = run.problems.length;
  const time = Number.isFinite(run.start) ? `${toDate(run.start)}, ${toClock(run.start)}` : '';
  return h(
    'li',
    {},
    h(
      'a',
      { href, class: `run ${classOf(run.status)}`, 'aria-current': run.id === selected && 'true', 'data-key': run.id },
      sign(run.status),
      h('span', { class: 'name' }, outside(plain(run.name))),
      h('span', { class: 'took' }, lasts(run, now)),
      h(
        'span',
        { class: 'about' },
        h('span', { class: 'word' }, wordOf(run.status)),
        ref ? h('span', { class: 'ref' }, outside(plain(ref))) : undefined,
        run.attempt > 1 ? h('span', { class: 'badge' }, `attempt ${run.attempt}`) : undefined,
        count > 0 ? h('span', { class: 'badge warn' }, count === 1 ? '1 problem' : `${count} problems`) : undefined,
      ),
      h('span', { class: 'time' }, time),
    ),
  );
}

/**
 * @param {ShownRun} run
 * @param {number} now
 */
export function lasts({ pipeline, start, end, isRunning, status }, now) {
  const from = pipeline?.start ?? start;
  const to = isRunning && status === 'running' ? now : (pipeline?.end ?? end);
  return Number.isFinite(from) && Number.isFinite(to) ? toDuration(Math.max(0, to - from)) : '…';
}
