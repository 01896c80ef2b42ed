import * as z from 'zod/mini';
import { number } from '../model/shapes.js';

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** How many there are on all pages, where the server says it. */
  total?: number | undefined;
}

const Body = z.object({ workflow_runs: z.array(z.unknown()), total_count: number });

/** A page of runs or of tasks, which servers give by the same name. */
export function parsePage<T>(body: unknown, parse: (item: unknown) => T | undefined): Page<T> | undefined {
  const { data } = Body.safeParse(body);
  return data && { items: data.workflow_runs.map(parse).filter((one) => one !== undefined), total: data.total_count };
}
