import { expect, test } from '@jest/globals';
import { parseJobPage } from '../../../src/server/answers.js';
import type { Client } from '../../../src/server/client.js';
import { bindServer } from '../../../src/server/server.js';
import { listJobs, parseCompact } from '../../../src/server/job-list.js';
import { aRunRef, platformOf } from '../../support/builders.js';

test('a page of jobs keeps steps packed, and gives them as they are understood', () => {
  const step = {
    name: 'make',
    number: 2,
    conclusion: 'failure',
    started_at: '2026-01-01T12:00:00Z',
    completed_at: null,
  };
  const page = parseJobPage(
    {
      total_count: 7,
      jobs: [{ id: 1, name: 'a', steps: [step, null, 'x'] }, { id: 2, steps: 'none' }, { id: 3 }, null],
    },
    1,
    parseCompact,
  );
  expect([page?.total, page?.items.map(({ id, steps }) => [id, steps.length])]).toEqual([
    7,
    [
      ['1', 1],
      ['2', 0],
      ['3', 0],
    ],
  ]);
  expect(page?.items[0]?.steps).toEqual([
    { name: 'make', number: 2, conclusion: 'failure', startedAt: '2026-01-01T12:00:00.000Z', completedAt: undefined },
  ]);
  expect(parseJobPage('<html>', 1, parseCompact)).toBeUndefined();
});

test('behind the first page, pages are read side by side, ten at once', async () => {
  let [open, most] = [0, 0];
  const jobs = Array.from({ length: 10 }, (_, id) => ({ id, name: 'x' }));
  const client: Client = {
    async read({ path, parse }) {
      open += 1;
      most = Math.max(most, open);
      // All that are asked for at once are, before one is answered.
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      const page = Number(/&page=(\d+)/.exec(path)![1]);
      return parse({ total_count: 300, jobs: jobs.map((job) => ({ ...job, id: page * 100 + job.id })) });
    },
  };
  const list = await listJobs(bindServer(client, platformOf({}), aRunRef()));
  expect([list.jobs.length, list.missing, most]).toEqual([300, 0, 10]);
});
