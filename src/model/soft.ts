import * as s from './shape.js';
import { toTime } from './time.js';

/** The shape, or undefined where the field is missing, null or of another type: servers differ and change. */
export function soft<T>(shape: s.Shape<T>): s.Shape<T | undefined> {
  return (value) => s.read(shape, value);
}

export const text = soft(s.string);
export const number = soft(s.number);
export const time: s.Shape<string | undefined> = toTime;
export const id: s.Shape<string | undefined> = (value) =>
  typeof value === 'number' || typeof value === 'string' ? `${value}` : undefined;
/** An empty conclusion means: not yet. */
export const word: s.Shape<string | undefined> = toWord;

export function toWord(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
