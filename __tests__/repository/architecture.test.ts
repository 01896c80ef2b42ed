import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';

const ROOT = new URL('../../', import.meta.url);

/** What the files of a folder may import, besides each other; types count. */
const ALLOWED: Record<string, string[]> = {
  entries: ['phases', 'runtime'],
  runtime: ['server', 'delivery', 'runner', 'model'],
  phases: ['observed', 'pipeline', 'server', 'delivery', 'runner', 'events', 'model'],
  observed: ['pipeline', 'server', 'events', 'runner', 'model'],
  pipeline: ['server', 'events', 'runner', 'model'],
  server: ['runner', 'model'],
  delivery: ['events', 'runner', 'model'],
  events: ['model'],
  runner: ['model'],
  model: [],
};

const ENTRIES = ['main.ts', 'post.ts', 'update.ts', 'observe.ts'];
const FOLDERS = Object.keys(ALLOWED).filter((name) => name !== 'entries' && name !== 'runtime');

/** Names that two folders have for the same thing at two levels: as it is found out, and as it is sent. */
const TWICE = ['job.ts', 'logs.ts', 'run.ts', 'summary.ts'];

/** Tests of what main and post do together: any job, any job with chance in it, jobs that were run again. */
const ACROSS = ['phases/flow.test.ts', 'phases/properties.test.ts', 'phases/retries.test.ts'];

/** Runners without a server: their ids are random, which a fixture's can't be; flow.test.ts and e2e/ play them. */
const WITHOUT_FIXTURES = ['act', 'exec'];

/** What comes from outside, and the only files that may load it; types may be named anywhere. */
const OUTSIDE: [pattern: RegExp, files: string[]][] = [
  [/^node:crypto$/, ['runtime.ts', 'model/identity.ts', 'delivery/spool.ts']],
  [/^node:https?$/, ['delivery/direct.ts', 'delivery/proxies.ts']],
  [/^node:util$/, ['delivery/logs.ts']],
  [/^node:(net|tls)$/, ['delivery/proxies.ts']],
  [/^node:zlib$/, ['delivery/http.ts', 'delivery/logs.ts']],
  [/^node:(fs|path)$/, ['runtime.ts', 'delivery/folder.ts']],
  [/^node:/, ['runtime.ts']],
  [/^@actions\/core/, ['runtime.ts']],
];

interface Source {
  path: string;
  text: string;
  nodes: ts.Node[];
  imports: { name: string; isType: boolean }[];
}

type FunctionNode = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration;

type Definition = ts.Declaration & { name: ts.Node };

const SOURCES: Source[] = readdirSync(new URL('src/', ROOT), { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  .sort()
  .map((path) => {
    const text = readFileSync(new URL(`src/${path}`, ROOT), 'utf8');
    const nodes = nodesOf(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
    return { path, text, nodes, imports: nodes.flatMap(toImport) };
  });
const FUNCTIONS = SOURCES.flatMap(({ path, nodes }) =>
  nodes.filter(isFunction).map((node) => ({ path, node, name: nameOf(node) })),
);

describe('folders', () => {
  test('are all that src/ has, besides the entries and runtime.ts', () => {
    expect(readdirSync(new URL('src/', ROOT)).sort()).toEqual([...FOLDERS, ...ENTRIES, 'runtime.ts'].sort());
  });

  test('import in the allowed directions, types counted', () => {
    const wrong = SOURCES.flatMap(({ path }) =>
      neighbours(path)
        .filter((to) => folderOf(to) !== folderOf(path) && !ALLOWED[folderOf(path)]!.includes(folderOf(to)))
        .map((to) => `${path} imports ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  test('have no file name twice but those with a reason', () => {
    const names = SOURCES.filter(({ path }) => path.includes('/')).map(({ path }) => posix.basename(path));
    expect(names.filter((name, index) => names.indexOf(name) !== index).sort()).toEqual(TWICE);
  });

  test('have their tests in files of the same names', () => {
    const tests = readdirSync(new URL('__tests__/unit/', ROOT), { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.test.ts') && !ACROSS.includes(path))
      .map((path) => path.replace('.test.ts', '.ts'));
    expect(tests.filter((path) => !SOURCES.some((source) => source.path === path))).toEqual([]);
  });
});

describe('files', () => {
  test('import each other in no circle', () => {
    const open = new Set<string>();
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (path: string): void => {
      if (open.has(path)) circles.push([...open, path].slice([...open].indexOf(path)).join(' > '));
      if (open.has(path) || done.has(path)) return;
      open.add(path);
      neighbours(path).forEach(visit);
      open.delete(path);
      done.add(path);
    };
    SOURCES.forEach(({ path }) => visit(path));
    expect(circles).toEqual([]);
  });

  test('load what comes from outside where it belongs', () => {
    const misplaced = SOURCES.flatMap(({ path, imports }) =>
      imports
        .filter(
          ({ name, isType }) =>
            !isType && OUTSIDE.find(([pattern]) => pattern.test(name))?.[1].includes(path) === false,
        )
        .map(({ name }) => `${path}: ${name}`),
    );
    expect(misplaced).toEqual([]);
  });

  test('name the process and the console in runtime.ts only', () => {
    const isGlobal = (node: ts.Node): boolean =>
      ts.isIdentifier(node) &&
      ['process', 'globalThis', 'console'].includes(node.text) &&
      !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node);
    expect(
      SOURCES.filter(({ path, nodes }) => path !== 'runtime.ts' && nodes.some(isGlobal)).map(({ path }) => path),
    ).toEqual([]);
  });

  test('send in phases/ only', () => {
    const senders = SOURCES.filter(({ path }) => neighbours(path).includes('delivery/send.ts')).map(({ path }) => path);
    expect(senders.filter((path) => !path.startsWith('phases/'))).toEqual([]);
  });

  test('speak to people in phases/ only, whatever they are handed; the log itself and the last catch aside', () => {
    const isSpoken = (node: ts.Node): boolean =>
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      /^(info|notice|warn|warning|fail|group|setFailed)$/.test(node.expression.name.text);
    const speakers = SOURCES.filter(({ nodes }) => nodes.some(isSpoken)).map(({ path }) => path);
    expect(speakers.filter((path) => !/^(phases\/|runner\/log\.ts|runtime\.ts)/.test(path))).toEqual([]);
  });

  test('say no rule twice: no 26 words and signs in a row stand in two files', () => {
    const first = new Map<string, string>();
    const twice = SOURCES.flatMap(({ path, nodes }) => {
      const words = nodes.filter(isWord).map((node) => node.getText());
      return words.slice(25).flatMap((_, at) => {
        const run = words.slice(at, at + 26).join(' ');
        const other = first.get(run) ?? path;
        first.set(run, other);
        return other === path ? [] : [`${path} and ${other}: ${run}`];
      });
    });
    expect(twice).toEqual([]);
  });

  test('have no line over 120 characters', () => {
    const long = SOURCES.flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => (line.length > 120 ? [`${path}:${index + 1}`] : [])),
    );
    expect(long).toEqual([]);
  });

  test('have no type called Edges or Facts', () => {
    const bags = SOURCES.flatMap(({ path, nodes }) =>
      nodes
        .filter((node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))
        .filter(({ name }) => /(Edges|Facts)$/.test(name.text))
        .map(({ name }) => `${path}: ${name.text}`),
    );
    expect(bags).toEqual([]);
  });
});

describe('functions', () => {
  test('have no more than 45 lines, those of a phase no more than 30', () => {
    const long = FUNCTIONS.filter(
      ({ path, node }) => node.getText().split('\n').length > (path.startsWith('phases/') ? 30 : 45),
    );
    expect(long.map(({ path, name }) => `${path}: ${name}`)).toEqual([]);
  });

  test('take no more than 3 values', () => {
    const wide = FUNCTIONS.filter(({ node }) => node.parameters.length > 3);
    expect(wide.map(({ path, name }) => `${path}: ${name}`)).toEqual([]);
  });

  test('called to… wait for nothing, change nothing that they are given, and take neither log nor chance', () => {
    const impure = FUNCTIONS.filter(({ name, node }) => /^to[A-Z]/.test(name) && !isPure(node));
    expect(impure.map(({ path, name }) => `${path}: ${name}`)).toEqual([]);
  });
});

describe('exports', () => {
  test('have a docstring; that of a const counts for the type of its name', () => {
    const undocumented = SOURCES.flatMap(({ path, nodes }) => {
      const definitions = nodes.filter(isDefinition);
      const documented = new Set(definitions.filter(hasDocstring).map(({ name }) => name.getText()));
      return [...new Set(definitions.filter(isExported).map(({ name }) => name.getText()))]
        .filter((name) => !documented.has(name))
        .map((name) => `${path}: ${name}`);
    });
    expect(undocumented).toEqual([]);
  });
});

describe('servers', () => {
  const ids = SOURCES.flatMap(({ path }) => /^server\/platforms\/(?!platform|detect)(.+)\.ts$/.exec(path)?.[1] ?? []);

  test('are named in server/platforms/ only', () => {
    // Messages to people may name them; a word or a variable of a server in a text of its own is a decision.
    const isServer = (node: ts.Node): boolean =>
      (ts.isIdentifier(node) && /gitea|forgejo/i.test(node.text)) ||
      (ts.isStringLiteralLike(node) && /^(github|act)$|^\S*(gitea|forgejo)\S*$/i.test(node.text));
    const found = SOURCES.filter(({ path, nodes }) => !path.startsWith('server/platforms/') && nodes.some(isServer));
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  test.each(ids)('%s is listed in detect.ts', (id) => {
    expect(neighbours('server/platforms/detect.ts')).toContain(`server/platforms/${id}.ts`);
  });

  test.each(ids.filter((id) => !WITHOUT_FIXTURES.includes(id)))('%s has fixtures', (id) => {
    expect(existsSync(new URL(`__tests__/fixtures/${id}/push.json`, ROOT))).toBe(true);
  });
});

describe('docs/develop/architecture.md', () => {
  const page = readFileSync(new URL('docs/develop/architecture.md', ROOT), 'utf8');

  test('draws the allowed directions', () => {
    const [, picture = ''] = /```text\n([\s\S]*?)```/.exec(page)!;
    const meant: Record<string, string[]> = { nothing: [], 'all below': FOLDERS.filter((name) => name !== 'phases') };
    const drawn = [...picture.matchAll(/^([\w. ]+?)\/? {2,}.* -> (.+)$/gm)].map(([, from = '', to = '']) => {
      const name = from === ENTRIES.join(' ') ? 'entries' : from.replace('.ts', '');
      return [name, (meant[to] ?? to.split(', ')).sort()];
    });
    const allowed = Object.entries(ALLOWED).map(([from, to]) => [from, [...to].sort()]);
    expect(drawn).toEqual(allowed);
  });

  test('names each file of the rules', () => {
    const rules = SOURCES.map(({ path }) => path).filter((path) => /^(pipeline|observed)\//.test(path));
    expect(rules.filter((path) => !page.includes(`\`src/${path}\``))).toEqual([]);
  });
});

/** A word or sign of a program; what files import is their own affair. */
function isWord(node: ts.Node): boolean {
  if (node.getChildCount() > 0 || node.getText() === '') return false;
  return !ts.findAncestor(node, (parent) => ts.isImportDeclaration(parent) || ts.isJSDoc(parent));
}

function folderOf(path: string): string {
  if (ENTRIES.includes(path)) return 'entries';
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : path.replace(/\.ts$/, '');
}

/** The files of src/ that a file imports, types counted. */
function neighbours(path: string): string[] {
  return SOURCES.find((source) => source.path === path)!
    .imports.filter(({ name }) => name.startsWith('.'))
    .map(({ name }) => posix.join(posix.dirname(path), name).replace(/\.js$/, '.ts'));
}

function nodesOf(node: ts.Node): ts.Node[] {
  return [node, ...node.getChildren().flatMap(nodesOf)];
}

/** What an import or export statement, a call of `import()`, or a type that is imported in place, names. */
function toImport(node: ts.Node): Source['imports'] {
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return node.arguments.flatMap((one) => named(one, false));
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? named(node.argument.literal, true) : [];
  if (ts.isExportDeclaration(node)) return node.moduleSpecifier ? named(node.moduleSpecifier, node.isTypeOnly) : [];
  if (!ts.isImportDeclaration(node)) return [];
  const clause = node.importClause;
  const members =
    clause?.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : undefined;
  const isType =
    clause?.phaseModifier === ts.SyntaxKind.TypeKeyword ||
    (!clause?.name && members?.every(({ isTypeOnly }) => isTypeOnly) === true);
  return named(node.moduleSpecifier, isType);
}

function named(node: ts.Node, isType: boolean): Source['imports'] {
  return ts.isStringLiteralLike(node) ? [{ name: node.text, isType }] : [];
}

function isFunction(node: ts.Node): node is FunctionNode {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node)
  );
}

function nameOf(node: FunctionNode): string {
  const holder =
    node.name ??
    (ts.isVariableDeclaration(node.parent) || ts.isPropertyAssignment(node.parent) ? node.parent.name : undefined);
  return holder?.getText() ?? 'a function';
}

/** What a file defines at its top, by a name. */
function isDefinition(node: ts.Node): node is Definition {
  const isNamed =
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isVariableDeclaration(node);
  return isNamed && ts.isSourceFile(toStatement(node).parent) && node.name !== undefined;
}

/** The statement of a definition, which has its `export` and its docstring. */
function toStatement(node: ts.Node): ts.Node {
  return ts.isVariableDeclaration(node) ? node.parent.parent : node;
}

function isExported(node: Definition): boolean {
  return Boolean(ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export);
}

function hasDocstring(node: Definition): boolean {
  return ts.getJSDocCommentsAndTags(toStatement(node)).some(ts.isJSDoc);
}

/** As far as its own lines show: what it calls is held by its own name. */
function isPure(node: FunctionNode): boolean {
  const given = node.parameters.flatMap(({ name }) =>
    nodesOf(name)
      .filter(ts.isIdentifier)
      .map(({ text }) => text),
  );
  const isChange = (inner: ts.Node): boolean =>
    ts.isCallExpression(inner) &&
    ts.isPropertyAccessExpression(inner.expression) &&
    /^(push|unshift|splice|sort|reverse|set|add|delete)$/.test(inner.expression.name.text) &&
    given.includes(inner.expression.expression.getText());
  return (
    !ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) &&
    !given.some((name) => ['log', 'runner', 'input', 'uuid', 'sink'].includes(name)) &&
    !node.parameters.some(({ type }) => /\b(Log|Runner)\b/.test(type?.getText() ?? '')) &&
    !nodesOf(node).some(isChange)
  );
}
