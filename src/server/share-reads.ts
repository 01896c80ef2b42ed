import type { Client, OnMiss } from './client.js';
import type { Read } from './platforms/platform.js';

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
