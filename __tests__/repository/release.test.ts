import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { isNewest, parseTag, problemsOf, sectionOf } from '../../scripts/release.js';

const ROOT = new URL('../../', import.meta.url);
const SCRIPT = fileURLToPath(new URL('scripts/release.js', ROOT));
const CHANGELOG =
  '# Changelog\n\n## Unreleased\n\n* Later\n\n## 1.2.0 - 2026-12-01\n\n* New\n\n### Upgrade\n\nDo it.\n\n## 1.1.0\n\n* Undated\n';

describe('a tag', () => {
  test('names a version and the tag that moves', () => {
    expect(parseTag('v12.0.3')).toEqual({ version: '12.0.3', floating: 'v12' });
  });

  test.each(['1.0.0', 'v1', 'v1.0', 'v1.0.0-rc.1', 'v01.0.0', 'v1.0.0 ', 'refs/tags/v1.0.0', ''])(
    'is refused: "%s"',
    (tag) => expect(() => parseTag(tag)).toThrow('it has to be vX.Y.Z'),
  );

  test.each([
    ['v1.2.0', ['v1.2.0'], true],
    ['v1.2.0', ['v1', 'v1.2.0', 'v1.1.9', 'v2.0.0', 'v10.0.0', 'v1.3.0-rc.1'], true],
    ['v1.2.0', ['v1.2.0', 'v1.10.0'], false],
    ['v1.2.9', ['v1.2.9', 'v1.2.10'], false],
  ])('%s among %j is the newest of its major: %s', (tag, tags, newest) => {
    expect(isNewest(tag, tags)).toBe(newest);
  });
});

describe('the section of a version', () => {
  test.each([
    ['1.2.0', '* New\n\n### Upgrade\n\nDo it.'],
    ['1.1.0', undefined],
    ['1.2', undefined],
    ['Unreleased', undefined],
    ['9.9.9', undefined],
  ])('%s', (version, text) => expect(sectionOf(CHANGELOG, version)).toBe(text));

  test('is none where it is empty', () => {
    expect(sectionOf('## 1.0.0 - 2026-12-01\n\n## 0.9.0 - 2026-11-01\n\n* Old\n', '1.0.0')).toBeUndefined();
  });
});

describe('a tree', () => {
  const TREE = {
    version: '1.2.0',
    locked: ['1.2.0', '1.2.0'],
    changelog: CHANGELOG,
    commit: 'a'.repeat(40),
    tagged: 'a'.repeat(40),
    isOnMain: true,
  };

  test.each([
    ['all is well', {}, []],
    ['another version', { version: '1.1.0' }, ['package.json and package-lock.json say 1.1.0: set 1.2.0 in both']],
    [
      'a lock left behind',
      { locked: ['1.2.0', '1.0.0'] },
      ['package.json and package-lock.json say 1.0.0: set 1.2.0 in both'],
    ],
    ['no section', { changelog: '' }, ['CHANGELOG.md has no section "## 1.2.0 - YYYY-MM-DD" with text: write it']],
    ['not on main', { isOnMain: false }, ['v1.2.0 is not on main: merge its commit, then tag that']],
    [
      'another commit',
      { tagged: 'b'.repeat(40) },
      [`v1.2.0 is commit ${'b'.repeat(40)}, and this is ${'a'.repeat(40)}: check out the tag`],
    ],
    [
      'no tag',
      { tagged: undefined },
      ['v1.2.0 is no tag here: make it with "git tag v1.2.0", and push it when all is well'],
    ],
  ])('%s', (_, change, problems) => expect(problemsOf('v1.2.0', { ...TREE, ...change })).toEqual(problems));
});

describe('the command, in a repository', () => {
  let folder: string;
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
    }).trim();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'release-'));
    writeFileSync(join(folder, 'package.json'), '{ "version": "1.2.0" }');
    writeFileSync(
      join(folder, 'package-lock.json'),
      '{ "version": "1.2.0", "packages": { "": { "version": "1.2.0" } } }',
    );
    writeFileSync(join(folder, 'CHANGELOG.md'), CHANGELOG);
    git('init', '--quiet', '--initial-branch=main');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Release 1.2.0');
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    git('tag', 'v1.2.0');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A `gh` that writes down how it is called, and knows the releases in `there`. */
  function command(
    name: string,
    tag: string,
    there: string[] = [],
  ): { status: number | null; said: string; calls: string[] } {
    const [calls, gh] = [join(folder, 'calls.txt'), join(folder, 'gh')];
    const known = there.map((one) => `"release view ${one}") exit 0;;`).join(' ');
    writeFileSync(calls, '');
    writeFileSync(
      gh,
      `#!/bin/sh\necho "$*" >> '${calls}'\ncase "$*" in ${known} "release view"*) exit 1;; "release create"*) cat > /dev/null;; esac\n`,
    );
    chmodSync(gh, 0o755);
    const env = { ...process.env, PATH: [folder, process.env['PATH']].join(delimiter) };
    const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, name, tag], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    return {
      status,
      said: (stdout + stderr).trim(),
      calls: readFileSync(calls, 'utf8').trim().split('\n').filter(Boolean),
    };
  }

  const create =
    'release create v1.2.0 datadog-pipeline-events-1.2.0.tar.gz --verify-tag --title v1.2.0 --notes-file -';

  test('says that a tag can be released', () => {
    expect(command('check', 'v1.2.0')).toEqual({
      status: 0,
      said: `v1.2.0: commit ${git('rev-parse', 'HEAD')} can be released`,
      calls: [],
    });
  });

  test('says that there is no such tag yet', () => {
    git('tag', '--delete', 'v1.2.0');
    expect(command('check', 'v1.2.0').said).toBe(
      'v1.2.0 is no tag here: make it with "git tag v1.2.0", and push it when all is well',
    );
  });

  test('takes a tag with a message for its commit', () => {
    git('tag', '--force', '--annotate', '--message', 'Signed or not', 'v1.2.0');
    expect(command('check', 'v1.2.0').status).toBe(0);
  });

  test('says all that is wrong at once, and asks nobody', () => {
    git('commit', '--quiet', '--allow-empty', '--message', 'Not on main');
    git('tag', 'v1.3.0');
    expect(command('publish', 'v1.3.0')).toEqual({
      status: 1,
      said: [
        'package.json and package-lock.json say 1.2.0: set 1.3.0 in both',
        'CHANGELOG.md has no section "## 1.3.0 - YYYY-MM-DD" with text: write it',
        'v1.3.0 is not on main: merge its commit, then tag that',
      ].join('\n'),
      calls: [],
    });
  });

  test('gives the changelog and the commit as notes', () => {
    expect(command('notes', 'v1.2.0').said).toBe(
      `* New\n\n### Upgrade\n\nDo it.\n\nBy its commit: \`datadog-pipeline-events@${git('rev-parse', 'HEAD')} # v1.2.0\``,
    );
  });

  test('packs what a job downloads', () => {
    expect(command('archive', 'v1.2.0').said).toBe('datadog-pipeline-events-1.2.0.tar.gz');
    const list = execFileSync('tar', ['-tzf', 'datadog-pipeline-events-1.2.0.tar.gz'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(list.split('\n')).toContain('datadog-pipeline-events-1.2.0/package.json');
  });

  test('makes the release, and the moving tag where there is none', () => {
    expect(command('publish', 'v1.2.0')).toEqual({
      status: 0,
      said: 'The release v1.2.0 is made.\nv1 is v1.2.0.',
      calls: [
        'release view v1.2.0',
        create,
        `api --method POST repos/{owner}/{repo}/git/refs -f ref=refs/tags/v1 -f sha=${git('rev-parse', 'HEAD')}`,
      ],
    });
  });

  test('moves the tag that is there, also when it is run again', () => {
    git('tag', 'v1');
    expect(command('publish', 'v1.2.0', ['v1.2.0'])).toEqual({
      status: 0,
      said: 'The release v1.2.0 is there.\nv1 is v1.2.0.',
      calls: [
        'release view v1.2.0',
        `api --method PATCH repos/{owner}/{repo}/git/refs/tags/v1 -f sha=${git('rev-parse', 'HEAD')} -F force=true`,
      ],
    });
  });

  test('leaves the moving tag at a later version', () => {
    git('tag', 'v1.10.0');
    const { said, calls } = command('publish', 'v1.2.0');
    expect([said, calls]).toEqual([
      'The release v1.2.0 is made.\nv1 stays: a later version of it is tagged.',
      ['release view v1.2.0', create],
    ]);
  });

  test('knows no other command', () => {
    expect(command('delete', 'v1.2.0')).toEqual({
      status: 1,
      said: 'Commands: check, notes, archive, publish',
      calls: [],
    });
  });
});

describe('release.yml', () => {
  interface Job {
    needs?: string[];
    permissions: Record<string, string>;
    steps: { uses?: string; run?: string; with?: Record<string, string> }[];
  }
  const { jobs, on } = parse(readFileSync(new URL('.github/workflows/release.yml', ROOT), 'utf8')) as {
    jobs: Record<string, Job>;
    on: unknown;
  };

  test('runs for tags of versions only', () => {
    expect(on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } });
  });

  test('writes in the job that installs nothing, after the gate, and nothing else', () => {
    expect(Object.entries(jobs).map(([name, { needs, permissions }]) => [name, needs, permissions])).toEqual([
      ['gate', undefined, { contents: 'read' }],
      ['release', ['gate'], { contents: 'write', 'id-token': 'write', attestations: 'write' }],
    ]);
    const scripts = jobs['release']!.steps.flatMap(({ run }) => run ?? []);
    expect(scripts.every((script) => script.startsWith('node scripts/release.js '))).toBe(true);
    expect(jobs['gate']!.steps.at(-1)!.run).toBe('bash .ci/run');
  });

  test('attests what it publishes', () => {
    const attested = jobs['release']!.steps.find(({ uses }) => uses?.includes('attest-build-provenance'));
    expect(attested?.with?.['subject-path']?.trim().split('\n')).toEqual([
      'datadog-pipeline-events-*.tar.gz',
      'dist/**/*.js',
    ]);
  });
});
