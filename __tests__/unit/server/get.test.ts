import { afterEach, describe, expect, test } from '@jest/globals';
import { createLoad } from '../../../src/delivery/http.js';
import { createClient } from '../../../src/server/client.js';
import { createGet } from '../../../src/server/get.js';
import { startApi } from '../../support/api.js';
import { aLog, TOKEN } from '../../support/builders.js';

describe('a real server', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

  async function start(...args: Parameters<typeof startApi>) {
    const api = await startApi(...args);
    closing.push(api.close);
    return { api, get: createGet(TOKEN, `${api.url}/api/v1`, createLoad({})) };
  }

  test('is asked below its prefix, with the token, and answers in status, headers and body', async () => {
    const { api, get } = await start(
      {
        'GET /repos/acme/shop/actions/runs/1/jobs?limit=50': {
          status: 200,
          headers: { 'x-ratelimit-remaining': '7' },
          body: { jobs: [] },
        },
      },
      { prefix: '/api/v1' },
    );
    const answer = await get('/repos/acme/shop/actions/runs/1/jobs?limit=50', 5_000);
    expect(answer).toMatchObject({ status: 200, body: { jobs: [] }, headers: { 'x-ratelimit-remaining': '7' } });
    expect(api.requests.map(({ method, path, headers }) => [method, path, headers.authorization])).toEqual([
      ['GET', '/api/v1/repos/acme/shop/actions/runs/1/jobs?limit=50', `token ${TOKEN}`],
    ]);
  });

  test.each([401, 403, 404, 500])('%d is an answer, not an error', async (status) => {
    const { get } = await start({ 'GET /a': { status, body: { message: 'no' } } }, { prefix: '/api/v1' });
    expect(await get('/a', 5_000)).toMatchObject({ status, body: { message: 'no' } });
  });

  test('is asked once, whatever it answers', async () => {
    const { api, get } = await start({ 'GET /a': { status: 503 } }, { prefix: '/api/v1' });
    await get('/a', 5_000);
    expect(api.requests).toHaveLength(1);
  });

  test.each([
    ['is told who asks, and for what', TOKEN, `token ${TOKEN}`],
    ['takes the token of an app as what it is', 'aaa.bbb.ccc', 'bearer aaa.bbb.ccc'],
    ['is asked as by anybody without a token', '', undefined],
  ])('%s', async (_, token, authorization) => {
    const { api } = await start({ 'GET /a': {} });
    await createGet(token, api.url, createLoad({}))('/a', 5_000);
    expect(api.requests[0]!.headers).toMatchObject({
      'user-agent': expect.stringMatching(/^datadog-pipeline-events\//) as unknown,
      accept: 'application/vnd.github+json',
    });
    expect(api.requests[0]!.headers.authorization).toBe(authorization);
  });

  test('is asked without what its address has of a password', async () => {
    const { api } = await start({ 'GET /a': { a: 1 } });
    const get = createGet('', api.url.replace('//', '//alice:pa55word@'), createLoad({}));
    expect(await get('/a', 5_000)).toMatchObject({ status: 200, body: { a: 1 } });
    expect(JSON.stringify(api.requests)).not.toContain('pa55word');
    expect(api.requests[0]!.headers.authorization).toBeUndefined();
  });

  test('that is silent is an error within the time', async () => {
    const { get } = await start({ 'GET /a': 'silent' }, { prefix: '/api/v1' });
    await expect(get('/a', 50)).rejects.toThrow();
  });

  test('that is gone is an error', async () => {
    const { api, get } = await start({});
    await api.close();
    await expect(get('/a', 5_000)).rejects.toThrow();
  });

  test('that answers with a page where JSON was meant is no reason to fail', async () => {
    const { get } = await start({ 'GET /a': { status: 200, body: '<html>' } }, { prefix: '/api/v1' });
    const { log } = aLog();
    const server = createClient(get, { deadline: { remaining: () => 5_000 }, log });
    expect(
      await server.read({ path: '/a', permission: 'actions: read', parse: (body) => typeof body }),
    ).toBeUndefined();
  });
});
