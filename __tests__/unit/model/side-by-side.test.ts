import { expect, test } from '@jest/globals';
import { createLanes } from '../../../src/model/side-by-side.js';

test('does no more at once than it may, the others in order, and goes on after one that failed', async () => {
  const inLane = createLanes(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = (index: number) => async () => {
    begun.push(index);
    await new Promise<void>((end) => ends.push(end));
    if (index === 0) throw new Error('broken');
    return index;
  };
  const all = Promise.allSettled([0, 1, 2, 3].map((index) => inLane(work(index))));
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  ends[0]!();
  while (begun.length < 3) await Promise.resolve();
  expect(begun).toEqual([0, 1, 2]);
  ends[1]!();
  ends[2]!();
  while (begun.length < 4) await Promise.resolve();
  ends[3]!();
  expect((await all).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
});
