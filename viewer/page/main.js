// @ts-check
import { toDetails } from './details.js';
import { h } from './dom.js';
import { toFailures, toHead, toProblems } from './head.js';
import { createHelp, listenToKeys } from './keys.js';
import { createList } from './list.js';
import { listenToServer } from './live.js';
import { createModel } from './model.js';
import { toRows } from './rows.js';
import { createState, toHash } from './state.js';
import { createWaterfall } from './waterfall.js';
import { toBar, toEmpty, toRefused } from './frame.js';
import { toDuration } from '../run/label.js';

/** @typedef {import('./model.js').ShownRun} ShownRun */

/** @type {import('../run/record.js').PageData} */
const data = JSON.parse(document.getElementById('data')?.textContent ?? '');
const model = createModel();
model.add(data.records);
const now = () => (data.isLive ? Date.now() : data.now);

const actions = createState(() => update());
const { state } = actions;
const list = createList((id) => toHash(id));
const waterfall = createWaterfall({
  onSelect: (key) => actions.select(currentRun()?.id, key),
  onToggle: ({ part, isOpen }) => actions.toggle(part.key, !isOpen),
  onZoom: (key) => actions.zoom(key),
});

const bar = toBar({
  isLive: data.isLive,
  time: data.now,
  onFilter: (runFilter) => actions.change({ runFilter }),
  onHelp: () => help.showModal(),
});
const headPlace = h('div', {});
const reasons = h('div', { class: 'reasons' });
const legend = h('div', { class: 'legend' });
const main = h('main', {}, headPlace, reasons, legend, waterfall.element);
const details = h('aside', { class: 'details', 'aria-label': 'Details' });
const emptyPlace = h('div', { class: 'empty' });
const lostPlace = h('div', {});
list.element.append(lostPlace);
const app = h('div', { class: 'app' }, bar.element, list.element, main, details, emptyPlace);

/** Regions that are made anew only when what they show has changed. */
const seen = new Map();
/**
 * @param {HTMLElement} place
 * @param {unknown[]} looks
 * @param {() => (Node | undefined)[]} make
 */
function refresh(place, looks, make) {
  const text = JSON.stringify(looks);
  if (seen.get(place) === text) return;
  seen.set(place, text);
  const focused = place.contains(document.activeElement) ? document.activeElement?.id : undefined;
  const { scrollTop } = place;
  place.replaceChildren(...make().filter((node) => node !== undefined));
  place.scrollTop = scrollTop;
  if (focused) document.getElementById(focused)?.focus();
}

let isWaiting = false;
let lastTook = 0;
/** Whatever happens within one picture of the screen is drawn once. */
function update() {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(() => {
    isWaiting = false;
    const begin = performance.now();
    draw();
    lastTook = performance.now() - begin;
  });
}

let isComing = false;
/** What comes in leaves the user most of the time, however large the run is that it is about. */
function updateInTime() {
  if (isComing) return;
  isComing = true;
  setTimeout(
    () => {
      isComing = false;
      update();
    },
    Math.min(1000, lastTook * 6),
  );
}

/** @returns {ShownRun | undefined} the chosen one, else the latest */
const currentRun = () => {
  const chosen = state.runId === undefined ? undefined : model.run(state.runId, now());
  return chosen ?? model.runs(now())[0];
};

/** @param {ShownRun} run */
const rowsOf = (run) => toRows(run, state);

function draw() {
  const runs = model.runs(now());
  const run = currentRun();
  const words = state.runFilter.toLowerCase();
  const fitting = words ? runs.filter(({ name, status }) => `${name} ${status}`.toLowerCase().includes(words)) : runs;
  list.show({ runs: fitting, total: runs.length, selected: run?.id, now: now() });
  app.classList.toggle('has-run', run !== undefined);
  app.classList.toggle('chosen', state.runId !== undefined);
  document.title = run ? `${run.status === 'error' ? '✕ ' : ''}${run.name} · Pipelines` : 'Pipelines';
  refresh(emptyPlace, [runs.length === 0], () => (runs.length === 0 ? [toEmpty(data.isLive)] : []));
  refresh(lostPlace, [model.refused.length], () => [toRefused(model.refused)]);
  if (run) drawRun(run);
}

/** @param {ShownRun} run */
function drawRun(run) {
  const knows = (/** @type {string} */ id) => model.run(id, now()) !== undefined;
  const ways = { select: choose, toHash, knows };
  const part = run.parts.get(state.partKey ?? '') ?? run.pipeline ?? run.jobs[0];
  const isTicking = run.isRunning ? Math.floor(now() / 1000) : 0;
  const stamp = [run.version];
  refresh(headPlace, [...stamp, isTicking, knows(run.pipeline?.resource.previous_attempt?.id ?? '')], () => [
    toHead(run, now(), ways),
  ]);
  refresh(reasons, [...stamp, run.problems], () => [
    toFailures(run, ways),
    toProblems(run, {
      isOpen: state.isProblemsOpen,
      onToggle: (isProblemsOpen) => void (state.isProblemsOpen = isProblemsOpen),
      select: choose,
    }),
  ]);
  const rows = rowsOf(run);
  refresh(legend, [...stamp, state.onlyPath, state.zoomKey], () => [toLegend(run)]);
  const zoom = state.zoomKey === undefined ? undefined : run.parts.get(state.zoomKey);
  waterfall.show({ run, rows, selected: part?.key, now: now(), zoom });
  if (!part) return;
  const logs = part.resource.level === 'job' ? model.logs(run.id, part.resource.id) : [];
  refresh(details, [...stamp, part.key, state.tab, logs.length], () => [
    ...toDetails({ run, part, tab: state.tab, logs, onTab: actions.openTab, select: choose }),
  ]);
}

/** @param {ShownRun} run */
function toLegend(run) {
  const [first, last] = [run.path[0], run.path.at(-1)];
  const took = first?.start !== undefined && last?.end !== undefined ? toDuration(last.end - first.start) : undefined;
  const filter = h('input', {
    type: 'search',
    id: 'filter',
    placeholder: 'Filter jobs and steps ( / )',
    'aria-label': 'Filter jobs and steps',
    value: state.filter,
    input: (/** @type {Event} */ event) =>
      actions.change({ filter: /** @type {HTMLInputElement} */ (event.target).value }),
  });
  return h(
    'div',
    { class: 'tools' },
    h('a', { href: '#', class: 'back' }, '‹ Runs'),
    filter,
    run.path.length > 0
      ? h(
          'button',
          { type: 'button', id: 'path', 'aria-pressed': state.onlyPath ? 'true' : 'false', click: actions.switchPath },
          h('span', { class: 'diamond' }, '◆'),
          `Critical path${took ? ` ${took}` : ''}`,
        )
      : undefined,
    state.zoomKey === undefined
      ? undefined
      : h('button', { type: 'button', id: 'unzoom', click: () => actions.zoom(undefined) }, 'Whole run'),
    h('span', { class: 'muted count' }, run.jobs.length === 1 ? '1 job' : `${run.jobs.length} jobs`),
  );
}

/** @param {string} key */
function choose(key) {
  actions.select(currentRun()?.id, key);
  requestAnimationFrame(() => waterfall.reveal(key));
}

/** @param {number} step */
function move(step) {
  const run = currentRun();
  if (!run) return;
  const rows = rowsOf(run);
  const at = rows.findIndex(({ part }) => part.key === (state.partKey ?? run.pipeline?.key));
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
  if (next) choose(next.part.key);
  waterfall.element.focus({ preventScroll: true });
}

/** @param {number} step */
function moveRun(step) {
  const runs = model.runs(now());
  const next = runs[runs.findIndex(({ id }) => id === currentRun()?.id) + step];
  if (next) location.hash = toHash(next.id);
}

/** @param {boolean} isOpen */
function fold(isOpen) {
  const run = currentRun();
  const row = run && rowsOf(run).find(({ part }) => part.key === state.partKey);
  if (row && row.isOpen !== undefined && row.isOpen !== isOpen) actions.toggle(row.part.key, isOpen);
  else if (run && row) move(isOpen ? 1 : 0);
}

/** Selects the next of the parts that failed. */
function nextFailure() {
  const run = currentRun();
  if (!run || run.failed.length === 0) return;
  const at = run.failed.findIndex(({ key }) => key === state.partKey);
  const next = run.failed[(at + 1) % run.failed.length];
  if (next) choose(next.key);
}

function escape() {
  if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
  else if (state.zoomKey !== undefined) actions.zoom(undefined);
  else if (state.filter) {
    seen.delete(legend);
    actions.change({ filter: '' });
  } else location.hash = '';
}

const commands = [
  { keys: ['ArrowDown', 'j'], text: 'Next row', run: () => move(1) },
  { keys: ['ArrowUp', 'k'], text: 'Previous row', run: () => move(-1) },
  { keys: ['PageDown'], text: 'Ten rows on', run: () => move(10) },
  { keys: ['PageUp'], text: 'Ten rows back', run: () => move(-10) },
  { keys: ['Home'], text: 'First row', run: () => move(-Infinity) },
  { keys: ['End'], text: 'Last row', run: () => move(Infinity) },
  { keys: ['ArrowRight'], text: 'Open', run: () => fold(true) },
  { keys: ['ArrowLeft'], text: 'Close', run: () => fold(false) },
  { keys: ['n'], text: 'Next run', run: () => moveRun(1) },
  { keys: ['p'], text: 'Previous run', run: () => moveRun(-1) },
  { keys: ['f'], text: 'Next failure', run: nextFailure },
  { keys: ['c'], text: 'Critical path only', run: actions.switchPath },
  { keys: ['z'], text: 'Zoom to the row, and back', run: () => actions.zoom(state.partKey) },
  { keys: ['e'], text: 'Events', run: () => actions.openTab(state.tab === 'events' ? 'overview' : 'events') },
  { keys: ['/'], text: 'Filter', run: () => document.getElementById('filter')?.focus() },
  { keys: ['?'], text: 'These keys', run: () => help.showModal() },
  { keys: ['Escape'], text: 'Back', run: escape },
];
const help = createHelp(commands);
listenToKeys(commands);
document.getElementById('app')?.replaceChildren(app, help);
draw();

if (data.isLive) {
  listenToServer({
    records(records) {
      model.add(records);
      updateInTime();
    },
    begin() {
      model.clear();
      update();
    },
    connection: bar.tell,
  });
  setInterval(() => {
    if (document.hidden) return;
    model.recheck();
    update();
  }, 1000);
}
