import type { Event } from '../events/schema.js';

/** Datadog docs: at most 1000 events a request. */
const MOST_EVENTS = 1000;

/** Below the 5 MB at which Datadog's intakes refuse, counted uncompressed (facts: datadog-api.md 1.7). */
const MOST_BYTES = 4_500_000;

/**
 * The events as JSON, in their order, in as few requests as the limits allow; each batch is made when it is asked for. JSON and not events: a
 * batch waits for its answer, and thousands of objects that wait would fill the memory in which the long-lived ones are.
 */
export function* toBatches(events: Iterable<Event>, { mostEvents = MOST_EVENTS, mostBytes = MOST_BYTES } = {}): Generator<string[], void> {
  let batch: string[] = [];
  let bytes = 0;
  for (const event of events) {
    const text = JSON.stringify(event);
    const size = Buffer.byteLength(text) + 1;
    if (batch.length > 0 && (batch.length >= mostEvents || bytes + size > mostBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(text);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** The events of a batch. */
export function parseBatch(batch: readonly string[]): Event[] {
  return batch.map((text) => JSON.parse(text) as Event);
}
