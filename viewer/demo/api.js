// @ts-check
import { createServer } from 'node:http';

/**
 * The answers of a server's API by the paths below a repository, without what follows a question mark. A function is
 * asked each time.
 * @typedef {Record<string, unknown>} Answers
 */

/**
 * A server's API with these answers, and 404 for everything else.
 * @param {Answers} answers
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startApi(answers) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').replace(/\?.*$/, '')).replace(/^\/repos\/[^/]+\/[^/]+\//, '');
    const known = answers[path];
    const body = typeof known === 'function' ? known() : known;
    response
      .writeHead(body ? 200 : 404, { 'content-type': 'application/json' })
      .end(JSON.stringify(body ?? { message: 'Not Found' }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * A file as the contents API gives it.
 * @param {string} text
 */
export const toFile = (text) => ({
  type: 'file',
  encoding: 'base64',
  size: Buffer.byteLength(text),
  content: Buffer.from(text).toString('base64'),
});
