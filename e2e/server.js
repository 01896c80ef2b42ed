// @ts-check
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** @typedef {Awaited<ReturnType<typeof startServer>>} Server */

/**
 * Stands where the server's API would: knows nothing, unless it is given answers, and notes what it is asked.
 * @param {Record<string, unknown>} [answers] by path
 */
export async function startServer(answers = {}) {
  /** @type {string[]} */
  const asked = [];
  /** @type {string[]} */
  const bodies = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    asked.push(`${request.method} ${path}`);
    if (request.method !== 'GET') bodies.push(await text(request));
    const body = Object.hasOwn(answers, path) ? answers[path] : undefined;
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { message: 'Not Found' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    /** What came with requests that are no reads. */
    bodies,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
