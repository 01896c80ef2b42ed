import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { isMap, isScalar, parse, parseDocument } from 'yaml';
import { toWorkflows } from '../../e2e/snippets.js';
import { readAction } from '../../scripts/readme.js';

interface Step {
  uses?: string;
  with?: Record<string, unknown>;
  run?: string;
}

interface Job {
  if?: string;
  needs?: string[];
  uses?: string;
  steps?: Step[];
}

interface Example {
  jobs?: Record<string, Job>;
  runs?: { steps: Step[] };
}

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

/** What an action is looked up at, and what stands in every workflow there. */
const SERVERS = [
  { server: 'github', host: '', heedsPermissions: true, status: undefined },
  { server: 'gitea', host: 'https://github.com/', heedsPermissions: true, status: '${{ job.status }}' },
  { server: 'forgejo', host: 'https://github.com/', heedsPermissions: false, status: undefined },
];

const INPUTS = {
  '': Object.keys(readAction().inputs),
  '/update': Object.keys(readAction('update/action.yml').inputs),
  '/observe': Object.keys(readAction('observe/action.yml').inputs),
};

const CHECKOUT = /actions\/checkout@[0-9a-f]{40} # v[\d.]+/.exec(read('.github/workflows/ci.yml'))![0];

test('every server has the same examples', () => {
  const [first, ...others] = SERVERS.map(({ server }) => readdirSync(new URL(`examples/${server}/`, ROOT)).sort());
  expect(first!.length).toBeGreaterThan(7);
  expect(others).toEqual([first, first]);
});

describe.each(
  SERVERS.flatMap((rules) =>
    readdirSync(new URL(`examples/${rules.server}/`, ROOT)).map((name) => ({
      ...rules,
      path: `examples/${rules.server}/${name}`,
      text: read(`examples/${rules.server}/${name}`),
    })),
  ),
)('$path', ({ path, server, host, heedsPermissions, status, text }) => {
  const isAction = path.endsWith('-action.yml');
  const workflow = parse(text, { strict: true }) as Example;
  const jobs = Object.entries(workflow.jobs ?? {});
  const steps = workflow.runs?.steps ?? jobs.flatMap(([, job]) => job.steps ?? []);
  const ours = steps.filter(({ uses }) => uses?.includes('datadog-pipeline-events'));

  test('uses this action at its address, with inputs that exist', () => {
    const wrong = ours.flatMap(({ uses, with: inputs = {} }) => {
      const face = uses!.slice(`${host}OWNER/datadog-pipeline-events`.length, -'@v1'.length) as keyof typeof INPUTS;
      const isUsed = uses === `${host}OWNER/datadog-pipeline-events${face}@v1` && Object.hasOwn(INPUTS, face);
      return isUsed ? Object.keys(inputs).filter((name) => !INPUTS[face].includes(name)) : [uses];
    });
    expect(wrong).toEqual([]);
  });

  test('pins what others have made, leaves no token behind, and puts no expression into a script', () => {
    const checkouts = steps.filter(({ uses }) => uses?.includes('/checkout@'));
    expect(text.split(`uses: ${host}${CHECKOUT}`).length - 1).toBe(checkouts.length);
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
    const foreign = steps.filter((step) => step.uses && !ours.includes(step) && !checkouts.includes(step));
    expect(foreign.filter(({ uses }) => !uses!.endsWith('acme/datadog@v1'))).toEqual([]);
    expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
  });

  test('says where it stands, and why it may what it may', () => {
    if (isAction) return expect(text).toContain("organisation's own repository");
    expect(text).toContain(`.${server}/workflows/`);
    const permissions = parseDocument(text).get('permissions');
    if (!heedsPermissions) return expect(permissions).toBeUndefined();
    if (!isMap(permissions)) throw new Error('no permissions');
    const bare = permissions.items
      .filter(({ value }) => !(isScalar(value) && value.comment))
      .map(({ key }) => String(key));
    expect(bare).toEqual([]);
  });

  test('writes the status where the server needs it', () => {
    const direct = ours.filter(({ uses }) => uses?.endsWith('datadog-pipeline-events@v1'));
    expect(isAction ? [] : direct.map((step) => step.with?.['status'])).toEqual(
      isAction ? [] : direct.map(() => status),
    );
  });

  test('has one closing job where jobs report themselves', () => {
    const isPart = ({ uses, steps: own = [] }: Job): boolean =>
      uses !== undefined || own.some((step) => step.with?.['level'] === 'job');
    const parts = jobs.filter(([, job]) => isPart(job)).map(([name]) => name);
    const closers = jobs
      .filter(([, job]) => !isPart(job))
      .map(([, { if: condition, needs }]) => ({ condition, needs }));
    const isCalled = text.includes('workflow_call:');
    if (parts.length > 0 && !isCalled) expect(closers).toEqual([{ condition: 'always()', needs: parts }]);
    else expect(closers.filter(({ condition }) => condition)).toEqual([]);
  });
});

describe('pieces of workflows in a document', () => {
  const piece = (text: string): string[] => toWorkflows(`Words.\n\n\`\`\`yaml\n${text}\n\`\`\`\n`);

  test.each([
    ['steps', '- run: make', ['on', 'jobs']],
    ['jobs', 'jobs:\n  build: { runs-on: a, steps: [{ run: make }] }', ['on', 'jobs']],
    ['permissions', 'permissions:\n  contents: read', ['on', 'permissions', 'jobs']],
    ['a workflow', 'on: push\njobs: {}', ['on', 'jobs']],
  ])('become workflows: %s', (_, text, keys) => {
    const workflows = piece(text).map((workflow) => parse(workflow) as Record<string, unknown>);
    expect(workflows.map((workflow) => Object.keys(workflow).sort())).toEqual([keys.sort()]);
  });

  test('get the inputs that they take', () => {
    const [workflow] = piece("- run: 'true'\n  env: { PARENT: '${{ inputs.parent }}' }");
    expect(parse(workflow!)).toMatchObject({ on: { workflow_dispatch: { inputs: { parent: {} } } } });
  });

  test('are none in a composite action', () => expect(piece('runs:\n  using: composite')).toEqual([]));
});
