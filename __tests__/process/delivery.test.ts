import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { CiEvent } from '../../viewer/run/event.js';
import type { Failures } from '../../viewer/intake/failure.js';
import { startIntake } from '../../viewer/intake/intake.js';
import type { Variables } from '../../viewer/runner/runner.js';
import { startProxy, type TestProxy } from '../support/proxy.js';
import { type JobSetting, KEY, type Pair, runJob, runMain, type Stage, withJob } from '../support/process.js';
import { leaks } from '../support/process-checks.js';
import { group, said } from '../support/process-log.js';
import { startTlsFront } from '../support/process-tls.js';

const TIMEOUT = 2;
const GROUP = 'Datadog: the undelivered payload';

/** Machines are slow now and then; this is far from the next retry. */
const SLACK = 4_000;

const page = '<html><body>Please log in</body></html>';

describe('an intake that fails', () => {
  const failing = { token: '', timeout: `${TIMEOUT}` };

  const lost: [how: string, fail: Failures, reason: RegExp][] = [
    ['that is not there', 'refused', /ECONNREFUSED/],
    ['that is silent', 'silent', /abort|time/i],
    // The deadline may cut off the last of several tries.
    ['that answers 500 for ever', 500, /500|aborted/],
    ['that answers 429 for ever', 429, /429|aborted/],
    ['that asks to come back in an hour', { status: 429, headers: { 'retry-after': '3600' } }, /wait 3600 s/],
    ['that refuses the key with 401', 401, /401.*`?api-key`?/],
    ['that refuses the key with 403', 403, /403.*`?api-key`?/],
    ['that answers with a page', { status: 200, body: page }, /Please log in/],
    ['that redirects', 'redirect', /302/],
    ['that dies in the head of its answer', { mode: 'dies', in: 'head' }, /./],
    ['that dies in the body of its answer', { mode: 'dies', in: 'body' }, /./],
  ];

  test.concurrent.each(lost)(
    '%s: one warning in each phase, and the final events stand in the log',
    async (_how, fail, reason) => {
      const { main, post } = await runJob({ fail, inputs: failing, main: { idle: true }, post: { idle: true } });
      for (const stage of [main, post]) {
        expect(said('warning', stage)).toEqual([
          expect.stringMatching(/pipeline "CI" and job "build" did not reach Datadog: \S/),
        ]);
        expect(said('warning', stage)[0]).toMatch(reason);
        expect([...said('notice', stage), ...said('error', stage)]).toEqual([]);
        expect(stage.ms).toBeLessThan(TIMEOUT * 1000 + SLACK);
      }
      expect(group(main.stdout, GROUP)).toBeUndefined();
      const delivered = await sendAsTold(group(post.stdout, GROUP));
      expect(delivered.map(({ attributes: { resource } }) => resource)).toMatchObject([
        {
          level: 'pipeline',
          unique_id: main.outputs['pipeline-id'],
          start: main.outputs['pipeline-start'],
          status: 'success',
        },
        { level: 'job', id: main.outputs['job-id'], start: main.outputs['job-start'], status: 'success' },
      ]);
    },
  );

  const refused: [how: string, fail: Failures, reason: RegExp][] = [
    ['that answers 413 for ever', 413, /larger/],
    [
      'that answers 400 for ever',
      { status: 400, body: { errors: [{ status: '400', title: 'Bad Request', detail: 'no such day' }] } },
      /no such day/,
    ],
  ];

  test.concurrent.each(refused)(
    '%s: one warning in each phase names the events and the reason',
    async (_how, fail, reason) => {
      const { main, post } = await runJob({ fail, inputs: failing });
      for (const stage of [main, post]) {
        expect(said('warning', stage)).toEqual([expect.stringMatching(/pipeline "CI".*job "build"/)]);
        expect(said('warning', stage)[0]).toMatch(reason);
      }
    },
  );

  test.concurrent('that refuses one event of two takes the other, and Datadog’s words are told', async () => {
    const onlyJobs = { status: 400, when: isJob, body: { errors: ['no such job'] } };
    const main = await runMain({ fail: onlyJobs, inputs: failing });
    expect(said('warning', main)).toEqual([expect.stringMatching(/job "build".*no such job/)]);
    expect(main.stdout).toMatch(/pipeline "CI" reported/);
  });

  test.concurrent.each<[how: string, fail: Failures]>([
    ['once, with 500', [500]],
    ['once, with 429 and a second to wait', [{ status: 429, headers: { 'x-ratelimit-reset': '1' } }]],
    ['once, by dying', [{ mode: 'dies', in: 'head' }]],
    ['with 413 for more than one event', { status: 413, over: 1 }],
  ])('%s gets the events all the same, without a word', async (_how, fail) => {
    const main = await runMain({ fail, main: { idle: true } });
    expect(main.events.map(({ attributes: { resource } }) => resource.level)).toEqual(['pipeline', 'job']);
    expect(said('warning', main)).toEqual([]);
  });
});

describe('final events that are not delivered', () => {
  test.concurrent('stand in undelivered-dir, too', async () => {
    await withJob({ fail: 403 }, async ({ job, use }) => {
      const folder = join(job.folder, 'kept', 'events');
      const step = use({ inputs: { token: '', 'undelivered-dir': folder } });
      await step.main();
      const post = await step.post();
      const files = readdirSync(folder).map((name) => join(folder, name));
      expect(files).toHaveLength(1);
      expect((JSON.parse(readFileSync(files[0]!, 'utf8').split('\n')[0]!) as { data: unknown }).data).toEqual(
        post.events,
      );
      expect(said('warning', post)).toEqual([expect.stringContaining(files[0]!)]);
    });
  });

  test.concurrent('stand in the log where undelivered-dir can’t be written, which is told', async () => {
    await withJob({ fail: 403 }, async ({ job, use }) => {
      const file = join(job.folder, 'a file');
      writeFileSync(file, '');
      const step = use({ inputs: { token: '', 'undelivered-dir': join(file, 'below') } });
      await step.main();
      const post = await step.post();
      expect(said('warning', post)).toEqual([expect.stringMatching(/undelivered-dir.*ENOTDIR/)]);
      expect(await sendAsTold(group(post.stdout, GROUP))).toEqual(post.events);
    });
  });

  test.concurrent('stand in the log whole, when they are large', async () => {
    const parameters = Array.from({ length: 60 }, (_, index) => `p${index}:${'’“$(x)`y`\\'.repeat(100)}`);
    const { post } = await runJob({ fail: 403, inputs: { token: '', parameters: parameters.join('\n') } });
    expect(await sendAsTold(group(post.stdout, GROUP))).toEqual(post.events);
  });
});

describe('fail-on-error', () => {
  const strict = { token: '', 'fail-on-error': 'true' };
  const failed = { main: { code: 1 }, post: { code: 1 } };

  test.concurrent('makes an undelivered phase an error, and the payload stands in the log', async () => {
    const { main, post } = await runJob({ fail: 403, inputs: strict, ...failed });
    for (const stage of [main, post]) {
      expect(said('error', stage)).toEqual([expect.stringContaining('did not reach Datadog')]);
      expect(said('warning', stage)).toEqual([]);
    }
    expect(await sendAsTold(group(post.stdout, GROUP))).toEqual(post.events);
  });

  test.concurrent('makes a missing key an error of main, and post has nothing to add', async () => {
    const pair = await runJob({ inputs: { ...strict, 'api-key': '' }, main: { code: 1 } });
    expect(said('error', pair.main)).toEqual([expect.stringContaining('api-key')]);
    expectSilence(pair, 'error');
  });
});

describe('a missing key', () => {
  const cases: [who: string, setting: JobSetting, strict: boolean][] = [
    ['a push', {}, false],
    ['a pull request from a fork, even with fail-on-error', { fixture: 'github/pull-request-from-fork' }, true],
    [
      'Dependabot, even with fail-on-error',
      { fixture: 'github/pull-request', env: { GITHUB_ACTOR: 'dependabot[bot]' } },
      true,
    ],
  ];

  test.concurrent.each(cases)('%s: one notice, nothing is sent, and nothing fails', async (_who, setting, strict) => {
    const pair = await runJob({ ...setting, inputs: { 'api-key': '', 'fail-on-error': `${strict}` } });
    expect(said('notice', pair.main)).toEqual([expect.stringContaining('Nothing is sent to Datadog')]);
    expectSilence(pair, 'notice');
  });

  test.concurrent('is found in the environment', async () => {
    expect((await runMain({ env: { DD_API_KEY: KEY }, inputs: { 'api-key': '' } })).events).toHaveLength(2);
  });
});

describe('proxies', () => {
  const PASSWORD = 'p@ss/word#9';
  const secrets = [PASSWORD, `ci:${PASSWORD}`];

  /** The first phase of a job behind a proxy that wants user and password, with an intake on https or http. */
  async function behindProxy(
    toEnv: (url: string) => Variables,
    { https = false, auth = `ci:${PASSWORD}` }: { https?: boolean; auth?: string },
    check: (main: Stage, proxy: TestProxy, intake: string) => void,
  ): Promise<void> {
    const proxy = await startProxy({ auth: `ci:${PASSWORD}` });
    const intake = await startIntake({ key: KEY });
    const url = proxy.url.replace(/\/\/.*@/, `//${auth.split(':').map(encodeURIComponent).join(':')}@`);
    try {
      await withJob({ intake, env: toEnv(url), secrets: [...secrets, auth] }, async ({ job, use }) => {
        const front = https ? await startTlsFront(intake.url, job.folder) : undefined;
        const target = front?.url ?? intake.url;
        try {
          const step = use({ inputs: { token: '', timeout: '1', 'intake-url': target } });
          check(await step.main({ env: { NODE_EXTRA_CA_CERTS: front?.certificate } }), proxy, new URL(target).host);
        } finally {
          await front?.close();
        }
      });
      expect(leaks({ log: JSON.stringify([proxy.connects, proxy.requests, proxy.refused]) }, [KEY])).toEqual([]);
    } finally {
      await Promise.all([proxy.close(), intake.close()]);
    }
  }

  const expectSent = (main: Stage): void => {
    expect(main.events).toHaveLength(2);
    expect(said('warning', main)).toEqual([]);
  };

  test.concurrent.each(['HTTPS_PROXY', 'https_proxy'])('%s: https goes through a tunnel', async (name) => {
    await behindProxy(
      (url) => ({ [name]: url, HTTP_PROXY: 'http://127.0.0.1:2' }),
      { https: true },
      (main, proxy, intake) => {
        expectSent(main);
        expect(proxy).toMatchObject({ connects: [intake], requests: [], refused: [] });
      },
    );
  });

  test.concurrent.each(['HTTP_PROXY', 'http_proxy'])('%s: http goes through, without a tunnel', async (name) => {
    await behindProxy(
      (url) => ({ [name]: url, HTTPS_PROXY: 'http://127.0.0.1:2' }),
      {},
      (main, proxy, intake) => {
        expectSent(main);
        expect(proxy).toMatchObject({
          connects: [],
          requests: [`POST http://${intake}/api/v2/ci/pipeline`],
          refused: [],
        });
      },
    );
  });

  test.concurrent.each<[Variables, boolean]>([
    [{ NO_PROXY: '.internal,127.0.0.1' }, false],
    [{ no_proxy: 'localhost' }, true],
  ])('%j: straight to the intake', async (env, https) => {
    await behindProxy(
      (url) => ({ HTTPS_PROXY: url, HTTP_PROXY: url, ...env }),
      { https },
      (main, proxy) => {
        expectSent(main);
        expect(proxy).toMatchObject({ connects: [], requests: [], refused: [] });
      },
    );
  });

  const expectRefusal = (main: Stage, proxy: TestProxy): void => {
    expect(said('warning', main)).toEqual([expect.stringMatching(/407/)]);
    expect(proxy.refused).not.toEqual([]);
  };

  test.concurrent('that refuse the password are told of, and no word of it, on http', async () => {
    await behindProxy((url) => ({ HTTP_PROXY: url }), { auth: 'ci:n0t-the-password' }, expectRefusal);
  });

  test.concurrent('that refuse the password are told of, and no word of it, on https', async () => {
    await behindProxy((url) => ({ HTTPS_PROXY: url }), { https: true, auth: 'ci:n0t-the-password' }, expectRefusal);
  });

  const lost: [how: string, proxy: string, reason: RegExp][] = [
    ['that are not there', `http://ci:${encodeURIComponent(PASSWORD)}@127.0.0.1:2`, /ECONNREFUSED/],
    ['that are no URL', `http://ci:${encodeURIComponent(PASSWORD)}@:::`, /proxy/i],
    ['without a scheme', `ci:${encodeURIComponent(PASSWORD)}@127.0.0.1:2`, /proxy/i],
  ];

  test.concurrent.each(lost)('%s are told of, and no word of the password', async (_how, proxy, reason) => {
    const main = await runMain({ env: { HTTP_PROXY: proxy }, inputs: { timeout: '1' }, secrets, main: { idle: true } });
    expect(said('warning', main)).toEqual([expect.stringMatching(reason)]);
  });

  test.concurrent(
    'are taken in post, too, and the final events stand in the log where they can’t be used',
    async () => {
      const [, proxy] = lost[1]!;
      const { post } = await runJob({ post: { env: { HTTP_PROXY: proxy } }, inputs: { token: '' }, secrets });
      expect(said('warning', post)).toEqual([expect.stringMatching(/proxy/i)]);
      expect(await sendAsTold(group(post.stdout, GROUP))).toHaveLength(2);
    },
  );
});

test('where all goes well, no phase takes longer than it has to, and nothing is left running', async () => {
  const { main, post } = await runJob({ inputs: { timeout: '600' } });
  // The intake keeps its connections open, and would for minutes.
  expect(main.ms).toBeLessThan(SLACK);
  expect(post.ms).toBeLessThan(SLACK);
});

/** The events that arrive at a healthy intake when somebody runs what the log holds, with another address in it. */
async function sendAsTold(command = ''): Promise<CiEvent[]> {
  const intake = await startIntake({ key: KEY });
  try {
    const elsewhere = command.replace(/'http[^']*\/api\/v2\/ci\/pipeline'/, `'${intake.url}/api/v2/ci/pipeline'`);
    const options = { env: { PATH: process.env['PATH'], DD_API_KEY: KEY } };
    // As a file: a word of a command line may not be as long as a payload.
    const run = promisify(execFile)('bash', ['-s'], options);
    run.child.stdin?.end(elsewhere);
    await run;
    expect(intake.problems).toEqual([]);
    return intake.events;
  } finally {
    await intake.close();
  }
}

/** Nothing was sent, and of notices, warnings and errors there is one, in main, of this kind. */
function expectSilence({ main, post }: Pair, kind: string): void {
  expect([...main.events, ...post.events]).toEqual([]);
  expect(['notice', 'warning', 'error'].flatMap((each) => said(each, main, post))).toHaveLength(1);
  expect(said(kind, main)).toHaveLength(1);
  expect(post.summary).toBe('');
}

function isJob({ attributes }: CiEvent): boolean {
  return attributes.resource.level === 'job';
}
