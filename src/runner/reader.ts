import type { Problem } from '../model/problem.js';
import type { Lines } from '../model/tags.js';
import { createRedactor, toLine, toPlain } from '../model/text.js';
import type { Env, Input } from './runner.js';

/** Reads inputs, or the environment variables for them, and collects all that is unusable. */
export interface Reader {
  /** The input, else the first variable that is set, trimmed. */
  raw(name: string, variables?: readonly string[]): string;
  /** As one line; undefined when unset. */
  line(name: string, variables?: readonly string[]): string | undefined;
  /** `true` or `false`; false when unset. */
  flag(name: string, variables?: readonly string[]): boolean;
  /** What one of some words stands for, in any case. */
  choice<T>(name: string, words: Readonly<Record<string, T>>, options?: Omit<ReadOptions, 'wanted'>): T | undefined;
  /** As `parse` understands it, where undefined means unusable: not what is wanted. */
  value<T>(name: string, parse: (raw: string) => T | undefined, options: ReadOptions): T | undefined;
  /** Lines of the input, after those of a variable whose lines are separated by commas. */
  list(name: string, parse: (lines: readonly string[]) => Lines, variable?: string): string[];
  problem(problem: Problem): void;
  /** Everything unusable so far: one problem for all values, and the ones named on their own. */
  problems(): Problem[];
}

interface ReadOptions {
  wanted: string;
  variables?: readonly string[] | undefined;
  /** What does not happen without the value, if it is more than that the value does not count. */
  effect?: string | undefined;
  /** Words after what is wanted: what follows from the value that counts in its place. */
  result?: string | undefined;
  /** The value is not shown: a broken URL may hold a credential anywhere. */
  mayHide?: boolean;
}

/** The words of a yes or no. */
export const BOOLEAN = { true: true, false: false };

/** Parses a whole number from 1 to `most`. */
export function parseCount(most: number): (raw: string) => number | undefined {
  return (raw) => {
    const count = Number(raw);
    return Number.isInteger(count) && count >= 1 && count <= most ? count : undefined;
  };
}

/** A reader of an action's inputs. */
export function createReader(input: Input, env: Env): Reader {
  const unusable: string[] = [];
  let what: string | undefined;
  const others: Problem[] = [];
  const keys = ['DATADOG_API_KEY', 'DD_API_KEY'].map((name) => env[name] ?? '');
  const redact = createRedactor([input('api-key'), input('token'), ...keys]);
  const raw: Reader['raw'] = (name, variables = []) =>
    [input(name), ...variables.map((variable) => env[variable] ?? '')].map((text) => text.trim()).find(Boolean) ?? '';
  const value: Reader['value'] = (name, parse, { wanted, variables, effect, result = '', mayHide }) => {
    const text = raw(name, variables);
    if (!text) return undefined;
    const parsed = parse(text);
    if (parsed === undefined) {
      const shown = mayHide ? '' : `"${toLine(redact(text), 80)}", which is `;
      unusable.push(`\`${name}\` is ${shown}not ${wanted}${result}`);
      what ??= effect;
    }
    return parsed;
  };
  const choice: Reader['choice'] = (name, words, options) => {
    const wanted = Object.keys(words)
      .join(', ')
      .replace(/, (\w+)$/, ' or $1');
    const parse = (text: string) => Object.entries(words).find(([word]) => word === text.toLowerCase());
    return value(name, parse, { ...options, wanted })?.[1];
  };
  return {
    raw,
    value,
    line: (name, variables) => toLine(raw(name, variables)) || undefined,
    choice,
    flag: (name, variables) => choice(name, BOOLEAN, { variables }) ?? false,
    list: (name, parse, variable) => {
      const lines = [...(env[variable ?? ''] ?? '').split(','), ...input(name).split(/\r?\n/)];
      const parsed = parse(lines.map(toPlain));
      unusable.push(...parsed.unusable.map((line) => `in \`${name}\` the line ${toLine(redact(line), 120)}`));
      return parsed.usable;
    },
    problem: (problem) => others.push(problem),
    problems: () => [...(unusable.length > 0 ? [toProblem(unusable, what)] : []), ...others],
  };
}

function toProblem(unusable: string[], what = 'Unusable input values were left out, the rest is sent'): Problem {
  const fix = 'Correct the `with:` block of this step (or the DD_* variable for it).';
  return { what, why: unusable.join('; '), fix };
}
