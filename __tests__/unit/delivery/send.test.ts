import { describe, expect, test } from '@jest/globals';
import { createDeadline } from '../../../src/runner/deadline.js';
import type { Answer, Runner } from '../../../src/runner/runner.js';
import type { Config } from '../../../src/runner/inputs.js';
import { send, type Sending } from '../../../src/delivery/send.js';
import { aConfig, aJobEvent, aLog, aPipelineEvent, KEY } from '../../support/builders.js';
import { aClock } from '../../support/clock.js';

const PAIR = [aPipelineEvent(), aJobEvent()];
const REFUSED = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' });

interface Options extends Partial<Sending> {
  config?: Partial<Config>;
  answer?: Partial<Answer> | Error;
  proxyIsBroken?: boolean;
  readOnly?: boolean;
}

async function sendTo({
  config = {},
  answer = { status: 202 },
  proxyIsBroken = false,
  readOnly = false,
  ...sending
}: Options) {
  const { log, words, of } = aLog({ secrets: [KEY] });
  const clock = aClock();
  const bodies: string[] = [];
  const files: Record<string, string> = {};
  let closed = 0;
  const runner: Partial<Runner> = {
    env: {},
    now: clock.now,
    sleep: clock.sleep,
    random: () => 0,
    uuid: () => 'uuid-1',
    writeFile: (folder, name, text) => {
      if (readOnly) throw Object.assign(new Error('permission denied'), { code: 'EACCES' });
      files[`${folder}/${name}`] = text;
      return `${folder}/${name}`;
    },
    createHttp: () =>
      proxyIsBroken
        ? Promise.reject(new TypeError('Invalid URL'))
        : Promise.resolve({
            post: ({ body }) => {
              bodies.push(body.toString());
              return answer instanceof Error
                ? Promise.reject(answer)
                : Promise.resolve({ status: 202, headers: {}, body: '', ...answer });
            },
            get: () => Promise.reject(new Error('nobody reads here')),
            close: () => Promise.resolve(void (closed += 1)),
          }),
  };
  const all = await send(
    { phase: 'final', events: PAIR, invalid: [], ...sending },
    {
      runner: runner as Runner,
      config: aConfig(config),
      log,
      deadline: createDeadline(5, clock.clock),
    },
  );
  return { all, words, of, bodies, files, closed };
}

test('all went well: one line', async () => {
  const { all, words, closed } = await sendTo({ phase: 'running' });
  expect(all).toBe(true);
  expect(words).toEqual([{ kind: 'info', text: 'Datadog: running pipeline "CI" and job "build" reported.' }]);
  expect(closed).toBe(1);
});

describe('events that are lost', () => {
  test('while it is running are one warning', async () => {
    const { all, words, closed } = await sendTo({ phase: 'running', answer: REFUSED });
    expect(all).toBe(false);
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
    const { all, of, files } = await sendTo({ answer: { status: 500 } });
    expect(all).toBe(false);
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
    expect(Object.keys(files)).toEqual(['/spool/datadog-uuid-1.json']);
    expect(JSON.parse(files['/spool/datadog-uuid-1.json']!)).toEqual({ data: PAIR });
    expect(of('warning')).toEqual([expect.stringContaining('It is also in /spool/datadog-uuid-1.json.')]);
  });

  test('a folder that can not be written is told in the same warning', async () => {
    const { of } = await sendTo({ answer: { status: 500 }, config: { undeliveredDir: '/spool' }, readOnly: true });
    expect(of('warning')).toEqual([
      expect.stringContaining("`undelivered-dir` can't be written (permission denied (EACCES))"),
    ]);
    expect(of('group')).toHaveLength(1);
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
  const { all, of, bodies } = await sendTo({ answer: { status: 400, body: '{"errors":["bad start"]}' } });
  expect(all).toBe(false);
  expect(bodies).toHaveLength(3);
  expect(of('warning')).toEqual([
    expect.stringMatching(/^Datadog refused the final event of pipeline "CI", job "build": 400 bad start\. /),
  ]);
  expect(of('group', 'info')).toEqual([]);
});

test('an event that is not valid is named, and the rest is sent', async () => {
  const { of, bodies } = await sendTo({
    events: [PAIR[1]!],
    invalid: [{ name: 'pipeline "CI"', why: 'url is none', sent: false }],
  });
  expect(of('warning')).toEqual([
    expect.stringMatching(/pipeline "CI" was not sent: it is not valid \(url is none\).*please report/),
  ]);
  expect(bodies).toHaveLength(1);
});

test('a dry run prints the payload, without the key, and sends nothing', async () => {
  const events = [aPipelineEvent({ tags: ['a:##[error]'] })];
  const { all, of, bodies } = await sendTo({ events, config: { dryRun: true } });
  expect({ all, bodies }).toEqual({ all: true, bodies: [] });
  const [group] = of('group');
  const [title, payload] = group!.split('\n');
  expect(title).toContain('nothing is sent');
  expect(payload).not.toContain('##[');
  expect(JSON.parse(payload!)).toEqual({ data: events });
});
