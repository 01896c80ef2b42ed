import { describe, expect, test } from '@jest/globals';
import { KEY, TOKEN } from '../../support/builders.js';
import { NOW } from '../../support/clock.js';
import { fixtures } from '../../support/fixtures.js';
import { type FakeJobOptions, type LogReply, startFakeJob, type Variables } from '../../support/runner.js';

/** The runtime token of Gitea and Forgejo names the job. */
const RUNTIME = `a.${Buffer.from(JSON.stringify({ TaskID: 1, RunID: 2, JobID: 9001 })).toString('base64url')}.c`;
const END = NOW + 60_000;

const at = (milliseconds: number): string => new Date(milliseconds).toISOString();
const push = (platform: string) => fixtures().find((one) => one.platform === platform && one.name === 'push')!;
const pathOf = (platform: string): string =>
  `${push(platform).env['GITHUB_API_URL']}/repos/acme/shop/actions/jobs/9001/logs`;

/** A log whose last line is as new as post's first one. */
const whole = (...texts: string[]): LogReply => ({
  chunks: [...texts.map((text) => `${at(NOW)} ${text}\n`), `${at(END + 1)} Datadog: the log\n`],
});

interface Options extends Omit<FakeJobOptions, 'env' | 'event' | 'logs'> {
  platform?: string;
  log?: LogReply | LogReply[];
  inputs?: Variables;
  ended?: string;
}

async function end({ platform = 'forgejo', log, inputs = {}, ended = 'failure', ...options }: Options) {
  const { env, event } = push(platform);
  const job = startFakeJob({
    ...options,
    env: { ...env, ACTIONS_RUNTIME_TOKEN: RUNTIME },
    event,
    logs: log ? { [pathOf(platform)]: log } : {},
  });
  const step = job.step({ token: TOKEN, 'job-token': TOKEN, logs: 'failed', ...inputs });
  await step.main();
  job.clock.pass(60_000);
  job.order.length = 0;
  await step.post({ 'job-status': ended, status: ended });
  return { job, texts: job.logItems.map(({ message }) => message) };
}

describe('the log of the job that runs here', () => {
  test.each(['forgejo', 'gitea'])('is sent before its final event, on %s', async (platform) => {
    const { job } = await end({
      platform,
      log: whole('⭐ Run Main make', '##[error]it broke'),
      inputs: { status: 'success' },
    });
    expect(job.order).toEqual(['log', 'events']);
    const own = job.accepted.findLast(({ attributes: { resource } }) => resource.level === 'job')!;
    const of = {
      job_id: own.attributes.resource.id,
      pipeline_unique_id: own.attributes.resource.pipeline_unique_id,
      provider_name: own.attributes.provider_name,
      timestamp: at(NOW),
    };
    expect(job.logItems.slice(0, 2)).toEqual([
      { ...of, message: '⭐ Run Main make', line_number: 1, section_name: 'Run make' },
      { ...of, message: '##[error]it broke', line_number: 2, section_name: 'Run make', status: 'error' },
    ]);
    expect(job.logReads.map(({ url, headers }) => [url, headers['authorization']])).toEqual([
      [pathOf(platform), `token ${TOKEN}`],
    ]);
    expect([job.said('warning', 'notice'), job.sockets.open]).toEqual([[], 0]);
  });

  test.each<[string, Variables, string, number]>([
    ['not where nobody asks', { logs: 'none' }, 'failure', 0],
    ['not of a job that went well', { logs: 'failed' }, 'success', 0],
    ['but then with `all`', { logs: 'all' }, 'success', 2],
    ['not in a dry run', { logs: 'all', 'dry-run': 'true' }, 'failure', 0],
  ])('%s', async (_, inputs, ended, lines) => {
    const { job } = await end({ log: whole('x'), inputs, ended });
    expect(job.logItems).toHaveLength(lines);
    expect(job.logReads).toHaveLength(lines > 0 ? 1 : 0);
    expect(job.said('info').filter((text) => text.includes('is sent, too'))).toHaveLength(lines > 0 ? 1 : 0);
  });

  test('is read again until the runner has handed on all of it', async () => {
    const log = [
      { status: 500 },
      { chunks: [`${at(NOW)} one\n`] },
      { chunks: [`${at(NOW)} one\n`] },
      whole('one', 'two'),
    ];
    const { job, texts } = await end({ log });
    expect(texts).toEqual(['one', 'two', 'Datadog: the log']);
    expect(job.clock.sleeps).toEqual([500, 1_000, 2_000]);
  });

  test('goes as it is where the runner never does', async () => {
    const { texts, job } = await end({ log: { chunks: [`${at(NOW)} one\n`] } });
    expect([texts, job.order]).toEqual([['one'], ['log', 'events']]);
  });

  test('is cut to its last lines, and that is told', async () => {
    const { job } = await end({ log: whole('a', 'b', 'c'), inputs: { 'log-lines': '2' } });
    expect(job.logItems.map(({ line_number, message }) => [line_number, message])).toEqual([
      [3, 'c'],
      [4, 'Datadog: the log'],
    ]);
    expect(job.said('info').join('\n')).toContain('of the log of job "build" only the last 2 lines are sent');
  });

  test('shows no credential, and nothing of it in the log of this step', async () => {
    const basic = Buffer.from(`user:${TOKEN}`).toString('base64');
    const { job, texts } = await end({
      log: whole(`key ${KEY}`, `token ${TOKEN}`, `authorization: basic ${basic}`, `run ${RUNTIME}`, 'https://a:b@c/'),
    });
    expect(texts.slice(0, 5)).toEqual([
      'key ***',
      'token ***',
      expect.stringMatching(/^authorization: basic .{0,9}\*\*\*.{0,3}$/),
      'run ***',
      'https://c/',
    ]);
    expect(job.everything()).not.toContain(TOKEN);
  });
});

describe('a log that can not be had', () => {
  const NO_LOG = /^The log of job "build" is not sent to Datadog: /;
  test.each<[string, LogReply | LogReply[] | undefined, RegExp]>([
    ['for the server has none', undefined, /the server answered 404\. Forgejo hands out logs from 16 on\./],
    ['for it is refused', { status: 403 }, /403\. Give the token `actions: read`/],
    ['for the server is out of order', { status: 503 }, /503/],
    [
      'for the connection dies in the middle',
      { chunks: ['x\n'], error: new Error('socket hang up') },
      /socket hang up/,
    ],
  ])('%s, is told, and costs no event', async (_, log, why) => {
    const { job } = await end({ ...(log ? { log } : {}) });
    expect(job.order).toEqual(['events']);
    expect(job.said('warning')).toEqual([expect.stringMatching(NO_LOG)]);
    expect(job.said('warning')).toEqual([expect.stringMatching(why)]);
    expect(job.sockets.open).toBe(0);
  });

  test('where the server has it when the job has ended only', async () => {
    const { job } = await end({ platform: 'github', inputs: { 'check-run-id': '9001' } });
    expect([job.logReads, job.order]).toEqual([[], ['events']]);
    expect(job.said('notice')).toEqual([expect.stringContaining('`observe` with `logs` sends it')]);
  });

  test('on a government site, whose logs Datadog does not take', async () => {
    const { job } = await end({ log: whole('x'), inputs: { site: 'ddog-gov.com' } });
    expect([job.logReads, job.order]).toEqual([[], ['events']]);
    expect(job.said('warning')).toContainEqual(expect.stringContaining('No job log is sent: Datadog takes no logs'));
  });

  test('but with an address of one’s own it goes there, whatever the site', async () => {
    const { texts } = await end({
      log: whole('x'),
      inputs: { site: 'ddog-gov.com', 'intake-url': 'https://proxy.example.com/dd/api/v2/ci/pipeline' },
    });
    expect(texts[0]).toBe('x');
  });
});

describe('an intake for logs that is out of order', () => {
  test.each<[string, FakeJobOptions['logIntake'], RegExp]>([
    ['nobody listens', new Error('connect ECONNREFUSED'), /did not reach Datadog.*ECONNREFUSED/],
    ['busy for ever', { status: 503, body: '{}' }, /did not reach Datadog.*503/],
    ['no key', { status: 403, body: '{"errors":["Forbidden"]}' }, /did not reach Datadog.*403 Forbidden/],
    ['a refusal', { status: 400, body: '{"errors":["bad line"]}' }, /refused 1 lines of job logs: 400 bad line/],
    ['another server', { status: 200, body: '<html>' }, /did not reach Datadog.*no answer of an intake/],
  ])('%s: the events arrive all the same, and within their time', async (_, logIntake, why) => {
    const { job } = await end({ log: whole('x'), logIntake: logIntake!, inputs: { 'log-lines': '1' } });
    expect(job.said('info').filter((text) => text.includes('are sent'))).toEqual([]);
    expect(job.said('warning')).toEqual([expect.stringMatching(why)]);
    expect(job.order.at(-1)).toBe('events');
    expect(job.accepted.map(({ attributes }) => attributes.resource.status)).toEqual([
      'running',
      'running',
      'error',
      'error',
    ]);
    // Post has 20 s, and logs 40 % of them.
    expect(job.clock.now() - END).toBeLessThanOrEqual(8_000);
  });
});

test('another host is shown no token', async () => {
  const { env } = push('forgejo');
  const file = 'https://files.example.com/log?sig=a%2Fb';
  const job = startFakeJob({
    env: { ...env, ACTIONS_RUNTIME_TOKEN: RUNTIME },
    event: push('forgejo').event,
    logs: { [pathOf('forgejo')]: { status: 302, headers: { location: file } }, [file]: whole('x') },
  });
  const step = job.step({ token: TOKEN, 'job-token': TOKEN, logs: 'all' });
  await step.main();
  await step.post();
  expect(job.logReads.map(({ url, headers }) => [url, headers['authorization']])).toEqual([
    [pathOf('forgejo'), `token ${TOKEN}`],
    [file, undefined],
  ]);
  expect(job.logItems[0]!.message).toBe('x');
});
