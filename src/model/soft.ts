import * as s from './shape.js';
import { toTime } from './time.js';

/** The shape, or undefined where the field is missing, null or of another type: servers differ and change. */
export function soft<T>(shape: s.Shape<T>): s.Shape<T | undefined> {
  return (value) => s.read(shape, value);
}

/** A text, or undefined. */
export const text = soft(s.string);
/** A number, or undefined. */
export const number = soft(s.number);
/** A time as `toTime` reads it. */
export const time: s.Shape<string | undefined> = toTime;
/** A number or text, as text. */
export const id: s.Shape<string | undefined> = (value) =>
  s.read(s.string, value) ?? s.read(s.number, value)?.toString();
/** A text that is not empty: an empty conclusion means not yet. */
export const word: s.Shape<string | undefined> = toWord;

/** The same of one value. */
export function toWord(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
