import * as s from '../model/shape.js';
import { number } from '../model/soft.js';

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** How many there are on all pages, where the server says it. */
  total?: number | undefined;
}

const Body = s.object({ workflow_runs: s.list(s.unknown), total_count: number });

/** A page of runs or of tasks, which servers give by the same name. */
export function parsePage<T>(body: unknown, parse: (item: unknown) => T | undefined): Page<T> | undefined {
  const data = s.read(Body, body);
  return data && { items: data.workflow_runs.map(parse).filter((one) => one !== undefined), total: data.total_count };
}

/**
 * A list as far as it was read, after each page, up to the last one or one that can't be read. Each item is in it once:
 * while it is read, new ones push old ones to the next page, where they come again.
 */
export async function* growList<T>(
  readPage: (page: number) => Promise<Page<T> | undefined>,
  toKey: (item: T) => unknown,
): AsyncGenerator<{ items: T[]; isAll: boolean }, void> {
  const known = new Map<unknown, T>();
  for (let number = 1; ; number += 1) {
    const page = await readPage(number);
    if (!page) return;
    page.items.forEach((item) => known.set(toKey(item), item));
    const isAll = page.items.length === 0 || known.size >= (page.total ?? Infinity);
    yield { items: [...known.values()], isAll };
    if (isAll) return;
  }
}
