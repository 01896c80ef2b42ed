import { memoize } from '../model/memoize.js';
import { innerName, separators } from '../pipeline/job-name.js';
import { createFinders } from '../pipeline/pattern.js';
import type { FileJob, WorkflowFile } from '../server/workflow-file.js';
import type { Workflow } from '../server/workflow.js';

/** One job, or call, on the way to a job: its place in its file, and how the list shows it. */
interface Level {
  job: FileJob;
  shown: string;
}

/** Levels of a name: a workflow may call one that calls one, and so on (GitHub docs, "Reusing workflows": ten). */
const DEEPEST = 10;

/** Where the jobs of a list stand in their workflow, and so what they waited for. */
export interface Graph {
  /** The call that a job belongs to, as the list shows it; undefined: the run's own workflow, or not known. */
  callOf(name: string): string | undefined;
  /** Whether the workflow has a job that may have this name. */
  knows(name: string): boolean;
  /** Whether a job is known to have waited for no other. */
  isFirst(name: string): boolean;
  /** By which keys in `needs` a job is meant: a key stands for all jobs listed under it, however deep. */
  groupsOf(name: string): readonly string[];
  /** The groups that a job waited for; the jobs of a matrix get the same list. */
  needsOf(name: string): readonly string[];
}

/** The graph of a workflow; what is not in its files is not guessed. */
export function createGraph({ file, called }: Workflow): Graph {
  const findersOf = memoize(createFinders);
  const find = (of: WorkflowFile, name: string, depth: number): Level[] => {
    const { findJob, findCall } = findersOf(of);
    const job = findJob(name);
    // A call that was skipped is listed as one job, under its own name alone.
    const cut = separators(name)
      .slice(0, DEEPEST)
      .find((at) => findCall(name.slice(0, at)));
    const shown = name.slice(0, cut);
    const call = findCall(shown);
    if (!call || (job && job.weight >= call.weight)) return job ? [{ job: job.job, shown: name }] : [];
    const inside = cut !== undefined && depth < DEEPEST ? called.get(call.job.uses!) : undefined;
    return [{ job: call.job, shown }, ...(inside ? find(inside, innerName(name, cut), depth + 1) : [])];
  };

  const locate = memoize((name: string) => find(file, name, 1));
  const groupsOf = memoize((name: string) => locate(name).map((_, depth, levels) => toGroup(levels, depth)));
  const needed = new Map<string | undefined, readonly string[]>();
  const needsOf = (name: string): readonly string[] => {
    const place = groupsOf(name).at(-1);
    const needs = needed.get(place) ?? toNeeded(locate(name));
    needed.set(place, needs);
    return needs;
  };

  return {
    callOf: (name) => {
      const [outermost] = locate(name);
      return outermost?.job.uses !== undefined && outermost.shown !== name ? outermost.shown : undefined;
    },
    knows: (name) => locate(name).length > 0,
    isFirst: (name) => locate(name).length > 0 && needsOf(name).length === 0,
    groupsOf,
    needsOf,
  };
}

/** The groups that a job waited for by its own file, else, as a first one there, those that its call waited for. */
function toNeeded(levels: readonly Level[]): string[] {
  const depth = levels.findLastIndex(({ job }) => job.needs.length > 0);
  return depth < 0 ? [] : levels[depth]!.job.needs.map((key) => toGroup(levels, depth, key));
}

/** A key below the calls that lead to it, as they are shown: each call of a workflow has jobs of its own. */
function toGroup(levels: readonly Level[], depth: number, key = levels[depth]!.job.key): string {
  return JSON.stringify([...levels.slice(0, depth).map(({ shown }) => shown), key]);
}
