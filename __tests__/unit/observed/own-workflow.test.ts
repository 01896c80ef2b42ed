import { describe, expect, test } from '@jest/globals';
import {
  isSameWorkflow,
  readOwnWorkflow,
  toToldWorkflow,
  type WorkflowName,
} from '../../../src/observed/own-workflow.js';
import { toOwnFile } from '../../../src/server/own-file.js';
import { aRunRef, platformOf } from '../../support/builders.js';

test.each<[string, WorkflowName, WorkflowName, boolean]>([
  ['the same path', { file: '.github/workflows/dd.yml' }, { file: '.github/workflows/dd.yml' }, true],
  ['other folders', { file: '.github/workflows/dd.yml' }, { file: '.gitea/workflows/dd.yml' }, false],
  ['one without folders, as Gitea tells it', { file: '.gitea/workflows/dd.yml' }, { file: 'dd.yml' }, true],
  ['another file', { file: '.gitea/workflows/dd.yml' }, { file: 'ci.yml' }, false],
  ['another file of the same name', { file: 'dd.yml', name: 'CI' }, { file: 'ci.yml', name: 'CI' }, false],
  ['the same file under another name', { file: 'dd.yml', name: 'Old' }, { file: 'dd.yml', name: 'New' }, true],
  ['one file that is not known, and the same name', { name: 'CI' }, { file: 'ci.yml', name: 'CI' }, true],
  ['one file that is not known, and another name', { name: 'CD' }, { file: 'ci.yml', name: 'CI' }, false],
  ['nothing', {}, {}, false],
])('%s', (_, a, b, same) => {
  expect([isSameWorkflow(a, b), isSameWorkflow(b, a)]).toEqual([same, same]);
});

test.each([
  ['acme/shop/.github/workflows/dd.yml@refs/heads/main', '.github/workflows/dd.yml'],
  ['acme/shop/.forgejo/workflows/d5.yml@refs/heads/feature/a@b', '.forgejo/workflows/d5.yml'],
  ['', undefined],
  [undefined, undefined],
])('the file in %s', (ref, file) => {
  expect(toOwnFile(ref)).toBe(file);
});

test('the file in an event: its path may have a ref behind it (Gitea 1.26, 1.27)', () => {
  expect(toToldWorkflow({ told: { path: 'datadog.yml@refs/heads/main' }, workflow: 'Datadog' })).toEqual({
    file: 'datadog.yml',
    name: 'Datadog',
  });
  expect(toToldWorkflow({ told: undefined, workflow: undefined })).toEqual({ file: undefined, name: undefined });
});

describe('this workflow', () => {
  const read = async (env: Record<string, string>, run: unknown) => {
    const reads: string[] = [];
    const server = {
      read: ({ path, parse }: { path: string; parse(body: unknown): unknown }) => {
        reads.push(path);
        return Promise.resolve(run === undefined ? undefined : parse(run)) as never;
      },
    };
    const own = await readOwnWorkflow(env, {
      ...server,
      platform: platformOf({ GITEA_ACTIONS: 'true' }),
      ref: aRunRef({ id: '250' }),
    });
    return { own, reads };
  };

  test.each<[string, Record<string, string>, unknown, WorkflowName, number]>([
    [
      'named by the runner',
      { GITHUB_WORKFLOW_REF: 'a/b/.github/workflows/dd.yml@x', GITHUB_WORKFLOW: 'D' },
      {},
      { file: '.github/workflows/dd.yml', name: 'D' },
      0,
    ],
    [
      'asked for, where the runner does not name it',
      { GITHUB_WORKFLOW: 'D' },
      { path: 'dd.yml@refs/heads/main' },
      { file: 'dd.yml', name: 'D' },
      1,
    ],
    ['not to be had', { GITHUB_WORKFLOW: 'D' }, undefined, { name: 'D' }, 1],
  ])('%s', async (_, env, run, expected, count) => {
    const { own, reads } = await read(env, run);
    expect([own, reads.length]).toEqual([expected, count]);
  });
});
