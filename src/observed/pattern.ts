import type { FileJob } from './workflow-file.js';

/** The names that a job may have in the server's lists. */
export interface Pattern {
  job: FileJob;
  /** Literal parts, in order; between two of them stands anything. */
  parts: string[];
}

/** An expression in a name; what it comes to is known to the server only. */
const EXPRESSION = /\$\{\{[^}]*\}\}/;

/** Under which names a job is listed: its `name:` or its key, with the values of a matrix behind it unless the name holds them already. */
export function toPatterns(job: FileJob): Pattern[] {
  const parts = (job.name ?? job.key).trim().split(EXPRESSION);
  if (!job.hasMatrix) return [{ job, parts }];
  const last = parts.at(-1)!;
  return [
    { job, parts },
    { job, parts: [...parts.slice(0, -1), `${last} (`, ')'] },
  ];
}

/**
 * The job whose pattern a name fits, the most literal one first; undefined where none fits, or several jobs do equally well. No regular
 * expression: forks write the patterns.
 */
export function findJob(patterns: readonly Pattern[], name: string): FileJob | undefined {
  let best: { job: FileJob; weight: number } | undefined;
  let isTie = false;
  for (const { job, parts } of patterns) {
    if (!fits(name, parts)) continue;
    // Exactly this name, before anything with a gap in it.
    const weight = parts.length === 1 ? Infinity : parts.join('').length;
    if (weight === best?.weight && job !== best.job) isTie = true;
    if (best && weight <= best.weight) continue;
    best = { job, weight };
    isTie = false;
  }
  return isTie ? undefined : best?.job;
}

function fits(name: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let from = first.length;
  for (const part of others) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= name.length - last.length;
}
