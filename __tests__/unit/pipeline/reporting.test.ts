import type { Runner } from '../../../src/runner/runner.js';
import { expect, test } from '@jest/globals';
import type { FileJob } from '../../../src/server/workflow-file.js';
import type { Env } from '../../../src/runner/runner.js';
import type { Platform } from '../../../src/server/platforms/platform.js';
import { bindServer } from '../../../src/server/server.js';
import type { PostSession } from '../../../src/pipeline/post-session.js';
import { readReporting } from '../../../src/pipeline/reporting.js';
import { anApiJob, anApiStep, aRunRef, platformOf } from '../../support/builders.js';

const GITEA = platformOf({ GITEA_ACTIONS: 'true' });
const fileJob = (key: string, uses?: string): FileJob => ({ key, needs: [], hasMatrix: false, steps: [{}, { uses }] });
const needed = (key: string, step?: string) => ({
  key,
  isShared: false,
  listed: anApiJob({ name: key, steps: step === undefined ? [] : [anApiStep({ name: step })] }),
});
const sessionOf = (platform: Platform, env: Env = {}) => ({
  runner: { env } as Runner,
  server: bindServer({ read: () => Promise.resolve(undefined) }, platform, aRunRef()),
});
const OWN = 'https://git.example.com/acme/datadog-pipeline-events@v1';

test.each<[string, ReturnType<typeof needed>[], FileJob[] | undefined, Env, string[]]>([
  ['shown by the listed steps', [needed('build', `Run ${OWN}`)], undefined, {}, ['build']],
  [
    "shown by the workflow's file",
    [needed('build'), needed('test (20)')],
    [fileJob('build', OWN), fileJob('test', OWN)],
    {},
    ['build', 'test (20)'],
  ],
  [
    'in a composite action, which hides the matrix',
    [needed('build', 'Run acme/ours@v1')],
    [fileJob('build', 'acme/ours@v1')],
    {},
    [],
  ],
  ['nowhere', [needed('build')], [fileJob('build')], {}, []],
  ['where nothing can be read', [needed('build')], undefined, {}, []],
  ['that only observes', [needed('build')], [fileJob('build', 'acme/datadog-pipeline-events/observe@v1')], {}, []],
  [
    'of a fork with another name',
    [needed('build')],
    [fileJob('build', 'acme/events@v1')],
    { GITHUB_ACTION_REPOSITORY: 'acme/events' },
    ['build'],
  ],
])('a needed job uses the action %s', async (_, jobs, file, env, keys) => {
  const edges = {
    ...sessionOf(GITEA, env),
    readFileJobs: () => Promise.resolve(file),
    readWorkflow: () => Promise.resolve(undefined),
  };
  expect((await readReporting(jobs, edges as unknown as PostSession)).map(({ key }) => key)).toEqual(keys);
});

test('where a composite action hides nothing, all needed jobs report themselves', async () => {
  const edges = {
    ...sessionOf(platformOf({})),
    readFileJobs: () => Promise.reject(new Error('not asked')),
    readWorkflow: () => Promise.reject(new Error('not asked')),
  };
  expect(await readReporting([needed('build')], edges as unknown as PostSession)).toHaveLength(1);
});
