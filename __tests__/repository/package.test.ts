import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { parse } from 'yaml';
import { VERSION } from '../../src/model/version.js';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

const ENTRIES = ['main', 'post', 'update', 'observe'];

interface Source {
  path: string;
  lines: number;
  nodes: ts.Node[];
  /** What it loads, types not counted. */
  imports: string[];
}

const SOURCES: Source[] = readdirSync(new URL('src/', ROOT), { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  .sort()
  .map(toSource);

describe('versions', () => {
  test('the version that events carry is that of the package', () => {
    expect((JSON.parse(read('package.json')) as { version: string }).version).toBe(VERSION);
  });

  test('the changelog has it', () => {
    expect(read('CHANGELOG.md')).toContain(`\n## ${VERSION}`);
  });
});

describe('package-lock.json', () => {
  interface Locked {
    version?: string;
    optionalDependencies?: Record<string, string>;
  }
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };

  test('has the optional packages of every kind of machine, without which npm ci refuses it', () => {
    const names = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
    const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies),
    );
    expect(wanted.filter((name) => !names.has(name))).toEqual([]);
  });

  test('has one undici', () => {
    expect(Object.keys(packages).filter((path) => path.endsWith('node_modules/undici'))).toEqual([
      'node_modules/undici',
    ]);
  });
});

describe('source files', () => {
  test.each(ENTRIES)('%s.ts has under 10 lines', (entry) => {
    expect(sourceOf(`${entry}.ts`).lines).toBeLessThan(10);
  });

  test('no file has more than 250 lines', () => {
    expect(SOURCES.filter(({ lines }) => lines > 250).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });
});

describe('action.yml', () => {
  const { inputs, runs } = parse(read('action.yml')) as {
    inputs: Record<string, unknown>;
    runs: Record<string, string>;
  };
  const texts = new Set(
    ['runner/inputs.ts', 'runner/log-inputs.ts']
      .flatMap((path) => sourceOf(path).nodes)
      .flatMap((node) => (ts.isStringLiteralLike(node) ? [node.text] : [])),
  );
  const asked = SOURCES.flatMap(({ nodes }) => nodes.flatMap(toInputName));

  test('every input is read in inputs.ts, or in the file of the logs', () => {
    expect(Object.keys(inputs).filter((name) => !texts.has(name))).toEqual([]);
  });

  test('every input that is read exists', () => {
    expect(asked.length).toBeGreaterThan(10);
    const { inputs: observed } = parse(read('observe/action.yml')) as { inputs: Record<string, unknown> };
    expect(asked.filter((name) => !Object.hasOwn(inputs, name) && !Object.hasOwn(observed, name))).toEqual([]);
  });

  test('runs the bundles on Node 24, post in any case', () => {
    expect(runs).toEqual({
      using: 'node24',
      main: 'dist/main/index.js',
      post: 'dist/post/index.js',
      'post-if': 'always()',
    });
  });
});

describe('the archive that a job downloads', () => {
  const isLeftOut = (path: string): boolean =>
    execFileSync('git', ['check-attr', 'export-ignore', '--', path.split('/')[0]!], { cwd: ROOT, encoding: 'utf8' })
      .trim()
      .endsWith(': set');
  const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');

  test('has the action files and what they name', () => {
    const actions = files.filter((path) => /(^|\/)action\.yml$/.test(path) && !path.startsWith('e2e/'));
    const bundles = files.filter((path) => path.startsWith('dist/'));
    expect(actions).toHaveLength(3);
    expect([...actions, ...bundles, 'LICENSE', 'README.md', 'package.json'].filter(isLeftOut)).toEqual([]);
  });

  test('has nothing else but the changelog and what git itself reads', () => {
    const kept = new Set(files.map((path) => path.split('/')[0]!).filter((name) => !isLeftOut(name)));
    const known = ['.gitattributes', '.gitignore', 'CHANGELOG.md', 'LICENSE', 'README.md', 'action.yml', 'dist'];
    expect([...kept].sort()).toEqual([...known, 'observe', 'package.json', 'update']);
  });
});

describe('dist', () => {
  test.each(ENTRIES)('%s is one file to start, and what loads later', (entry) => {
    const bundle = readdirSync(new URL(`dist/${entry}/`, ROOT));
    expect(bundle.filter((name) => !/^(index\.js|\d+\.index\.js|package\.json|LICENSES\.txt)$/.test(name))).toEqual([]);
    expect(bundle).toContain('index.js');
  });

  test.each(ENTRIES)('%s has one copy of undici', (entry) => {
    // A symbol that undici's file of errors makes, and no other file names.
    expect(bundleOf(entry).all.split('undici.error.UND_ERR_PRX_TLS').length - 1).toBe(1);
  });

  test.each(ENTRIES)("%s loads octokit when the server's API is read, and undici then or for a proxy", (entry) => {
    const { start, later } = bundleOf(entry);
    for (const mark of ['octokit', 'undici.globalDispatcher', 'undici.error.UND_ERR_PRX_TLS']) {
      expect([mark, start.includes(mark), later.includes(mark)]).toEqual([mark, false, true]);
    }
  });

  test.each(ENTRIES)('%s starts with little, and of zod with what is used', (entry) => {
    const { start } = bundleOf(entry);
    expect(start).toContain('ZodMiniObject');
    expect(start).not.toContain('ZodMiniMap');
    // Twice as much were read in every job before; the rest of zod alone is 80 KB.
    expect(start.length).toBeLessThan(150_000);
  });

  test.each(ENTRIES)('%s comes with the licenses of what is in it', (entry) => {
    const { dependencies } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const listed = readFileSync(new URL(`dist/${entry}/LICENSES.txt`, ROOT), 'utf8').split('\n');
    const expected = Object.keys(dependencies).filter((name) => name !== 'yaml' || entry === 'observe');
    expect(expected.filter((name) => !listed.includes(name))).toEqual([]);
  });

  test.each(ENTRIES)('%s is of this version', (entry) => {
    // A text of its own, or the end of the user agent.
    expect(bundleOf(entry).start.split(/["/]/)).toContain(VERSION);
  });

  function bundleOf(entry: string): { start: string; later: string; all: string } {
    const names = readdirSync(new URL(`dist/${entry}/`, ROOT)).filter((name) => name.endsWith('.js'));
    const start = read(`dist/${entry}/index.js`);
    const later = names.filter((name) => name !== 'index.js').map((name) => read(`dist/${entry}/${name}`));
    return { start, later: later.join('\n'), all: [start, ...later].join('\n') };
  }
});

describe('files of the repository', () => {
  const root = fileURLToPath(ROOT);
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  const files = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-co', '--exclude-standard', '-z'], options)
    .split('\0')
    .filter((path) => path && !path.startsWith('dist/'));
  const texts = files.flatMap((path) => {
    try {
      const text = read(path);
      return text.includes('\0') ? [] : [{ path, text }];
    } catch {
      // Deleted, and not committed yet.
      return [];
    }
  });

  test('there are some', () => expect(texts.length).toBeGreaterThan(50));

  test('none names the host of a package registry', () => {
    expect(
      findAll(/\b(registry\.[a-z0-9-]+\.[a-z]+|npm\.pkg\.[a-z]+|crates\.io|proxy\.golang\.[a-z]+)\b|"resolved"\s*:/),
    ).toEqual([]);
  });

  test('none names a path of the machine that it was written on', () => {
    const own = [root.replace(/[\\/]$/, ''), homedir()].filter((path) => path.length > 4);
    const generic = /(?<![\w.])\/(work|root|Users)\/\w|(?<![\w.])\/home\/(?!runner\b)\w/;
    const found = texts.filter(({ text }) => own.some((path) => text.includes(`${path}/`))).map(({ path }) => path);
    expect([...found, ...findAll(generic)]).toEqual([]);
  });

  function findAll(pattern: RegExp): string[] {
    return texts.flatMap(({ path, text }) => {
      const [match] = pattern.exec(text) ?? [];
      return match === undefined ? [] : [`${path}: ${match}`];
    });
  }
});

function toSource(path: string): Source {
  const text = read(`src/${path}`);
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const nodes = nodesOf(file);
  return { path, lines: text.trimEnd().split('\n').length, nodes, imports: nodes.flatMap(toImport) };
}

function nodesOf(node: ts.Node): ts.Node[] {
  return [node, ...node.getChildren().flatMap(nodesOf)];
}

function sourceOf(path: string): Source {
  return SOURCES.find((source) => source.path === path)!;
}

/** What an import or export statement, or a call of `import()`, loads; nothing where it takes types only. */
function toImport(node: ts.Node): string[] {
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return node.arguments.flatMap(toText);
  if (ts.isExportDeclaration(node)) return node.isTypeOnly || !node.moduleSpecifier ? [] : toText(node.moduleSpecifier);
  if (!ts.isImportDeclaration(node)) return [];
  const clause = node.importClause;
  const named =
    clause?.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : undefined;
  const typesOnly = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  return typesOnly || (!clause?.name && named?.every(({ isTypeOnly }) => isTypeOnly))
    ? []
    : toText(node.moduleSpecifier);
}

function toText(node: ts.Node): string[] {
  return ts.isStringLiteralLike(node) ? [node.text] : [];
}

/** The name of an input where one is read: `input('site')`, `core.getInput('site')`, `read.line('site')`. */
function toInputName(node: ts.Node): string[] {
  if (!ts.isCallExpression(node)) return [];
  return /^(core\.getInput|runner\.input|input|read\.(raw|line|flag|choice|value|list))$/.test(
    node.expression.getText(),
  )
    ? node.arguments.slice(0, 1).flatMap(toText)
    : [];
}
