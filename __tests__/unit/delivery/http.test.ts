import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Intake, startIntake } from '../../../viewer/intake/intake.js';
import { createHttp, createLoad } from '../../../src/delivery/http.js';
import type { Env } from '../../../src/runner/runner.js';
import { toCauseChain } from '../../../src/model/problem.js';
import { NOW } from '../../support/clock.js';
import { aPipelineEvent } from '../../support/builders.js';
import { startApi } from '../../support/api.js';
import { startProxy, type TestProxy } from '../../support/proxy.js';
import { toOwnError } from '../../support/own-error.js';

const PASSWORD = 'pr0xy-pa55word';
const closing: (() => Promise<unknown>)[] = [];
let intake: Intake;
let proxy: TestProxy;

beforeEach(async () => {
  intake = await startIntake({ now: () => NOW });
  proxy = await startProxy();
  closing.push(intake.close, proxy.close);
});

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function postThrough(env: Env, { url = `${intake.url}/api/v2/ci/pipeline`, timeout = 10_000 } = {}) {
  const http = await createHttp(env);
  try {
    const body = Buffer.from(JSON.stringify({ data: [aPipelineEvent()] }));
    return await http.post({ url, headers: { 'content-type': 'application/json', 'dd-api-key': 'k' }, body, timeout });
  } finally {
    await http.close();
  }
}

/** The reasons of a failure as they would be told. */
const whyNot = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'it went well',
    (error: unknown) => toCauseChain(toOwnError(error)),
  );

describe('a proxy', () => {
  test.each<[string, (url: string) => Env]>([
    ['HTTP_PROXY', (url) => ({ HTTP_PROXY: url })],
    ['http_proxy', (url) => ({ http_proxy: url })],
    ['lower case before upper', (url) => ({ http_proxy: url, HTTP_PROXY: 'http://127.0.0.1:9' })],
    ['upper case where the lower is empty', (url) => ({ http_proxy: '', HTTP_PROXY: url })],
    ['an exception for somebody else', (url) => ({ HTTP_PROXY: url, NO_PROXY: 'example.com,10.0.0.1' })],
    ['an exception for what only ends alike', (url) => ({ HTTP_PROXY: url, NO_PROXY: '7.0.0.1,0.1:80' })],
    ['an exception for another port', (url) => ({ HTTP_PROXY: url, NO_PROXY: '127.0.0.1:1' })],
  ])('gets plain http in the absolute form: %s', async (_, env) => {
    expect((await postThrough(env(proxy.url))).status).toBe(202);
    expect(proxy.requests).toEqual([`POST ${intake.url}/api/v2/ci/pipeline`]);
    expect(proxy.connects).toEqual([]);
    expect(intake.events).toHaveLength(1);
  });

  test.each<[string, (url: string) => Env]>([
    ['HTTPS_PROXY', (url) => ({ HTTPS_PROXY: url, HTTP_PROXY: 'http://127.0.0.1:9' })],
    ['https_proxy', (url) => ({ https_proxy: url })],
    ['HTTP_PROXY, for want of the other', (url) => ({ HTTP_PROXY: url })],
    ['an exception for the port of http', (url) => ({ HTTPS_PROXY: url, NO_PROXY: '127.0.0.1:80' })],
  ])('gets a tunnel for https: %s', async (_, env) => {
    // What stands at the end speaks no TLS, so this is as far as it gets.
    await expect(postThrough(env(proxy.url), { url: intake.url.replace('http:', 'https:') })).rejects.toThrow();
    expect(proxy.connects).toEqual([new URL(intake.url).host]);
    expect(proxy.requests).toEqual([]);
  });

  test.each<[string, (url: string) => Env]>([
    ['no variable', () => ({})],
    ['NO_PROXY names the host', (url) => ({ HTTP_PROXY: url, NO_PROXY: 'example.com, 127.0.0.1' })],
    ['no_proxy names the host', (url) => ({ HTTP_PROXY: url, no_proxy: '127.0.0.1', NO_PROXY: 'example.com' })],
    ['NO_PROXY names the host and its port', (url) => ({ HTTP_PROXY: url, NO_PROXY: new URL(intake.url).host })],
    ['NO_PROXY names what the host is below', (url) => ({ HTTP_PROXY: url, NO_PROXY: '.0.0.1' })],
    ['NO_PROXY names that by an asterisk', (url) => ({ HTTP_PROXY: url, NO_PROXY: '*.0.0.1 example.com' })],
    ['NO_PROXY names that bare', (url) => ({ HTTP_PROXY: url, NO_PROXY: '0.0.1' })],
    ['NO_PROXY names everything', (url) => ({ HTTP_PROXY: url, NO_PROXY: '*' })],
    ['only HTTPS_PROXY is set', (url) => ({ HTTPS_PROXY: url })],
  ])('is not asked: %s', async (_, env) => {
    expect((await postThrough(env(proxy.url))).status).toBe(202);
    expect([proxy.requests, proxy.connects]).toEqual([[], []]);
  });

  test('is told user and password, and nobody else is', async () => {
    const careful = await startProxy({ auth: `alice:${PASSWORD}` });
    closing.push(careful.close);
    expect((await postThrough({ HTTP_PROXY: careful.url })).status).toBe(202);
    expect(careful.requests).toHaveLength(1);
    expect(JSON.stringify(intake.requests)).not.toMatch(/proxy-authorization/i);
  });

  test('that wants another password is an error without ours', async () => {
    const careful = await startProxy({ auth: 'alice:another' });
    closing.push(careful.close);
    const url = careful.url.replace('another', PASSWORD);
    const why = await whyNot(postThrough({ HTTP_PROXY: url }));
    expect(why).toContain('407');
    expect(why).not.toContain(PASSWORD);
    expect(intake.requests).toEqual([]);
  });

  test('that refuses a tunnel is an error without our password', async () => {
    const careful = await startProxy({ auth: 'alice:another' });
    closing.push(careful.close);
    const url = intake.url.replace('http:', 'https:');
    const why = await whyNot(postThrough({ HTTPS_PROXY: careful.url.replace('another', PASSWORD) }, { url }));
    expect(why).toContain('407');
    expect(why).not.toContain(PASSWORD);
  });

  test.each(['http:', 'https:'])('that is silent is left when the time is up: %s', async (protocol) => {
    const silent = await startRaw(() => undefined);
    const url = intake.url.replace('http:', protocol);
    expect(await whyNot(postThrough({ HTTP_PROXY: silent.url }, { url, timeout: 200 }))).toMatch(/timeout/);
  });

  test('that is not there is an error without its password', async () => {
    const why = await whyNot(postThrough({ HTTP_PROXY: `http://alice:${PASSWORD}@127.0.0.1:9` }));
    expect(why).toContain('ECONNREFUSED');
    expect(why).not.toContain(PASSWORD);
  });

  test.each([
    `http://alice:${PASSWORD}@:8080`,
    `alice:${PASSWORD}@proxy:8080`,
    `http://alice:${PASSWORD}@proxy:port`,
    'proxy:8080',
    '::',
  ])('that is no URL is an error which does not show it (%#)', async (url) => {
    const why = await whyNot(postThrough({ HTTP_PROXY: url }));
    expect(why).toMatch(/url/i);
    expect(why).not.toContain(PASSWORD);
    expect(why).not.toContain(url);
  });
});

test('the query of an address is not sent', async () => {
  await postThrough({}, { url: `${intake.url}/api/v2/ci/pipeline?key=1` });
  expect(intake.requests.map(({ path }) => path)).toEqual(['/api/v2/ci/pipeline']);
});

test('a redirect is an answer like others', async () => {
  await intake.setFail('redirect');
  expect(await postThrough({})).toMatchObject({ status: 302, headers: { location: '/elsewhere' } });
  expect(intake.requests).toHaveLength(1);
});

test.each<[string, Parameters<Intake['setFail']>[0]]>([
  ['silent', 'silent'],
  ['dead in the middle of the head', 'dies'],
  ['dead in the middle of the body', { mode: 'dies', in: 'body' }],
])('a server that is %s is an error', async (_, fail) => {
  await intake.setFail(fail);
  await expect(postThrough({}, { timeout: fail === 'silent' ? 50 : 10_000 })).rejects.toThrow();
});

test('of an endless answer only the beginning is kept', async () => {
  await intake.setFail({ status: 500, body: 'x'.repeat(10_000_000) });
  const { body } = await postThrough({});
  expect(body.length).toBeLessThan(1_000_000);
});

test.each([
  'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n',
  'SSH-2.0-OpenSSH_9.6\r\n',
])('what is no answer to a POST is an error: %j', async (answer) => {
  const { url } = await startRaw((socket) => socket.write(answer));
  const why = await whyNot(postThrough({}, { url, timeout: 5_000 }));
  expect(why).not.toMatch(/it went well|timeout/);
});

test('several requests share a connection, which is gone after the end', async () => {
  let [open, opened] = [0, 0];
  const { url } = await startRaw((socket) => {
    opened += 1;
    open += 1;
    socket
      .on('close', () => (open -= 1))
      .on('data', () => socket.write('HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n{}'));
  });
  const http = await createHttp({});
  for (let count = 0; count < 3; count += 1) {
    await http.post({ url, headers: {}, body: Buffer.from('{}'), timeout: 5_000 });
  }
  await http.close();
  while (open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(opened).toBe(1);
});

test('a connection that the server closes just when it is used again costs no try', async () => {
  let opened = 0;
  const { url } = await startRaw((socket) => {
    opened += 1;
    socket.once('data', () => {
      socket.write('HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n{}');
      socket.on('data', () => socket.destroy());
    });
  });
  const http = await createHttp({});
  const statuses = [];
  for (let count = 0; count < 3; count += 1)
    statuses.push((await http.post({ url, headers: {}, body: Buffer.from('{}'), timeout: 5_000 })).status);
  await http.close();
  // The second and the third each had to open one of their own.
  expect([statuses, opened]).toEqual([[202, 202, 202], 3]);
});

test('a server that closes every connection before its answer is asked once', async () => {
  let opened = 0;
  const { url } = await startRaw((socket) => {
    opened += 1;
    socket.once('data', () => socket.destroy());
  });
  expect(await whyNot(postThrough({}, { url }))).toMatch(/socket hang up|ECONNRESET/);
  expect(opened).toBe(1);
});

describe.each<[string, () => Env]>([
  ['directly', () => ({})],
  ['through a proxy', () => ({ HTTP_PROXY: proxy.url })],
])('%s', (_, env) => {
  test.each([
    ['before the head', ''],
    ['in the middle of the head', 'HTTP/1.1 200 OK\r\ncontent-'],
    ['in the middle of the body', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'],
  ])('a server that falls silent %s is left when the time is up, and that is told', async (_, answer) => {
    const { url } = await startRaw((socket) => socket.write(answer));
    expect(await whyNot(postThrough(env(), { url, timeout: 200 }))).toMatch(/timeout/);
  });

  test('an answer in pieces is put together without breaking characters', async () => {
    const { url } = await startRaw(async (socket) => {
      const bytes = Buffer.from('HTTP/1.1 202 Accepted\r\nconnection: close\r\n\r\n"zu groß"');
      const middle = bytes.indexOf('ß') + 1;
      socket.write(bytes.subarray(0, middle));
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.end(bytes.subarray(middle));
    });
    expect(await postThrough(env(), { url })).toMatchObject({ status: 202, body: '"zu groß"' });
  });
});

describe('a GET', () => {
  const TOKEN = { authorization: 'token t0ken' };
  const load = (url: string, env: Env = {}) => createLoad(env)({ url, headers: { ...TOKEN, a: 'b' }, timeout: 5_000 });
  async function start(...args: Parameters<typeof startApi>) {
    const api = await startApi(...args);
    closing.push(api.close);
    return api;
  }
  const to = (location: string, status = 302) => ({ status, headers: { location } });

  test('has its query, and its headers', async () => {
    const api = await start({ 'GET /a': { a: 1 } });
    expect(await load(`${api.url}/a?b=c`)).toMatchObject({ status: 200, body: '{"a":1}' });
    expect(api.requests).toMatchObject([{ method: 'GET', path: '/a?b=c', headers: { ...TOKEN, a: 'b' } }]);
  });

  test.each([301, 302, 303, 307, 308])('that is redirected (%d) on its server keeps the token', async (status) => {
    const api = await start({ 'GET /a': to('/b?c=d', status), 'GET /b': { b: 1 } });
    expect((await load(`${api.url}/a`)).body).toBe('{"b":1}');
    expect(api.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/a', TOKEN.authorization],
      ['/b?c=d', TOKEN.authorization],
    ]);
  });

  test('that is redirected to another server leaves the token behind', async () => {
    const other = await start({ 'GET /b': { b: 1 } });
    const api = await start({ 'GET /a': to(`${other.url}/b`) });
    expect((await load(`${api.url}/a`)).body).toBe('{"b":1}');
    expect(other.requests).toMatchObject([{ path: '/b', headers: { a: 'b' } }]);
    expect(other.requests[0]!.headers.authorization).toBeUndefined();
  });

  test('that is redirected for ever ends in the redirect', async () => {
    const api = await start({ 'GET /a': to('/a') });
    expect((await load(`${api.url}/a`)).status).toBe(302);
    expect(api.requests).toHaveLength(4);
  });

  test('that is redirected to nowhere ends there', async () => {
    const api = await start({ 'GET /a': { status: 302 }, 'GET /b': to('ftp://elsewhere/b') });
    expect((await load(`${api.url}/a`)).status).toBe(302);
    await expect(load(`${api.url}/b`)).rejects.toThrow();
  });

  test('is not made again where the connection breaks in the middle of the answer', async () => {
    let opened = 0;
    const { url } = await startRaw((socket) => {
      opened += 1;
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{');
    });
    await expect(load(url)).rejects.toThrow();
    expect(opened).toBe(1);
  });

  test('is answered packed, where the server packs', async () => {
    const big = JSON.stringify({ text: 'x'.repeat(100_000) });
    const server = createHttpServer((request, response) => {
      const packs = request.headers['accept-encoding'] === 'gzip';
      response.writeHead(200, packs ? { 'content-encoding': 'gzip' } : {}).end(packs ? gzipSync(big) : 'not packed');
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => server.on('listening', listening));
    closing.push(() => new Promise((closed) => server.close(closed)));
    expect((await load(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).body).toBe(big);
    server.closeAllConnections();
  });

  test.each([
    ['is', {}, 'x'.repeat(9_000_000)],
    ['unpacks to what is', { 'content-encoding': 'gzip' }, gzipSync('x'.repeat(9_000_000))],
  ])('whose answer %s too long is an error', async (_, headers, body) => {
    const server = createHttpServer((_request, response) => response.writeHead(200, headers).end(body));
    server.listen(0, '127.0.0.1');
    await new Promise((listening) => server.on('listening', listening));
    closing.push(() => new Promise((closed) => server.close(closed)));
    await expect(load(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).rejects.toThrow(/larg|long/);
    server.closeAllConnections();
  });

  test('goes through a proxy, but for what runs on this machine', async () => {
    const asked: string[] = [];
    const gateway = createHttpServer((request, response) => {
      asked.push(`${request.url} ${request.headers.host}`);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => gateway.on('listening', listening));
    closing.push(() => new Promise((closed) => gateway.close(closed)));
    const env = { HTTP_PROXY: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}` };
    const api = await start({ 'GET /a': {} });
    expect((await load(`${api.url}/a`, env)).status).toBe(200);
    expect(asked).toEqual([]);
    expect((await load('http://git.example/api/a?b=c', env)).body).toBe('{}');
    expect(asked).toEqual(['http://git.example/api/a?b=c git.example']);
    gateway.closeAllConnections();
  });
});

/** A server of bytes: says something as soon as a request arrives. */
async function startRaw(converse: (socket: Socket) => unknown): Promise<{ url: string }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    void converse(socket);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closing.push(() => {
    sockets.forEach((socket) => socket.destroy());
    return new Promise((closed) => server.close(closed));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

describe.each<[string, (url: string) => Env]>([
  ['directly', () => ({})],
  ['through a proxy', (url) => ({ HTTP_PROXY: url })],
])('a GET %s', (_, toEnv) => {
  async function serve(listener: RequestListener): Promise<string> {
    const server = createHttpServer(listener).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    closing.push(async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function read(url: string, timeout = 10_000) {
    const http = await createHttp(toEnv(proxy.url));
    try {
      const { status, headers, body } = await http.get({ url, headers: { authorization: 'token t' }, timeout });
      const chunks = [];
      for await (const chunk of body) chunks.push(chunk);
      return { status, location: headers['location'], text: Buffer.concat(chunks).toString() };
    } finally {
      await http.close();
    }
  }

  test('is one, with its query and its headers', async () => {
    const base = await serve(({ method, url, headers }, answer) =>
      answer.end(`${method} ${url} ${headers.authorization}`),
    );
    expect(await read(`${base}/a/log?sig=a%2Fb`)).toMatchObject({ status: 200, text: 'GET /a/log?sig=a%2Fb token t' });
  });

  test('follows no redirect', async () => {
    const base = await serve((_, answer) => answer.writeHead(302, { location: '/elsewhere' }).end());
    expect(await read(`${base}/a`)).toMatchObject({ status: 302, location: '/elsewhere' });
  });

  test('ends with its time, also within the answer', async () => {
    const base = await serve((_, answer) => void answer.write('half'));
    expect(await whyNot(read(base, 300))).toMatch(/timeout|aborted/i);
  });
});
