import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { isMap, isScalar, parse, parseDocument, visit, type Pair } from 'yaml';

interface Workflow {
  permissions?: unknown;
  jobs: Record<string, Job>;
}

interface Job {
  if?: string;
  needs?: string[];
  permissions?: unknown;
  'timeout-minutes'?: number;
  steps?: { uses?: string; with?: Record<string, unknown> }[];
}

const ROOT = new URL('../../', import.meta.url);

/** Where each server looks for workflows, and whether it heeds `permissions`. */
const FOLDERS = [
  { folder: '.github/workflows/', heeds: true },
  { folder: '.gitea/workflows/', heeds: true },
  { folder: '.forgejo/workflows/', heeds: false },
];

const FILES = FOLDERS.flatMap(({ folder, heeds }) =>
  readdirSync(new URL(folder, ROOT)).map((name) => ({
    path: folder + name,
    heeds,
    text: readFileSync(new URL(folder + name, ROOT), 'utf8'),
  })),
);

test('each server has workflows', () => {
  expect(FOLDERS.filter(({ folder }) => !FILES.some(({ path }) => path.startsWith(folder)))).toEqual([]);
});

/** What release.yml may write; release.test.ts holds which job may. */
const WRITES = ['contents: write', 'id-token: write', 'attestations: write'];

describe.each(FILES)('$path', ({ path, text, heeds }) => {
  test('pins what it uses, says why it may what it may, and puts no expression into a script', () => {
    const allowed = path.endsWith('/release.yml') ? WRITES.map((permission) => `more than to read: ${permission}`) : [];
    expect(faultsOf(text, heeds)).toEqual(allowed);
  });
});

describe.each(FILES.filter(({ path }) => path.endsWith('/ci.yml')))('$path', ({ text }) => {
  test('reports each job right after its checkout, and closes the pipeline when all others have ended', () => {
    const jobs = Object.entries((parse(text) as Workflow).jobs);
    const uses = jobs.map(([name, { steps }]) => [
      name,
      steps?.[0]?.uses?.replace(/@.*/, '').replace(/^.*github\.com\//, ''),
      steps?.[1]?.uses,
    ]);
    expect(uses).toEqual(jobs.map(([name]) => [name, 'actions/checkout', './']));

    const others = jobs.filter(([, { steps }]) => steps?.[1]?.with?.['level'] === 'job').map(([name]) => name);
    const closers = jobs
      .filter(([name]) => !others.includes(name))
      .map(([, { if: condition, needs }]) => ({ condition, needs }));
    expect(closers).toEqual([{ condition: 'always()', needs: others }]);
  });
});

test('all of them use the same commit of an action', () => {
  const pins = new Set(FILES.flatMap(({ text }) => text.match(/(?<=uses: .*)\b[\w-]+\/[\w-]+@.*/g) ?? []));
  const actions = [...pins].map((pin) => pin.replace(/@.*/, ''));
  expect(actions).toEqual([...new Set(actions)]);
});

describe('a fault is found', () => {
  const COMMIT = '0123456789abcdef0123456789abcdef01234567';

  test.each([
    ['a tag', 'uses: actions/setup-node@v7', 'not a commit: actions/setup-node@v7'],
    [
      'a tag at an address',
      'uses: https://github.com/actions/setup-node@v7',
      'not a commit: https://github.com/actions/setup-node@v7',
    ],
    ['a short commit', 'uses: actions/setup-node@0123456', 'not a commit: actions/setup-node@0123456'],
    ['an image', 'uses: docker://alpine:3', 'not a commit: docker://alpine:3'],
    ['no version', `uses: actions/setup-node@${COMMIT}`, `no version: actions/setup-node@${COMMIT}`],
    ['half a version', `uses: actions/setup-node@${COMMIT} # v7`, `no version: actions/setup-node@${COMMIT}`],
    ['a token left behind', `uses: actions/checkout@${COMMIT} # v7.0.1`, 'leaves the token in the work tree: build'],
    ['an expression', 'run: echo ${{ github.ref }}', 'an expression in a script: echo ${{ github.ref }}'],
  ])('in a step: %s', (_, step, fault) => {
    expect(faultsOf(workflow({ step }), true)).toEqual([fault]);
  });

  test.each([
    ['no reason', 'contents: read', 'no reason: contents: read'],
    ['to write', 'contents: write # why', 'more than to read: contents: write'],
  ])('in the permissions: %s', (_, permission, fault) => {
    expect(faultsOf(workflow({ permission }), true)).toEqual([fault]);
  });

  test('in a job: no permissions of its own, no timeout', () => {
    expect(faultsOf('permissions: write-all\njobs:\n  build:\n    steps: []\n', true)).toEqual([
      'all permissions: write-all',
      'permissions for all jobs',
      'no permissions: build',
      'no timeout-minutes: build',
    ]);
  });

  test('and none where there is none', () => {
    expect(faultsOf(workflow({}), true)).toEqual([]);
    expect(faultsOf('jobs:\n  build:\n    timeout-minutes: 1\n', false)).toEqual([]);
  });

  function workflow({ step = 'run: npm cit', permission = 'contents: read # the checkout' }): string {
    return `permissions: {}
jobs:
  build:
    timeout-minutes: 1
    permissions:
      ${permission}
    steps:
      - uses: actions/checkout@${COMMIT} # v7.0.1
        with:
          persist-credentials: false
      - uses: ./
      - ${step}
`;
  }
});

/** What is wrong with a workflow, each with the value or the job at fault. */
function faultsOf(text: string, heedsPermissions: boolean): string[] {
  const document = parseDocument(text);
  const faults = document.errors.map(({ message }) => message);
  visit(document, { Pair: (_, pair) => void faults.push(...(RULES[textOf(pair.key)]?.(pair.value) ?? [])) });
  const { permissions, jobs } = document.toJS() as Workflow;
  if (heedsPermissions && JSON.stringify(permissions) !== '{}') faults.push('permissions for all jobs');
  for (const [name, job] of Object.entries(jobs)) {
    if (heedsPermissions && !job.permissions) faults.push(`no permissions: ${name}`);
    if (!job['timeout-minutes']) faults.push(`no timeout-minutes: ${name}`);
    const checkouts = (job.steps ?? []).filter(({ uses }) => uses?.includes('/checkout@'));
    if (checkouts.some((step) => step.with?.['persist-credentials'] !== false))
      faults.push(`leaves the token in the work tree: ${name}`);
  }
  return faults;
}

/** By the key that they are for, wherever it stands. */
const RULES: Record<string, (value: Pair['value']) => string[]> = {
  uses(value) {
    const action = textOf(value);
    if (action.startsWith('./')) return [];
    if (!/^(https:\/\/github\.com\/)?[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action)) return [`not a commit: ${action}`];
    return /^ v\d+\.\d+\.\d+$/.test(commentOf(value)) ? [] : [`no version: ${action}`];
  },
  run: (value) => (textOf(value).includes('${{') ? [`an expression in a script: ${textOf(value)}`] : []),
  permissions(value) {
    if (!isMap(value)) return [`all permissions: ${textOf(value)}`];
    return value.items.flatMap((item) => {
      const permission = `${textOf(item.key)}: ${textOf(item.value)}`;
      const faults = textOf(item.value) === 'read' ? [] : [`more than to read: ${permission}`];
      return commentOf(item.value) ? faults : [...faults, `no reason: ${permission}`];
    });
  },
};

function textOf(value: unknown): string {
  return isScalar(value) ? String(value.value) : '';
}

function commentOf(value: unknown): string {
  return isScalar(value) ? (value.comment ?? '') : '';
}
