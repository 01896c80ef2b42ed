import * as s from '../model/shape.js';
import { number } from '../model/soft.js';

/** One page of a list. */
export interface Page<T> {
  items: readonly T[];
  /** How many there are on all pages, where the server says it. */
  total?: number | undefined;
}

const Body = s.object({ workflow_runs: s.list(s.unknown), total_count: number });

/** A page of runs or of tasks, which servers give by the same name. */
export function parsePage<T>(body: unknown, parse: (item: unknown) => T | undefined): Page<T> | undefined {
  const data = s.read(Body, body);
  return data && { items: data.workflow_runs.map(parse).filter((one) => one !== undefined), total: data.total_count };
}
