import { toFileName } from '../model/text.js';
import { fits } from '../pipeline/pattern.js';
import type { WorkflowName } from './own-workflow.js';

/** Which workflows are meant; `*` stands for any text. */
export interface Selection {
  included: readonly string[];
  excluded: readonly string[];
}

/** Lines of names or files of workflows, those after a `!` excluded. */
export function toSelection(lines: readonly string[]): Selection {
  const isExcluding = (line: string): boolean => line.startsWith('!');
  return {
    included: lines.filter((line) => !isExcluding(line)),
    excluded: lines.filter(isExcluding).map((line) => line.slice(1).trim()),
  };
}

/**
 * Whether a workflow is meant: by no excluding line, and by one of the others where there are any; undefined where that
 * hangs on its name, which is not known yet.
 */
export function selects({ included, excluded }: Selection, workflow: WorkflowName): boolean | undefined {
  const isIn = (patterns: readonly string[]): boolean => patterns.some((pattern) => matches(pattern, workflow));
  if (isIn(excluded)) return false;
  const isIncluded = included.length === 0 || isIn(included);
  const isOpen = workflow.name === undefined && (isIncluded ? excluded : included).some(mayBeName);
  return isOpen ? undefined : isIncluded;
}

/** The name to the letter; the file with its folders or without. */
function matches(pattern: string, { file, name }: WorkflowName): boolean {
  const parts = pattern.split(/\*+/);
  return [name, file, file && toFileName(file)].some(
    (text) => text !== undefined && (text === pattern || fits(text, parts)),
  );
}

function mayBeName(pattern: string): boolean {
  return !/\.ya?ml$/.test(pattern);
}
