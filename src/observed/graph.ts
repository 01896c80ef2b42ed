import { SEPARATOR } from '../needs.js';
import { findJob, type Pattern, toPatterns } from './pattern.js';
import type { FileJob, WorkflowFile } from './workflow-file.js';

/** A workflow with those of the workflows it calls that could be read, by the text behind `uses:`. */
export interface Workflow {
  file: WorkflowFile;
  called: ReadonlyMap<string, WorkflowFile>;
}

/** One job, or call, on the way to a job: its place in its file, and how the list shows it. */
interface Level {
  job: FileJob;
  shown: string;
}

/** A name has at most so many levels: a workflow may call one that calls one, and so on (GitHub docs, "Reusing workflows": ten). */
const DEEPEST = 10;

/** Where the jobs of a list stand in their workflow, and so what they waited for. */
export interface Graph {
  /** The call that a job belongs to, as the list shows it; undefined for a job of the run's own workflow, and for one that is not known. */
  callOf(name: string): string | undefined;
  /** Whether the workflow has a job that may have this name. */
  knows(name: string): boolean;
  /** Whether a job is known to have waited for no other. */
  isFirst(name: string): boolean;
  /** The names among `names` of the jobs that each of them waited for; jobs that waited for the same get the same list. */
  toNeeds(names: readonly string[]): (name: string) => readonly string[];
}

/** The graph of a workflow; what is not in its files is not guessed. */
export function createGraph({ file, called }: Workflow): Graph {
  const patterns = new Map<WorkflowFile, { jobs: Pattern[]; calls: Pattern[] }>();
  const patternsOf = (of: WorkflowFile): { jobs: Pattern[]; calls: Pattern[] } => {
    const known = patterns.get(of) ?? {
      jobs: of.jobs.filter(({ uses }) => uses === undefined).flatMap(toPatterns),
      calls: of.jobs.filter(({ uses }) => uses !== undefined).flatMap(toPatterns),
    };
    patterns.set(of, known);
    return known;
  };

  const find = (of: WorkflowFile, name: string, depth: number): Level[] => {
    const { jobs, calls } = patternsOf(of);
    const job = findJob(jobs, name);
    if (job) return [{ job, shown: name }];
    for (const [shown, inner] of toCuts(name)) {
      const call = findJob(calls, shown);
      const inside = call && called.get(call.uses!);
      if (call) return [{ job: call, shown }, ...(inside && depth < DEEPEST ? find(inside, inner, depth + 1) : [])];
    }
    // A call that was skipped is listed as one job.
    const call = findJob(calls, name);
    return call ? [{ job: call, shown: name }] : [];
  };

  const found = new Map<string, Level[]>();
  const locate = (name: string): Level[] => {
    const levels = found.get(name) ?? find(file, name, 1);
    found.set(name, levels);
    return levels;
  };

  return {
    callOf: (name) => {
      const [outermost] = locate(name);
      return outermost?.job.uses !== undefined && outermost.shown !== name ? outermost.shown : undefined;
    },
    knows: (name) => locate(name).length > 0,
    isFirst: (name) => locate(name).length > 0 && toNeeded(locate(name)).length === 0,
    toNeeds: (names) => {
      const groups = toGroups(names, locate);
      const known = new Map<string, readonly string[]>();
      return (name) => {
        const needed = toNeeded(locate(name));
        const key = needed.join('\n');
        const members = known.get(key) ?? needed.flatMap((group) => groups.get(group) ?? []);
        known.set(key, members);
        return members;
      };
    },
  };
}

/** The ways to take a name as a caller's and an inner one. */
function toCuts(name: string): [caller: string, inner: string][] {
  const parts = name.split(SEPARATOR, DEEPEST + 1);
  return parts.slice(1).map((_, index) => {
    const caller = parts.slice(0, index + 1).join(SEPARATOR);
    return [caller, name.slice(caller.length + SEPARATOR.length)];
  });
}

/** Names by what a need may mean: a key at its level stands for all jobs listed under it, whatever their matrix, and however deep. */
function toGroups(names: readonly string[], locate: (name: string) => Level[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const levels = locate(name);
    levels.forEach(({ job }, depth) => {
      const group = toGroup(levels.slice(0, depth), job.key);
      const members = groups.get(group);
      if (members) members.push(name);
      else groups.set(group, [name]);
    });
  }
  return groups;
}

/** The groups that a job waited for: those that its own file names, else, as a first one in its file, those that its call waited for. */
function toNeeded(levels: readonly Level[]): string[] {
  for (let depth = levels.length - 1; depth >= 0; depth -= 1) {
    const { needs } = levels[depth]!.job;
    if (needs.length > 0) return needs.map((key) => toGroup(levels.slice(0, depth), key));
  }
  return [];
}

/** A key below the calls that lead to it, as they are shown: each call of a workflow has jobs of its own. */
function toGroup(callers: readonly Level[], key: string): string {
  return JSON.stringify([...callers.map(({ shown }) => shown), key]);
}
