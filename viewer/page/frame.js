// @ts-check
import { h, outside } from './dom.js';
import { toClock, toDate } from './times.js';

/**
 * The bar at the top.
 * @param {{ isLive: boolean, time: number, onFilter: (text: string) => void, onHelp: () => void }} options
 */
export function toBar({ isLive, time, onFilter, onHelp }) {
  const connection = h('span', { class: 'connection', role: 'status' });
  /** @param {boolean} isConnected */
  const tell = (isConnected) => {
    connection.textContent = isConnected ? 'Live' : 'Not connected, trying again';
    connection.classList.toggle('on', isConnected);
  };
  if (isLive) tell(false);
  else connection.textContent = `Saved ${toDate(time)}, ${toClock(time)}`;
  const element = h(
    'div',
    { class: 'top' },
    h('span', { class: 'title' }, 'Pipelines'),
    connection,
    h('input', {
      type: 'search',
      id: 'run-filter',
      placeholder: 'Filter runs',
      'aria-label': 'Filter runs',
      input: (/** @type {Event} */ { target }) => onFilter(/** @type {HTMLInputElement} */ (target).value),
    }),
    isLive ? h('a', { href: '/save', class: 'quiet', download: 'pipelines.html' }, 'Save') : undefined,
    h('button', { type: 'button', class: 'quiet', click: onHelp, 'aria-label': 'Keys', title: 'Keys ( ? )' }, '?'),
  );
  return { element, tell };
}

/**
 * What to do where nothing has come yet.
 * @param {boolean} isLive
 */
export function toEmpty(isLive) {
  if (!isLive) return h('p', {}, 'There are no events in this page.');
  return h(
    'div',
    { class: 'first' },
    h('h1', {}, 'Nothing has come yet'),
    h('p', {}, 'Give this address to the action. Any text does as the key.'),
    h('pre', {}, `with:\n  api-key: any\n  intake-url: ${location.origin}`),
    h('p', { class: 'muted' }, 'Runs appear here as they start. A container has its own loopback: see --host.'),
  );
}

const MOST_SHOWN = 20;

/**
 * Requests, and parts of files, that hold no events that can be read.
 * @param {readonly import('../run/record.js').RefusedRecord[]} refused
 */
export function toRefused(refused) {
  if (refused.length === 0) return undefined;
  const last = refused.slice(-MOST_SHOWN).reverse();
  const title = refused.length === 1 ? '1 request was no events' : `${refused.length} requests were no events`;
  return h(
    'details',
    { class: 'problems lost' },
    h('summary', {}, h('span', { class: 'mark', 'aria-hidden': 'true' }, '!'), title),
    h(
      'ul',
      {},
      ...last.map(({ what, status, problems }) =>
        h(
          'li',
          {},
          h('p', {}, outside(what), status === undefined ? '' : `, answered ${status}`),
          ...problems.slice(0, 5).map((problem) => h('p', { class: 'muted' }, outside(problem))),
        ),
      ),
    ),
  );
}
