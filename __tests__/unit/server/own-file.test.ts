import { expect, test } from '@jest/globals';
import { findFile, readOwnFile } from '../../../src/server/own-file.js';
import { bindServer } from '../../../src/server/server.js';
import { aRunRef, platformOf, SHA } from '../../support/builders.js';

const JOB = 'jobs:\n  build:\n    steps: []\n';

/** A server with these files, by their paths, and the paths that it was asked for. */
function aServer(files: Record<string, string>) {
  const asked: string[] = [];
  const client = {
    read: <T>({ path, parse }: { path: string; parse(body: unknown): T | undefined }) => {
      const [, file = ''] = /\/contents\/(.+)\?ref=/.exec(path) ?? [];
      asked.push(file);
      const text = files[file];
      const content = Buffer.from(text ?? '').toString('base64');
      const body = { type: 'file', encoding: 'base64', size: content.length, content };
      return Promise.resolve(text === undefined ? undefined : parse(body));
    },
  };
  return { server: bindServer(client, platformOf({ GITEA_ACTIONS: 'true' }), aRunRef()), asked };
}

test('the first file that is there is the one that is meant, also where it can not be understood', async () => {
  const { server, asked } = aServer({ '.gitea/workflows/ci.yml': '{', '.github/workflows/ci.yml': JOB });
  expect(await findFile('ci.yml', SHA, server)).toEqual({ path: '.gitea/workflows/ci.yml', text: '{' });
  expect(asked).toEqual(['.gitea/workflows/ci.yml']);
});

test('where there is none, the next place is tried', async () => {
  const { server } = aServer({ '.github/workflows/ci.yml': JOB });
  expect(await findFile('ci.yml', SHA, server)).toEqual({ path: '.github/workflows/ci.yml', text: JOB });
});

test('no name leads out of the repository, and no name to nothing', async () => {
  const { server, asked } = aServer({});
  expect(await findFile('a/../../ci.yml', SHA, server)).toBeUndefined();
  expect(await findFile(undefined, SHA, server)).toBeUndefined();
  expect(asked).toEqual([]);
});

test.each<[string, string, string[] | undefined]>([
  ['has its jobs', JOB, ['build']],
  ['is none where it is too long', `${JOB}# ${'x'.repeat(256 * 1024)}`, undefined],
  ['is none with an alias', `x: &x 1\ny: *x\n${JOB}`, undefined],
])("this job's own file %s", async (_, text, expected) => {
  const { server } = aServer({ '.github/workflows/ci.yml': text });
  const env = { GITHUB_SHA: SHA, GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/ci.yml@refs/heads/main' };
  expect((await readOwnFile(env, server))?.jobs.map(({ key }) => key)).toEqual(expected);
});
