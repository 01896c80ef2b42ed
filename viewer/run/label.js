// @ts-check

/**
 * Any value as one line of text that can't move the cursor, '?' if nothing is left of it.
 * @param {unknown} value
 */
export const plain = (value) =>
  String(value ?? '')
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim() || '?';

/**
 * @param {string} text
 * @param {number} width
 */
export function shorten(text, width) {
  const characters = [...text];
  return characters.length > width ? `${characters.slice(0, width - 1).join('')}…` : text;
}

/**
 * Shortened or filled up with blanks, so that it is exactly this wide.
 * @param {string} text
 * @param {number} width
 */
export function fit(text, width) {
  const short = shorten(text, width);
  return short + ' '.repeat(width - [...short].length);
}

/**
 * The milliseconds of a date that tells its time zone; others would be read in the zone of this machine.
 * @param {unknown} value
 */
export function timeOf(value) {
  const time = /T.*(Z|[+-]\d\d:\d\d)$/.test(String(value)) ? Date.parse(String(value)) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

/**
 * The time between two dates in its two largest units, '…' if one of them is not known.
 * @param {unknown} start
 * @param {unknown} end
 */
export function durationBetween(start, end) {
  const [from, to] = [timeOf(start), timeOf(end)];
  return from === undefined || to === undefined ? '…' : toDuration(Math.max(0, to - from));
}

/**
 * A time in its two largest units.
 * @param {number} ms
 */
export function toDuration(ms) {
  if (ms < 1000) return `${ms}ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}h ${twoDigits(minutes)}m` : `${minutes}m ${twoDigits(seconds % 60)}s`;
}

/** @param {number} number */
const twoDigits = (number) => String(number).padStart(2, '0');
