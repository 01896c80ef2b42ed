import type { Event } from '../events/schema.js';

/** Datadog docs: at most 1000 events a request. */
const MOST_EVENTS = 1000;

/** Below the 5 MB at which Datadog's intakes refuse, counted uncompressed (facts: datadog-api.md 1.7). */
const MOST_BYTES = 4_500_000;

/** The events in their order, in as few requests as the limits allow. */
export function toBatches(events: readonly Event[], { mostEvents = MOST_EVENTS, mostBytes = MOST_BYTES } = {}): Event[][] {
  const batches: Event[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event)) + 1;
    const batch = batches.at(-1);
    if (batch && batch.length < mostEvents && bytes + size <= mostBytes) {
      batch.push(event);
      bytes += size;
    } else {
      batches.push([event]);
      bytes = size;
    }
  }
  return batches;
}
