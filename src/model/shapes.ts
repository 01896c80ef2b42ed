import * as z from 'zod/mini';
import { toTime } from './time.js';

/** The shape, or undefined where the field is missing, null or of another type: servers differ and change. */
export const soft = <T extends z.core.SomeType>(shape: T) => z.catch(z.optional(shape), undefined);
/** A text, or undefined. */
export const text = soft(z.string());
/** A number, or undefined. */
export const number = soft(z.number());
/** Whatever a function makes of the field. */
export const turn = <T>(parse: (value: unknown) => T | undefined) =>
  z.pipe(z.optional(z.unknown()), z.transform(parse));
/** A time as `toTime` reads it. */
export const time = turn(toTime);
/** A number or text, as text. */
export const id = turn((value) => (typeof value === 'number' || typeof value === 'string' ? `${value}` : undefined));
/** A text that is not empty: an empty conclusion means not yet. */
export const word = turn(toWord);

/** The same of one value. */
export function toWord(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
