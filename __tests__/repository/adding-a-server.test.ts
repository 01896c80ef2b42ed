import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { PlatformKind } from '../../src/server/platforms/platform.js';
import { PLATFORMS } from '../../src/server/platforms/detect.js';
import { TOKEN } from '../support/builders.js';
import { readFixture } from '../support/fixtures.js';
import { kiln } from '../support/kiln.js';
import { startFakeJob, type Variables } from '../support/runner.js';

const { env, api, expect: wanted } = readFixture('kiln', 'push');
const TOKEN_OF_JOB = 'kiln-job-token-0123456789';
const PATHS = Object.keys(api!);

/** A job of the made-up server, from its start to its end. No variable of GitHub's is set. */
async function play(platforms: readonly PlatformKind[], inputs: Variables = {}) {
  const job = startFakeJob({
    env: {
      ...env,
      RUNNER_TEMP: undefined,
      GITHUB_STEP_SUMMARY: undefined,
      KILN_TEMP: '/kiln',
      KILN_SUMMARY: '/temp/summary.md',
      KILN_JOB_TOKEN: TOKEN_OF_JOB,
    },
    api: Object.fromEntries(Object.entries(api!).map(([path, body]) => [path, { status: 200, body }])),
    platforms,
  });
  const step = job.step({ token: TOKEN, ...inputs });
  await step.main();
  job.clock.pass(60_000);
  await step.post({ 'job-status': 'success' });
  return { job, resources: job.accepted.map(({ attributes }) => attributes.resource) };
}

test('a server that is added as one file in the list is reported as itself', async () => {
  const { job, resources } = await play([kiln, ...PLATFORMS]);
  const [running, runningJob, final, finalJob] = resources;

  expect(resources.map(({ level, status }) => `${level} ${status}`)).toEqual([
    'pipeline running',
    'job running',
    'pipeline success',
    'job success',
    'step error',
    'step success',
  ]);
  for (const { attributes } of job.accepted)
    expect(attributes).toMatchObject({ service: wanted.service, provider_name: wanted.provider_name });
  const { name, pipeline_id, url, git, previous_attempt, partial_retry, tags } = running!;
  expect({ name, pipeline_id, url, git, previous_attempt_url: previous_attempt?.url }).toEqual({
    name: wanted.name,
    pipeline_id: wanted.pipeline_id,
    url: wanted.url,
    git: wanted.git,
    previous_attempt_url: wanted.previous_attempt_url,
  });
  // Its jobs were read over its own path, and none was carried over.
  expect(partial_retry).toBe(false);
  expect(tags).toEqual(expect.arrayContaining(['event:push', 'actor:alice', 'run_attempt:2', 'runner_os:Linux']));
  for (const one of [runningJob, finalJob])
    expect(one).toMatchObject({
      name: 'build',
      url: 'https://kiln.example.com/acme/shop/-/jobs/77',
      node: { name: 'agent-3' },
    });
  expect([final!.unique_id, finalJob!.id]).toEqual([running!.unique_id, runningJob!.id]);
});

test('its API is read over its own paths only, and below its own address', async () => {
  const { job } = await play([kiln, ...PLATFORMS]);
  expect([...new Set(job.reads)].sort()).toEqual([...PATHS].sort());
  expect(new Set(job.bases)).toEqual(new Set(['https://kiln.example.com/rest']));
});

test('its runner is given a summary, its temporary folder is used, and its own token is masked', async () => {
  const { job } = await play([kiln, ...PLATFORMS]);
  expect(job.summary()).toContain('Datadog');
  expect(job.exported['DD_PIPELINE_FILE']).toMatch(/^\/kiln\//);
  expect(job.masked).toContain(TOKEN_OF_JOB);
});

test('without its line in the list there is no run', async () => {
  const { job, resources } = await play(PLATFORMS);
  expect(resources).toEqual([]);
  expect(job.said('warning').join('\n')).toContain('GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_JOB');
});

describe('docs/develop/adding-a-server.md', () => {
  const ROOT = new URL('../../', import.meta.url);
  const text = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
  const page = text('docs/develop/adding-a-server.md');
  const block = (language: string): string =>
    new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(page)![1]!;

  test('shows the file that is played here', () => {
    const file = text('__tests__/support/kiln.ts')
      .replaceAll("'../../src/server/platforms/", "'./")
      .replaceAll("'../../src/server/", "'../")
      .replaceAll("'../../src/", "'../../");
    expect(block('ts')).toBe(file);
  });

  test('shows a change of the list as it is', () => {
    const before = block('diff')
      .split('\n')
      .filter((line) => /^[- ]./.test(line));
    const list = text('src/server/platforms/detect.ts').split('\n');
    expect(before.map((line) => line.slice(1)).filter((line) => !list.includes(line))).toEqual([]);
  });

  test('names every variable of a runner that src reads, and no other', () => {
    const sources = readdirSync(new URL('src/', ROOT), { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.ts') && !path.startsWith('server/platforms/'));
    const read = sources.flatMap((path) => text(`src/${path}`).match(/'(GITHUB|RUNNER|ACTIONS)_[A-Z_]+'/g) ?? []);
    const named = page
      .match(/^ {2}\| `.+? \|/gm)!
      .join('')
      .match(/`[A-Z_]+`/g)!;
    expect([...named].sort()).toEqual([...new Set(read)].map((name) => name.replaceAll("'", '`')).sort());
  });
});
