import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Route } from '../support/api.js';
import { fixture, type UseSetting, withJob } from '../support/process.js';
import { paths, routesOf, startServer, toJob } from '../support/process-api.js';

interface Situation extends UseSetting {
  fixture: string;
  routes?: (routes: ReturnType<typeof routesOf>) => Record<string, Route>;
}

const STATUS = { status: 'success' };
const NEEDS = { needs: 'build=success\ntest=success' };
const JOBS = {
  total_count: 3,
  jobs: ['build', 'test', 'report'].map((name, id) => ({
    id: id + 1,
    name,
    status: 'completed',
    conclusion: 'success',
  })),
};
const TASKS = { total_count: 0, workflow_runs: [] };
const STARTED = new Date(Date.now() - 60_000).toISOString();
const RUN = {
  id: 7,
  status: 'running',
  event: 'push',
  started: STARTED,
  started_at: STARTED,
  path: 'ci.yml@refs/heads/main',
};
const content = Buffer.from('name: CI\non: push\njobs:\n  build:\n    steps:\n      - run: make\n').toString('base64');
const FILE = { type: 'file', size: content.length, encoding: 'base64', content };

/** The rows of the table in docs/develop/cost.md. */
const SITUATIONS: Record<string, Situation> = {
  'without a token': { fixture: 'github/push', inputs: { token: '' } },
  'GitHub, success': { fixture: 'github/push' },
  'GitHub, failure': { fixture: 'github/push', ended: 'failure' },
  'GitHub, `steps: false`, success': { fixture: 'github/push', inputs: { steps: 'false' } },
  'GitHub, `level: job`, success': { fixture: 'github/push', inputs: { level: 'job' } },
  'GitHub, closing job, success': {
    fixture: 'github/push',
    inputs: NEEDS,
    routes: (one) => ({ [one.attemptJobs]: JOBS }),
  },
  'Gitea, `status`, success': { fixture: 'gitea/push', inputs: STATUS },
  'Gitea, success': { fixture: 'gitea/push' },
  'Gitea, failure': {
    fixture: 'gitea/push',
    ended: 'failure',
    routes: (one) => ({
      [one.job]: toJob(['failure', 'success']),
      [one.run]: RUN,
      [one.file('.gitea/workflows/ci.yml')]: FILE,
    }),
  },
  'Gitea, closing job, success': {
    fixture: 'gitea/push',
    inputs: NEEDS,
    routes: (one) => ({ [one.run]: RUN, [one.jobs]: JOBS }),
  },
  'Gitea 1.27, job of a reusable workflow, success': {
    fixture: 'gitea/workflow-call',
    routes: (one) => ({ [one.run]: RUN, [one.file('.gitea/workflows/ci.yml')]: FILE }),
  },
  'Forgejo, success': { fixture: 'forgejo/push' },
  'Forgejo, failure': { fixture: 'forgejo/push', ended: 'failure' },
  'Forgejo, cancelled': { fixture: 'forgejo/push', ended: 'cancelled' },
  'Forgejo, closing job, success': {
    fixture: 'forgejo/push',
    inputs: NEEDS,
    routes: (one) => ({ [one.run]: RUN, 'GET /repos/acme/shop/actions/tasks': TASKS }),
  },
};

const PAGE = readFileSync(new URL('../../docs/develop/cost.md', import.meta.url), 'utf8');
const ROWS = [...PAGE.matchAll(/^\| (.+?) +\| (\d+) +\| (\d+) +\|$/gm)].map(([, name, main, post]) => ({
  name: name!,
  main: Number(main),
  post: Number(post),
}));

describe('reads of the server’s API, as docs/develop/cost.md tells them', () => {
  test('each situation has a row', () => {
    expect(ROWS.map(({ name }) => name)).toEqual(Object.keys(SITUATIONS));
  });

  test.concurrent.each(ROWS)('$name: $main in main, $post in post, and one POST each', async ({ name, main, post }) => {
    const { fixture: of, routes, ...setting } = SITUATIONS[name]!;
    const { env } = fixture(of);
    const server = await startServer(env, {
      ended: setting.ended ?? 'success',
      routes: routes?.(routesOf(env)) ?? {},
    });
    try {
      await withJob({ fixture: of, api: server.api }, async ({ use, intake }) => {
        const step = use(setting);
        await step.main();
        const before = paths(server);
        await step.post();
        const after = paths(server).slice(before.length);
        expect({ main: before, post: after }).toEqual({ main: before.slice(0, main), post: after.slice(0, post) });
        expect(intake.problems).toEqual([]);
        expect([before.length, after.length, intake.requests.length]).toEqual([main, post, 2]);
      });
    } finally {
      await server.close();
    }
  });
});
