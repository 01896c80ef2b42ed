import { describe, expect, test } from '@jest/globals';
import { createDeadline } from '../../../src/runner/deadline.js';
import type { Answer, Runner } from '../../../src/runner/runner.js';
import type { Config } from '../../../src/runner/inputs.js';
import { reportEvents, type Reporting } from '../../../src/phases/sending.js';
import { aConfig, aJobEvent, aLog, aPipelineEvent, KEY } from '../../support/builders.js';
import { aClock } from '../../support/clock.js';
import { aFolder } from '../../support/folder.js';

const PAIR = [aPipelineEvent(), aJobEvent()];
const REFUSED = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' });

type Reply = Partial<Answer> | Error;

interface Options extends Partial<Reporting> {
  config?: Partial<Config>;
  /** To all requests, or to each in turn and the last one for ever. */
  answer?: Reply | Reply[];
  proxyIsBroken?: boolean;
  readOnly?: boolean;
  /** What lies on the disk already. */
  left?: Record<string, string>;
  /** Milliseconds that the intake takes for an answer. */
  takes?: number;
  seconds?: number;
}

async function sendTo({
  config = {},
  answer = { status: 202 },
  proxyIsBroken = false,
  readOnly = false,
  left = {},
  takes = 0,
  seconds = 5,
  ...sending
}: Options) {
  const { log, words, of } = aLog({ secrets: [KEY] });
  const clock = aClock();
  const bodies: string[] = [];
  const opened: string[] = [];
  const whileSent: string[][] = [];
  const saidBefore: string[] = [];
  const files = new Map(Object.entries(left));
  let closed = 0;
  const runner: Partial<Runner> = {
    env: {},
    now: clock.now,
    clock: clock.clock,
    sleep: clock.sleep,
    random: () => 0,
    uuid: () => `uuid-${files.size}`,
    openFolder: (path) => {
      opened.push(path);
      return readOnly
        ? Promise.reject(Object.assign(new Error('permission denied'), { code: 'EACCES' }))
        : Promise.resolve(aFolder({ path, files, clock }));
    },
    createHttp: () =>
      proxyIsBroken
        ? Promise.reject(new TypeError('Invalid URL'))
        : Promise.resolve({
            post: ({ body }) => {
              clock.pass(takes);
              bodies.push(body.toString());
              whileSent.push([...files.keys()]);
              saidBefore.push(words.map(({ text }) => text).join('\n'));
              const reply = [answer].flat().slice(0, bodies.length).at(-1)!;
              return reply instanceof Error
                ? Promise.reject(reply)
                : Promise.resolve({ status: 202, headers: {}, body: '', ...reply });
            },
            get: () => Promise.reject(new Error('nobody reads here')),
            close: () => Promise.resolve(void (closed += 1)),
          }),
  };
  const delivered = await reportEvents(
    { phase: 'final', events: PAIR, invalid: [], ...sending },
    {
      runner: runner as Runner,
      config: aConfig(config),
      log,
      deadline: createDeadline(seconds, clock.clock),
    },
  );
  return { delivered, words, of, bodies, files: Object.fromEntries(files), closed, opened, whileSent, saidBefore };
}

test('all went well: one line', async () => {
  const { delivered, words, closed } = await sendTo({ phase: 'running' });
  expect(delivered).toEqual({ events: 'all', pipeline: true });
  expect(words).toEqual([{ kind: 'info', text: 'Datadog: running pipeline "CI" and job "build" reported.' }]);
  expect(closed).toBe(1);
});

test('what goes before them and breaks holds up nothing', async () => {
  const { delivered, of } = await sendTo({ before: () => Promise.reject(new Error('boom')) });
  expect(delivered.events).toBe('all');
  expect(of('warning')).toEqual([expect.stringContaining('only a part of them: boom')]);
});

describe('events that are lost', () => {
  test('while it is running are one warning', async () => {
    const { delivered, words, closed } = await sendTo({ phase: 'running', answer: REFUSED });
    expect(delivered).toEqual({ events: 'none', pipeline: false });
    expect(words.filter(({ kind }) => kind !== 'debug')).toEqual([
      {
        kind: 'warning',
        text: expect.stringMatching(
          /^The running pipeline "CI" and job "build" did not reach Datadog: .*ECONNREFUSED.*\(\d+ tries; no time/,
        ),
      },
    ]);
    expect(closed).toBe(1);
  });

  test('at the end stand in the log, with the command that sends them', async () => {
    const { delivered, of, files } = await sendTo({ answer: { status: 500 } });
    expect(delivered).toEqual({ events: 'none', pipeline: false });
    expect(of('warning')).toEqual([
      expect.stringMatching(/^The final .*the intake answered 500.*The payload stands below/),
    ]);
    const [group] = of('group');
    expect(group).toContain("curl -X POST 'https://api.datadoghq.eu/api/v2/ci/pipeline'");
    const payload = group!.split('\n').find((line) => line.startsWith('{'));
    expect(JSON.parse(payload!)).toEqual({ data: PAIR });
    expect(files).toEqual({});
  });

  test('stand in a file too, where a folder is given', async () => {
    const { of, files } = await sendTo({ answer: { status: 500 }, config: { undeliveredDir: '/spool' } });
    const [path] = Object.keys(files);
    expect([Object.keys(files).length, path]).toEqual([
      1,
      expect.stringMatching(/^\/spool\/datadog-\w{8}-\d{13}-.*json$/),
    ]);
    expect(JSON.parse(files[path!]!.split('\n')[0]!)).toEqual({ data: PAIR });
    expect(of('warning')).toEqual([expect.stringContaining(`It is also in ${path}, from where the next job`)]);
  });

  test('a folder that can not be used is told in the same warning', async () => {
    const { of } = await sendTo({ answer: { status: 500 }, config: { undeliveredDir: '/spool' }, readOnly: true });
    expect(of('warning')).toEqual([
      expect.stringContaining("`undelivered-dir` can't be used (permission denied (EACCES))"),
    ]);
    expect([of('group').length, of('notice').length]).toEqual([1, 0]);
  });

  test('for a broken proxy, which is named by its variables only', async () => {
    const { of, bodies } = await sendTo({ proxyIsBroken: true });
    expect(bodies).toEqual([]);
    expect(of('warning')).toEqual([
      expect.stringMatching(/HTTPS_PROXY or HTTP_PROXY can't be used \(Invalid URL\).*http:\/\/host:port/),
    ]);
    expect(of('group')).toHaveLength(1);
  });
});

test("what Datadog refuses is named with Datadog's words, and not kept: it would be refused again", async () => {
  const { delivered, of, bodies } = await sendTo({ answer: { status: 400, body: '{"errors":["bad start"]}' } });
  expect(delivered).toEqual({ events: 'none', pipeline: false });
  expect(bodies).toHaveLength(3);
  expect(of('warning')).toEqual([
    expect.stringMatching(/^Datadog refused the final event of pipeline "CI", job "build": 400 bad start\. /),
  ]);
  expect(of('group', 'info')).toEqual([]);
});

test('of what Datadog refuses in part, it is told what was accepted', async () => {
  const refused = { status: 400, body: '{"errors":["bad start"]}' };
  const job = await sendTo({ answer: [refused, {}, refused] });
  expect([job.delivered, job.of('info')]).toEqual([
    { events: 'some', pipeline: true },
    ['Datadog: final pipeline "CI" reported.'],
  ]);
  const pipeline = await sendTo({ answer: [refused, refused, {}] });
  expect(pipeline.delivered).toEqual({ events: 'some', pipeline: false });
});

test.each<[string, Reply[], string]>([
  ['one try', [{ status: 503 }, {}], 'Datadog: accepted after 1 failed try (the intake answered 503).'],
  ['several', [REFUSED, { status: 500 }, {}], 'Datadog: accepted after 2 failed tries (the intake answered 500).'],
  ['none', [{}], ''],
])('a delivery that succeeded in the end says what failed before: %s', async (_, answer, told) => {
  const { delivered, words } = await sendTo({ answer });
  expect(delivered.events).toBe('all');
  expect(words.filter(({ text }) => text.includes('accepted after'))).toEqual(
    told ? [{ kind: 'info', text: told }] : [],
  );
});

test('an event that is not valid is named, and the rest is sent', async () => {
  const { of, bodies, saidBefore } = await sendTo({
    events: [PAIR[1]!],
    invalid: [{ name: 'pipeline "CI"', why: 'url is none', sent: false }],
  });
  expect(of('warning')).toEqual([
    expect.stringMatching(/pipeline "CI" was not sent: it is not valid \(url is none\).*please report/),
  ]);
  expect(bodies).toHaveLength(1);
  // A job may be killed while it sends.
  expect(saidBefore).toEqual([expect.stringContaining('was not sent')]);
});

describe('a folder for undelivered events', () => {
  const config = { undeliveredDir: '/spool' };
  const leave = async (): Promise<Record<string, string>> =>
    (await sendTo({ config, answer: { status: 500 }, events: [aPipelineEvent({ name: 'Earlier' })] })).files;

  test('holds the events while they are sent, and not after', async () => {
    const { whileSent, files, words } = await sendTo({ config });
    expect(whileSent).toEqual([[expect.stringMatching(/\.claim-\d+-\d+$/)]]);
    expect(files).toEqual({});
    expect(words.map(({ kind }) => kind)).toEqual(['info']);
  });

  test('gives the next job what an earlier one could not send, after its own events, and that is one line', async () => {
    const { bodies, files, words, saidBefore } = await sendTo({ config, left: await leave() });
    expect(bodies.map((body) => body.includes('"Earlier"'))).toEqual([false, true]);
    expect(files).toEqual({});
    // A job may be killed while it sends what others left.
    expect(saidBefore[1]).toContain('reported.');
    expect(words.slice(1)).toEqual([{ kind: 'info', text: 'Datadog: undelivered events of earlier jobs: 1 sent.' }]);
  });

  test.each<[string, Options]>([
    ['of running events', { phase: 'running' }],
    ['in a dry run', { config: { ...config, dryRun: true } }],
    ['without the input', { config: {} }],
  ])('is not looked at %s', async (_, options) => {
    const left = await leave();
    const { opened, files } = await sendTo({ config, ...options, left });
    expect([opened, files]).toEqual([[], left]);
  });

  test('is left alone where the own events were not delivered', async () => {
    const { bodies, files } = await sendTo({ config, left: await leave(), answer: { status: 401, body: '{}' } });
    expect(bodies).toHaveLength(1);
    expect(Object.keys(files)).toHaveLength(2);
  });

  test('takes five seconds of a job at most', async () => {
    const [[path, text] = ['', '']] = Object.entries(await leave());
    const left = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [path.replace('.json', `-${index}.json`), text]),
    );
    const { words } = await sendTo({ config, left, takes: 1_000, seconds: 600 });
    expect(words.at(-1)!.text).toBe('Datadog: undelivered events of earlier jobs: 5 sent, 5 left for the next job.');
  });

  test('keeps nothing that can be made again, but is emptied', async () => {
    const { bodies, files, whileSent } = await sendTo({ config, left: await leave(), again: 'Start it again.' });
    expect([bodies.length, whileSent[0]!.length, files]).toEqual([2, 1, {}]);
  });

  test('keeps nothing that Datadog refused', async () => {
    const { files } = await sendTo({ config, answer: { status: 400, body: '{"errors":["no"]}' } });
    expect(files).toEqual({});
  });

  test('that can not be used is a notice, before an outage shows it', async () => {
    const { delivered, words } = await sendTo({ config, readOnly: true });
    expect(delivered.events).toBe('all');
    expect(words.map(({ kind }) => kind)).toEqual(['notice', 'info']);
    expect(words[0]!.text).toContain('permission denied (EACCES)');
  });

  test('never prints what others left, and their key opens no file', async () => {
    const left = await leave();
    const { words, files } = await sendTo({ config: { ...config, apiKey: 'another-key-0123456789' }, left });
    expect(files).toEqual(left);
    expect(words.at(-1)!.text).toMatch(/1 not written with this key for this intake and left alone\.$/);
    expect(JSON.stringify(words)).not.toContain('Earlier');
  });
});

test('a dry run prints the payload, without the key, and sends nothing', async () => {
  const events = [aPipelineEvent({ tags: ['a:##[error]'] })];
  const { delivered, of, bodies } = await sendTo({ events, config: { dryRun: true } });
  expect({ delivered, bodies }).toEqual({ delivered: { events: 'dry run', pipeline: false }, bodies: [] });
  const [group] = of('group');
  const [title, payload] = group!.split('\n');
  expect(title).toContain('nothing is sent');
  expect(payload).not.toContain('##[');
  expect(JSON.parse(payload!)).toEqual({ data: events });
});
