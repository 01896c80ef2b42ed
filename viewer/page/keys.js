// @ts-check
import { h } from './dom.js';

/** @typedef {{ keys: string[], text: string, run: () => void }} Command */

/**
 * Runs what a key stands for, unless somebody writes or holds another key with it.
 * @param {Command[]} commands
 */
export function listenToKeys(commands) {
  document.addEventListener('keydown', (event) => {
    const { target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const isWriting = target instanceof HTMLInputElement;
    // A dialog closes itself.
    if (target instanceof HTMLElement && target.closest('dialog')) return;
    const isElsewhere = target instanceof HTMLElement && target.closest('.tabs, summary, .log');
    const isPlain = event.key.length === 1;
    if ((isWriting && event.key !== 'Escape') || (isElsewhere && !isPlain && event.key !== 'Escape')) return;
    // A button or a link does what it is for.
    if (event.key === 'Enter' && target instanceof HTMLElement && target.closest('a, button')) return;
    const command = commands.find(({ keys }) => keys.includes(event.key));
    if (!command) return;
    event.preventDefault();
    command.run();
  });
}

/** @type {Record<string, string>} */
const NAMES = { ArrowDown: '↓', ArrowUp: '↑', ArrowRight: '→', ArrowLeft: '←', Escape: 'Esc' };

/**
 * What the keys do.
 * @param {Command[]} commands
 */
export function createHelp(commands) {
  const element = h(
    'dialog',
    { 'aria-label': 'Keys' },
    h('h2', {}, 'Keys'),
    h(
      'dl',
      {},
      ...commands.flatMap(({ keys, text }) => [
        h('dt', {}, ...keys.map((key) => h('kbd', {}, NAMES[key] ?? key))),
        h('dd', {}, text),
      ]),
    ),
    h('form', { method: 'dialog' }, h('button', { type: 'submit' }, 'Close')),
  );
  // A form's submission is refused by the policy; a click of ours closes as well.
  element.querySelector('button')?.addEventListener('click', (event) => {
    event.preventDefault();
    element.close();
  });
  return element;
}
