// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';

/** Far more than anything here takes, so that only what never comes is given up. */
const LONGEST = 300_000;
const PAUSE = 250;

/**
 * Asks again and again until there is an answer.
 * @template T
 * @param {string} what is waited for
 * @param {() => Promise<T | undefined> | T | undefined} ask
 * @param {number} [longest] milliseconds
 * @returns {Promise<T>}
 */
export async function until(what, ask, longest = LONGEST) {
  const end = performance.now() + longest;
  do {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(PAUSE);
  } while (performance.now() < end);
  throw new Error(`${what}: waited ${longest / 1000} s in vain`);
}
