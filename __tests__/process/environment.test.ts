import { describe, expect, test } from '@jest/globals';
import type { CiEvent, Resource } from '../../viewer/run/event.js';
import type { Variables } from '../../viewer/runner/runner.js';
import { type RealPayload, realPayloads } from '../support/payloads.js';
import {
  expectPairs,
  fixture,
  type JobSetting,
  KEY,
  type Pair,
  RUNTIME_TOKEN,
  runJob,
  runMain,
  TOKEN,
  type Use,
  type UseSetting,
  withJob,
} from '../support/process.js';
import { group, said, toCommands } from '../support/process-log.js';

describe('real webhook payloads', () => {
  const sample = toSample(realPayloads(), 25).map((one) => [one.event, one.payload] as const);

  // Post reads no payload, so main is enough.
  test.concurrent.each(sample)('%s: a valid running pair', async (event, payload) => {
    const main = await runMain({ fixture: { env: { ...fixture().env, GITHUB_EVENT_NAME: event }, event: payload } });
    expect(resources(main.events)).toMatchObject([{ level: 'pipeline' }, { level: 'job' }]);
    expect(resources(main.events)[0]!.tags).toContain(`event:${event}`);
    expect(said('warning', main)).toEqual([]);
  });
});

describe('event files', () => {
  const cases: [name: string, setting: JobSetting][] = [
    ['no event file', { event: null }],
    ['an event file that is gone', { event: null, env: { GITHUB_EVENT_PATH: '/nowhere/event.json' } }],
    ['an event file that is a folder', { event: null, env: { GITHUB_EVENT_PATH: '/' } }],
    ['an empty event file', { event: '' }],
    ['half of an event file', { event: JSON.stringify(fixture().event).slice(0, 900) }],
    ['an event file that holds null', { event: 'null' }],
    ['an event file that holds a list', { event: '[1, {"repository": {}}]' }],
    [
      'an event whose parts have other types',
      { event: { repository: 'x', head_commit: [], pull_request: 7, inputs: 'y', workflow_run: true } },
    ],
  ];
  test.concurrent.each(cases)('%s: the environment is enough', async (_name, setting) => {
    const main = await runMain(setting);
    expect(resources(main.events)).toMatchObject([
      { level: 'pipeline', name: 'CI', pipeline_id: '19200000001' },
      { level: 'job' },
    ]);
    expect(said('warning', main)).toEqual([]);
  });

  test.concurrent(
    'a job without an event file ends as well: branch, commit id and whoever started it are known',
    async () => {
      const { final } = expectPairs(await runJob({ event: null, inputs: { token: '' } }));
      expect(final[0]).toMatchObject({
        git: { branch: 'main', sha: fixture().env['GITHUB_SHA'], author_name: 'alice' },
      });
    },
  );
});

describe('an almost empty environment', () => {
  const NOTHING: Variables = {
    HOME: undefined,
    RUNNER_TEMP: undefined,
    GITHUB_WORKSPACE: undefined,
    ACTIONS_RUNTIME_TOKEN: undefined,
    GITHUB_API_URL: undefined,
  };
  const ESSENTIAL = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ID: '7', GITHUB_JOB: 'build' };
  const inEnvironment = (env: Variables): Promise<Pair> =>
    runJob({ fixture: { env: {} }, env: { ...NOTHING, ...env } });

  test.concurrent.each<[name: string, env: Variables, missing: string[]]>([
    ['PATH alone', {}, ['GITHUB_REPOSITORY', 'GITHUB_RUN_ID', 'GITHUB_JOB', 'GITHUB_SERVER_URL']],
    [
      'GITHUB_ACTIONS alone',
      { GITHUB_ACTIONS: 'true' },
      ['GITHUB_REPOSITORY', 'GITHUB_RUN_ID', 'GITHUB_JOB', 'GITHUB_SERVER_URL'],
    ],
    ['repository, run and job, and no server', ESSENTIAL, ['GITHUB_SERVER_URL']],
  ])('%s: one warning names what is missing, and nothing is sent', async (_name, env, missing) => {
    const { main, post } = await inEnvironment(env);
    expect([...main.events, ...post.events]).toEqual([]);
    const warnings = said('warning', main, post);
    expect(warnings).toHaveLength(1);
    for (const name of missing) expect(warnings[0]).toContain(name);
    expect(post.summary).toBe('');
  });

  test.concurrent(
    'repository, run, job and server, and nothing else: a valid running pair and a valid final pair',
    async () => {
      const pair = await inEnvironment({ ...ESSENTIAL, GITHUB_SERVER_URL: 'https://git.example.com' });
      const { final } = expectPairs(pair);
      expect(final[0]).toMatchObject({
        name: 'acme/shop',
        url: expect.stringMatching(/^https:\/\/git\.example\.com\/acme\/shop\//) as unknown,
      });
      expect(said('warning', pair.main, pair.post)).toEqual([]);
    },
  );

  test.concurrent('empty variables are as good as absent ones', async () => {
    const names = Object.keys(fixture().env).filter((name) => !(name in ESSENTIAL));
    const empty = Object.fromEntries(names.map((name) => [name, '']));
    expectPairs(await inEnvironment({ ...empty, ...ESSENTIAL, GITHUB_SERVER_URL: 'https://git.example.com' }));
  });
});

describe('text from outside', () => {
  test.concurrent('a commit message of 1,000 lines arrives as its beginning, in every event', async () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `line ${index}: ${'word '.repeat(12)}`);
    const { main, post } = await tell({ event: pushOf({ message: lines.join('\n') }) });
    for (const { git } of resources([...main.events, ...post.events])) {
      expect(git?.message?.split('\n').slice(0, 100)).toEqual(lines.slice(0, 100));
    }
  });

  test.concurrent('letters of all scripts, emoji and combining characters arrive as they were', async () => {
    const text = 'Grüße, 你好, مرحبا, שלום, 👩‍👩‍👧‍👦 🏳️‍🌈, e\u0301, \u202eRTL\u202c';
    const { post } = await tell({
      event: pushOf({ message: text, author: { name: text, email: 'müller@exämple.com' } }),
      env: { GITHUB_WORKFLOW: text, GITHUB_REF: 'refs/heads/féature/日本' },
      inputs: { 'job-name': text },
    });
    const [pipeline, job] = resources(post.events);
    expect(pipeline).toMatchObject({ name: text, git: { message: text, author_name: text, branch: 'féature/日本' } });
    expect(job).toMatchObject({ name: text, pipeline_name: text });
  });

  test.concurrent('control characters and halves of characters are taken out', async () => {
    const noise = '\u0000\u0007\u001b[31m\u007f\u0085\u009b\ud83d\udc00\udfff';
    const { main, post } = await tell({
      event: {
        ...pushOf({
          message: `one${noise}\r\ntwo\rthree`,
          author: { name: `Ann${noise}`, email: `ann@example.com\ud800` },
        }),
        ref: noise,
      },
      env: {
        GITHUB_WORKFLOW: 'CI\u001b[0m\u0085 of\r\nus',
        GITHUB_REF: 'refs/heads/a\u0007b',
        RUNNER_NAME: 'one\u001btwo',
      },
      inputs: { 'job-name': 'build\u001b]0;title\u0007', tags: 'a:b\u0007c', parameters: 'p:q\u001br' },
    });
    for (const { git } of resources([...main.events, ...post.events]))
      expect(git?.message).toMatch(/^one[^\n]*\ntwo\nthree$/);
    const printed = [main, post].flatMap(({ stdout }) => Array.from(stdout));
    // eslint-disable-next-line no-control-regex -- these are the characters that a terminal would obey
    expect(printed.filter((character) => /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(character))).toEqual([]);
  });

  test.concurrent('a commit id of 64 digits: no git, its parts as tags, and one notice', async () => {
    const sha = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
    const pair = await runJob({ env: { GITHUB_SHA: sha }, event: pushOf({ id: sha }) });
    const { running, final } = expectPairs(pair);
    for (const resource of [...running, ...final]) {
      expect(resource).not.toHaveProperty('git');
      expect(resource.tags).toEqual(
        expect.arrayContaining([`git.commit.sha:${sha}`, 'git.branch:main', 'git.default_branch:main']),
      );
    }
    expect(said('notice', pair.main, pair.post)).toHaveLength(1);
  });
});

describe('credentials', () => {
  const at = (password: string): string => `https://ci:${password}@git.example.com`;
  const repository = (url: string): Record<string, unknown> => ({ full_name: 'acme/shop', html_url: url });
  const places = [
    'repository',
    'message',
    'branch',
    'workflow',
    'job',
    'tag',
    'parameter',
    'parent',
    'server',
    'query',
    'trigger',
    'site',
  ];
  const secrets = places.map((place) => `hunter2-in-${place}`);
  const [REPOSITORY, MESSAGE, BRANCH, WORKFLOW, JOB, TAG, PARAMETER, PARENT, SERVER, QUERY, TRIGGER, SITE] =
    secrets.map(at);

  // Every stage and every event is searched for the secrets; what is left to see here is that something arrived.
  test.concurrent(
    'in repository, commit message, branch, names, tags, parameters and parent show nowhere',
    async () => {
      const pair = await tell({
        event: {
          ...pushOf({ message: `From ${MESSAGE}/x.git\n\n${MESSAGE} ${MESSAGE}` }),
          repository: repository(`${REPOSITORY}/acme/shop`),
        },
        env: { GITHUB_REF: `refs/heads/fix/${BRANCH}`, GITHUB_WORKFLOW: `Deploy ${WORKFLOW}` },
        inputs: {
          'job-name': `to ${JOB}`,
          tags: `registry:${TAG}`,
          parameters: `url:${PARAMETER}/x`,
          'parent-pipeline-id': 'p',
          'parent-pipeline-url': `${PARENT}/run/1`,
        },
        secrets,
      });
      expectPairs(pair);
    },
  );

  test.concurrent.each<[where: string, setting: JobSetting]>([
    ['the address of the server', { event: null, env: { GITHUB_SERVER_URL: `${SERVER}/` } }],
    [
      'the query of an address',
      { event: { repository: repository(`${QUERY}/acme/shop?token=hunter2-in-query#hunter2-in-query`) } },
    ],
    [
      'the page of the triggering run',
      { fixture: 'github/workflow-run', event: { workflow_run: { id: 7, html_url: `${TRIGGER}/x` } } },
    ],
  ])('in %s show nowhere', async (_where, setting) => {
    expect((await runMain({ ...setting, secrets, mayKeep: true })).events).toHaveLength(2);
  });

  test.concurrent('in an unusable site show nowhere', async () => {
    const main = await runMain({ secrets, inputs: { site: SITE } });
    expect(said('warning', main)).toEqual([expect.stringMatching(/`site` is .*ap1\.datadoghq\.com/)]);
  });

  test.concurrent('in intake-url are not used, which is said once', async () => {
    await withJob({ secrets: ['hunter2-in-intake'] }, async ({ use, intake }) => {
      const pair = await runBoth(
        use({ inputs: { 'intake-url': intake.url.replace('//', '//ci:hunter2-in-intake@') } }),
      );
      expectPairs(pair);
      expect(said('warning', pair.main, pair.post)).toEqual([expect.stringContaining('intake-url')]);
    });
  });

  test.concurrent('in an intake-url that is none show nowhere', async () => {
    const main = await runMain({ secrets: ['hunter2'], inputs: { 'intake-url': 'ci:hunter2@proxy.example:8080/dd' } });
    expect(said('warning', main)).toEqual([expect.stringContaining('intake-url')]);
  });

  test.concurrent('with an @ in the password show nowhere', async () => {
    const message = 'At https://ci:hunter2@and-a-half@git.example.com/x';
    await runMain({ event: pushOf({ message }), secrets: ['hunter2', 'and-a-half'], mayKeep: true });
  });

  test.concurrent('the key and the token show nowhere, whatever holds them', async () => {
    const pair = await tell({
      event: pushOf({ message: `${KEY} and ${TOKEN}`, author: { name: TOKEN, email: `${KEY}@example.com` } }),
      env: {
        GITHUB_WORKFLOW: `CI ${KEY}`,
        GITHUB_REF: `refs/heads/${KEY}`,
        GITHUB_ACTOR: `alice-${KEY}`,
        GITHUB_JOB: TOKEN,
      },
      inputs: {
        'job-name': TOKEN,
        tags: `key:${KEY}\n${TOKEN}:value`,
        parameters: `key:${KEY}`,
        env: KEY,
        service: TOKEN,
        measures: KEY,
        token: TOKEN,
      },
    });
    expectPairs(pair);
  });

  test.concurrent('the key shows not in the name of a parameter either', async () => {
    await runMain({ inputs: { parameters: `${KEY}:1` } });
  });

  test.concurrent('the runtime token shows nowhere, whatever holds it', async () => {
    await runMain({ inputs: { 'job-name': RUNTIME_TOKEN, tags: `runtime:${RUNTIME_TOKEN}` }, mayKeep: true });
  });

  test.concurrent('what only looks like one does no harm to the payload in the log', async () => {
    const { post } = await tell({ inputs: { tags: 'docs:https://docs.example.com\nowner:alice@example.com' } });
    expect(post.events[0]!.attributes.resource.tags).toEqual(
      expect.arrayContaining(['docs:https://docs.example.com', 'owner:alice@example.com']),
    );
  });
});

describe('words that runners take for commands', () => {
  const V1 = '##[add-mask]e ##[stop-commands]x';
  const V2 = '::stop-commands::x';
  const cases: [where: string, setting: JobSetting & UseSetting][] = [
    [
      'branch, commit message, names, tags and parameters',
      {
        event: pushOf({ message: `a\n${V2}\n ${V2}\r${V2}\n${V1}\n::add-mask::e` }),
        env: { GITHUB_REF: `refs/heads/${V1}`, GITHUB_WORKFLOW: V2 },
        inputs: {
          'job-name': `\r\n${V2}\n##[error]x ${V1}`,
          tags: `a:${V1}\nb:\u2028${V2}`,
          parameters: `${V1}:${V1}\n${V2}`,
        },
      },
    ],
    [
      'the names that a workflow has',
      { env: { GITHUB_WORKFLOW: V1, GITHUB_JOB: V1, GITHUB_ACTOR: V1, GITHUB_EVENT_NAME: V2 } },
    ],
    [
      'unusable inputs',
      {
        inputs: {
          site: V2,
          summary: V1,
          'partial-retry': `\n${V2}`,
          timeout: `%0A${V2}`,
          measures: `${V1}\n${V2}`,
          level: V2,
        },
      },
    ],
    ['the answer of the intake', { inputs: { name: V2 }, fail: { status: 400, body: `${V1}\n${V2}` } }],
  ];
  // Every stage is searched for commands that are not ours.
  test.concurrent.each(cases)('in %s stay words', async (_where, setting) => {
    const { main, post } = await tell(setting);
    for (const stage of [main, post]) {
      expect(stage.stdout).not.toContain('##[');
      // The key, the job's own token, though the input `token` is empty, and the runner's.
      expect(toCommands(stage.stdout).filter(({ name }) => name === 'add-mask')).toHaveLength(3);
      expect(said('group', stage)).toHaveLength(
        toCommands(stage.stdout).filter(({ name }) => name === 'endgroup').length,
      );
    }
  });

  test.concurrent('a dry run prints them as words, too', async () => {
    const { main, post } = await runJob({ env: { GITHUB_WORKFLOW: V1 }, inputs: { 'dry-run': 'true', 'api-key': '' } });
    expect([...main.events, ...post.events]).toEqual([]);
    for (const { stdout } of [main, post]) {
      const { data } = JSON.parse(group(stdout, 'Datadog (dry run)')!) as { data: CiEvent[] };
      expect(data[0]!.attributes.resource.name).toBe(V1);
    }
  });
});

/**
 * Runs a job whose final events are refused because of the key, so that the log shows them: what stands there has to be what was sent.
 */
async function tell(setting: JobSetting & UseSetting): Promise<Pair> {
  return withJob({ ...setting, mayKeep: true }, async ({ use, intake }) => {
    const step = use({ ...setting, inputs: { token: '', ...setting.inputs } });
    const main = await step.main();
    if (setting.fail === undefined) await intake.setFail(403);
    const post = await step.post();
    const [, payload] = group(post.stdout, 'Datadog: the undelivered payload')?.split('\n') ?? [];
    if (payload !== undefined) expect((JSON.parse(payload) as { data: unknown }).data).toEqual(post.events);
    return { main, post };
  });
}

/** The payload of a push whose head commit has these parts, too. */
function pushOf(commit: object): Record<string, unknown> {
  const { event } = fixture();
  return { ...event, head_commit: { ...(event['head_commit'] as object), ...commit } };
}

function resources(events: readonly CiEvent[]): Resource[] {
  return events.map((event) => event.attributes.resource);
}

async function runBoth(step: Use): Promise<Pair> {
  return { main: await step.main(), post: await step.post() };
}

/** One payload of each event that runs workflows in a way of its own, and of others at regular distances. */
function toSample(all: readonly RealPayload[], size: number): RealPayload[] {
  const first = [...new Map(all.toReversed().map((one) => [one.event, one])).values()].toReversed();
  const names = ['delete', 'issue_comment', 'pull_request', 'push', 'release', 'workflow_dispatch', 'workflow_run'];
  const own = first.filter(({ event }) => names.includes(event));
  const others = first.filter(({ event }) => !names.includes(event));
  const distance = others.length / (size - own.length);
  return [...own, ...others.filter((_, index) => Math.floor(index / distance) !== Math.floor((index - 1) / distance))];
}

test('a fault of our own is told without any credential, whatever the runner calls it', async () => {
  const fault = `process.on('newListener', (event) => event === 'uncaughtException' && setImmediate(() => {
    throw new Error('token ' + process.env.KILN_JOB_TOKEN);
  }));`;
  const main = await runMain({
    env: {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(fault)}`,
      KILN_JOB_TOKEN: 'kiln-credential-0123456789',
    },
  });
  expect(said('warning', main).join('\n')).toContain('this action failed (token ***)');
});
