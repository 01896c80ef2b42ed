import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { parse } from 'yaml';
import { VERSION } from '../../src/model/version.js';
import { toArchived } from '../support/archive.js';

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
    ['runner/inputs.ts', 'runner/destination.ts', 'runner/log-inputs.ts']
      .flatMap((path) => sourceOf(path).nodes)
      .flatMap((node) => (ts.isStringLiteralLike(node) ? [node.text] : [])),
  );
  const asked = SOURCES.flatMap(({ nodes }) => nodes.flatMap(toInputName));

  test('every input is read in inputs.ts, or in the files of the destination and the logs', () => {
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
  const files = toArchived();

  test('has the actions, their bundles and what people read, and nothing else but what git itself reads', () => {
    const known = ['.gitattributes', '.gitignore', 'CHANGELOG.md', 'LICENSE', 'README.md', 'action.yml', 'dist'];
    const folders = [...new Set(files.map((path) => path.split('/')[0]!))];
    expect(folders.sort()).toEqual([...known, 'observe', 'package.json', 'update']);
  });

  const whole = Buffer.concat(files.map((path) => readFileSync(new URL(path, ROOT))));
  const bytes = gzipSync(whole).length;

  test('is small', () => expect(bytes).toBeLessThan(200_000));

  test.each([
    ['docs/develop/cost.md', /archive of the repository: some ([\d,]+) bytes/],
    ['CHANGELOG.md', /archive that a job downloads has some ([\d,]+) bytes/],
  ])('has about the size that %s tells', (document, pattern) => {
    const told = Number(pattern.exec(read(document))![1]!.replaceAll(',', ''));
    expect(Math.abs(told / bytes - 1)).toBeLessThan(0.05);
  });
});

describe('dist', () => {
  const names = readdirSync(new URL('dist/', ROOT), { recursive: true, encoding: 'utf8' }).map((name) =>
    name.replaceAll('\\', '/'),
  );
  const programs = names.filter((name) => name.endsWith('.js'));

  test('has a file to start for each phase, beside what they share', () => {
    const entries = ENTRIES.map((entry) => `${entry}/index.js`);
    expect(programs.filter((name) => name.includes('/')).sort()).toEqual([...entries].sort());
    const others = names.filter((name) => !programs.includes(name) && !ENTRIES.includes(name));
    expect(others.sort()).toEqual(['LICENSES.txt', 'package.json']);
  });

  test.each([
    // Texts that stand once in @actions/core, in yaml and in a file of ours.
    'Unable to find environment variable for file command',
    'Unresolved alias',
    'Datadog was not told about this job',
  ])('has one copy of what has "%s" in it', (text) => {
    expect(programs.filter((name) => read(`dist/${name}`).includes(text))).toHaveLength(1);
  });

  test.each(ENTRIES)('%s starts with little: nothing for a proxy or a workflow file', (entry) => {
    const loaded = loadedBy(entry);
    expect(loaded).not.toContain('proxies.js');
    const start = loaded.map((name) => read(`dist/${name}`)).join('\n');
    expect(start).not.toContain('Unresolved alias');
    expect(start.split(/["'`/]/)).toContain(VERSION);
    expect(start.length).toBeLessThan(entry === 'observe' ? 165_000 : 140_000);
  });

  test.each(['shared.js', 'yaml.js'])('%s has about the size that docs/develop/cost.md tells', (name) => {
    const [, told] = new RegExp(`\`${name.replace('.', '\\.')}\`[\\s,(]+(\\d+) KB`).exec(read('docs/develop/cost.md'))!;
    expect(Math.abs(Number(told) - read(`dist/${name}`).length / 1000)).toBeLessThan(4);
  });

  test('main starts with nothing that only post or observe needs', () => {
    expect(loadedBy('main').filter((name) => name.includes('/'))).toEqual(['main/index.js']);
  });

  test('comes with the licenses of what is in it', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const listed = read('dist/LICENSES.txt').split('\n');
    expect(Object.keys(dependencies).filter((name) => !listed.includes(name))).toEqual([]);
  });

  /** The files of dist/ that a phase loads where there is nothing to do. */
  function loadedBy(entry: string): string[] {
    const path = fileURLToPath(new URL(`dist/${entry}/index.js`, ROOT));
    const tell = 'process.on("exit", () => console.log(JSON.stringify(Object.keys(require.cache))))';
    const said = execFileSync(process.execPath, ['-e', `${tell}; require(${JSON.stringify(path)})`], { env: {} });
    const loaded = JSON.parse(said.toString().trim().split('\n').at(-1)!) as string[];
    return loaded.map((file) => relative(fileURLToPath(new URL('dist/', ROOT)), file).replaceAll('\\', '/'));
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

  test('none names an npm script that is not there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = texts
      .filter(({ path }) => !/^(examples|__tests__\/fixtures)\//.test(path))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/npm run (\w[\w:-]*)/g)].map(([, name]) => ({ path, name: name! })),
      );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ name }) => !Object.hasOwn(scripts, name))).toEqual([]);
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
