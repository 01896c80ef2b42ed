// @ts-check
import { once } from 'node:events';
import { createServer } from 'node:http';

/** @typedef {Awaited<ReturnType<typeof startServer>>} Server */

/**
 * Stands where the server's API would: knows nothing, unless it is given answers, and notes what it is asked.
 * @param {Record<string, unknown>} [answers] by path
 */
export async function startServer(answers = {}) {
  /** @type {string[]} */
  const asked = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(`${request.method} ${path}`);
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
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
