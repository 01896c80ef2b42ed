import { toHeader } from '../model/headers.js';
import { createLanes } from '../model/side-by-side.js';
import type { Get } from '../runner/runner.js';
import type { Client, OnMiss } from './client.js';
import type { Read } from './platforms/platform.js';

/** GETs of which at most so many are on their way at once. */
export function bound(get: Get, most: number): Get {
  const inLane = createLanes(most);
  return (path, timeout) => inLane(() => get(path, timeout));
}

/** The server's time, milliseconds since the epoch, as the dates of its answers tell it; before the first one `now`. */
export function followClock(get: Get, now: () => number): { get: Get; now(): number } {
  let ahead = 0;
  return {
    now: () => now() + ahead,
    get: async (path, timeout) => {
      const answer = await get(path, timeout);
      const date = Date.parse(toHeader(answer.headers, 'date'));
      if (!Number.isNaN(date)) ahead = date - now();
      return answer;
    },
  };
}

/** A client that reads what stands below a path once, for all who ask; `onLoss` hears what none of them gets. */
export function shareReads(client: Client, path: string, onLoss?: OnMiss): Client {
  const reads = new Map<string, Promise<unknown>>();
  return {
    read<T>(read: Read<T>, onMiss?: OnMiss) {
      if (!read.path.startsWith(path)) return client.read(read, onMiss);
      const onUnread: OnMiss = (unread) => [onLoss, onMiss].forEach((hear) => hear?.(unread));
      const known = reads.get(read.path) ?? client.read(read, onUnread);
      reads.set(read.path, known);
      return known as Promise<T | undefined>;
    },
  };
}
