import * as z from 'zod/mini';
import { toTime } from './time.js';

/** The shape, or undefined where the field is missing, null or of another type: servers differ and change. */
export const soft = <T extends z.core.SomeType>(shape: T) => z.catch(z.optional(shape), undefined);
export const text = soft(z.string());
export const number = soft(z.number());
export const turn = <T>(parse: (value: unknown) => T | undefined) =>
  z.pipe(z.optional(z.unknown()), z.transform(parse));
export const time = turn(toTime);
export const id = turn((value) => (typeof value === 'number' || typeof value === 'string' ? `${value}` : undefined));
/** An empty conclusion means: not yet. */
export const word = turn(toWord);

export function toWord(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
