// @ts-check
import { svg } from './dom.js';

/**
 * How a status looks, so that it is told by sign and word as well as by colour.
 * @type {Map<string, { word: string, paths: string[], filled: boolean }>}
 */
const LOOKS = new Map([
  ['success', { word: 'Success', paths: ['M4.8 8.3l2.2 2.2 4.3-4.6'], filled: true }],
  ['error', { word: 'Failed', paths: ['M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8'], filled: true }],
  ['canceled', { word: 'Canceled', paths: ['M5 11L11 5'], filled: false }],
  ['skipped', { word: 'Skipped', paths: ['M5 8h6'], filled: false }],
  ['blocked', { word: 'Blocked', paths: ['M6.4 5.4v5.2M9.6 5.4v5.2'], filled: false }],
  ['running', { word: 'Running', paths: ['M6.7 5.3l4 2.7-4 2.7z'], filled: false }],
]);

/** @param {unknown} status */
export const wordOf = (status) => LOOKS.get(String(status))?.word ?? `Unknown status ${JSON.stringify(status)}`;

/** @param {unknown} status one that is safe as a class */
export const classOf = (status) => (LOOKS.has(String(status)) ? `is-${status}` : 'is-unknown');

/**
 * The sign of a status.
 * @param {unknown} status
 */
export function sign(status) {
  const { paths, filled } = LOOKS.get(String(status)) ?? { paths: ['M8 5v3.4M8 11h.01'], filled: false };
  return svg(
    'svg',
    { class: `sign ${classOf(status)}${filled ? ' filled' : ''}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    svg('circle', { cx: 8, cy: 8, r: 6.75 }),
    ...paths.map((d) => svg('path', { d })),
  );
}
