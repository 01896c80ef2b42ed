import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { StoredRecord } from '../../viewer/run/record.js';
import { addressesOf, isForeign, isLoopback, isOwnHost } from '../../viewer/server/host.js';
import { bundle } from '../../viewer/server/page.js';
import { startViewer, type Viewer } from '../../viewer/server/server.js';
import { createStore } from '../../viewer/server/store.js';
import { aJob, aPipeline, at, post, RUN } from '../support/viewer.js';

let viewer: Viewer;
beforeEach(async () => {
  viewer = await startViewer();
});
afterEach(() => viewer.close());

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** fetch sets Host and Origin itself, so that they can't be told otherwise. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(`${viewer.url}${path}`, { method, headers }, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => (text += chunk))
        .on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: text }));
    })
      .on('error', reject)
      .end(body);
  });
}

/** The messages of the event stream until so many records have come. */
async function readStream(
  count: number,
  lastId?: string,
): Promise<{ ids: string[]; begun: unknown[]; names: string[] }> {
  const headers = new Headers(lastId === undefined ? [] : [['last-event-id', lastId]]);
  const response = await fetch(`${viewer.url}/events`, { headers });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const messages = text.split('\n\n').slice(0, -1);
    const datas = messages.map((message) => JSON.parse(/^data: (.*)$/m.exec(message)![1]!) as unknown);
    const records = datas.slice(1).flat() as StoredRecord[];
    if (records.length < count) continue;
    const ids = messages.flatMap((message) => /^id: (.*)$/m.exec(message)?.[1] ?? []);
    const names = records.map((record) =>
      record.kind === 'event' ? record.event.attributes.resource.name : record.kind,
    );
    return { ids, begun: datas.slice(0, 1), names };
  }
  throw new Error('the stream ended');
}

describe('the page', () => {
  test('may load nothing but its own script and style', async () => {
    const { headers, body } = await ask('/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']{44}'; style-src 'sha256-[^']{44}'; /);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect(body).not.toMatch(/ style="| on[a-z]+="/);
  });

  test('holds no end of its script in its data', async () => {
    await post(viewer.url, [aPipeline({ name: '</script><!--<script>', end: at(1) })]);
    const { body } = await ask('/save');
    expect(body.match(/<\/script>/g)).toHaveLength(2);
    expect(body).not.toContain('<!--');
  });

  test('is one script of all its modules, each in its own function', () => {
    const script = bundle('page/main.js');
    expect(script).not.toMatch(/^(import|export) /m);
    expect(script.match(/modules\['page\/dom\.js'\] = /g)).toHaveLength(1);
    expect(script.indexOf("modules['page/dom.js'] = ")).toBeLessThan(script.indexOf("= modules['page/dom.js']"));
  });
});

describe('what asks', () => {
  test.each<[string, boolean]>([
    ['127.0.0.1:8125', true],
    ['localhost:8125', true],
    ['[::1]:8125', true],
    ['192.168.7.9', true],
    ['host.docker.internal:8125', true],
    ['LOCALHOST', true],
    ['evil.example', false],
    ['localhost.evil.example', false],
    ['127.0.0.1.evil.example:8125', false],
    ['evil.example@127.0.0.1', false],
    ['127.0.0.1/x', false],
    ['', false],
  ])('by the name %s is let in: %s', (header, isOwn) => expect(isOwnHost(header)).toBe(isOwn));

  test('by a name that --host gave is let in', () => {
    expect(isOwnHost('ci.example:8125', ['CI.example'])).toBe(true);
    expect(isOwnHost(undefined, ['ci.example'])).toBe(false);
  });

  test('by another name is refused, whatever it asks for', async () => {
    const headers = { host: 'evil.example' };
    for (const path of ['/', '/events', '/save']) expect((await ask(path, headers)).status).toBe(421);
    expect((await ask('/api/v2/ci/pipeline', headers, 'POST', '{}')).status).toBe(421);
    expect(viewer.store.records()).toEqual([]);
  });

  test.each<[string, Record<string, string>, boolean]>([
    ['a program', {}, false],
    ['the page itself', { origin: 'http://h', 'sec-fetch-site': 'same-origin' }, false],
    ['an address that is typed', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, false],
    ['a link', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, false],
    ['a frame', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, true],
    ['a script of another site', { origin: 'https://evil.example' }, true],
    ['a file on the disk', { origin: 'null' }, true],
    ['an image of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, true],
  ])('is %s: foreign %s', (_, headers, foreign) => expect(isForeign({ host: 'h', ...headers })).toBe(foreign));

  test('for a page of another site gets nothing, and leaves nothing', async () => {
    const headers = { origin: 'https://evil.example', 'content-type': 'application/json' };
    expect((await ask('/api/v2/ci/pipeline', headers, 'POST', '{"data":{}}')).status).toBe(403);
    expect((await ask('/events', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(viewer.store.records()).toEqual([]);
  });

  test.each<[string, boolean]>([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['localhost', true],
    ['::1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['127.evil.example', false],
  ])('can only be this machine at %s: %s', (address, isIt) => expect(isLoopback(address)).toBe(isIt));

  test('is told every address of this machine where it listens on all', () => {
    expect(addressesOf('10.1.2.3')).toEqual(['10.1.2.3']);
    expect(addressesOf('0.0.0.0').every((address) => !isLoopback(address))).toBe(true);
  });
});

describe('the stream', () => {
  test('tells all that was there, then what comes, and goes on after the last that was seen', async () => {
    await post(viewer.url, [aPipeline(), aJob('a', [1])]);
    const whole = readStream(3);
    // Whether it comes before or after the page has caught up, it comes once.
    await post(viewer.url, [aJob('b', [1])]);
    const { ids, begun, names } = await whole;
    expect([begun, names]).toEqual([[{ isNew: true }], ['CI', 'a', 'b']]);
    const afterFirst = ids.at(-1)!.replace(/\d+$/, '1');
    expect(await readStream(2, afterFirst)).toMatchObject({ begun: [{ isNew: false }], names: ['a', 'b'] });
    expect(await readStream(3, 'another-life/2')).toMatchObject({ begun: [{ isNew: true }], names: ['CI', 'a', 'b'] });
  });
});

describe('what is kept', () => {
  test('is never a key, nor any other header', async () => {
    const key = '5ec4e7ab0123456789abcdef0123457e';
    await post(viewer.url, [aPipeline()], key);
    await ask('/api/v2/ci/pipeline', { 'dd-api-key': key, authorization: key }, 'POST', 'nonsense');
    const kept = JSON.stringify(viewer.store.records()) + (await ask('/save')).body;
    expect(viewer.store.records()).toHaveLength(2);
    expect(kept).not.toContain(key);
  });

  test('is an event that is refused too, with the reason; others in its request without one', async () => {
    expect(await post(viewer.url, [aJob('good', [1, 2]), aJob('bad', [2, 1])])).toBe(400);
    expect(viewer.store.records()).toMatchObject([
      { isAccepted: false, status: 400, problems: [] },
      { isAccepted: false, status: 400, problems: ['data[1].attributes.resource.end is before its start'] },
    ]);
  });

  test('is a request that holds no events, by what was wrong with it', async () => {
    await ask('/other', {}, 'POST', '{}');
    await ask('/api/v2/ci/pipeline', { 'content-type': 'application/json' }, 'POST', '{"data":[{"x":1}]}');
    expect(viewer.store.records()).toMatchObject([
      { kind: 'refused', what: 'POST /other', problems: ['/other is not /api/v2/ci/pipeline'] },
      { kind: 'refused', status: 400 },
    ]);
  });

  test('is not more than was allowed: the run whose events are oldest goes as a whole', () => {
    const store = createStore({ most: 1500 });
    const record = (unique_id: string) => ({
      kind: 'event' as const,
      time: 0,
      status: 202,
      isAccepted: true,
      problems: [],
      event: { type: 'cipipeline_resource_request' as const, attributes: { resource: aPipeline({ unique_id }) } },
    });
    store.add([record('one'), record('two'), record('one')]);
    store.add([record('three')]);
    const ids = store.records().flatMap((one) => (one.kind === 'event' ? one.event.attributes.resource.unique_id : []));
    expect(ids).toEqual(['two', 'three']);
  });

  test.each(['identity', 'gzip'])('are the lines of a job’s log, sent as %s', async (encoding) => {
    const lines = [1, 2].map((n) => ({
      job_id: 'job a',
      pipeline_unique_id: RUN,
      message: `line ${n}`,
      line_number: n,
    }));
    const json = JSON.stringify(lines);
    const response = await fetch(`${viewer.url}/api/v2/cilogs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': encoding },
      body: encoding === 'gzip' ? gzipSync(json) : json,
    });
    expect(response.status).toBe(202);
    expect(viewer.store.records()).toMatchObject([{ kind: 'logs', lines }]);
  });

  test('are the last lines of a log that is long', () => {
    const store = createStore({ mostLines: 3 });
    const line = { job_id: 'a', pipeline_unique_id: RUN, message: 'x' };
    for (const lines of [[line, line], [line], [line]]) store.add([{ kind: 'logs', time: 0, lines }]);
    expect(store.records()).toMatchObject([{ n: 2 }, { n: 3 }]);
  });

  test.each<[string, object, string]>([
    ['no job', { pipeline_unique_id: RUN, message: 'x' }, '[0].job_id is missing'],
    [
      'an empty line',
      { job_id: 'a', pipeline_unique_id: RUN, message: '' },
      "[0].message must be a text that is not empty, not ''",
    ],
    [
      'an old one',
      { job_id: 'a', pipeline_unique_id: RUN, message: 'x', timestamp: '2020-01-01T00:00:00Z' },
      '[0].timestamp is older than 18 hours',
    ],
  ])('is no log with %s', async (_, line, problem) => {
    const headers = { 'content-type': 'application/json' };
    const { status } = await ask('/api/v2/cilogs', headers, 'POST', JSON.stringify([line]));
    expect(status).toBe(400);
    expect(viewer.store.records()).toMatchObject([{ kind: 'refused', problems: [problem] }]);
  });
});

test('fails as it is told, and can not be told to refuse connections, which would close the page', async () => {
  await expect(startViewer({ fail: 'refused' })).rejects.toThrow('would close the page too');
  await viewer.close();
  viewer = await startViewer({ fail: [503] });
  expect([await post(viewer.url, [aPipeline()]), await post(viewer.url, [aPipeline()])]).toEqual([503, 202]);
  expect(viewer.store.records()).toMatchObject([{ isAccepted: false, problems: [] }, { isAccepted: true }]);
});

test('lives on after what is nested too deep to be read', async () => {
  const deep = `{"data":{"type":"x","attributes":{"resource":{"level":"job","pipeline_unique_id":"a","id":${'['.repeat(50_000)}${']'.repeat(50_000)}}}}}`;
  await ask('/api/v2/ci/pipeline', { 'content-type': 'application/json' }, 'POST', deep).catch(() => undefined);
  expect((await ask('/')).status).toBe(200);
});
