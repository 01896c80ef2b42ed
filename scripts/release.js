// `node scripts/release.js check|notes|archive|publish vX.Y.Z`: a release, apart from the gate and the attestation (docs/develop/releasing.md).
// With nothing but Node, git and gh, which GitHub's machines have.
// @ts-check
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a tag is compared with. */
/** @typedef {{ version: string, locked: string[], changelog: string, commit: string, tagged: string | undefined, isOnMain: boolean }} Tree */

const NAME = 'datadog-pipeline-events';

/**
 * The version and the moving tag of a release's tag.
 * @param {string} tag
 */
export function parseTag(tag) {
  const [, major] = /^v(0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)$/.exec(tag) ?? [];
  if (major === undefined) throw new Error(`${tag} is no tag of a release: it has to be vX.Y.Z`);
  return { version: tag.slice(1), floating: `v${major}` };
}

/**
 * What the changelog says of a version, below its dated heading; undefined where there is none or it is empty.
 * @param {string} changelog
 * @param {string} version
 */
export function sectionOf(changelog, version) {
  const [, ...sections] = `\n${changelog}`.split(/\n## /);
  const own = sections.find((section) => section.split(/[\s\n]/, 1)[0] === version);
  const [, text] = /^\S+ - \d{4}-\d\d-\d\d\n([\s\S]*)$/.exec(own ?? '') ?? [];
  return text?.trim() || undefined;
}

/**
 * Why this tree is not to be released under that tag; each with what to do.
 * @param {string} tag
 * @param {Tree} tree
 */
export function problemsOf(tag, { version, locked, changelog, commit, tagged, isOnMain }) {
  const { version: wanted } = parseTag(tag);
  const others = [...new Set([version, ...locked])].filter((one) => one !== wanted);
  return [
    ...(others.length > 0
      ? [`package.json and package-lock.json say ${others.join(' and ')}: set ${wanted} in both`]
      : []),
    ...(sectionOf(changelog, wanted) === undefined
      ? [`CHANGELOG.md has no section "## ${wanted} - YYYY-MM-DD" with text: write it`]
      : []),
    ...(tagged === undefined
      ? [`${tag} is no tag here: make it with "git tag ${tag}", and push it when all is well`]
      : []),
    ...(tagged === undefined || tagged === commit
      ? []
      : [`${tag} is commit ${tagged}, and this is ${commit}: check out the tag`]),
    ...(isOnMain ? [] : [`${tag} is not on main: merge its commit, then tag that`]),
  ];
}

/**
 * Whether no later version of the same major is tagged: a mended older version doesn't move the tag back.
 * @param {string} tag
 * @param {readonly string[]} tags
 */
export function isNewest(tag, tags) {
  const { floating } = parseTag(tag);
  const rivals = tags.filter((one) => one.startsWith(`${floating}.`) && /^v\d+\.\d+\.\d+$/.test(one));
  return rivals.every((one) => compare(one, tag) <= 0);
}

/**
 * @param {string} one
 * @param {string} other
 */
function compare(one, other) {
  const [left = [], right = []] = [one, other].map((tag) => tag.slice(1).split('.').map(Number));
  const place = left.findIndex((number, index) => number !== right[index]);
  return place < 0 ? 0 : (left[place] ?? 0) - (right[place] ?? 0);
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {string} [input]
 */
const run = (program, args, input) => execFileSync(program, args, { encoding: 'utf8', input }).trim();

/**
 * @param {string} program
 * @param {string[]} args
 */
function succeeds(program, args) {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** @param {string} tag */
function readTree(tag) {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  return {
    version: JSON.parse(readFileSync('package.json', 'utf8')).version,
    locked: [lock.version, lock.packages[''].version],
    changelog: readFileSync('CHANGELOG.md', 'utf8'),
    commit: run('git', ['rev-parse', 'HEAD']),
    tagged:
      run('git', ['for-each-ref', '--format=%(objectname) %(*objectname)', `refs/tags/${tag}`])
        .split(' ')
        .at(-1) || undefined,
    isOnMain: succeeds('git', ['merge-base', '--is-ancestor', 'HEAD', 'origin/main']),
  };
}

/** @param {string} tag */
function check(tag) {
  const tree = readTree(tag);
  const problems = problemsOf(tag, tree);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return tree;
}

/** @param {string} tag */
const toArchive = (tag) => `${NAME}-${parseTag(tag).version}.tar.gz`;

/** @param {string} tag */
function notes(tag) {
  const { changelog, commit } = check(tag);
  return `${sectionOf(changelog, parseTag(tag).version)}\n\nBy its commit: \`${NAME}@${commit} # ${tag}\`\n`;
}

/** @param {string} tag */
function archive(tag) {
  const { version } = parseTag(tag);
  run('git', ['archive', '--format=tar.gz', `--prefix=${NAME}-${version}/`, `--output=${toArchive(tag)}`, 'HEAD']);
  return toArchive(tag);
}

/**
 * Makes the release, unless it is there, and moves the tag of its major version.
 * @param {string} tag
 */
function publish(tag) {
  const { commit } = check(tag);
  const { floating } = parseTag(tag);
  const said = [];
  if (succeeds('gh', ['release', 'view', tag])) said.push(`The release ${tag} is there.`);
  else {
    run(
      'gh',
      ['release', 'create', tag, toArchive(tag), '--verify-tag', '--title', tag, '--notes-file', '-'],
      notes(tag),
    );
    said.push(`The release ${tag} is made.`);
  }
  const tags = run('git', ['tag', '--list']).split('\n');
  if (!isNewest(tag, tags)) return [...said, `${floating} stays: a later version of it is tagged.`].join('\n');
  const refs = 'repos/{owner}/{repo}/git/refs';
  if (tags.includes(floating))
    run('gh', ['api', '--method', 'PATCH', `${refs}/tags/${floating}`, '-f', `sha=${commit}`, '-F', 'force=true']);
  else run('gh', ['api', '--method', 'POST', refs, '-f', `ref=refs/tags/${floating}`, '-f', `sha=${commit}`]);
  return [...said, `${floating} is ${tag}.`].join('\n');
}

/** @type {Record<string, (tag: string) => string>} */
const COMMANDS = { check: (tag) => `${tag}: commit ${check(tag).commit} can be released`, notes, archive, publish };

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [command = '', tag = ''] = process.argv.slice(2);
  try {
    if (!Object.hasOwn(COMMANDS, command)) throw new Error(`Commands: ${Object.keys(COMMANDS).join(', ')}`);
    console.log(COMMANDS[command]?.(tag));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
