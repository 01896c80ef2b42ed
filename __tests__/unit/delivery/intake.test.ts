import { afterEach, describe, expect, test } from '@jest/globals';
import { type Intake as Server, startIntake } from '../../../viewer/intake/intake.js';
import { createDeadline } from '../../../src/runner/deadline.js';
import { createHttp } from '../../../src/delivery/http.js';
import type { Http } from '../../../src/runner/runner.js';
import { deliver, type Delivery } from '../../../src/delivery/intake.js';
import type { Intake } from '../../../src/delivery/posting.js';
import type { Event } from '../../../src/events/schema.js';
import { aJobEvent, aPipelineEvent, KEY, someEvents } from '../../support/builders.js';
import { aClock, NOW } from '../../support/clock.js';

type Failures = NonNullable<Parameters<typeof startIntake>[0]>['fail'];

const HTML = '<html><body>Please log in</body></html>';
const closing: (() => Promise<unknown>)[] = [];
let server: Server;
let http: Http;
let clock: ReturnType<typeof aClock>;
let bodies: string[];

afterEach(async () => {
  expect(server.problems).toEqual([]);
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** Delivers to a real server over a real connection; only the time between the tries is not real. */
/** A delivery with all its events: of the accepted ones the server knows more. */
type Told = Omit<Delivery, 'accepted' | 'rest'> & { accepted: readonly Event[]; requests: number };

async function deliverTo(
  fail: Failures,
  events: readonly Event[] = someEvents(2),
  { key = KEY, seconds = 20 } = {},
): Promise<Told> {
  server = await startIntake({ key: KEY, fail, now: () => NOW });
  http = await createHttp({});
  clock = aClock();
  bodies = [];
  closing.push(() => http.close(), server.close);
  const { sleep, now } = clock;
  const post: Http['post'] = (request) => {
    bodies.push(request.body.toString());
    return http.post(request);
  };
  const intake: Intake = { post, base: server.url, key, sleep, now, random: () => 0, debug: () => undefined };
  const { accepted, undelivered, rest, ...delivery } = await deliver(
    events,
    intake,
    createDeadline(seconds, clock.clock),
  );
  const known = server.events.length === accepted.count ? (server.events as Event[]) : accepted.first;
  expect(names(known.slice(0, 5))).toEqual(names(accepted.first));
  return { ...delivery, accepted: known, undelivered: [...undelivered, ...rest], requests: bodies.length };
}

const names = (events: readonly Event[]): string[] => events.map(({ attributes: { resource } }) => resource.name);
const sizes = (): number[] => server.requests.map(({ elements }) => elements.length);

test('accepted: one request with the key and all events', async () => {
  const events = someEvents(3);
  expect(await deliverTo(undefined, events)).toEqual({
    accepted: events,
    refused: [],
    undelivered: [],
    requests: 1,
    time: expect.any(Number),
  });
  const [request] = server.requests;
  expect(request).toMatchObject({ method: 'POST', path: '/api/v2/ci/pipeline', body: { data: events } });
  expect(request!.headers).toMatchObject({ 'dd-api-key': KEY, 'content-type': 'application/json' });
  expect(request!.headers['user-agent']).toMatch(/^datadog-pipeline-events\/\d/);
});

test.each([
  ['Fri, 20 Nov 2026 08:00:00 GMT', Date.parse('2026-11-20T08:00:00Z')],
  ['soon', undefined],
])("the intake's clock is told where its answer has one: %s", async (date, time) => {
  expect((await deliverTo({ status: 202, headers: { date }, body: '' })).time).toBe(time);
});

test.each<[string, { status: number; body?: unknown; headers?: Record<string, string> }]>([
  ['202 without a body', { status: 202, body: '' }],
  ['200 and JSON, of an intake proxy', { status: 200, body: { ok: true } }],
])('accepted: %s', async (_, answer) => {
  expect(await deliverTo(answer)).toMatchObject({ undelivered: [], refused: [], requests: 1 });
});

test('nothing to send is nothing sent', async () => {
  expect(await deliverTo(undefined, [])).toEqual({ accepted: [], refused: [], undelivered: [], requests: 0 });
});

describe('tried again', () => {
  test.each<[string, Failures, number]>([
    ['408', [408], 2],
    ['429', [429], 2],
    ['500, 502 and 503', [500, 502, 503], 4],
    ['an answer that breaks off in its head', [{ mode: 'dies', in: 'head' }], 2],
    ['an answer that breaks off in its body, though it says 202', [{ mode: 'dies', in: 'body' }], 2],
  ])('%s, then accepted, with the same bytes each time', async (_, fail, requests) => {
    const delivery = await deliverTo(fail);
    expect(delivery).toMatchObject({ refused: [], undelivered: [], requests });
    expect(delivery.accepted).toHaveLength(2);
    expect(new Set(bodies).size).toBe(1);
    expect(bodies).toHaveLength(requests);
    expect(clock.sleeps).toHaveLength(requests - 1);
  });

  test('when the server said it wants to be asked again', async () => {
    await deliverTo([{ status: 429, headers: { 'retry-after': '7' } }]);
    expect(clock.sleeps).toEqual([7_000]);
  });

  test('until the time is up, and the reason is told with the number of tries', async () => {
    const events = someEvents(2);
    const { undelivered, accepted, reason, requests } = await deliverTo(503, events, { seconds: 5 });
    expect({ undelivered, accepted }).toEqual({ undelivered: events, accepted: [] });
    expect(requests).toBeGreaterThan(2);
    expect(reason?.why).toMatch(
      new RegExp(`the intake answered 503 .*because it was asked to fail.*\\(${requests} tries; no time is left`),
    );
    expect(reason?.fix).toContain('busy or out of order');
    expect(clock.clock() - aClock().clock()).toBeLessThanOrEqual(5_000);
  });

  test('nobody listens: the cause is told, not "fetch failed"', async () => {
    const { reason, requests, undelivered } = await deliverTo('refused', someEvents(1), { seconds: 2 });
    expect(reason?.why).toContain('ECONNREFUSED');
    expect(undelivered).toHaveLength(1);
    expect(requests).toBeGreaterThan(1);
  });

  test('a silent server does not hold longer than the deadline', async () => {
    const { reason, requests, undelivered } = await deliverTo('silent', someEvents(1), { seconds: 0.1 });
    expect({ requests, undelivered: undelivered.length }).toEqual({ requests: 1, undelivered: 1 });
    expect(reason?.why).toContain('(1 try; no time is left for try 2)');
  });
});

describe('not tried again', () => {
  test.each<[string, Failures, string]>([
    ['401', 401, 'the intake refused the key with 401'],
    ['403', 403, 'the intake refused the key with 403 Forbidden'],
    ['a redirect, which is not followed either', 'redirect', 'answered 302'],
    [
      'a redirect that asks for the same again',
      { status: 307, headers: { location: '/api/v2/ci/pipeline' } },
      'answered 307',
    ],
    ['404', 404, 'answered 404'],
    ['400 with a page of HTML', { status: 400, body: HTML }, 'is no answer of an intake'],
    ['400 with words that are no JSON', { status: 400, body: 'bad request' }, 'is no answer of an intake'],
    ['400 without a body', { status: 400, body: '' }, 'is no answer of an intake'],
    ["400 with another server's JSON", { status: 400, body: { message: 'bad request' } }, 'is no answer of an intake'],
    ['400 with null', { status: 400, body: 'null' }, 'is no answer of an intake'],
    ['413 with a page of HTML', { status: 413, body: HTML }, 'is no answer of an intake'],
    ['403 with a page of HTML', { status: 403, body: HTML }, 'is no answer of an intake'],
    ['a page of HTML, though it says 200', { status: 200, body: HTML }, 'is no answer of an intake'],
    ['a page of HTML, though it says 202', { status: 202, body: HTML }, 'is no answer of an intake'],
    [
      '429 with a wait that does not fit',
      { status: 429, headers: { 'retry-after': '60' } },
      'the server asks to wait 60 s',
    ],
    [
      '429 with a reset that does not fit',
      { status: 429, headers: { 'x-ratelimit-reset': '60' } },
      'the server asks to wait 60 s',
    ],
  ])('%s', async (_, fail, why) => {
    const events = someEvents(2);
    const { undelivered, reason, requests } = await deliverTo(fail, events);
    expect({ undelivered, requests, seen: server.requests.length, sleeps: clock.sleeps }).toEqual({
      undelivered: events,
      requests: 1,
      seen: 1,
      sleeps: [],
    });
    expect(reason?.why).toContain(why);
  });

  test('a wrong key, and the answer names key and site as the things to check', async () => {
    const { reason } = await deliverTo(undefined, someEvents(1), { key: 'another-key-of-somebody' });
    expect(reason?.fix).toMatch(/api-key.*site/);
    expect(JSON.stringify(reason)).not.toContain('another-key-of-somebody');
  });

  test('what comes behind a batch that stopped is not even tried', async () => {
    const one = aJobEvent();
    const events = Array.from({ length: 1_500 }, () => one);
    const { undelivered, requests } = await deliverTo(403, events);
    expect({ undelivered: undelivered.length, requests }).toEqual({ undelivered: 1_500, requests: 1 });
  });
});

describe('413: the batch is halved', () => {
  test('until it fits, and no event is lost or doubled', async () => {
    const events = someEvents(7);
    const { accepted, requests } = await deliverTo({ status: 413, over: 2 }, events);
    expect(names(accepted)).toEqual(names(events));
    expect(server.events).toEqual(JSON.parse(JSON.stringify(events)));
    expect(sizes()).toEqual([7, 4, 2, 2, 3, 2, 1]);
    expect(requests).toBe(7);
  });

  test('one event that is too large does not cost the others', async () => {
    const { accepted, refused, undelivered } = await deliverTo(
      { status: 413, when: ({ attributes }) => attributes.resource.name === 'job 2' },
      someEvents(4),
    );
    expect({
      accepted: names(accepted),
      refused: refused.map(({ event, why }) => [event.attributes.resource.name, why]),
      undelivered,
    }).toEqual({
      accepted: ['CI', 'job 1', 'job 3'],
      refused: [['job 2', 'it is larger than the intake accepts']],
      undelivered: [],
    });
  });
});

test.each(['5ec4e7ab\n0123', 'kéy', '“5ec4e7ab”', '5ec4 e7ab'])(
  'a key that no header can carry, or no key can be (%j), is told at once',
  async (key) => {
    const { undelivered, requests, reason } = await deliverTo(undefined, someEvents(2), { key });
    expect([undelivered.length, requests, reason?.fix]).toEqual([2, 0, expect.stringContaining('`api-key`')]);
    expect(JSON.stringify(reason)).not.toContain(key);
  },
);

describe('400: the events are sent one by one', () => {
  const bad = (name: string) =>
    ({ status: 400, when: ({ attributes }: Event) => attributes.resource.name === name }) as Failures;

  test("the pipeline first; the refused one is named with Datadog's words", async () => {
    const { accepted, refused, undelivered } = await deliverTo(bad('job 1'), someEvents(4));
    expect(sizes()).toEqual([4, 1, 1, 1, 1]);
    expect(server.requests[1]!.elements[0]!.attributes.resource.level).toBe('pipeline');
    expect({ accepted: names(accepted), undelivered }).toEqual({ accepted: ['CI', 'job 2', 'job 3'], undelivered: [] });
    expect(refused).toEqual([
      { event: expect.objectContaining({}), why: '400 400 Bad Request because it was asked to fail' },
    ]);
  });

  test.each<[string, unknown, string]>([
    ["words in Datadog's other form", { errors: ['bad start', 'bad end'] }, '400 bad start, bad end'],
    ['no words', { errors: [] }, '400'],
    ['words with control characters and line ends', { errors: ['no\u0007 good\n  at all'] }, '400 no good at all'],
  ])('%s', async (_, body, why) => {
    const { refused } = await deliverTo({ status: 400, body }, someEvents(1));
    expect(refused.map((one) => one.why)).toEqual([why]);
  });

  const ones = (length: number): number[] => Array.from({ length }, () => 1);

  test('more than 20 requests take: the pipeline, then halves until they are few enough', async () => {
    const { accepted, refused, requests } = await deliverTo(bad('job 5'), someEvents(30));
    expect(sizes()).toEqual([30, 1, 15, ...ones(15), 14]);
    expect({ accepted: accepted.length, refused: refused.length, requests }).toEqual({
      accepted: 29,
      refused: 1,
      requests: 19,
    });
  });

  test('all are refused: in at most 20 requests', async () => {
    const { accepted, refused, undelivered } = await deliverTo({ status: 400 }, someEvents(30));
    expect(sizes()).toEqual([30, 1, 15, ...ones(15), 14]);
    expect({ accepted, refused: refused.length, undelivered }).toEqual({ accepted: [], refused: 30, undelivered: [] });
  });

  test.each([1, 500, 999])('event %d of a thousand costs few others', async (number) => {
    const { accepted, refused, requests } = await deliverTo(bad(`job ${number}`), someEvents(1_000));
    expect(accepted.length + refused.length).toBe(1_000);
    expect([refused.length <= 8, requests <= 20]).toEqual([true, true]);
  });

  test('two requests of a thousand each with one such event: both are found', async () => {
    const when = ({ attributes }: Event) => /^job (700|1700)$/.test(attributes.resource.name);
    const { accepted, refused } = await deliverTo({ status: 400, when } as Failures, someEvents(2_000));
    expect([accepted.length + refused.length, refused.length <= 16]).toEqual([2_000, true]);
  });

  test('the network goes away in the middle: what was accepted, refused and neither is told apart', async () => {
    const { accepted, refused, undelivered } = await deliverTo(
      [{ status: 400 }, undefined, { status: 400 }, { status: 403 }],
      someEvents(4),
    );
    expect([names(accepted), names(refused.map(({ event }) => event)), names(undelivered)]).toEqual([
      ['CI'],
      ['job 1'],
      ['job 2', 'job 3'],
    ]);
  });
});

test('an answer of any size is read in part', async () => {
  const { reason, undelivered } = await deliverTo({ status: 400, body: 'x'.repeat(5_000_000) }, someEvents(1));
  expect(reason!.why.length).toBeLessThanOrEqual(400);
  expect(undelivered).toHaveLength(1);
});

test('more events than a request may hold go in several', async () => {
  const job = aJobEvent();
  const { requests, accepted } = await deliverTo(undefined, [
    aPipelineEvent(),
    ...Array.from({ length: 1_000 }, () => job),
  ]);
  expect({ requests, accepted: accepted.length, sizes: sizes() }).toEqual({
    requests: 2,
    accepted: 1_001,
    sizes: [1_000, 1],
  });
});
