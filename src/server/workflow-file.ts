import * as s from '../model/shape.js';

/** A job as a workflow's file has it. */
export interface FileJob {
  key: string;
  /** Its `name:`, expressions and all. */
  name?: string | undefined;
  needs: string[];
  /** The workflow that it calls. */
  uses?: string | undefined;
  hasMatrix: boolean;
  steps: FileStep[];
}

/** A step as a workflow's file has it. */
interface FileStep {
  /** Its `name:`, expressions and all. */
  name?: string | undefined;
  /** The action that it uses. */
  uses?: string | undefined;
  /** Its `continue-on-error:`, as it is written. */
  continueOnError?: string | undefined;
}

/** What of a workflow's file is used: nothing in it is evaluated. */
export interface WorkflowFile {
  name?: string | undefined;
  jobs: FileJob[];
}

/** Forks write these files too: what people need fits, and what is over is as good as not there. */
const MOST_JOBS = 1_000;
const MOST_NEEDS = 1_000;
const MOST_STEPS = 1_000;
const LONGEST_TEXT = 1_000;

/** A parser's time grows with the square of some of these; with so many of each it stays below three seconds. */
const MOST_TOKENS = 80_000;
const MOST_ALIASES = 100;
const DEEPEST = 50;

/** The jobs in a workflow's file; undefined for what is none, or has more aliases. The parser is loaded late. */
export async function parseWorkflowFile(text: string, mostAliases = MOST_ALIASES): Promise<WorkflowFile | undefined> {
  const { Lexer, parse } = await import('yaml');
  let body: unknown;
  try {
    if (!isModest(new Lexer().lex(text), mostAliases)) return undefined;
    // Keys compared with each other would cost the square of their number; a Map has no prototype to forge.
    body = parse(text, {
      // `name: 1.10` is a name.
      schema: 'failsafe',
      uniqueKeys: false,
      stringKeys: true,
      prettyErrors: false,
      logLevel: 'silent',
      mapAsMap: true,
      maxAliasCount: mostAliases,
    });
  } catch {
    return undefined;
  }
  const jobs = at(body, 'jobs');
  if (!(jobs instanceof Map)) return undefined;
  return {
    name: toText(at(body, 'name')),
    jobs: [...jobs].slice(0, MOST_JOBS).flatMap(([key, job]) => toFileJob(toText(key), job)),
  };
}

/** Whether a text is of the size and depth of what people write. */
function isModest(tokens: Iterable<string>, mostAliases: number): boolean {
  let [count, aliases, depth] = [0, 0, 0];
  for (const token of tokens) {
    count += 1;
    if (token.startsWith('*')) aliases += 1;
    if (token === '[' || token === '{') depth += 1;
    if (token === ']' || token === '}') depth -= 1;
    if (count > MOST_TOKENS || aliases > mostAliases || depth > DEEPEST) return false;
  }
  return true;
}

function toFileJob(key: string | undefined, job: unknown): FileJob[] {
  if (key === undefined || !(job instanceof Map)) return [];
  const needs = at(job, 'needs');
  const steps = at(job, 'steps');
  return [
    {
      key,
      name: toText(at(job, 'name')),
      needs: [
        ...new Set((Array.isArray(needs) ? needs : [needs]).slice(0, MOST_NEEDS).flatMap((need) => toText(need) ?? [])),
      ],
      uses: toText(at(job, 'uses')),
      hasMatrix: at(at(job, 'strategy'), 'matrix') !== undefined,
      steps: Array.isArray(steps) ? steps.slice(0, MOST_STEPS).map(toFileStep) : [],
    },
  ];
}

function toFileStep(step: unknown): FileStep {
  return {
    name: toText(at(step, 'name')),
    uses: toText(at(step, 'uses')),
    continueOnError: toText(at(step, 'continue-on-error')),
  };
}

function at(value: unknown, key: string): unknown {
  return value instanceof Map ? value.get(key) : undefined;
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT ? value : undefined;
}

/** No workflow that people write is longer; forks write others. */
const LONGEST_FILE = 512 * 1024;

const FileBody = s.object({
  type: s.oneOf('file'),
  size: s.number,
  encoding: s.oneOf('base64'),
  content: s.string,
});

/** The text of a file of at most 512 KiB (REST docs, "Get repository content"). */
export function parseFile(body: unknown): string | undefined {
  const data = s.read(FileBody, body);
  if (!data || data.size > LONGEST_FILE || data.content.length > LONGEST_FILE * 1.5) return undefined;
  return Buffer.from(data.content, 'base64').toString('utf8');
}
