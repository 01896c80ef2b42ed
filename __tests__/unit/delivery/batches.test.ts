import { describe, expect, test } from '@jest/globals';
import { parseBatch, toBatches as toBytes, toPart } from '../../../src/delivery/batches.js';
import type { Event } from '../../../src/events/schema.js';
import { aJobEvent, someEvents } from '../../support/builders.js';

/** All batches, as the events that they hold. */
const toBatches = (...given: Parameters<typeof toBytes>): Event[][] => {
  const batches: Event[][] = [];
  for (const batch of toBytes(...given)) batches.push(parseBatch(batch));
  return batches;
};

const sizeOf = (batch: readonly Event[]): number => Buffer.byteLength(JSON.stringify({ data: batch }));

describe('as few requests as the limits allow', () => {
  test.each<[number, number[]]>([
    [0, []],
    [1, [1]],
    [1000, [1000]],
    [1001, [1000, 1]],
  ])('%d events', (count, expected) => {
    const one = aJobEvent();
    const events = Array.from({ length: count }, () => one);
    expect(toBatches(events).map((batch) => batch.length)).toEqual(expected);
  });

  test('events stay in their order', () => {
    const events = someEvents(7);
    expect(toBatches(events, { mostEvents: 3 }).flat()).toEqual(events);
    expect(toBatches(events, { mostEvents: 3 }).map((batch) => batch.length)).toEqual([3, 3, 1]);
  });
});

test.each([
  [0, 1],
  [0, 3],
  [1, 3],
  [2, undefined],
  [3, 4],
])('a part of a batch, from %s to %s, is those events, and so is a part of a part', (from, to) => {
  const events = someEvents(4);
  const batch = toBytes(events).next().value!;
  expect(parseBatch(toPart(batch, from, to))).toEqual(events.slice(from, to));
  expect(parseBatch(toPart(toPart(batch, from), 0, 1))).toEqual(events.slice(from, from + 1));
});

test('a batch is made when it is asked for', () => {
  const made: Event[] = [];
  const events = someEvents(4);
  const making = (function* () {
    for (const event of events) {
      made.push(event);
      yield event;
    }
  })();
  expect(toBytes(making, { mostEvents: 2 }).next().value).toMatchObject({ ends: { length: 2 } });
  expect(made.length).toBeLessThan(4);
});

describe('a request stays below 4.5 MB as it travels', () => {
  test.each<[string, string]>([
    ['letters', 'x'],
    ['letters of several bytes', '日'],
    ['letters that JSON escapes', '"'],
  ])('of %s', (_, letter) => {
    const big = aJobEvent({ tags: [`a:${letter.repeat(280)}`] });
    // One event of about 600 kB, twenty times.
    const huge = structuredClone(big);
    huge.attributes.resource.tags = Array.from(
      { length: Math.ceil(600_000 / sizeOf([big])) },
      () => big.attributes.resource.tags![0]!,
    );
    const batches = toBatches(Array.from({ length: 20 }, () => huge));
    expect(batches.map(sizeOf).every((size) => size <= 4_500_000)).toBe(true);
    expect(batches.flat()).toHaveLength(20);
    // Not one request each.
    expect(batches.length).toBeLessThan(10);
  });

  test('an event that is larger goes alone', () => {
    const events = someEvents(3);
    expect(toBatches(events, { mostBytes: 100 }).map((batch) => batch.length)).toEqual([1, 1, 1]);
  });
});
