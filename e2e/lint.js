// `npm run lint:workflows`: actionlint, as install.sh installs it, over the repository's own workflows, over those of `examples/`, and
// over the pieces of workflows in the documents. Those of this folder are left out, because people's workflows may be wrong and so are
// some of these.
// @ts-check
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { COMPOSITE, FOLDERS } from './examples.js';
import { BIN } from './runners.js';
import { toWorkflows } from './snippets.js';

const root = join(import.meta.dirname, '..');

/**
 * A repository whose workflows are the examples and the pieces, because actionlint looks for a repository around a workflow.
 * @param {string} path
 */
function createRepository(path) {
  mkdirSync(join(path, '.git'));
  mkdirSync(join(path, '.github/workflows'), { recursive: true });
  cpSync(join(root, '.github/actionlint.yaml'), join(path, '.github/actionlint.yaml'));
  const examples = Object.entries(FOLDERS).flatMap(([server, folder]) =>
    namesIn(join('examples', server))
      .filter((name) => name !== COMPOSITE)
      .map((name) => ({ name: join(folder, name), text: read(join('examples', server, name)) })),
  );
  const pieces = DOCUMENTS.flatMap((document) =>
    toWorkflows(read(document)).map((text, index) => ({
      // What is used by its address is used on another server than GitHub.
      name: join(
        text.includes('uses: https:') ? FOLDERS.gitea : FOLDERS.github,
        `${document.replaceAll('/', '-')}-${index + 1}.yml`,
      ),
      text,
    })),
  );
  const files = [...examples, ...pieces];
  for (const { name, text } of files) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return files.map(({ name }) => name);
}

/** @param {string} folder */
const namesIn = (folder) => readdirSync(join(root, folder));

/** @param {string} path */
const read = (path) => readFileSync(join(root, path), 'utf8');

/**
 * @param {string} cwd
 * @param {string[]} files
 */
function lint(cwd, files) {
  const { status, error } = spawnSync(join(BIN, 'actionlint'), files, { cwd, stdio: 'inherit' });
  if (error) console.log(`actionlint can't be started (${error.message}): e2e/install.sh installs it`);
  else if (status === 0) console.log(`${files.length} workflows, ${files[0]} and so on: nothing to object to`);
  return status === 0;
}

const DOCUMENTS = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

const own = Object.values(FOLDERS).flatMap((folder) => namesIn(folder).map((name) => join(folder, name)));
const repository = mkdtempSync(join(tmpdir(), 'lint-'));
try {
  const results = [lint(root, own), lint(repository, createRepository(repository))];
  process.exitCode = results.every(Boolean) ? 0 : 1;
} finally {
  rmSync(repository, { recursive: true });
}
