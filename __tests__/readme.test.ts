import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { parse } from 'yaml';
import { readAction, withTables } from '../scripts/readme.js';
import { SITE_NAMES } from '../src/delivery/site.js';

const ROOT = new URL('../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

const README = read('README.md');
const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/architecture.md'];
const SOURCES = readdirSync(new URL('src/', ROOT), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ts.createSourceFile(path, read(`src/${path}`), ts.ScriptTarget.Latest, true));
const SOURCE_TEXT = SOURCES.map((source) => source.text).join('\n');

const action = readAction();

/** Stands for what varies in a message. */
const GAP = '…';

describe('tables', () => {
  test('are those of action.yml', () => {
    expect(withTables(README, action)).toBe(README);
  });

  test('a changed description, default or name shows', () => {
    const changed = structuredClone(action);
    changed.inputs['site']!.description = 'Something | else';
    expect(withTables(README, changed)).toContain('Something \\| else');
    expect(withTables(README, changed)).not.toBe(README);
  });

  test('a README without the marker comments is refused', () => {
    expect(() => withTables('no markers', action)).toThrow('<!-- inputs -->');
  });
});

describe('YAML', () => {
  const snippets = [...README.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text]) => text ?? '');

  test('there are snippets', () => expect(snippets.length).toBeGreaterThan(3));

  test.each(snippets)('snippet %# is valid and uses inputs that exist', (text) => {
    const snippet: unknown = parse(text, { strict: true });
    const unknown = usesOf(snippet).flatMap((inputs) => inputs.filter((name) => !Object.hasOwn(action.inputs, name)));
    expect(unknown).toEqual([]);
  });

  /** The names of the inputs of every use of this action in a snippet. */
  function usesOf(value: unknown): string[][] {
    if (value === null || typeof value !== 'object') return [];
    const own = 'uses' in value && String(value.uses).includes('datadog-pipeline-events@');
    const inputs = own && 'with' in value ? [Object.keys(value.with ?? {})] : [];
    return [...inputs, ...Object.values(value).flatMap(usesOf)];
  }
});

describe('troubleshooting', () => {
  const part = README.slice(README.indexOf('\n## Troubleshooting'), README.indexOf('\n## Inputs and outputs'));
  const quotes = [...part.matchAll(/^> (.+)$/gm)].map(([, quote]) => quote ?? '');
  const all = literals(SOURCES.flatMap(nodesOf));

  test('there are messages', () => expect(quotes.length).toBeGreaterThan(15));

  test.each(quotes)('"%s" is a message of src', (quote) => {
    // A sentence is what, why and fix, each a literal of its own.
    const pieces = quote.split(GAP).map((piece) => piece.trim().replace(/:$/, ''));
    expect(pieces.filter((piece) => /\w/.test(piece) && !all.some((text) => text.includes(piece)))).toEqual([]);
  });

  test('names every warning and every notice that src has', () => {
    const said = literals(SOURCES.flatMap(nodesOf).flatMap(toMessages).flatMap(nodesOf));
    const pieces = said.flatMap((text) => text.split(GAP)).map((piece) => piece.replace(/^[\s).:]+|[\s(.:]+$/g, ''));
    expect(pieces.length).toBeGreaterThan(15);
    expect(pieces.filter((piece) => piece.length > 8 && !part.includes(piece))).toEqual([]);
  });
});

describe('names', () => {
  test.each(DOCUMENTS)('npm scripts in %s exist', (document) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(document).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  test.each(DOCUMENTS)('links in %s lead somewhere', (document) => {
    const text = read(document);
    const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => toAnchor(title ?? ''));
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '').filter((target) => !/^https?:/.test(target));
    const dead = targets.filter((target) =>
      target.startsWith('#') ? !anchors.includes(target.slice(1)) : !existsSync(new URL(target, new URL(document, ROOT))),
    );
    expect(dead).toEqual([]);
  });

  test('paths in the documents exist', () => {
    const named = DOCUMENTS.flatMap((document) => [...read(document).matchAll(/`((?:src|demo|scripts|__tests__|docs|\.ci)\/[\w./-]+)`/g)]);
    expect(named.map(([, path]) => path ?? '').filter((path) => !existsSync(fileURLToPath(new URL(path, ROOT))))).toEqual([]);
  });

  test('every Datadog variable that src reads is named, and no other', () => {
    const names = (text: string): string[] => [...new Set(text.match(/\b(DD|DATADOG)_[A-Z]+(_[A-Z]+)*\b/g))].sort();
    expect(names(README)).toEqual(names(SOURCE_TEXT));
  });

  test('every site is named', () => {
    expect(SITE_NAMES.filter((site) => !README.includes(`\`${site}\``))).toEqual([]);
  });

  test('every tag of ours that the README names is one of src', () => {
    const table = /\| tag of ours[\s\S]*?\n\n/.exec(README)?.[0] ?? '';
    const tags = [...table.matchAll(/^\| (`.+?`) \|/gm)].flatMap(([, cell]) => (cell ?? '').replaceAll('`', '').split(', '));
    expect(tags.length).toBeGreaterThan(10);
    expect(tags.filter((tag) => !new RegExp(`\\b${tag.replaceAll('.', '\\.')}\\b'?:`).test(SOURCE_TEXT))).toEqual([]);
  });
});

/** What a node says to users: the `what` of a problem, or the text of a notice. */
function toMessages(node: ts.Node): ts.Node[] {
  const isWhat = (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)) && node.name.getText() === 'what';
  if (isWhat && node.initializer) return [node.initializer];
  const isNotice = ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'notice';
  return isNotice ? [...node.arguments] : [];
}

function nodesOf(node: ts.Node): ts.Node[] {
  return [node, ...node.getChildren().flatMap(nodesOf)];
}

/** The texts of all string and template literals among the nodes, with a gap for each substitution. */
function literals(nodes: readonly ts.Node[]): string[] {
  return nodes.flatMap((node) => {
    if (ts.isStringLiteralLike(node)) return [node.text];
    if (ts.isTemplateExpression(node)) return [[node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join(GAP)];
    return [];
  });
}

/** The anchor that GitHub and others give a heading. */
function toAnchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}
