import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { startIntake } from '../../viewer/intake/intake.js';
import { startJob } from '../../viewer/runner/runner.js';
import { toArchived } from '../support/archive.js';
import { fixtures } from '../support/fixtures.js';
import { aRun, KEY, REPO, RUN, TOKEN } from '../support/observe.js';
import { startApi } from '../support/api.js';
import { faultsAt } from '../support/process-checks.js';
import { NODE } from '../support/process.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { env, event } = fixtures().find(({ platform, name }) => platform === 'github' && name === 'push')!;
const folder = mkdtempSync(join(tmpdir(), 'archive-'));

beforeAll(() => toArchived().forEach((path) => cpSync(join(ROOT, path), join(folder, path))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The bundle that an action file names, as its folder in dist/. */
function named(action: string, phase: 'main' | 'post'): string {
  const { runs } = parse(readFileSync(join(folder, action, 'action.yml'), 'utf8')) as { runs: Record<string, string> };
  const [, entry = ''] = /\/([^/]+)\/index\.js$/.exec(join(folder, action, runs[phase]!)) ?? [];
  expect(join(folder, action, runs[phase]!)).toBe(join(folder, 'dist', entry, 'index.js'));
  return entry;
}

test('what a job downloads runs without the rest of the repository: main, update, post and observe', async () => {
  const intake = await startIntake({ key: KEY });
  const api = await startApi({ [`GET ${REPO}/actions/runs/${RUN}`]: aRun() });
  const job = await startJob({ env: { ...env, GITHUB_API_URL: api.url }, event, node: NODE });
  const dist = join(folder, 'dist');
  const inputs = { 'api-key': KEY, 'intake-url': intake.url };
  const own = job.step({
    dist,
    main: named('.', 'main'),
    post: named('.', 'post'),
    inputs: { ...inputs, 'job-status': 'success', matrix: 'null', token: '' },
  });
  const stages = [
    await own.main(),
    await job.step({ dist, main: named('update', 'main'), inputs: { ...inputs, tags: 'phase:deploy' } }).main(),
    await own.post(),
    await job
      .step({ dist, main: named('observe', 'main'), inputs: { ...inputs, token: TOKEN, 'run-id': `${RUN}` } })
      .main(),
  ];
  await Promise.all([job.end(), intake.close(), api.close()]);
  expect(stages.map(({ code, stderr }) => [code, stderr])).toEqual(stages.map(() => [0, '']));
  expect(faultsAt(intake, [KEY, TOKEN])).toEqual([]);
  expect(intake.requests.map(({ elements }) => elements.map(({ attributes }) => attributes.resource.status))).toEqual([
    ['running', 'running'],
    ['running', 'running'],
    ['success', 'success'],
    ['success'],
  ]);
});
