/** A job as a workflow's file has it. */
export interface FileJob {
  key: string;
  /** Its `name:`, expressions and all. */
  name?: string | undefined;
  needs: string[];
  /** The workflow that it calls. */
  uses?: string | undefined;
  hasMatrix: boolean;
}

/** What of a workflow's file is used: nothing in it is evaluated. */
export interface WorkflowFile {
  name?: string | undefined;
  jobs: FileJob[];
}

/** Forks write these files too: what people need fits, and what is over is as good as not there. */
const MOST_JOBS = 1_000;
const MOST_NEEDS = 1_000;
const LONGEST_TEXT = 1_000;

/** A parser's time grows with the square of some of these; with so many of each it stays below three seconds. */
const MOST_TOKENS = 80_000;
const MOST_ALIASES = 100;
const DEEPEST = 50;

/** The jobs in the text of a workflow's file; undefined for anything that is none. The parser is loaded when it is first needed. */
export async function parseWorkflowFile(text: string): Promise<WorkflowFile | undefined> {
  const { Lexer, parse } = await import('yaml');
  let body: unknown;
  try {
    if (!isModest(new Lexer().lex(text))) return undefined;
    // Keys compared with each other would cost the square of their number; a Map has no prototype to forge.
    body = parse(text, {
      // `name: 1.10` is a name.
      schema: 'failsafe',
      uniqueKeys: false,
      stringKeys: true,
      prettyErrors: false,
      logLevel: 'silent',
      mapAsMap: true,
      maxAliasCount: MOST_ALIASES,
    });
  } catch {
    return undefined;
  }
  const jobs = at(body, 'jobs');
  if (!(jobs instanceof Map)) return undefined;
  return { name: toText(at(body, 'name')), jobs: [...jobs].slice(0, MOST_JOBS).flatMap(([key, job]) => toFileJob(toText(key), job)) };
}

/** Whether a text is of the size and depth of what people write. */
function isModest(tokens: Iterable<string>): boolean {
  let [count, aliases, depth] = [0, 0, 0];
  for (const token of tokens) {
    count += 1;
    if (token.startsWith('*')) aliases += 1;
    if (token === '[' || token === '{') depth += 1;
    if (token === ']' || token === '}') depth -= 1;
    if (count > MOST_TOKENS || aliases > MOST_ALIASES || depth > DEEPEST) return false;
  }
  return true;
}

function toFileJob(key: string | undefined, job: unknown): FileJob[] {
  if (key === undefined || !(job instanceof Map)) return [];
  const needs = at(job, 'needs');
  return [
    {
      key,
      name: toText(at(job, 'name')),
      needs: [...new Set((Array.isArray(needs) ? needs : [needs]).slice(0, MOST_NEEDS).flatMap((need) => toText(need) ?? []))],
      uses: toText(at(job, 'uses')),
      hasMatrix: at(at(job, 'strategy'), 'matrix') !== undefined,
    },
  ];
}

function at(value: unknown, key: string): unknown {
  return value instanceof Map ? value.get(key) : undefined;
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT ? value : undefined;
}
