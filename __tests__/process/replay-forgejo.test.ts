import { expect, test } from '@jest/globals';
import { type Change, replay, settle, type Told } from '../support/replay.js';

/**
 * What live servers of Forgejo and their logs say of these jobs (fixtures/live/README.md). A job that only reports itself tells no pipeline.
 * `mayNeed`: a server that refuses the token lists no jobs.
 */
const TABLE: Record<string, Told[]> = {
  create: [{ job: 'build', status: 'success', pipeline: 'success', name: 'ev-create' }],
  issues: [{ job: 'build', status: 'success', pipeline: 'success', name: 'ev-issues' }],
  'pull_request-fork': [{ job: 'build', status: 'success', pipeline: 'success', name: 'd7-fork' }],
  pull_request: [{ job: 'build', status: 'success', pipeline: 'success', name: 'd6-pr' }],
  'push-branch-unicode': [{ job: 'build', status: 'success', pipeline: 'success', name: 'd5-branch' }],
  'push-runner-at-localhost': [
    { job: 'build', status: 'success', pipeline: 'success', name: 'l1-runner-with-other-address' },
  ],
  'push-tag': [{ job: 'build', status: 'success', pipeline: 'success', name: 'd2-tag' }],
  'push-unnamed': [{ job: 'build', status: 'success', pipeline: 'success', name: '.forgejo/workflows/unnamed.yml' }],
  push: [{ job: 'build', status: 'success', pipeline: 'success', name: 'a1-success' }],
  release: [{ job: 'build', status: 'success', pipeline: 'success', name: 'ev-release' }],
  'scenario-a2-failing-step': [{ job: 'build', status: 'error', pipeline: 'error', name: 'a2-failing-step' }],
  'scenario-a3-continue-on-error': [
    { job: 'build', status: 'success', pipeline: 'success', name: 'a3-continue-on-error' },
  ],
  'scenario-a4-status-written': [{ job: 'build', status: 'error', pipeline: 'error', name: 'a4-status-written' }],
  'scenario-a5-cancelled-in-step': [
    { job: 'build', status: 'canceled', pipeline: 'canceled', name: 'a5-cancelled-in-step' },
  ],
  'scenario-a5b-cancelled-web-status-written': [
    { job: 'build', status: 'canceled', pipeline: 'canceled', name: 'a5b-cancelled-web-status-written' },
  ],
  'scenario-a5c-cancelled-private': [
    { job: 'build', status: 'canceled', source: 'token-refused', pipeline: 'canceled', name: 'a5c-cancelled-private' },
  ],
  'scenario-a5d-cancelled-private-token-used': [
    { job: 'build', status: 'canceled', source: 'token-refused', name: 'a5d-cancelled-private-token-used' },
  ],
  'scenario-b1-recipe': [
    { job: 'build', status: 'success', name: 'b1-recipe' },
    { job: 'test (20)', status: 'success', name: 'b1-recipe', needs: ['build'] },
    { job: 'test (24)', status: 'success', name: 'b1-recipe', needs: ['build'] },
    {
      job: 'report',
      status: 'success',
      pipeline: 'success',
      name: 'b1-recipe',
      needs: ['build', 'test (20)', 'test (24)'],
      start: '04:18:41',
    },
  ],
  'scenario-b2-recipe-one-fails': [
    { job: 'build', status: 'success', name: 'b2-recipe-one-fails' },
    { job: 'test (20)', status: 'success', name: 'b2-recipe-one-fails', needs: ['build'] },
    { job: 'test (24)', status: 'error', name: 'b2-recipe-one-fails', needs: ['build'] },
    {
      job: 'report',
      status: 'success',
      pipeline: 'error',
      name: 'b2-recipe-one-fails',
      needs: ['build', 'test (20)', 'test (24)'],
      start: '04:18:54',
    },
  ],
  'scenario-b3-cancel-middle': [
    { job: 'build', status: 'success', name: 'b3-cancel-middle' },
    { job: 'test (20)', status: 'canceled', name: 'b3-cancel-middle', mayNeed: ['build'] },
    { job: 'test (24)', status: 'canceled', name: 'b3-cancel-middle', mayNeed: ['build'] },
  ],
  'scenario-c1-rerun-one-job-of-recipe': [
    { job: 'test (24)', status: 'error', name: 'b2-recipe-one-fails', attempt: '2' },
    {
      job: 'report',
      status: 'success',
      pipeline: 'error',
      name: 'b2-recipe-one-fails',
      attempt: '2',
      partial: true,
      needs: ['test (24)'],
      start: '04:20:06',
    },
  ],
  'scenario-c2-rerun-all-jobs-of-recipe': [
    { job: 'build', status: 'success', name: 'b2-recipe-one-fails', attempt: '2' },
    { job: 'test (20)', status: 'success', name: 'b2-recipe-one-fails', attempt: '2', needs: ['build'] },
    { job: 'test (24)', status: 'error', name: 'b2-recipe-one-fails', attempt: '3', needs: ['build'] },
    {
      job: 'report',
      status: 'success',
      pipeline: 'error',
      name: 'b2-recipe-one-fails',
      attempt: '3',
      needs: ['build', 'test (20)', 'test (24)'],
      start: '04:20:15',
    },
  ],
  'scenario-c3-rerun-one-job-pipeline': [
    { job: 'build', status: 'error', pipeline: 'error', name: 'a2-failing-step', attempt: '2' },
  ],
  'scenario-c4-rerun-one-job-pipeline-by-job': [
    { job: 'build', status: 'error', pipeline: 'error', name: 'a2-failing-step', attempt: '3' },
  ],
  'scenario-c5-rerun-all-successful': [
    { job: 'build', status: 'success', name: 'b1-recipe', attempt: '2' },
    { job: 'test (20)', status: 'success', name: 'b1-recipe', attempt: '2', needs: ['build'] },
    { job: 'test (24)', status: 'success', name: 'b1-recipe', attempt: '2', needs: ['build'] },
    {
      job: 'report',
      status: 'success',
      pipeline: 'success',
      name: 'b1-recipe',
      attempt: '2',
      needs: ['build', 'test (20)', 'test (24)'],
      start: '04:36:58',
    },
  ],
  'scenario-d11-reusable-expanded': [
    { job: 'first.build', status: 'success', name: 'd11-reusable' },
    { job: 'second.build', status: 'success', name: 'd11-reusable' },
    { job: 'first.unit', status: 'success', name: 'd11-reusable', needs: ['first.build'] },
    { job: 'second.unit', status: 'success', name: 'd11-reusable', needs: ['second.build'] },
    {
      job: 'report',
      status: 'success',
      pipeline: 'success',
      name: 'd11-reusable',
      needs: ['first.build', 'first.unit', 'second.build', 'second.unit'],
      start: '04:24:22',
    },
  ],
  'scenario-d8-composite': [
    { job: 'build (20)', status: 'success', source: 'assumed', name: 'd8-composite' },
    { job: 'build (24)', status: 'success', source: 'assumed', name: 'd8-composite' },
    { job: 'report', status: 'success', pipeline: 'success', name: 'd8-composite', start: '04:22:30' },
  ],
  'scenario-d9-nested-composite': [
    { job: 'build (20)', status: 'success', source: 'assumed', name: 'd9-nested-composite' },
    { job: 'build (24)', status: 'success', source: 'assumed', name: 'd9-nested-composite' },
    { job: 'report', status: 'success', pipeline: 'success', name: 'd9-nested-composite', start: '04:22:47' },
  ],
  'scenario-e2-stages': [
    { job: 'build', status: 'success', name: 'e2-stages' },
    { job: 'deploy', status: 'success', name: 'e2-stages', needs: ['build'] },
    {
      job: 'report',
      status: 'success',
      pipeline: 'success',
      name: 'e2-stages',
      needs: ['build', 'deploy'],
      start: '04:25:16',
    },
  ],
  'scenario-i1-second-push-one-job': [
    { job: 'build', status: 'canceled', pipeline: 'canceled', name: 'i1-second-push-one-job' },
  ],
  'scenario-i3-job-continue-on-error': [
    { job: 'flaky', status: 'error', name: 'i3-job-continue-on-error' },
    {
      job: 'report',
      status: 'success',
      pipeline: 'error',
      name: 'i3-job-continue-on-error',
      needs: ['flaky'],
      start: '04:31:06',
    },
  ],
  'scenario-i4-all-needs-skipped': [
    { job: 'report', status: 'success', pipeline: 'skipped', name: 'i4-all-needs-skipped', start: '04:31:11' },
  ],
  'scenario-i6-cancel-in-tolerated-step': [
    { job: 'build', status: 'canceled', pipeline: 'canceled', name: 'i6-cancel-in-tolerated-step' },
  ],
  'scenario-l2-matrix-two-dimensions': [
    { job: 'build (24, linux)', status: 'success', name: 'l2-matrix-two-dimensions' },
    { job: 'build (x y, 20, linux)', status: 'success', name: 'l2-matrix-two-dimensions' },
    {
      job: 'report',
      status: 'success',
      pipeline: 'success',
      name: 'l2-matrix-two-dimensions',
      needs: ['build (24, linux)', 'build (x y, 20, linux)'],
      start: '04:32:42',
    },
  ],
  'scenario-l4-runner-sigterm': [{ job: 'build', status: 'error', pipeline: 'error', name: 'l4-runner-shutdown' }],
  'schedule-runner-at-localhost': [{ job: 'build', status: 'success', pipeline: 'success', name: 'sched2' }],
  schedule: [{ job: 'build', status: 'success', pipeline: 'success', name: 'sched' }],
  'several-jobs-closing': [
    { job: 'build', status: 'success', name: 'b3-cancel-middle', attempt: '2' },
    { job: 'test (20)', status: 'success', name: 'b3-cancel-middle', attempt: '2', needs: ['build'] },
    { job: 'test (24)', status: 'success', name: 'b3-cancel-middle', attempt: '2', needs: ['build'] },
    {
      job: 'report',
      status: 'success',
      pipeline: 'success',
      name: 'b3-cancel-middle',
      attempt: '2',
      needs: ['build', 'test (20)', 'test (24)'],
      start: '04:37:14',
    },
  ],
  'v15-push': [{ job: 'build', status: 'success', pipeline: 'success', name: 'a1-success' }],
  'v15-scenario-a1-success': [{ job: 'build', status: 'success', pipeline: 'success', name: 'a1-success' }],
  'v15-scenario-a5b-cancelled-web': [
    { job: 'build', status: 'canceled', pipeline: 'canceled', name: 'a5b-cancelled-web' },
  ],
  'v15-scenario-b1-recipe': [
    { job: 'build', status: 'success', name: 'b1-recipe' },
    { job: 'test (20)', status: 'success', name: 'b1-recipe', needs: ['build'] },
    { job: 'test (24)', status: 'success', name: 'b1-recipe', needs: ['build'] },
    {
      job: 'report',
      status: 'success',
      pipeline: 'success',
      name: 'b1-recipe',
      needs: ['build', 'test (20)', 'test (24)'],
      start: '04:39:29',
    },
  ],
  'v15-scenario-c1-rerun-one-job': [
    { job: 'test (24)', status: 'success', name: 'b1-recipe', attempt: '2' },
    {
      job: 'report',
      status: 'success',
      pipeline: 'success',
      name: 'b1-recipe',
      attempt: '2',
      partial: true,
      needs: ['test (24)'],
      start: '04:40:50',
    },
  ],
  'v15-scenario-c2-rerun-all': [
    { job: 'build', status: 'success', name: 'b1-recipe', attempt: '2' },
    { job: 'test (20)', status: 'success', name: 'b1-recipe', attempt: '2', needs: ['build'] },
    { job: 'test (24)', status: 'success', name: 'b1-recipe', attempt: '3', needs: ['build'] },
    {
      job: 'report',
      status: 'success',
      pipeline: 'success',
      name: 'b1-recipe',
      attempt: '3',
      needs: ['build', 'test (20)', 'test (24)'],
      start: '04:41:01',
    },
  ],
  workflow_call: [{ job: 'second.build', status: 'success', pipeline: 'success', name: 'd11-reusable' }],
  workflow_dispatch: [{ job: 'build', status: 'success', pipeline: 'success', name: 'dispatch' }],
};

/** Jobs whose repository nobody may read without a token. */
const PRIVATE = ['scenario-a5c-cancelled-private', 'scenario-a5d-cancelled-private-token-used'];

const VARIANTS: { title: string; of: string; change: Change; told: Partial<Told> }[] = [
  {
    title: 'a cancel in a tolerated step, which the runner has as success, of a private repository',
    of: 'scenario-i6-cancel-in-tolerated-step',
    change: { isPrivate: true },
    told: { status: 'canceled', pipeline: 'canceled', source: 'token-refused' },
  },
  {
    title: 'a cancel of a job that uses the action inside a composite action, where success is written',
    of: 'scenario-a5-cancelled-in-step',
    change: { composite: true, inputs: { status: '${{ job.status }}' } },
    told: { status: 'canceled', pipeline: 'canceled' },
  },
  {
    title: 'a cancel of a job that uses the action inside a composite action, of a private repository',
    of: 'scenario-a5-cancelled-in-step',
    change: { composite: true, isPrivate: true },
    told: { status: 'canceled', pipeline: 'canceled', source: 'token-refused' },
  },
  {
    title: 'a cancel on Forgejo 15 of a private repository',
    of: 'v15-scenario-a5b-cancelled-web',
    change: { isPrivate: true },
    told: { status: 'canceled', pipeline: 'canceled', source: 'token-refused' },
  },
  {
    title: "a refused token of the user's own means nothing",
    of: 'scenario-a2-failing-step',
    change: { refused: true, isPrivate: true, inputs: { token: 'ghp_aTokenOfTheUsersOwn0123456789' } },
    told: { status: 'error', pipeline: 'error' },
  },
];

test.concurrent.each(Object.entries(TABLE))(
  '%s: its jobs report what the server says of them',
  async (name, wanted) => {
    const told = await replay(`forgejo/${name}`, { isPrivate: PRIVATE.includes(name) });
    expect(settle(told, wanted)).toEqual(wanted);
  },
);

test.concurrent.each(VARIANTS)('$title', async ({ of, change, told: { source, ...wanted } }) => {
  const told = await replay(`forgejo/${of}`, change);
  expect(told).toEqual([expect.objectContaining(wanted)]);
  expect(told.map((one) => one.source)).toEqual([source]);
});
