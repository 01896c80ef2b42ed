// `npm run e2e:release`: release.yml under act, in a repository of its own. What act can't have is replaced: the gate's script, gh, and the
// actions but checkout. All else is the workflow and scripts/release.js as they stand.
// @ts-check
import { deepEqual, equal } from 'node:assert/strict';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createGit } from './git.js';
import { find, RUNNERS, start } from './runners.js';

const ROOT = join(import.meta.dirname, '..');
const WORKFLOW = '.github/workflows/release.yml';

/**
 * A repository at the commit that is tagged, and beside it the programs and actions that only write down that they were called.
 * @param {string} folder
 */
async function createPlace(folder) {
  const [workspace, bin, calls] = [join(folder, 'workspace'), join(folder, 'bin'), join(folder, 'calls.txt')];
  for (const path of [WORKFLOW, 'scripts/release.js', 'package.json', 'package-lock.json', 'dist', 'action.yml'])
    await cp(join(ROOT, path), join(workspace, path), { recursive: true });
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  await writeFile(join(workspace, 'CHANGELOG.md'), `# Changelog\n\n## ${version} - 2026-12-01\n\n* Something\n`);
  await mkdir(join(workspace, '.ci'));
  await writeFile(join(workspace, '.ci/run'), 'echo gate >> "$CALLS"\n');
  await mkdir(bin);
  await writeFile(
    join(bin, 'gh'),
    '#!/bin/sh\necho "gh $*" >> "$CALLS"\ncase "$*" in "release view"*) exit 1;; "release create"*) cat > /dev/null;; esac\n',
  );
  await chmod(join(bin, 'gh'), 0o755);
  const git = createGit(workspace, folder);
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'Release');
  await git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  await git('tag', `v${version}`);
  return { workspace, bin, calls, git, version, repositories: await createStandIns(folder) };
}

/**
 * Folders in place of the actions that the workflow uses, but for checkout, which act has.
 * @param {string} folder
 */
async function createStandIns(folder) {
  const text = await readFile(join(ROOT, WORKFLOW), 'utf8');
  /** @type {Record<string, string>} */
  const folders = {};
  for (const [, used = '', name = ''] of text.matchAll(/uses: (actions\/([\w-]+)@\w+)/g)) {
    if (name === 'checkout') continue;
    folders[used] = join(folder, name);
    await mkdir(join(folder, name), { recursive: true });
    const inputs = 'inputs:\n  subject-path:\n    description: What is attested.\n';
    const says = `'shopt -s globstar; echo "${name}\${PATHS:+ $(ls $PATHS | wc -l)}" >> "$CALLS"'`;
    await writeFile(
      join(folder, name, 'action.yml'),
      `name: ${name}\ndescription: Stands in.\n${inputs}runs:\n  using: composite\n  steps:\n    - run: ${says}\n      shell: bash\n      env: { PATHS: '\${{ inputs.subject-path }}' }\n`,
    );
  }
  return folders;
}

/**
 * @param {import('./runners.js').Found} found
 * @param {Awaited<ReturnType<typeof createPlace>>} place
 * @param {string} folder
 */
async function release(found, { workspace, bin, calls, version, repositories }, folder) {
  await writeFile(calls, '');
  const event = join(folder, 'event.json');
  await writeFile(event, JSON.stringify({ ref: `refs/tags/v${version}` }));
  const { ended } = start(found, {
    workflow: WORKFLOW,
    workspace,
    folder,
    server: 'http://127.0.0.1:9',
    event,
    env: { CALLS: calls, PATH: [bin, process.env['PATH']].join(delimiter) },
    secrets: { GITHUB_TOKEN: 'not-a-real-token' },
    vars: {},
    repositories,
    timeout: 120_000,
  });
  const { code, log } = await ended;
  return { code, log, said: (await readFile(calls, 'utf8')).trim().split('\n').filter(Boolean) };
}

const found = RUNNERS.filter(({ name }) => name === 'act').flatMap((runner) => find(runner) ?? [])[0];
if (!found) throw new Error('act is not found here: e2e/install.sh installs it');
const folder = await mkdtemp(join(tmpdir(), 'e2e-release-'));
try {
  const place = await createPlace(folder);
  const { git, version } = place;
  const good = await release(found, place, folder);
  equal(good.code, 0, good.log);
  const archive = `datadog-pipeline-events-${version}.tar.gz`;
  const bundles = (await git('ls-files', 'dist')).split('\n').filter((path) => path.endsWith('.js')).length;
  deepEqual(good.said, [
    'setup-node',
    'setup-go',
    'gate',
    `attest-build-provenance ${bundles + 1}`,
    `gh release view v${version}`,
    `gh release create v${version} ${archive} --verify-tag --title v${version} --notes-file -`,
    `gh api --method POST repos/{owner}/{repo}/git/refs -f ref=refs/tags/v1 -f sha=${await git('rev-parse', 'HEAD')}`,
  ]);
  console.log(`ok  v${version} on main is checked, attested and released, and v1 is made`);

  await git('checkout', '--quiet', '-b', 'aside');
  await git('commit', '--quiet', '--allow-empty', '--message', 'Not on main');
  await git('tag', '--force', `v${version}`);
  const bad = await release(found, place, folder);
  equal(bad.code === 0, false, 'a tag that is not on main is released');
  deepEqual(bad.said, ['setup-node', 'setup-go'], 'what a tag that is not on main sets off');
  console.log('ok  a tag that is not on main ends before the gate');
} finally {
  await rm(folder, { recursive: true, force: true });
}
