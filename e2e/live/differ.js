// @ts-check
import { isDeepStrictEqual } from 'node:util';

/**
 * What is wrong with a value, if it is not the one that is right.
 * @param {string} what
 * @param {unknown} value
 * @param {unknown} right
 * @returns {string[]}
 */
export const differ = (what, value, right) =>
  isDeepStrictEqual(value, right) ? [] : [`${what}: ${JSON.stringify(value)} instead of ${JSON.stringify(right)}`];
