import { describe, expect, test } from '@jest/globals';
import { PLATFORMS } from '../../../../src/server/platforms/detect.js';
import type { Env } from '../../../../src/runner/runner.js';
import { aRunRef, SHA, platformOf } from '../../../support/builders.js';
import { fixtures } from '../../../support/fixtures.js';

/** A runtime token as Gitea and Forgejo make them, or as nobody does. */
const aToken = (claims: unknown): string =>
  ['{"alg":"HS256"}', typeof claims === 'string' ? claims : JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

const GITEA_127: Env = { GITEA_ACTIONS: 'true', GITEA_ACTIONS_CAPABILITIES: 'job-summary' };
const GITEA_125: Env = { GITEA_ACTIONS: 'true' };
const FORGEJO: Env = { FORGEJO_ACTIONS: 'true', GITEA_ACTIONS: 'true' };
const ACT: Env = { ACT: 'true' };
const SERVERS: Record<string, Env> = {
  github: {},
  act: ACT,
  'gitea 1.27': GITEA_127,
  'gitea 1.25': GITEA_125,
  forgejo: FORGEJO,
};

describe('a server knows itself', () => {
  test.each<[string, Env, string]>([
    ['all say they are GitHub', { GITHUB_ACTIONS: 'true' }, 'github'],
    ['Gitea says it is GitHub and act', { GITHUB_ACTIONS: 'true', ACT: 'true', GITEA_ACTIONS: 'true' }, 'gitea'],
    [
      'Forgejo says it is Gitea too',
      { GITHUB_ACTIONS: 'true', ACT: 'true', GITEA_ACTIONS: 'true', FORGEJO_ACTIONS: 'true' },
      'forgejo',
    ],
    ['act', { GITHUB_ACTIONS: 'true', ACT: 'true' }, 'act'],
    ['nothing is known', {}, 'github'],
    ['only the word true counts', { FORGEJO_ACTIONS: 'false', GITEA_ACTIONS: '', ACT: '0' }, 'github'],
  ])('%s', (_, env, expected) => {
    expect(platformOf(env).id).toBe(expected);
  });

  test.each(fixtures().map(({ platform, name, env, expect }) => [platform, name, env, expect.provider_name] as const))(
    'in the fixture %s/%s',
    (_platform, _name, env, provider) => {
      expect(platformOf(env).id).toBe(provider);
    },
  );

  test('ids are different, for they stand in the state', () => {
    expect(new Set(PLATFORMS.map(({ id }) => id)).size).toBe(PLATFORMS.length);
  });
});

describe('whose attempts the runner counts', () => {
  test.each<[string, string]>([
    ['github', 'run'],
    ['act', 'run'],
    ['gitea 1.27', 'run'],
    ['gitea 1.25', 'job'],
    ['forgejo', 'job'],
  ])('%s: of the %s', (server, expected) => {
    expect(platformOf(SERVERS[server]!).attemptsCount).toBe(expected);
  });
});

describe('run ids that repeat', () => {
  test.each<[string, Env, boolean]>([
    ['act always says 1', { ...ACT, GITHUB_RUN_ID: '1' }, true],
    ['act was given another', { ...ACT, GITHUB_RUN_ID: '77' }, false],
    [
      'the very first run of a Gitea server',
      { ...GITEA_127, GITHUB_RUN_ID: '1', ACTIONS_RUNTIME_TOKEN: aToken({}) },
      false,
    ],
    ["a Gitea runner's exec, which has no server", { ...GITEA_127, GITHUB_RUN_ID: '1' }, true],
    ["a Forgejo runner's exec", { ...FORGEJO, GITHUB_RUN_ID: '1' }, true],
    ['GitHub', { GITHUB_RUN_ID: '1' }, false],
  ])('%s', (_, env, expected) => {
    expect(platformOf(env).repeatsRunId).toBe(expected);
  });
});

describe('pages', () => {
  const RUNS = 'https://git.example.com/acme/shop/actions/runs';
  test.each<[string, string, string, string]>([
    ['github', `${RUNS}/4401/attempts/2`, `${RUNS}/4401/job/9001`, `${RUNS}/4401/attempts/2`],
    ['act', `${RUNS}/4401/attempts/2`, `${RUNS}/4401/job/9001`, `${RUNS}/4401/attempts/2`],
    ['gitea 1.27', `${RUNS}/4401/attempts/2`, `${RUNS}/4401/jobs/9001`, `${RUNS}/4401/attempts/2`],
    ['gitea 1.25', `${RUNS}/212?by_index=1`, `${RUNS}/212?by_index=1`, `${RUNS}/212?by_index=1`],
    ['forgejo', `${RUNS}/212`, `${RUNS}/212`, `${RUNS}/212`],
  ])('%s: of the run, of a job, of a job without number', (server, run, job, jobWithout) => {
    const ref = aRunRef({ attempt: 2 });
    const platform = platformOf(SERVERS[server]!);
    expect([platform.runPage(ref), platform.jobPage(ref, '9001'), platform.jobPage(ref, undefined)]).toEqual([
      run,
      job,
      jobWithout,
    ]);
  });
});

describe('API paths', () => {
  const RUN = '/repos/acme/shop/actions/runs/4401';
  const COMMIT = `/repos/acme/shop/git/commits/${SHA}`;
  const LEAN = '?stat=false&verification=false&files=false';
  test.each<[string, string, string, string, string | undefined]>([
    [
      'github',
      COMMIT,
      `${RUN}/attempts/2`,
      `${RUN}/attempts/2/jobs?per_page=100`,
      '/repos/acme/shop/actions/jobs/9001',
    ],
    ['act', COMMIT, `${RUN}/attempts/2`, `${RUN}/attempts/2/jobs?per_page=100`, '/repos/acme/shop/actions/jobs/9001'],
    ['gitea 1.27', `${COMMIT}${LEAN}`, RUN, `${RUN}/attempts/2/jobs?limit=50`, '/repos/acme/shop/actions/jobs/9001'],
    ['gitea 1.25', `${COMMIT}${LEAN}`, RUN, `${RUN}/jobs?limit=50`, '/repos/acme/shop/actions/jobs/9001'],
    ['forgejo', `${COMMIT}${LEAN}`, RUN, `${RUN}/jobs`, undefined],
  ])('%s: commit, run, jobs, one job', (server, commit, run, jobs, job) => {
    const ref = aRunRef({ attempt: 2 });
    const { reads } = platformOf(SERVERS[server]!);
    expect([
      reads.commit(ref, SHA).path,
      reads.run(ref).path,
      reads.jobs(ref).path,
      reads.job?.(ref, '9001').path,
    ]).toEqual([commit, run, jobs, job]);
    expect([reads.commit(ref, SHA).permission, reads.run(ref).permission, reads.jobs(ref).permission]).toEqual([
      'contents: read',
      'actions: read',
      'actions: read',
    ]);
  });
});

describe("the job's number", () => {
  test.each(['github', 'act'])('%s: the check-run id, where it is one', (server) => {
    const { jobId } = platformOf({ ...SERVERS[server]!, ACTIONS_RUNTIME_TOKEN: aToken({ JobID: 7 }) });
    expect(['9001', '', 'null', '9001; rm', '-1'].map(jobId)).toEqual([
      '9001',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test.each<[string, string | undefined, string | undefined]>([
    ['a claim', aToken({ TaskID: 1, RunID: 2, JobID: 9001 }), '9001'],
    ['a claim among others', aToken({ scp: 'Actions.Results:2:9001', ac: '[{}]', JobID: 9001, exp: 1.5 }), '9001'],
    ['a claim of another type', aToken({ JobID: '9001' }), undefined],
    ['claims without it', aToken({ TaskID: 1 }), undefined],
    ['claims that are no object', aToken('null'), undefined],
    ['claims that are no JSON', aToken('{"JobID":'), undefined],
    ['claims that are no text', `a.${Buffer.from([0xff, 0xfe]).toString('base64url')}.c`, undefined],
    ['a token of one part', 'opaque', undefined],
    ['an empty token', '', undefined],
    ['no token', undefined, undefined],
  ])('Gitea and Forgejo, from %s', (_, token, expected) => {
    for (const env of [GITEA_127, GITEA_125, FORGEJO]) {
      // Their job context knows no check run: what an input says is not theirs.
      expect(platformOf({ ...env, ACTIONS_RUNTIME_TOKEN: token }).jobId('5')).toBe(expected);
    }
  });
});

test.each<[string, string]>([
  ['github', '501+alice@users.noreply.git.example.com'],
  ['gitea 1.27', '501+alice@noreply.git.example.com'],
  ['gitea 1.25', 'alice@noreply.git.example.com'],
  ['forgejo', 'alice@noreply.git.example.com'],
])('%s hides addresses as %s', (server, expected) => {
  expect(platformOf(SERVERS[server]!).noReply({ name: 'alice', id: '501', host: 'git.example.com' })).toBe(expected);
});
