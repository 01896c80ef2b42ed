import type { Event } from '../events/schema.js';

/** Datadog docs: at most 1000 events a request. */
const MOST_EVENTS = 1000;

/** Below the 5 MB at which Datadog's intakes refuse, counted uncompressed. */
const MOST_BYTES = 4_500_000;

/** Enough for a job's own events. */
const FIRST_BYTES = 16 * 1024;

/** Events of one request, as JSON texts with a comma between them. */
export interface Batch {
  bytes: Buffer;
  /** Where each text ends. */
  ends: readonly number[];
}

/**
 * The events, in their order, in as few requests as the limits allow. A batch counts until the next one is asked for,
 * which is written over it: thousands of objects or strings that wait for an answer would be taken for long-lived ones
 * and fill the memory.
 */
export function* toBatches(
  events: Iterable<Event>,
  { mostEvents = MOST_EVENTS, mostBytes = MOST_BYTES } = {},
): Generator<Batch, void> {
  let memory = Buffer.allocUnsafe(FIRST_BYTES);
  let ends: number[] = [];
  for (const event of events) {
    const text = JSON.stringify(event);
    let start = toStart(ends, ends.length);
    const size = Buffer.byteLength(text);
    if (ends.length > 0 && (ends.length >= mostEvents || start + size + 1 > mostBytes)) {
      yield { bytes: memory.subarray(0, ends.at(-1)), ends };
      ends = [];
      start = 0;
    }
    if (start + size > memory.length) memory = Buffer.concat([memory.subarray(0, start)], 2 * (start + size));
    if (start > 0) memory.write(',', start - 1);
    ends.push(start + memory.write(text, start));
  }
  if (ends.length > 0) yield { bytes: memory.subarray(0, ends.at(-1)), ends };
}

const OPEN = Buffer.from('{"data":[');
const CLOSE = Buffer.from(']}');

/** The body of the batch's request, a copy: a server may answer before it has read all of it. */
export function toBody({ bytes }: Batch): Buffer {
  return Buffer.concat([OPEN, bytes, CLOSE]);
}

/** The events of a batch. */
export function parseBatch(batch: Batch): Event[] {
  return (JSON.parse(toBody(batch).toString()) as { data: Event[] }).data;
}

/** A part of a batch, by its events' numbers in it. */
export function toPart({ bytes, ends }: Batch, from: number, to = ends.length): Batch {
  const start = toStart(ends, from);
  return { bytes: bytes.subarray(start, ends[to - 1]), ends: ends.slice(from, to).map((end) => end - start) };
}

/** Two batches of a batch, the first one larger where they can't be equal. */
export function toHalves(batch: Batch): [Batch, Batch] {
  const middle = Math.ceil(batch.ends.length / 2);
  return [toPart(batch, 0, middle), toPart(batch, middle)];
}

/** Singles where `most` requests suffice, else halves; of a whole batch the first event, maybe the pipeline, alone. */
export function toSuspects(batch: Batch, most: number, isWhole: boolean): Batch[] {
  const { length } = batch.ends;
  if (length <= most) return batch.ends.map((_, index) => toPart(batch, index, index + 1));
  return isWhole ? [toPart(batch, 0, 1), ...toHalves(toPart(batch, 1))] : toHalves(batch);
}

/** Where an event's text begins: after the comma that ends the one before. */
function toStart(ends: readonly number[], index: number): number {
  return index === 0 ? 0 : ends[index - 1]! + 1;
}
