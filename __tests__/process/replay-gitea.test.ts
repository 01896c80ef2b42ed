import { expect, test } from '@jest/globals';
import { type Change, replay, settle, type Told } from '../support/replay.js';

/**
 * What live servers of Gitea and their logs say of these jobs (fixtures/live/README.md). A job that only reports itself tells no pipeline.
 * In `private.*` the server's own word is failure, but the job may not read it: what is assumed then is said.
 * A workflow without a name has none in its environment either, and a pipeline of one job asks nobody: hence `acme/multi`, the repository.
 */
const TABLE: Record<string, Told[]> = {
  cancelled: [{ job: 'build', status: 'canceled', pipeline: 'canceled', name: 'a6-cancel-r3' }],
  'cancelled.runner-1.0.8': [{ job: 'build', status: 'canceled', pipeline: 'canceled', name: 'a6-cancel' }],
  'cancelled.several-jobs': [
    { job: 'build', status: 'success', name: 'b4-cancel-test-r3' },
    { job: 'test (20)', status: 'canceled', name: 'b4-cancel-test-r3', needs: ['build'] },
    { job: 'test (24)', status: 'canceled', name: 'b4-cancel-test-r3', needs: ['build'] },
  ],
  'cancelled.status-written': [{ job: 'build', status: 'canceled', pipeline: 'canceled', name: 'a6-cancel-status-r3' }],
  composite: [{ job: 'build', status: 'success', pipeline: 'success', name: 'e-comp-r3' }],
  'composite.nested': [{ job: 'build', status: 'success', pipeline: 'success', name: 'e-nested-ok-r3' }],
  'failed.then-always': [{ job: 'build', status: 'error', pipeline: 'error', name: 'a10-always-r3' }],
  'gitea-1.26.push': [{ job: 'build', status: 'success', pipeline: 'success', name: 'a1-success-r3' }],
  'gitea-1.26.retry.one-job': [
    { job: 'build', status: 'error', pipeline: 'error', name: 'c1-rerun-r3' },
    { job: 'build', status: 'success', pipeline: 'success', name: 'c1-rerun-r3', attempt: '2' },
    { job: 'build', status: 'success', pipeline: 'success', name: 'c1-rerun-r3', attempt: '3' },
  ],
  'gitea-1.26.retry.several-jobs': [
    { job: 'build', status: 'success', name: 'c2-rerun-r3' },
    { job: 'test (20)', status: 'error', name: 'c2-rerun-r3', needs: ['build'] },
    { job: 'test (24)', status: 'success', name: 'c2-rerun-r3', needs: ['build'] },
    {
      job: 'report',
      status: 'success',
      pipeline: 'error',
      name: 'c2-rerun-r3',
      needs: ['build', 'test (20)', 'test (24)'],
      start: '04:23:47',
    },
    { job: 'test (20)', status: 'success', name: 'c2-rerun-r3', attempt: '2' },
    {
      job: 'report',
      status: 'success',
      pipeline: 'success',
      name: 'c2-rerun-r3',
      attempt: '2',
      partial: true,
      needs: ['test (20)'],
      start: '04:24:05',
    },
    { job: 'build', status: 'success', name: 'c2-rerun-r3', attempt: '2' },
    { job: 'test (24)', status: 'success', name: 'c2-rerun-r3', attempt: '2', needs: ['build'] },
    { job: 'test (20)', status: 'success', name: 'c2-rerun-r3', attempt: '3', needs: ['build'] },
    {
      job: 'report',
      status: 'success',
      pipeline: 'success',
      name: 'c2-rerun-r3',
      attempt: '3',
      needs: ['build', 'test (20)', 'test (24)'],
      start: '04:24:15',
    },
    { job: 'test (20)', status: 'success', name: 'c2-rerun-r3', attempt: '4' },
    {
      job: 'report',
      status: 'success',
      pipeline: 'success',
      name: 'c2-rerun-r3',
      attempt: '4',
      partial: true,
      needs: ['test (20)'],
      start: '04:24:29',
    },
  ],
  'private.actions-read': [
    { job: 'build', status: 'error', source: 'steps', pipeline: 'error', name: 'h-restricted-actions-r3' },
  ],
  'private.contents-read': [
    { job: 'build', status: 'success', source: 'assumed', pipeline: 'success', name: 'h-permissive-contents-r3' },
  ],
  'private.no-permission': [
    { job: 'build', status: 'success', source: 'assumed', pipeline: 'success', name: 'h-restricted-none-r3' },
  ],
  'private.permissions-empty': [
    { job: 'build', status: 'success', source: 'assumed', pipeline: 'success', name: 'h-permissive-empty-r3' },
  ],
  'pull_request.fork': [{ job: 'build', status: 'error', pipeline: 'error', name: 'j-pr-fork-key-r3' }],
  pull_request: [{ job: 'build', status: 'success', pipeline: 'success', name: 'd-pr-r3' }],
  'push.branch-unicode': [{ job: 'build', status: 'success', pipeline: 'success', name: 'd-branch-r3' }],
  'push.failed': [{ job: 'build', status: 'error', pipeline: 'error', name: 'a2-fail' }],
  'push.failed.status-written': [{ job: 'build', status: 'error', pipeline: 'error', name: 'a2-fail-status-r3' }],
  push: [{ job: 'build', status: 'success', pipeline: 'success', name: 'a1-success-r3' }],
  'push.runner-1.0.8': [{ job: 'build', status: 'success', pipeline: 'success', name: 'a1-success' }],
  'push.tag-annotated': [{ job: 'build', status: 'success', pipeline: 'success', name: 'd-tag-annotated-r3' }],
  'push.tag': [{ job: 'build', status: 'success', pipeline: 'success', name: 'd-tag-r3' }],
  'push.unnamed-workflow': [{ job: 'build', status: 'success', pipeline: 'success', name: 'acme/multi' }],
  release: [{ job: 'build', status: 'success', pipeline: 'success', name: 'd-release-r3' }],
  'retry.one-job': [
    { job: 'build', status: 'error', pipeline: 'error', name: 'c1-rerun-r3' },
    { job: 'build', status: 'success', pipeline: 'success', name: 'c1-rerun-r3', attempt: '2' },
    { job: 'build', status: 'success', pipeline: 'success', name: 'c1-rerun-r3', attempt: '3' },
  ],
  'retry.several-jobs': [
    { job: 'build', status: 'success', name: 'c2-rerun-r3' },
    { job: 'test (20)', status: 'error', name: 'c2-rerun-r3', needs: ['build'] },
    { job: 'test (24)', status: 'success', name: 'c2-rerun-r3', needs: ['build'] },
    {
      job: 'report',
      status: 'success',
      pipeline: 'error',
      name: 'c2-rerun-r3',
      needs: ['build', 'test (20)', 'test (24)'],
      start: '04:04:00',
    },
    { job: 'test (20)', status: 'success', name: 'c2-rerun-r3', attempt: '2' },
    {
      job: 'report',
      status: 'success',
      pipeline: 'success',
      name: 'c2-rerun-r3',
      attempt: '2',
      partial: true,
      needs: ['test (20)'],
      start: '04:04:17',
    },
    { job: 'build', status: 'success', name: 'c2-rerun-r3', attempt: '3' },
    { job: 'test (20)', status: 'success', name: 'c2-rerun-r3', attempt: '3', needs: ['build'] },
    { job: 'test (24)', status: 'success', name: 'c2-rerun-r3', attempt: '3', needs: ['build'] },
    {
      job: 'report',
      status: 'success',
      pipeline: 'success',
      name: 'c2-rerun-r3',
      attempt: '3',
      needs: ['build', 'test (20)', 'test (24)'],
      start: '04:04:23',
    },
    { job: 'test (20)', status: 'success', name: 'c2-rerun-r3', attempt: '4' },
    {
      job: 'report',
      status: 'success',
      pipeline: 'success',
      name: 'c2-rerun-r3',
      attempt: '4',
      partial: true,
      needs: ['test (20)'],
      start: '04:04:37',
    },
  ],
  schedule: [{ job: 'build', status: 'success', pipeline: 'success', name: 'd-schedule-r3' }],
  'several-jobs.failed': [
    { job: 'build', status: 'success', name: 'b2-one-fails-r3' },
    { job: 'test (20)', status: 'success', name: 'b2-one-fails-r3', needs: ['build'] },
    { job: 'test (24)', status: 'error', name: 'b2-one-fails-r3', needs: ['build'] },
    {
      job: 'report',
      status: 'success',
      pipeline: 'error',
      name: 'b2-one-fails-r3',
      needs: ['build', 'test (20)', 'test (24)'],
      start: '04:02:40',
    },
  ],
  'several-jobs': [
    { job: 'build', status: 'success', name: 'b1-several-r3' },
    { job: 'test (20)', status: 'success', name: 'b1-several-r3', needs: ['build'] },
    { job: 'test (24)', status: 'success', name: 'b1-several-r3', needs: ['build'] },
    {
      job: 'report',
      status: 'success',
      pipeline: 'success',
      name: 'b1-several-r3',
      needs: ['build', 'test (20)', 'test (24)'],
      start: '04:02:39',
    },
  ],
  'timed-out.job': [{ job: 'build', status: 'error', pipeline: 'error', name: 'a7-timeout-job-nostatus-r3' }],
  'tolerated.last': [{ job: 'build', status: 'success', pipeline: 'success', name: 'a3-tolerated-last-r3' }],
  workflow_call: [
    { job: 'inner', status: 'success', name: 'e-reusable-r3' },
    { job: 'second', status: 'success', name: 'e-reusable-r3', needs: ['inner'] },
    {
      job: 'report',
      status: 'success',
      pipeline: 'success',
      name: 'e-reusable-r3',
      // Of the first call no job's environment was recorded; that these are its jobs, replay-observe.test.ts shows.
      needs: [
        'inner',
        'nobody reports under 5f99dc35-04eb-5119-9ff2-eca5b0dee233',
        'nobody reports under c3b67ede-30a6-582f-a1ab-d7c8647a58f9',
        'second',
      ],
      start: '04:05:26',
    },
  ],
  workflow_dispatch: [{ job: 'build', status: 'success', pipeline: 'success', name: 'd-dispatch-r3' }],
};

const VARIANTS: { title: string; of: string; change: Change; told: Partial<Told> }[] = [
  {
    title: 'a server that lags by one read leaves a success what it is',
    of: 'push',
    change: { lag: { reads: 1, steps: ['success', 'success', 'success', null] } },
    told: { status: 'success', pipeline: 'success' },
  },
  {
    title: 'a server that lags by two reads leaves a success what it is',
    of: 'push',
    change: { lag: { reads: 2, steps: ['success', 'success', null, null] } },
    told: { status: 'success', pipeline: 'success' },
  },
  {
    title: 'a server that lags by one read leaves a failure what it is',
    of: 'push.failed',
    change: { lag: { reads: 1, steps: ['success', 'success', null, null] } },
    told: { status: 'error', pipeline: 'error' },
  },
  {
    title: 'a refused token of a private repository is a cancel, and said to be one by that alone',
    of: 'cancelled.runner-1.0.8',
    change: { isPrivate: true },
    told: { status: 'canceled', pipeline: 'canceled', source: 'token-refused' },
  },
  {
    title: 'a refused token is a cancel whatever `status` says, which an older runner has as failure',
    of: 'cancelled.runner-1.0.8',
    change: { inputs: { status: '${{ job.status }}' }, jobStatus: 'failure' },
    told: { status: 'canceled', pipeline: 'canceled' },
  },
  {
    title: 'Gitea 1.26 refuses the token of every cancelled job',
    of: 'gitea-1.26.push',
    change: { refused: true, isPrivate: true },
    told: { status: 'canceled', pipeline: 'canceled', source: 'token-refused' },
  },
  {
    title: "a refused token of the user's own means nothing",
    of: 'push.failed.status-written',
    change: {
      refused: true,
      isPrivate: true,
      inputs: { token: 'ghp_aTokenOfTheUsersOwn0123456789', status: '${{ job.status }}' },
    },
    told: { status: 'error', pipeline: 'error' },
  },
  {
    title: 'an unfinished step is a cancel inside a composite action, too',
    of: 'cancelled',
    change: { composite: true },
    told: { status: 'canceled', pipeline: 'canceled' },
  },
  {
    title: 'the failed step of a job that uses the action inside a composite action counts',
    of: 'failed.then-always',
    change: { composite: true },
    told: { status: 'error', pipeline: 'error' },
  },
];

test.concurrent.each(Object.entries(TABLE))(
  '%s: its jobs report what the server says of them',
  async (name, wanted) => {
    const told = await replay(`gitea/${name}`);
    expect(settle(told, wanted)).toEqual(wanted);
  },
);

test.concurrent.each(VARIANTS)('$title', async ({ of, change, told: { source, ...wanted } }) => {
  const told = await replay(`gitea/${of}`, change);
  expect(told).toEqual([expect.objectContaining(wanted)]);
  expect(told.map((one) => one.source)).toEqual([source]);
});
