import { toHeader } from '../model/headers.js';
import { createLanes } from '../model/side-by-side.js';
import type { Get } from '../runner/runner.js';

/** GETs of which at most so many are on their way at once. */
export function bound(get: Get, most: number): Get {
  const inLane = createLanes(most);
  return (path, timeout) => inLane(() => get(path, timeout));
}

/** The server's time in milliseconds since the epoch, by the dates of answers that it watches; first it is `now`. */
export function followClock(now: () => number): { now(): number; watch(get: Get): Get } {
  let ahead = 0;
  return {
    now: () => now() + ahead,
    watch: (get) => async (path, timeout) => {
      const answer = await get(path, timeout);
      const date = Date.parse(toHeader(answer.headers, 'date'));
      if (!Number.isNaN(date)) ahead = date - now();
      return answer;
    },
  };
}
