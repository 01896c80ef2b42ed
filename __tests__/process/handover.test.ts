import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { CiEvent, Resource } from '../../viewer/run/event.js';
import { startIntake } from '../../viewer/intake/intake.js';
import type { Variables } from '../../viewer/runner/runner.js';
import {
  expectPairs,
  fixture,
  KEY,
  NODE,
  type Pair,
  runJob,
  type Stage,
  type Use,
  type UseSetting,
  withJob,
} from '../support/process.js';
import { startServer } from '../support/process-api.js';
import { INPUT_NAMES } from '../support/process-inputs.js';
import { group, said } from '../support/process-log.js';

/** A runner hands state over in environment variables; Windows takes that many characters in each. */
const LONGEST_VARIABLE = 32_767;

/** Linux takes about two million bytes in all, the steps' own variables included. */
const LONGEST_STATE = 1_000_000;

const NO_TOKEN = { token: '' };

describe('a second use in the same job', () => {
  test.concurrent('says that the first one reports, and sends nothing, in post neither', async () => {
    await withJob({}, async ({ use }) => {
      const [first, second] = [use({ inputs: NO_TOKEN }), use({ inputs: { ...NO_TOKEN, name: 'Other' } })];
      const main = await first.main();
      const again = await second.main();
      expect(again.events).toEqual([]);
      expect(again.stdout).toMatch(/^Datadog: .*already/m);
      expect(said('warning', again)).toEqual([]);
      // The last step's post runs first.
      const early = await second.post();
      expect([early.events, early.summary]).toEqual([[], '']);
      expectPairs({ main, post: await first.post() });
    });
  });

  test.concurrent('that sends to another intake reports', async () => {
    const other = await startIntake({ key: KEY });
    try {
      await withJob({}, async ({ use }) => {
        const [first, second] = [use({ inputs: NO_TOKEN }), use({ inputs: { ...NO_TOKEN, 'intake-url': other.url } })];
        const main = await first.main();
        await second.main();
        await second.post();
        expectPairs({ main, post: await first.post() });
      });
      expect(other.problems).toEqual([]);
      expect(other.events.map(({ attributes: { resource } }) => [resource.level, resource.status])).toEqual([
        ['pipeline', 'running'],
        ['job', 'running'],
        ['pipeline', 'success'],
        ['job', 'success'],
      ]);
    } finally {
      await other.close();
    }
  });

  test.concurrent.each<[what: string, inputs: Variables]>([
    ['had no key', { 'api-key': '' }],
    ['was a dry run', { 'dry-run': 'true' }],
  ])('reports where the first one %s', async (_what, inputs) => {
    await withJob({}, async ({ use }) => {
      await use({ inputs: { ...NO_TOKEN, ...inputs } }).main();
      expectPairs(await runBoth(use({ inputs: NO_TOKEN })));
    });
  });
});

describe('post', () => {
  test.concurrent('without what main left says so, and sends nothing', async () => {
    await withJob({}, async ({ use }) => {
      const post = await use({ inputs: NO_TOKEN }).post();
      expect(post.events).toEqual([]);
      expect(post.stdout).toMatch(/^Datadog: /m);
    });
  });

  type State = Record<string, unknown>;
  const inReported = (state: State, change: object): State => ({
    ...state,
    report: { ...(state['report'] as object), ...change },
  });
  const tampered: [what: string, change: (state: State) => unknown][] = [
    ['is no JSON any more', (state) => JSON.stringify(state).slice(0, -9)],
    ['lacks what was reported', () => ({ report: {}, logged: [] })],
    ['has other types', (state) => inReported(state, { start: 7 })],
    ['names a platform that there is none of', (state) => inReported(state, { platform: 'jenkins' })],
    ['has a start that is no time', (state) => inReported(state, { start: 'yesterday', jobStart: 'yesterday' })],
  ];

  /** What post does when each of these stands in the place of what main left. */
  const postsWith = (changes: readonly (typeof tampered)[number][]): Promise<Stage[]> =>
    withJob({}, async ({ use }) => {
      const step = use({ inputs: NO_TOKEN });
      const { state } = await step.main();
      const none = Object.fromEntries(Object.keys(state).map((name) => [`STATE_${name}`, '']));
      const posts = changes.map(([, change]) => {
        const left = change(JSON.parse(Object.values(state).join('')) as State);
        return step.post({ env: { ...none, STATE_state_0: typeof left === 'string' ? left : JSON.stringify(left) } });
      });
      return Promise.all(posts);
    });

  test.concurrent('ends well, whatever stands in the place of what main left', async () => {
    for (const post of await postsWith(tampered)) expect(said('warning', post).length).toBeLessThanOrEqual(2);
  });

  test.concurrent('warns where what main left can’t be read', async () => {
    const [post] = await postsWith(tampered.slice(0, 1));
    expect(said('warning', post!)).toHaveLength(1);
  });

  test.concurrent('takes intake, key and all else from main, whatever the inputs are by now', async () => {
    const wrong: Variables = {
      'api-key': 'of-another-action',
      'intake-url': 'http://127.0.0.1:2',
      name: 'Other',
      tags: 'a',
      timeout: 'x',
      site: 'y',
    };
    const pair = await runJob({ inputs: NO_TOKEN, postInputs: wrong });
    expectPairs(pair);
    expect(said('warning', pair.main, pair.post)).toEqual([]);
  });

  test.concurrent('believes only the mark of main, not what later steps put into the environment', async () => {
    const { env } = fixture();
    const others = Object.fromEntries(Object.keys(env).map((name) => [name, `other ${name}`]));
    expectPairs(
      await runJob({
        inputs: NO_TOKEN,
        post: { env: { ...others, DD_PIPELINE_FILE: '/nowhere', DD_TAGS: 'a:b', DD_SERVICE: 'c' } },
      }),
    );
  });
});

describe('composite actions', () => {
  const EMPTY = Object.fromEntries(INPUT_NAMES.map((name) => [name, '']));

  test.concurrent('nested on GitHub, where post gets no inputs: the server’s API tells how the job ended', async () => {
    const { env } = fixture();
    const server = await startServer(env, { ended: 'failure' });
    try {
      const pair = await runJob({ api: server.api, composite: true, postInputs: EMPTY });
      expectPairs(pair, 'error');
      expect(said('warning', pair.main, pair.post)).toEqual([]);
    } finally {
      await server.close();
    }
  });

  const unsure: [where: string, setting: UseSetting & { fixture: string; env?: Variables }][] = [
    ['nested on GitHub, where post gets no inputs', { fixture: 'github/push', postInputs: EMPTY }],
    ['on Gitea', { fixture: 'gitea/push' }],
    ['on Forgejo', { fixture: 'forgejo/push' }],
    ['on act', { fixture: 'github/push', env: { ACT: 'true', GITHUB_RUN_ID: '77' } }],
    ['on Gitea, with an explicit status', { fixture: 'gitea/push', inputs: { status: '${{ job.status }}' } }],
  ];

  test.concurrent.each(unsure)(
    '%s, without an API: success is not believed, which a warning and a tag say',
    async (_where, setting) => {
      const pair = await runJob({ ...setting, composite: true, inputs: { ...NO_TOKEN, ...setting.inputs } });
      const { final } = expectPairs(pair);
      for (const { tags } of final) expect(tags).toContain('status_source:assumed');
      expect(said('warning', pair.main, pair.post)).toHaveLength(1);
    },
  );

  test.concurrent('on Forgejo: a failure of the composite’s own steps is believed', async () => {
    const failed = { 'job-status': 'failure' };
    const pair = await runJob({ fixture: 'forgejo/push', composite: true, inputs: NO_TOKEN, postInputs: failed });
    const { final } = expectPairs(pair, 'error');
    for (const { tags } of final) expect(tags).not.toContain('status_source:assumed');
  });

  test.concurrent('on Gitea: the server’s API tells how the whole job ended', async () => {
    const server = await startServer(fixture('gitea/push').env, { ended: 'failure' });
    try {
      expectPairs(await runJob({ fixture: 'gitea/push', api: server.api, composite: true }), 'error');
    } finally {
      await server.close();
    }
  });
});

test('every run of act is a pipeline of its own, though all have the same number', async () => {
  const env = { ACT: 'true', GITHUB_RUN_ID: '1' };
  const pairs = await Promise.all([1, 2].map(() => runJob({ env, inputs: NO_TOKEN })));
  const ids = pairs.flatMap((pair) => expectPairs(pair).final.map((resource) => resource.unique_id ?? resource.id));
  expect(new Set(ids).size).toBe(4);
});

describe('a handover', () => {
  test.concurrent('of dispatch inputs of 60 KB', async () => {
    const inputs = Object.fromEntries(
      Array.from({ length: 25 }, (_, index) => [`input_${index}`, `${index} `.padEnd(2_400, 'ab\n"\\')]),
    );
    const pair = await runJob({ fixture: 'github/dispatch-with-inputs', event: { inputs }, inputs: NO_TOKEN });
    expectSmall(pair);
    for (const { parameters } of pipelines(expectPairs(pair))) expect(parameters).toEqual(inputs);
  });

  test.concurrent('of a large matrix', async () => {
    const matrix = {
      include: Array.from({ length: 200 }, (_, index) => ({ os: `ubuntu-${index}`, extra: 'x'.repeat(100) })),
      node: 20,
    };
    const pair = await runJob({ matrix, inputs: NO_TOKEN });
    expectSmall(pair);
    expectPairs(pair);
  });

  test.concurrent('of text that is no ASCII, whole wherever it is cut', async () => {
    const rockets = '🚀'.repeat(15_000);
    // From one to the other it is an odd number of characters, so one of them is cut at such a place.
    const inputs = { a: rockets, b: rockets };
    const pair = await runJob({ fixture: 'github/dispatch-with-inputs', event: { inputs }, inputs: NO_TOKEN });
    for (const { parameters } of pipelines(expectPairs(pair))) expect(parameters).toEqual(inputs);
  });

  test.concurrent('of a commit message of three megabytes', async () => {
    const { event } = fixture();
    const message = 'All the words of the book.\n'.repeat(120_000);
    const pair = await runJob({
      event: { ...event, head_commit: { ...(event['head_commit'] as object), message } },
      inputs: NO_TOKEN,
    });
    expectSmall(pair);
    expectPairs(pair);
  });
});

describe('the commit', () => {
  test.concurrent('that a checkout brought after main is in the final events', async () => {
    await withJob({ event: null }, async ({ job, use }) => {
      const workspace = join(job.folder, 'checked out');
      const sha = makeCommit(workspace, 'Ünï ##[x] 🚀\n\nbody');
      const env = { GITHUB_SHA: sha };
      const step = use({ inputs: NO_TOKEN });
      const main = await step.main({ env });
      const post = await step.post({ env: { ...env, GITHUB_WORKSPACE: workspace } });
      const { running, final } = expectPairs({ main, post });
      for (const { git } of running) expect(git).toBeUndefined();
      for (const { git } of final) {
        expect(git).toMatchObject({
          sha,
          message: 'Ünï ##[x] 🚀\n\nbody',
          author_name: 'Ann',
          author_email: 'ann@example.com',
        });
        expect(git).toMatchObject({ author_time: '2026-11-20T09:00:00.000Z' });
      }
    });
  });

  test.concurrent('that git takes for ever to tell holds nothing up', async () => {
    await withJob({ event: null }, async ({ job, use }) => {
      const bin = join(job.folder, 'bin');
      mkdirSync(bin);
      writeFileSync(join(bin, 'git'), '#!/bin/sh\nexec sleep 60\n');
      chmodSync(join(bin, 'git'), 0o755);
      const env = { PATH: `${bin}:${job.env['PATH']}`, GITHUB_WORKSPACE: job.folder };
      const main = await use({ inputs: { ...NO_TOKEN, timeout: '4' } }).main({ env, idle: true });
      expect(main.events).toHaveLength(2);
      expect(main.ms).toBeLessThan(8_000);
    });
  });
});

test('a large undelivered payload is whole in the log of a runner that reads slowly', async () => {
  const pair = await withJob({}, async ({ job, intake }) => {
    const slow = join(job.folder, 'node');
    writeFileSync(slow, `#!/bin/bash\nset -o pipefail\n'${NODE}' "$@" | { sleep 0.3; cat; }\n`);
    chmodSync(slow, 0o755);
    const parameters = Array.from({ length: 20 }, (_, index) => `p${index}:${'’'.repeat(1_800)}`).join('\n');
    return withJob({ node: slow, intake }, async (other) => {
      const step = other.use({ inputs: { ...NO_TOKEN, parameters } });
      const main = await step.main();
      await intake.setFail(403);
      return { main, post: await step.post() };
    });
  });
  const [, payload = ''] = group(pair.post.stdout, 'Datadog: the undelivered payload')?.split('\n') ?? [];
  expect((JSON.parse(payload) as { data: CiEvent[] }).data).toEqual(pair.post.events);
});

async function runBoth(step: Use): Promise<Pair> {
  return { main: await step.main(), post: await step.post() };
}

function pipelines({ running, final }: { running: Resource[]; final: Resource[] }): Resource[] {
  return [running[0]!, final[0]!];
}

/** What main leaves fits what runners can hand over. */
function expectSmall({ main: { state, exported } }: Pair): void {
  const values = [...Object.values(state), ...Object.values(exported)];
  expect(Math.max(...values.map((value) => value.length))).toBeLessThan(LONGEST_VARIABLE);
  expect(Buffer.byteLength(values.join(''))).toBeLessThan(LONGEST_STATE);
}

/** A work tree with one commit, whose id it tells. */
function makeCommit(folder: string, message: string): string {
  mkdirSync(folder);
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GIT_AUTHOR_NAME: 'Ann',
    GIT_AUTHOR_EMAIL: 'ann@example.com',
    GIT_AUTHOR_DATE: '2026-11-20T10:00:00+0100',
    GIT_COMMITTER_NAME: 'Bot',
    GIT_COMMITTER_EMAIL: 'bot@example.com',
  };
  const git = (...words: string[]): string => execFileSync('git', words, { cwd: folder, env, encoding: 'utf8' }).trim();
  git('init', '--quiet');
  git('commit', '--quiet', '--allow-empty', '--cleanup=verbatim', '--message', message);
  return git('rev-parse', 'HEAD');
}
