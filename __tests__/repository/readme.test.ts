import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { parse } from 'yaml';
import { DOCUMENTS as WITH_TABLES, readAction, withTables } from '../../scripts/readme.js';
import { SITE_NAMES } from '../../src/model/site.js';
import { parseRuntimeFile } from '../../src/runner/runtime-file.js';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

const README = read('README.md');
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(new URL('docs/', ROOT), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`),
];
/** What users read. */
const GUIDE = DOCUMENTS.filter((path) => path === 'README.md' || /^docs\/[^/]+$/.test(path))
  .map(read)
  .join('\n');
const SOURCES = readdirSync(new URL('src/', ROOT), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ts.createSourceFile(path, read(`src/${path}`), ts.ScriptTarget.Latest, true));
const SOURCE_TEXT = SOURCES.map((source) => source.text).join('\n');

const action = readAction();
/** What stands behind `uses: OWNER/` before the version, and the inputs there. */
const USES: Partial<Record<string, ReturnType<typeof readAction>>> = {
  'datadog-pipeline-events': action,
  'datadog-pipeline-events/update': readAction('update/action.yml'),
  'datadog-pipeline-events/observe': readAction('observe/action.yml'),
};

/** Stands for what varies in a message. */
const GAP = '…';

test('the README is read in one go', () => {
  expect(Buffer.byteLength(README)).toBeLessThanOrEqual(12_288);
});

describe('tables', () => {
  test.each(WITH_TABLES)('in %s are those of the action files', (document) => {
    expect(withTables(read(document), action)).toBe(read(document));
  });

  test('stand somewhere', () => {
    const all = WITH_TABLES.map(read).join('\n');
    const names = [
      'inputs',
      'short inputs',
      'short outputs',
      'internal inputs',
      'update inputs',
      'observe inputs',
      'outputs',
    ];
    expect(names.filter((name) => !all.includes(`<!-- ${name} -->\n| `))).toEqual([]);
  });

  test('a changed description, default or name shows', () => {
    const changed = structuredClone(action);
    changed.inputs['site']!.description = 'Something | else';
    const page = read('docs/setup.md');
    expect(withTables(page, changed)).toContain('Something \\| else');
    expect(withTables(page, changed)).not.toBe(page);
  });

  test('half a pair of marker comments is refused', () => {
    expect(() => withTables('<!-- inputs -->\n', action)).toThrow('<!-- inputs -->');
    expect(() => withTables('<!-- /inputs -->\n<!-- inputs -->\n', action)).toThrow('<!-- inputs -->');
  });
});

describe('versions', () => {
  const supported = read('docs/compatibility.md');

  test.each(['Gitea', 'Forgejo', 'act'])('of %s in the README are those that are supported', (server) => {
    const [, least] = new RegExp(`^\\| \\[${server}\\]\\(.+?\\) \\| (.+?) \\|`, 'm').exec(README)!;
    expect(supported).toContain(`\n| ${server} | ${least} |`);
  });

  test.each(['README.md', 'CONTRIBUTING.md', 'docs/compatibility.md'])(
    'the least Node in %s is that of the package',
    (document) => {
      const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
      expect(read(document)).toContain(engines.node.replace('>=', ''));
    },
  );
});

describe('YAML', () => {
  const snippets = DOCUMENTS.flatMap((path) => [...read(path).matchAll(/^```yaml\n([\s\S]*?)^```/gm)]).map(
    ([, text]) => text ?? '',
  );

  test('there are snippets', () => expect(snippets.length).toBeGreaterThan(10));

  test.each(snippets)('snippet %# is valid and uses inputs that exist', (text) => {
    const snippet: unknown = parse(text, { strict: true });
    expect(
      usesOf(snippet).flatMap(([face, inputs]) =>
        inputs.filter((name) => !Object.hasOwn(USES[face]?.inputs ?? {}, name)),
      ),
    ).toEqual([]);
  });

  /** Every use of these actions in a snippet, with the names of its inputs. */
  function usesOf(value: unknown): [face: string, inputs: string[]][] {
    if (value === null || typeof value !== 'object') return [];
    const [, face] = /OWNER\/(.+)@/.exec('uses' in value ? String(value.uses) : '') ?? [];
    const inputs = 'with' in value ? Object.keys(value.with ?? {}) : [];
    return [...(face ? [[face, inputs] as [string, string[]]] : []), ...Object.values(value).flatMap(usesOf)];
  }
});

describe('lines that steps write', () => {
  const page = read('docs/while-running.md');
  const block = (language: string): string =>
    new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(page)![1]!;
  const recipe = /^- run: (echo "measure\.bundle_kb=.+)$/m.exec(page)![1]!;

  const rows: [string, string, string[], string[]][] = [
    [
      'sh',
      'sh',
      ['-c', block('sh')],
      [
        'tag team:payments',
        'measure bundle_kb:812.5',
        'parameter region:eu',
        'error Quota exceeded',
        'step Unit tests',
      ],
    ],
    ['Node', process.execPath, ['-e', block('js')], ['measure bundle_kb:812.5']],
    ['the recipe', 'sh', ['-c', recipe], ['measure bundle_kb:0']],
  ];

  if (spawnSync('python3', ['--version']).status === 0) {
    rows.push(['Python', 'python3', ['-c', `import os\n${block('python')}`], ['parameter region:eu']]);
  }

  test.each(rows)('in %s are understood', (_, program, args, expected) => {
    const folder = mkdtempSync(join(tmpdir(), 'readme-'));
    try {
      const file = join(folder, 'additions.txt');
      mkdirSync(join(folder, 'dist'));
      for (const path of [file, join(folder, 'dist/app.js')]) writeFileSync(path, '');
      const env = { PATH: process.env['PATH'], DD_PIPELINE_FILE: file };
      const { status, stderr } = spawnSync(program, args, { cwd: folder, env, encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
      const { tags, measures, parameters, error, steps, unusable } = parseRuntimeFile(readFileSync(file, 'utf8'));
      expect(unusable).toEqual([]);
      expect([
        ...tags.map((tag) => `tag ${tag}`),
        ...measures.map((measure) => `measure ${measure}`),
        ...Object.entries(parameters).map(([key, value]) => `parameter ${key}:${value}`),
        ...(error.message ? [`error ${error.message}`] : []),
        ...steps.map(({ name }) => `step ${name}`),
      ]).toEqual(expected);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('troubleshooting', () => {
  const part = read('docs/troubleshooting.md');
  const quotes = [...new Set([...part.matchAll(/^> (.+)$/gm)].map(([, quote]) => quote ?? ''))];
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

  test('paths in the documents exist', () => {
    const named = DOCUMENTS.flatMap((document) => [
      ...read(document).matchAll(/`((?:src|viewer|scripts|__tests__|docs|\.ci)\/[\w./-]+)`/g),
    ]);
    expect(
      named.map(([, path]) => path ?? '').filter((path) => !existsSync(fileURLToPath(new URL(path, ROOT)))),
    ).toEqual([]);
  });

  test('every Datadog variable that src reads is named, and no other', () => {
    const names = (text: string): string[] => [...new Set(text.match(/\b(DD|DATADOG)_[A-Z]+(_[A-Z]+)*\b/g))].sort();
    expect(names(GUIDE)).toEqual(names(SOURCE_TEXT));
  });

  test('every site is named', () => {
    expect(SITE_NAMES.filter((site) => !read('docs/setup.md').includes(`\`${site}\``))).toEqual([]);
  });

  test('every tag of ours that the documents name is one of src', () => {
    const table = /\| tag of ours[\s\S]*?\n\n/.exec(read('docs/data.md'))?.[0] ?? '';
    const tags = [...table.matchAll(/^\| (`.+?`) \|/gm)].flatMap(([, cell]) =>
      (cell ?? '').replaceAll('`', '').split(', '),
    );
    expect(tags.length).toBeGreaterThan(10);
    expect(tags.filter((tag) => !new RegExp(`\\b${tag.replaceAll('.', '\\.')}\\b'?:`).test(SOURCE_TEXT))).toEqual([]);
  });
});

/** What a node says to users: the `what` of a problem, or the text of a notice. */
function toMessages(node: ts.Node): ts.Node[] {
  const isWhat = (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)) && node.name.getText() === 'what';
  if (isWhat && node.initializer) return [node.initializer];
  const isNotice =
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === 'notice';
  return isNotice ? [...node.arguments] : [];
}

function nodesOf(node: ts.Node): ts.Node[] {
  return [node, ...node.getChildren().flatMap(nodesOf)];
}

/** The texts of all string and template literals among the nodes, also of those that `+` joins. */
function literals(nodes: readonly ts.Node[]): string[] {
  return nodes.flatMap((node) => toText(node) ?? []);
}

/** With a gap for each substitution, and for what is joined to a literal and is none. */
function toText(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join(GAP);
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const [left, right] = [toText(node.left), toText(node.right)];
  return left === undefined && right === undefined ? undefined : `${left ?? GAP}${right ?? GAP}`;
}
