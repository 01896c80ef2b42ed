import { afterEach, describe, expect, test } from '@jest/globals';
import { createClient } from '../../../src/server/client.js';
import { createGet } from '../../../src/server/octokit.js';
import { startApi } from '../../support/api.js';
import { aLog, TOKEN } from '../../support/builders.js';

describe('a real server through @actions/github', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

  async function start(...args: Parameters<typeof startApi>) {
    const api = await startApi(...args);
    closing.push(api.close);
    return { api, get: createGet(TOKEN, `${api.url}/api/v1`) };
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
