// `node e2e/facts.js`: what the runners that are found here hand to an action, as docs/develop/runner-facts.md tells it.
// @ts-check
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WAITS } from './play.js';
import { find, RUNNERS, start } from './runners.js';
import { createWorkspace } from './workspace.js';

/** @typedef {{ stage: string, label: string, saved?: string, terminal: boolean, env: Record<string, string> }} Fact */

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Variables that say something about the runner, in the order of the page. */
const VARIABLES = [
  ...['ACT', 'ACT_EXEC', 'GITEA_ACTIONS', 'FORGEJO_ACTIONS', 'ACTIONS_RUNTIME_TOKEN'],
  ...[
    'GITHUB_RUN_ID',
    'GITHUB_RUN_NUMBER',
    'GITHUB_RUN_ATTEMPT',
    'GITHUB_WORKFLOW',
    'GITHUB_WORKFLOW_REF',
    'GITHUB_EVENT_NAME',
  ],
  ...[
    'GITHUB_REPOSITORY',
    'GITHUB_SERVER_URL',
    'GITHUB_API_URL',
    'GITHUB_ACTION',
    'RUNNER_NAME',
    'RUNNER_OS',
    'RUNNER_ARCH',
    'RUNNER_TEMP',
  ],
];

/** Inputs that the probe's action.yml fills. */
const INPUTS = [
  'INPUT_STATUS',
  'INPUT_JOB-STATUS',
  'INPUT_MATRIX',
  'INPUT_CHECK-RUN-ID',
  'INPUT_WORKFLOW-REF',
  'INPUT_TOKEN',
];

const folder = await mkdtemp(join(tmpdir(), 'facts-'));
const workspace = await createWorkspace(ROOT, folder);

/**
 * @param {import('./runners.js').Found} found
 * @param {string} workflow
 * @param {Record<string, string>} env
 * @returns {Promise<Fact[]>}
 */
async function observe(found, workflow, env) {
  const home = await mkdtemp(join(folder, 'home-'));
  const facts = join(home, 'facts.jsonl');
  const { ended, interruptAfter } = start(found, {
    workflow: `e2e/workflows/${workflow}.yml`,
    workspace: workspace.path,
    event: workspace.event,
    folder: home,
    server: 'http://127.0.0.1:1',
    env: { E2E_FACTS: facts, ...env },
    secrets: {},
    vars: {},
    daemon: false,
    timeout: 60_000,
  });
  if (workflow === 'facts-cancelled') interruptAfter(WAITS);
  await ended;
  const lines = (await readFile(facts, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

/** @param {Fact[]} facts */
function print(facts) {
  for (const { stage, label, saved, env } of facts) {
    const inputs = INPUTS.map(
      (name) => `${name.slice(6).toLowerCase()}=${JSON.stringify(env[name]?.replace(/\s+/g, ''))}`,
    );
    const place = `action_path=${JSON.stringify(env['GITHUB_ACTION_PATH']?.replace(env['GITHUB_WORKSPACE'] ?? '', '.'))}`;
    console.log(`  ${stage} ${label}: ${[...inputs, place, `state=${saved}`].join(' ')}`);
  }
}

for (const runner of RUNNERS) {
  const found = find(runner);
  if (!found) continue;
  console.log(`\n${runner.name} ${found.version}`);
  const plain = await observe(found, 'facts', {});
  for (const name of VARIABLES) console.log(`  ${name}=${JSON.stringify(plain[0]?.env[name])}`);
  console.log(`  stdout is a terminal: ${plain[0]?.terminal}`);
  print(plain);
  const given = {
    GITHUB_RUN_ID: '777',
    GITHUB_RUN_NUMBER: '7',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_REPOSITORY: 'OWNER/repository',
  };
  const [first] = await observe(found, 'facts', {
    ...given,
    GITHUB_EVENT_NAME: 'schedule',
    GITHUB_SERVER_URL: 'https://git.example.com',
  });
  console.log('  with --env:');
  for (const name of [...Object.keys(given), 'GITHUB_EVENT_NAME', 'GITHUB_SERVER_URL'])
    console.log(`  ${name}=${JSON.stringify(first?.env[name])}`);
  console.log('  after an interrupt:');
  print((await observe(found, 'facts-cancelled', {})).filter(({ stage }) => stage === 'post'));
}
await rm(folder, { recursive: true, force: true });
