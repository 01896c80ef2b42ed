import { expect, test } from '@jest/globals';
import { bindServer } from '../../../src/server/server.js';
import { aRunRef, platformOf } from '../../support/builders.js';

const JOB = { name: 'build', conclusion: 'success', run_attempt: 1 };

/** What a second attempt is told where every read has this answer. */
function aServer(env: Record<string, string>, answer: unknown) {
  const client = { read: <T>({ parse }: { parse(body: unknown): T | undefined }) => Promise.resolve(parse(answer)) };
  return bindServer(client, platformOf(env), aRunRef({ attempt: 2 }));
}

test.each<[string, Record<string, string>, boolean]>([
  ['the run counts attempts, so a job of the first one was carried over', {}, true],
  ['each job counts its own, so that tells nothing', { GITEA_ACTIONS: 'true' }, false],
])('%s', async (_, env, carriedOver) => {
  const list = await aServer(env, { total_count: 1, jobs: [JOB] }).jobs();
  expect(list?.jobs).toMatchObject([{ carriedOver }]);
});

test('what the server does not have is asked for by nobody', async () => {
  const server = aServer({ FORGEJO_ACTIONS: 'true' }, JOB);
  expect(await Promise.all([server.job('1'), server.annotations('1')])).toEqual([undefined, undefined]);
  expect(await aServer({}, { workflow_runs: [] }).tasks(1)).toBeUndefined();
});
