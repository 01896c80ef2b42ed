import { describe, expect, test } from '@jest/globals';
import type { ApiJobs } from '../src/api/answers.js';
import type { Server } from '../src/api/server.js';
import { readPartialRetry } from '../src/partial-retry.js';
import { detectPlatform } from '../src/platform.js';
import { anApiJob, aPlace } from './support/builders.js';

const fresh = anApiJob();
const carried = anApiJob({ carriedOver: true });
const all = (...jobs: ApiJobs['jobs']): ApiJobs => ({ jobs, complete: true });
const some = (...jobs: ApiJobs['jobs']): ApiJobs => ({ jobs, complete: false });

/** A server that answers every read alike, and counts. */
function aServer(answer: ApiJobs | undefined): Server & { reads: number } {
  const server = {
    reads: 0,
    read: () => {
      server.reads += 1;
      return Promise.resolve(answer as never);
    },
  };
  return server;
}

const KNOWN: string[] = [];
const ASSUMED = ['partial_retry_source:assumed'];

test.each<[string, { input?: boolean; attempt: number; answer?: ApiJobs }, { partial: boolean; tags: string[]; reads: number }]>([
  ['the input says yes', { input: true, attempt: 1 }, { partial: true, tags: KNOWN, reads: 0 }],
  ['the input says no', { input: false, attempt: 2, answer: all(carried) }, { partial: false, tags: KNOWN, reads: 0 }],
  ['the first attempt', { attempt: 1, answer: all(carried) }, { partial: false, tags: KNOWN, reads: 0 }],
  ['a job was carried over', { attempt: 2, answer: all(fresh, carried) }, { partial: true, tags: KNOWN, reads: 1 }],
  ['all jobs run again', { attempt: 2, answer: all(fresh, fresh) }, { partial: false, tags: KNOWN, reads: 1 }],
  ['a job was carried over, and the list goes on', { attempt: 2, answer: some(carried) }, { partial: true, tags: KNOWN, reads: 1 }],
  ['all that are listed run again, but the list goes on', { attempt: 2, answer: some(fresh) }, { partial: true, tags: ASSUMED, reads: 1 }],
  ['no job is listed', { attempt: 2, answer: all() }, { partial: true, tags: ASSUMED, reads: 1 }],
  ["the server can't be asked", { attempt: 3 }, { partial: true, tags: ASSUMED, reads: 1 }],
])('%s', async (_, { input, attempt, answer }, { partial, tags, reads }) => {
  const server = aServer(answer);
  const found = await readPartialRetry(
    { partialRetry: input },
    {
      server,
      platform: detectPlatform({}),
      place: aPlace({ attempt }),
      role: 'whole',
      serverRun: Promise.resolve(undefined),
    },
  );
  expect({ ...found, reads: server.reads }).toEqual({ partial, tags, reads, listed: reads > 0 ? answer : undefined });
});

describe('where attempts count per job, a job of several', () => {
  const runStart = '2026-11-20T09:00:00.000Z';
  const ended = (completedAt: string | undefined, attempt: number) => anApiJob({ conclusion: 'success', completedAt, attempt });
  test.each<[string, ApiJobs, boolean, string[]]>([
    ['is in a partial retry, though its own first attempt', all(ended('2026-11-20T08:00:00.000Z', 1)), true, KNOWN],
    ['is in a full retry, whatever the attempts', all(ended('2026-11-20T09:10:00.000Z', 2)), false, KNOWN],
    ['is in a first run where no times are told', all(ended(undefined, 1)), false, KNOWN],
  ])('%s', async (_, answer, partial, tags) => {
    const edges = {
      server: aServer(answer),
      platform: detectPlatform({ GITEA_ACTIONS: 'true' }),
      place: aPlace({ attempt: 1 }),
      role: 'member' as const,
      serverRun: Promise.resolve({ start: runStart }),
    };
    expect(await readPartialRetry({}, edges)).toMatchObject({ partial, tags });
  });
});
