import { describe, expect, test } from '@jest/globals';
import type { Resource } from '../../viewer/run/event.js';
import type { Answer, Route } from '../support/api.js';
import { startProxy } from '../support/proxy.js';
import {
  expectPairs,
  fixture,
  type JobSetting,
  KEY,
  type Pair,
  TOKEN,
  type UseSetting,
  withJob,
} from '../support/process.js';
import { paths, routesOf, startServer, type TestServer, toJob } from '../support/process-api.js';
import { leaks } from '../support/process-checks.js';
import { said } from '../support/process-log.js';

/** Machines are slow now and then. */
const SLACK = 4_000;

const REFUSED = { status: 403, body: { message: 'Resource not accessible by integration' } };
const SHA = {
  pullRequest: 'bbf2e4734624c8254232b7c79199574dfb07813d',
  push: '5e347a2da2239ed813803f58a00075c657ddce79',
};
const PERSON = { name: 'Carol Example', email: 'carol@example.com', date: '2026-11-20T10:14:58+01:00' };
const COMMIT = {
  message: 'Round totals before tax\n\nAs agreed.',
  author: PERSON,
  committer: { ...PERSON, name: 'Bot' },
};

type Routes = ReturnType<typeof routesOf>;

interface Asked extends Pair {
  /** What was asked for in each phase. */
  asked: { main: string[]; post: string[] };
}

interface Setting extends JobSetting, UseSetting {
  idle?: boolean;
  /** Post is not run: it is main once more. */
  mainOnly?: boolean;
  /** Instead of 127.0.0.1, for which the toolkit never takes a proxy. */
  host?: string;
}

/** A job whose server answers so. */
async function runWith(
  name: string,
  toRoutes: (routes: Routes) => Record<string, Route>,
  { ended = 'success', ...setting }: Setting = {},
): Promise<Asked> {
  const { env } = fixture(name);
  const server = await startServer(env, { ended, routes: toRoutes(routesOf({ ...env, ...setting.env })) });
  try {
    return await withJob(
      { fixture: name, api: server.api.replace('127.0.0.1', setting.host ?? '127.0.0.1'), ...setting },
      async ({ use }) => {
        const idle = setting.idle ?? false;
        const step = use({ ended, ...setting });
        const main = await step.main({ idle });
        const before = server.requests.length;
        const post = setting.mainOnly ? main : await step.post({ idle });
        expectDiscretion(server, env['GITHUB_TOKEN'] ?? TOKEN);
        const asked = { main: paths(server).slice(0, before), post: paths(server).slice(before) };
        expectFew(asked, name.startsWith('gitea') ? 4 : ended === 'success' ? 2 : 3);
        // A first attempt whose payload has the commit.
        if (name.endsWith('/push')) expect(asked.main).toEqual([]);
        return { main, post, asked };
      },
    );
  } finally {
    await server.close();
  }
}

/** The server is asked with its own token, by GET, for nothing twice in a phase, and never sees the key. */
function expectDiscretion({ requests }: TestServer, token: string): void {
  expect(leaks({ requests: JSON.stringify(requests) }, [KEY])).toEqual([]);
  for (const { method, headers } of requests)
    expect([method, headers.authorization ?? `token ${token}`]).toEqual(['GET', `token ${token}`]);
}

/** The most that a phase may read at level `pipeline`, and nothing of it twice. */
function expectFew({ main, post }: Asked['asked'], most: number): void {
  expect(main.length).toBeLessThanOrEqual(2);
  expect(post.length).toBeLessThanOrEqual(most);
  for (const asked of [main, post]) expect(new Set(asked).size).toBe(asked.length);
}

function tagsOf(resources: readonly Resource[], key: string): string[][] {
  return resources.map(({ tags }) => (tags ?? []).filter((tag) => tag.startsWith(`${key}:`)));
}

describe('the commit of a pull request', () => {
  test.concurrent.each<[server: string, fixture: string, sha: string, body: Record<string, unknown>]>([
    ['GitHub', 'github/pull-request', SHA.pullRequest, { sha: SHA.pullRequest, ...COMMIT }],
    [
      'Gitea',
      'gitea/pull-request',
      SHA.pullRequest,
      { sha: SHA.pullRequest, commit: COMMIT, author: { login: 'carol' } },
    ],
    ['Forgejo', 'forgejo/pull-request', SHA.pullRequest, { sha: SHA.pullRequest, commit: COMMIT, author: null }],
  ])('is asked of %s once, in main, and both phases have it', async (_server, name, sha, body) => {
    const { asked, ...pair } = await runWith(name, ({ commit }) => ({ [commit(sha)]: body }));
    const { running, final } = expectPairs(pair);
    for (const { git } of [...running, ...final]) {
      expect(git).toMatchObject({
        sha,
        message: COMMIT.message,
        author_name: PERSON.name,
        author_email: PERSON.email,
        committer_name: 'Bot',
      });
      expect(git).toMatchObject({ author_time: '2026-11-20T09:14:58.000Z', commit_time: '2026-11-20T09:14:58.000Z' });
    }
    expect(asked.main).toEqual([expect.stringContaining(`/git/commits/${sha}`)]);
    expect(asked.post.filter((path) => path.includes('commits'))).toEqual([]);
    expect(said('warning', pair.main, pair.post)).toEqual([]);
  });

  test.concurrent('that may not be read costs one notice, which names the permission', async () => {
    const { asked, ...pair } = await runWith('github/pull-request', ({ commit }) => ({
      [commit(SHA.pullRequest)]: REFUSED,
    }));
    const { running, final } = expectPairs(pair);
    for (const { git } of running) expect(git).toBeUndefined();
    for (const { git } of final) expect(git).toMatchObject({ sha: SHA.pullRequest, branch: 'feature/totals' });
    expect(said('notice', pair.main, pair.post)).toEqual([expect.stringContaining('contents: read')]);
    expect(said('warning', pair.main, pair.post)).toEqual([]);
    expect([...asked.main, ...asked.post].filter((path) => path.includes('/commits/'))).toHaveLength(1);
  });

  test.concurrent.each<[how: string, answer: Answer]>([
    ['no JSON', { status: 200, body: '<html>' }],
    ['other types', { sha: 7, message: {}, author: 'x', committer: null }],
    ['an error', { status: 502, body: 'Bad Gateway' }],
  ])('for which the server answers %s is left out, without a word', async (_how, answer) => {
    const toRoutes = ({ commit }: Routes): Record<string, Route> => ({ [commit(SHA.pullRequest)]: answer });
    const { main, asked } = await runWith('github/pull-request', toRoutes, { mainOnly: true });
    expect(main.events).toHaveLength(2);
    expect([...said('notice', main), ...said('warning', main)]).toEqual([]);
    expect(asked.main).toHaveLength(1);
  });

  test.concurrent('is read through the proxy of the environment', async () => {
    const proxy = await startProxy({ auth: 'ci:hunter2' });
    try {
      const body = { sha: SHA.pullRequest, ...COMMIT };
      const setting = { env: { HTTP_PROXY: proxy.url }, host: '0.0.0.0', secrets: ['ci:hunter2', 'hunter2'] };
      const pair = await runWith('github/pull-request', ({ commit }) => ({ [commit(SHA.pullRequest)]: body }), setting);
      expect(expectPairs(pair).running[0]!.git).toMatchObject({ author_name: PERSON.name });
      expect(pair.asked.main).toHaveLength(1);
      // Main asks for the commit, post for the job with its steps.
      expect([...proxy.connects, ...proxy.requests].filter((what) => what.includes('0.0.0.0'))).toHaveLength(2);
    } finally {
      await proxy.close();
    }
  });
});

describe('a server that refuses', () => {
  const refuseAll = ({ job, jobs, attemptJobs }: Routes): Record<string, Route> => ({
    [job]: REFUSED,
    [jobs]: REFUSED,
    [attemptJobs]: REFUSED,
  });

  test.concurrent('what main and post ask for: one notice names the permission, over both phases', async () => {
    const { asked, ...pair } = await runWith('gitea/push-rerun', refuseAll);
    expectPairs(pair);
    expect(said('notice', pair.main, pair.post)).toEqual([expect.stringContaining('actions: read')]);
    expect([asked.main.length, asked.post.length]).toEqual([1, 1]);
  });

  test.concurrent('because the rate limit is used up: no permission is asked for', async () => {
    const used = {
      status: 403,
      headers: { 'x-ratelimit-remaining': '0' },
      body: { message: 'API rate limit exceeded' },
    };
    const pair = await runWith('github/pull-request', ({ commit }) => ({ [commit(SHA.pullRequest)]: used }));
    expectPairs(pair);
    expect(said('notice', pair.main, pair.post).filter((text) => text.includes('permissions:'))).toEqual([]);
  });
});

describe('a server that is silent', () => {
  test.concurrent.each(['github/pull-request', 'gitea/pull-request'])('%s: the events go out in time', async (name) => {
    const silent = ({ job, run, commit }: Routes): Record<string, Route> => ({
      [job]: 'silent',
      [run]: 'silent',
      [commit(SHA.pullRequest)]: 'silent',
    });
    const { main, post } = await runWith(name, silent, { inputs: { timeout: '2' }, idle: true });
    expectPairs({ main, post });
    for (const stage of [main, post]) expect(stage.ms).toBeLessThan(2_000 + SLACK);
  });
});

describe('how a job ended', () => {
  const cases: [
    what: string,
    setting: { steps: string[]; conclusions: string[]; status: string; tolerated?: string[] },
  ][] = [
    ['all went well', { steps: ['{}', '{}'], conclusions: ['success', 'skipped'], status: 'success' }],
    ['one was cancelled', { steps: ['{}', '{}'], conclusions: ['cancelled', 'skipped'], status: 'canceled' }],
    ['one failed', { steps: ['{}', '{}'], conclusions: ['failure', 'skipped'], status: 'error' }],
    [
      'one failed, and another always runs',
      { steps: ['{}', '{ if: always() }'], conclusions: ['failure', 'success'], status: 'error' },
    ],
    [
      'one failed that may, and the next was skipped',
      {
        steps: ['{ continue-on-error: true }', '{ if: false }'],
        conclusions: ['failure', 'skipped'],
        status: 'success',
        tolerated: ['continue_on_error:Step 0'],
      },
    ],
  ];

  test.concurrent.each(cases)(
    "Gitea tells by its steps, and the workflow's file: %s",
    async (_what, { steps, conclusions, status, tolerated = [] }) => {
      const content = Buffer.from(`jobs: { build: { steps: [${steps.join(', ')}] } }`).toString('base64');
      const { asked, ...pair } = await runWith('gitea/push', ({ job, run, file }) => ({
        [job]: toJob(conclusions),
        [run]: { id: 4401, status: 'in_progress', path: 'ci.yml@refs/heads/main' },
        [file('.gitea/workflows/ci.yml')]: { type: 'file', size: content.length, encoding: 'base64', content },
      }));
      const { final } = expectPairs(pair, status);
      expect(tagsOf(final, 'continue_on_error')).toEqual([tolerated, tolerated]);
      expect(tagsOf(final, 'status_source')).toEqual([[], []]);
      expect(said('warning', pair.main, pair.post)).toEqual([]);
      expect(asked.post).toHaveLength(conclusions.includes('failure') ? 3 : 1);
    },
  );

  test.concurrent('the input status tells the word of Gitea’s runner, whatever the steps tell', async () => {
    const setting = { ended: 'cancelled', inputs: { status: '${{ job.status }}' } } as const;
    const pair = await runWith('gitea/push', ({ job }) => ({ [job]: toJob(['success', 'success']) }), setting);
    expectPairs(pair, 'canceled');
    expect(said('warning', pair.main, pair.post)).toEqual([]);
  });

  test.concurrent('where nobody can tell, Gitea’s success is assumed: one warning, and a tag', async () => {
    const { main, post } = await runWith('gitea-1.25/push', ({ job }) => ({ [job]: { status: 404 } }));
    const { final } = expectPairs({ main, post });
    expect(tagsOf(final, 'status_source')).toEqual([['status_source:assumed'], ['status_source:assumed']]);
    expect(said('warning', main, post)).toEqual([expect.stringContaining('status: ${{ job.status }}')]);
  });

  test.concurrent('Forgejo’s success is none where its run was cancelled', async () => {
    const { asked, ...pair } = await runWith('forgejo/push', () => ({}), { ended: 'cancelled' });
    const { final } = expectPairs(pair, 'canceled');
    expect(tagsOf(final, 'conclusion')).toEqual([['conclusion:cancelled'], ['conclusion:cancelled']]);
    expect(asked.post).toEqual(['/repos/acme/shop/actions/runs/7301', 'anybody /repos/acme/shop/actions/runs/7301']);
  });

  test.concurrent('Forgejo’s success that nobody confirms is tagged', async () => {
    const pair = await runWith('forgejo/push', ({ run }) => ({ [run]: { status: 401 } }));
    expect(tagsOf(expectPairs(pair).final, 'status_source')).toEqual([
      ['status_source:job-status'],
      ['status_source:job-status'],
    ]);
  });
});

describe('a partial retry', () => {
  const ran = {
    status: 'completed',
    conclusion: 'success',
    created_at: '2026-11-20T10:00:00Z',
    started_at: '2026-11-20T10:00:05Z',
  };
  const carried = { ...ran, started_at: '2026-11-20T09:00:05Z' };
  const list = (...jobs: object[]): Record<string, unknown> => ({ total_count: jobs.length, jobs });

  test.concurrent.each<[what: string, fixture: string, body: Answer, partial: boolean, source: string[]]>([
    ['jobs that were carried over', 'github/push-rerun', list(ran, carried), true, []],
    ['jobs that all ran again', 'github/push-rerun', list(ran, ran), false, []],
    ['no answer', 'github/push-rerun', { status: 404 }, true, ['partial_retry_source:assumed']],
    ['jobs that were carried over, on Gitea', 'gitea/push-rerun', list(ran, carried), true, []],
  ])('by %s', async (_what, name, body, partial, source) => {
    const { main, asked } = await runWith(name, ({ attemptJobs }) => ({ [attemptJobs]: body }), { mainOnly: true });
    const { resource } = main.events[0]!.attributes;
    expect(resource.partial_retry).toBe(partial);
    expect(tagsOf([resource], 'partial_retry_source')).toEqual([source]);
    expect(main.outputs['partial-retry']).toBe(`${partial}`);
    expect(asked.main).toHaveLength(1);
  });

  test.concurrent('by the input, and only the commit is asked for', async () => {
    const setting = { env: { GITHUB_RUN_ATTEMPT: '2' }, inputs: { 'partial-retry': 'false' } };
    const { main, asked } = await runWith('github/pull-request', () => ({}), { ...setting, mainOnly: true });
    expect(main.events[0]!.attributes.resource.partial_retry).toBe(false);
    expect(asked.main).toEqual([expect.stringContaining('/commits/')]);
  });
});
