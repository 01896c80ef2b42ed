// @ts-check

/** @param {number} time */
export const toClock = (time) =>
  new Date(time).toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  });

/** @param {number} time */
export const toDate = (time) => new Date(time).toLocaleDateString(undefined, { day: 'numeric', month: 'short' });

/** @param {number} time */
export const toExact = (time) => new Date(time).toISOString();

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500]
  .concat([1, 2, 5, 10, 15, 30].map((s) => s * 1000))
  .concat([1, 2, 5, 10, 15, 30].map((m) => m * 60_000))
  .concat([1, 2, 4, 6, 12, 24, 48, 168, 720].map((hours) => hours * 3_600_000));

/**
 * Round times since the beginning of a scale, as many as there is room for.
 * @param {number} from since then, in milliseconds
 * @param {number} to
 * @param {number} most
 * @returns {number[]}
 */
export function toTicks(from, to, most) {
  const step = STEPS.find((one) => (to - from) / one <= most) ?? (to - from) / most;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, index) => first + index * step);
}

/**
 * A tick in the unit of its size: `500 ms`, `20 s`, `1:30 min`, `2 h`.
 * @param {number} ms
 */
export function toTickLabel(ms) {
  if (ms === 0) return '0';
  if (Math.abs(ms) < 1000) return `${ms} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.round(seconds % 60)];
  const two = (/** @type {number} */ value) => String(value).padStart(2, '0');
  if (hours > 0) return minutes > 0 ? `${hours}:${two(minutes)} h` : `${hours} h`;
  return rest > 0 ? `${minutes}:${two(rest)} min` : `${minutes} min`;
}
