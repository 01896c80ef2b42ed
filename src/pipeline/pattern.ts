import { groupBy } from '../model/group-by.js';
import { memoize } from '../model/memoize.js';
import type { FileJob, WorkflowFile } from '../server/workflow-file.js';

/** The names that a job may have in the server's lists: literal parts, in order, with anything in between. */
interface Pattern {
  job: FileJob;
  parts: string[];
}

/** An expression in a name; what it comes to is known to the server only. */
const EXPRESSION = /\$\{\{(?:'[^']*'|[^'])*?\}\}/;

/** Each name is held against each pattern with gaps. Forks write them too: with more than these, none counts. */
const MOST_WITH_GAPS = 200;
const MOST_GAPS = 20;

/** A job that a name fits, and how many of its letters the file has; Infinity: all of them. */
interface Match {
  job: FileJob;
  weight: number;
}

/** Find the job, or the call of another workflow, that a name in the server's list belongs to. */
export type Finders = Record<'findJob' | 'findCall', (name: string) => Match | undefined>;

/** The finders of a file. */
export function createFinders({ jobs }: WorkflowFile): Finders {
  return {
    findJob: memoize(createFinder(jobs.filter(({ uses }) => uses === undefined))),
    findCall: memoize(createFinder(jobs.filter(({ uses }) => uses !== undefined))),
  };
}

/**
 * The most literal one; undefined where none fits, or several do equally well. No regular expression: forks write the
 * patterns.
 */
function createFinder(jobs: readonly FileJob[]): Finders['findJob'] {
  const patterns = jobs.flatMap(toPatterns);
  const literal = groupBy(
    patterns.filter(({ parts }) => parts.length === 1),
    ({ parts }) => parts[0]!,
  );
  const gapped = patterns.filter(({ parts }) => parts.length > 1);
  const isModest = gapped.length <= MOST_WITH_GAPS && gapped.every(({ parts }) => parts.length <= MOST_GAPS);
  return (name) => {
    const same = literal.get(name);
    if (same) return same.length === 1 ? { job: same[0]!.job, weight: Infinity } : undefined;
    return isModest ? findFitting(gapped, name) : undefined;
  };
}

/** The names of a job in lists: its `name:` or its key, with a matrix's values after it unless it holds them. */
function toPatterns(job: FileJob): Pattern[] {
  const parts = (job.name ?? job.key).trim().split(EXPRESSION);
  if (!job.hasMatrix) return [{ job, parts }];
  const last = parts.at(-1)!;
  return [
    { job, parts },
    { job, parts: [...parts.slice(0, -1), `${last} (`, ')'] },
  ];
}

function findFitting(patterns: readonly Pattern[], name: string): Match | undefined {
  const fitting = patterns.filter(({ parts }) => fits(name, parts));
  const matches = fitting.map(({ job, parts }) => ({ job, weight: parts.join('').length }));
  const most = Math.max(...matches.map(({ weight }) => weight));
  const [best, ...others] = matches.filter(({ weight }) => weight === most);
  return others.every(({ job }) => job === best?.job) ? best : undefined;
}

/** Whether a text consists of these parts, in order, with anything between two of them. */
export function fits(name: string, parts: readonly string[]): boolean {
  const [first, last] = [parts[0]!, parts.at(-1)!];
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= name.length - last.length;
}
