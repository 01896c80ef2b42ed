// `npm run readme`: writes the tables of inputs and outputs in README.md and docs/ from the action files; `--check` only compares.
// @ts-check
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/**
 * @typedef {{ description: string, default?: string }} Entry
 * @typedef {{ inputs: Record<string, Entry>, outputs: Record<string, Entry> }} Action
 */

const ROOT = new URL('../', import.meta.url);

/** What may hold tables. */
export const DOCUMENTS = [
  'README.md',
  ...readdirSync(new URL('docs/', ROOT))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** How the description of an input starts that the runner fills in. */
const INTERNAL = 'Never write this';

/**
 * The text with its tables as the action files want them; each that it has stands between `<!-- NAME -->` and `<!-- /NAME -->`.
 * @param {string} text
 * @param {Action} action the one at the root
 */
export function withTables(text, { inputs, outputs }) {
  const isInternal = (/** @type {[string, Entry]} */ [, { description }]) => description.startsWith(INTERNAL);
  const all = Object.entries(inputs);
  const tables = {
    inputs: table(
      ['input', 'default', 'meaning'],
      all
        .filter((entry) => !isInternal(entry))
        .map(([name, entry]) => [code(name), code(entry.default ?? ''), entry.description]),
    ),
    'short inputs': table(
      ['input', 'meaning'],
      all.filter((entry) => !isInternal(entry)).map(([name, entry]) => [code(name), toShort(entry.description)]),
    ),
    'internal inputs': table(
      ['input', 'value'],
      all.filter(isInternal).map(([name, entry]) => [code(name), `${code(entry.default ?? '')}: ${entry.description}`]),
    ),
    'update inputs': inputsOf('update/action.yml'),
    'observe inputs': inputsOf('observe/action.yml'),
    outputs: table(
      ['output', 'meaning'],
      Object.entries(outputs).map(([name, { description }]) => [code(name), description]),
    ),
    'short outputs': table(
      ['output', 'meaning'],
      Object.entries(outputs).map(([name, { description }]) => [code(name), toShort(description)]),
    ),
  };
  return Object.entries(tables).reduce((rest, [name, lines]) => replace(rest, name, lines), text);
}

/**
 * @param {string} [path]
 * @returns {Action}
 */
export const readAction = (path = 'action.yml') => parse(readFileSync(new URL(path, ROOT), 'utf8'));

/** @param {string} path */
function inputsOf(path) {
  const own = Object.entries(readAction(path).inputs).filter(
    ([, { description }]) => !description.startsWith(INTERNAL),
  );
  return table(
    ['input', 'default', 'meaning'],
    own.map(([name, entry]) => [code(name), code(entry.default ?? ''), entry.description]),
  );
}

/**
 * @param {string} text
 * @param {string} name
 * @param {string} lines
 */
function replace(text, name, lines) {
  const [from, to] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [start, end] = [text.indexOf(from), text.indexOf(to)];
  if (start < 0 && end < 0) return text;
  if (start < 0 || end < start)
    throw new Error(`of ${from.trim()} and ${to} one is missing, or they are the wrong way round`);
  return text.slice(0, start + from.length) + lines + text.slice(end);
}

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
function table(head, rows) {
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('');
}

/** Characters that are one line of a table. */
const ONE_LINE = 120;

/**
 * The text where it is short, else what stands before the first full stop outside of code.
 * @param {string} text
 */
const toShort = (text) =>
  text.length <= ONE_LINE ? text : `${/^(?:`[^`]*`|[^`])*?(?=\.(?:\s|$))/.exec(text)?.[0] ?? text}.`;

/** @param {string} text */
const code = (text) => (text === '' ? '' : `\`${text}\``);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const action = readAction();
  for (const document of DOCUMENTS) {
    const path = fileURLToPath(new URL(document, ROOT));
    const before = readFileSync(path, 'utf8');
    const after = withTables(before, action);
    if (before === after) continue;
    if (!process.argv.includes('--check')) writeFileSync(path, after);
    else {
      console.error(
        `The tables in ${document} are not those of the action files: run "npm run readme" and commit the result.`,
      );
      process.exitCode = 1;
    }
  }
}
