import type * as z from 'zod/mini';

/** What a text of JSON holds; undefined where it is none, or has another shape. */
export function parseJson<T>(text: string | undefined, shape: z.ZodMiniType<T>): T | undefined {
  try {
    return shape.parse(JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}
