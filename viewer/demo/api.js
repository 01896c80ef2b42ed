// @ts-check
import { createServer } from 'node:http';

/**
 * A job as the server's API lists it.
 * @typedef {{ id: number, name: string, status: string, conclusion: string | null, created_at: string, started_at: string, steps: object[] }} ListedJob
 */

/**
 * The two answers of a server's API that a run of several jobs asks for: the run's start, and its jobs.
 * @param {{ start: string, jobs: ListedJob[] }} run
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startApi({ start, jobs }) {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/\?.*$/, '');
    const answers = {
      jobs: { total_count: jobs.length, jobs },
      job: jobs.find(({ id }) => path.endsWith(`/actions/jobs/${id}`)),
      run: { run_started_at: start, status: 'in_progress', conclusion: null },
    };
    const body = path.endsWith('/jobs')
      ? answers.jobs
      : path.includes('/actions/jobs/')
        ? answers.job
        : path.includes('/actions/runs/')
          ? answers.run
          : undefined;
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
