import * as s from './shape.js';

/** What a text of JSON holds; undefined where it is none, or has another shape. */
export function parseJson<T>(text: string | undefined, shape: s.Shape<T>): T | undefined {
  try {
    return s.read(shape, JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}
