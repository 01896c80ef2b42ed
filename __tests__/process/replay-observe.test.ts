import { expect, test } from '@jest/globals';
import { replayJobs } from '../support/replay.js';
import { observeRecorded, runObserve, settleRun, type ToldRun } from '../support/replay-observe.js';

// Ids of Forgejo's runs hold their start: whoever compares two replays gives both the same now.
process.env['TEST_NOW'] ??= `${Date.now()}`;

/** What the servers' lists of jobs and tasks say of these runs; of a job that never ran they tell no times. */
const GITEA: { of: string; runId?: number; attempt?: number; told: ToldRun }[] = [
  {
    of: 'gitea/cancelled',
    runId: 37,
    told: { name: 'a6-cancel-r3', run: 'canceled 03:55:41-03:55:53', jobs: { build: 'canceled 03:55:41-03:55:53' } },
  },
  {
    of: 'gitea/cancelled.runner-1.0.8',
    runId: 35,
    told: { name: 'a6-cancel', run: 'canceled 03:54:23-03:54:25', jobs: { build: 'canceled 03:54:23-03:54:25' } },
  },
  {
    of: 'gitea/cancelled.several-jobs',
    runId: 287,
    told: {
      name: 'b4-cancel-test-r3',
      run: 'canceled 04:15:28-04:15:46',
      jobs: {
        build: 'success 04:15:28-04:15:31',
        'test (20)': 'canceled 04:15:35-04:15:46',
        'test (24)': 'canceled 04:15:35-04:15:46',
        report: 'canceled',
      },
      needs: { 'test (20)': ['build'], 'test (24)': ['build'], report: ['build', 'test (20)', 'test (24)'] },
    },
  },
  {
    of: 'gitea/failed.then-always',
    runId: 47,
    told: { name: 'a10-always-r3', run: 'error 03:57:54-03:58:00', jobs: { build: 'error 03:57:54-03:58:00' } },
  },
  {
    of: 'gitea/tolerated.last',
    runId: 41,
    told: {
      name: 'a3-tolerated-last-r3',
      run: 'success 03:56:46-03:56:50',
      jobs: { build: 'success 03:56:46-03:56:50' },
    },
  },
  {
    of: 'gitea/timed-out.job',
    runId: 44,
    told: {
      name: 'a7-timeout-job-nostatus-r3',
      run: 'error 03:56:50-03:57:53',
      jobs: { build: 'error 03:56:50-03:57:53' },
    },
  },
  {
    of: 'gitea/push.failed',
    runId: 4,
    told: { name: 'a2-fail', run: 'error 03:52:09-03:52:13', jobs: { build: 'error 03:52:09-03:52:13' } },
  },
  {
    of: 'gitea/push.tag',
    runId: 64,
    told: { name: 'd-tag-r3', run: 'success 03:58:56-03:58:57', jobs: { build: 'success 03:58:56-03:58:57' } },
  },
  {
    of: 'gitea/push.tag-annotated',
    runId: 65,
    told: {
      name: 'd-tag-annotated-r3',
      run: 'success 03:59:03-03:59:04',
      jobs: { build: 'success 03:59:03-03:59:04' },
    },
  },
  {
    of: 'gitea/push.unnamed-workflow',
    runId: 62,
    told: {
      name: '.gitea/workflows/d-unnamed-r3.yml',
      run: 'success 03:58:44-03:58:46',
      jobs: { build: 'success 03:58:44-03:58:46' },
    },
  },
  {
    of: 'gitea/pull_request',
    runId: 67,
    told: { name: 'd-pr-r3', run: 'success 03:59:09-03:59:10', jobs: { build: 'success 03:59:09-03:59:10' } },
  },
  {
    of: 'gitea/pull_request.fork',
    runId: 289,
    told: { name: 'j-pr-fork-key-r3', run: 'error 04:15:56-04:15:58', jobs: { build: 'error 04:15:56-04:15:58' } },
  },
  {
    of: 'gitea/private.permissions-empty',
    runId: 259,
    told: { name: 'h-permissive-empty-r3', run: 'error 04:12:57-04:12:59', jobs: { build: 'error 04:12:57-04:12:59' } },
  },
  {
    of: 'gitea/schedule',
    runId: 302,
    told: { name: 'd-schedule-r3', run: 'success 04:18:50-04:18:52', jobs: { build: 'success 04:18:50-04:18:52' } },
  },
  {
    of: 'gitea/several-jobs',
    runId: 80,
    told: {
      name: 'b1-several-r3',
      run: 'success 04:02:39-04:03:05',
      jobs: {
        build: 'success 04:02:39-04:02:46',
        'test (20)': 'success 04:02:47-04:02:55',
        'test (24)': 'success 04:02:47-04:02:55',
        report: 'success 04:03:02-04:03:05',
      },
      needs: { 'test (20)': ['build'], 'test (24)': ['build'], report: ['build', 'test (20)', 'test (24)'] },
    },
  },
  {
    of: 'gitea/several-jobs.failed',
    runId: 82,
    told: {
      name: 'b2-one-fails-r3',
      run: 'error 04:02:40-04:03:08',
      jobs: {
        build: 'success 04:02:40-04:02:46',
        'test (20)': 'success 04:02:47-04:02:54',
        'test (24)': 'error 04:02:55-04:03:02',
        report: 'success 04:03:03-04:03:08',
      },
      needs: { 'test (20)': ['build'], 'test (24)': ['build'], report: ['build', 'test (20)', 'test (24)'] },
    },
  },
  {
    of: 'gitea/retry.one-job',
    runId: 85,
    attempt: 2,
    told: { name: 'c1-rerun-r3', run: 'success 04:03:39-04:03:45', jobs: { build: 'success 04:03:39-04:03:45' } },
  },
  {
    of: 'gitea/retry.several-jobs',
    runId: 87,
    attempt: 1,
    told: {
      name: 'c2-rerun-r3',
      run: 'error 04:04:00-04:04:16',
      jobs: {
        build: 'success 04:04:00-04:04:02',
        'test (20)': 'error 04:04:07-04:04:10',
        'test (24)': 'success 04:04:07-04:04:11',
        report: 'success 04:04:14-04:04:16',
      },
      needs: { 'test (20)': ['build'], 'test (24)': ['build'], report: ['build', 'test (20)', 'test (24)'] },
    },
  },
  {
    of: 'gitea/retry.several-jobs',
    runId: 87,
    attempt: 2,
    told: {
      name: 'c2-rerun-r3',
      run: 'success 04:04:17-04:04:22',
      partial: true,
      jobs: { 'test (20)': 'success 04:04:17-04:04:19', report: 'success 04:04:20-04:04:22' },
      needs: { report: ['test (20)'] },
    },
  },
  {
    of: 'gitea/retry.several-jobs',
    runId: 87,
    attempt: 3,
    told: {
      name: 'c2-rerun-r3',
      run: 'success 04:04:23-04:04:35',
      jobs: {
        build: 'success 04:04:23-04:04:26',
        'test (20)': 'success 04:04:26-04:04:30',
        'test (24)': 'success 04:04:26-04:04:30',
        report: 'success 04:04:34-04:04:35',
      },
      needs: { 'test (20)': ['build'], 'test (24)': ['build'], report: ['build', 'test (20)', 'test (24)'] },
    },
  },
  {
    of: 'gitea/retry.several-jobs',
    runId: 87,
    attempt: 4,
    told: {
      name: 'c2-rerun-r3',
      run: 'success 04:04:37-04:04:42',
      partial: true,
      jobs: { 'test (20)': 'success 04:04:37-04:04:39', report: 'success 04:04:40-04:04:42' },
      needs: { report: ['test (20)'] },
    },
  },
  {
    of: 'gitea/workflow_call',
    runId: 94,
    told: {
      name: 'e-reusable-r3',
      run: 'success 04:05:26-04:06:36',
      jobs: {
        inner: 'success 04:05:26-04:05:32',
        second: 'success 04:06:04-04:06:09',
        report: 'success 04:06:32-04:06:36',
        'inner #2': 'success 04:06:18-04:06:21',
        'second #2': 'success 04:06:26-04:06:30',
      },
      needs: {
        second: ['inner'],
        'inner #2': ['inner', 'second'],
        'second #2': ['inner #2'],
        report: ['inner', 'inner #2', 'second', 'second #2'],
      },
    },
  },
  {
    of: 'gitea/workflow_run.success',
    told: {
      name: 'App f-wr-r3',
      run: 'success 04:12:03-04:12:08',
      jobs: {
        'Build it': 'success 04:12:03-04:12:05',
        'test (20)': 'success 04:12:07-04:12:07',
        'test (24)': 'success 04:12:07-04:12:07',
        deploy: 'success 04:12:08-04:12:08',
        never: 'skipped',
      },
      needs: { 'test (20)': ['Build it'], 'test (24)': ['Build it'], deploy: ['test (20)', 'test (24)'] },
    },
  },
  {
    of: 'gitea/workflow_run.failed',
    told: {
      name: 'App f-wr-fail-r3',
      run: 'error 04:12:21-04:12:25',
      jobs: {
        'Build it': 'success 04:12:21-04:12:23',
        'test (20)': 'success 04:12:25-04:12:25',
        'test (24)': 'error 04:12:25-04:12:25',
        deploy: 'skipped',
        never: 'skipped',
      },
      needs: { 'test (20)': ['Build it'], 'test (24)': ['Build it'], deploy: ['test (20)', 'test (24)'] },
    },
  },
  {
    of: 'gitea/workflow_run.cancelled',
    told: {
      name: 'App f-wr-cancel-r3',
      run: 'canceled 04:12:39-04:12:49',
      jobs: {
        'Build it': 'canceled 04:12:39-04:12:49',
        'test (20)': 'canceled',
        'test (24)': 'canceled',
        deploy: 'canceled',
        never: 'skipped',
      },
      needs: { 'test (20)': ['Build it'], 'test (24)': ['Build it'], deploy: ['test (20)', 'test (24)'] },
    },
  },
  {
    of: 'gitea/workflow_run.retry',
    told: {
      name: 'App f-wr-rerun-r3',
      run: 'success 04:14:10-04:14:13',
      partial: true,
      jobs: { 'test (20)': 'success 04:14:10-04:14:11', deploy: 'success 04:14:12-04:14:13' },
      needs: { deploy: ['test (20)'] },
    },
  },
  {
    of: 'gitea/workflow_run.pull_request',
    told: {
      name: 'App f-wr-pr-r3',
      run: 'success 04:14:31-04:14:36',
      jobs: {
        'Build it': 'success 04:14:31-04:14:32',
        'test (20)': 'success 04:14:35-04:14:35',
        'test (24)': 'success 04:14:35-04:14:35',
        deploy: 'success 04:14:36-04:14:36',
        never: 'skipped',
      },
      needs: { 'test (20)': ['Build it'], 'test (24)': ['Build it'], deploy: ['test (20)', 'test (24)'] },
    },
  },
  {
    of: 'gitea/workflow_run.called',
    told: {
      name: 'App k-wr-called-r3',
      run: 'success 04:16:26-04:16:38',
      jobs: {
        first: 'success 04:16:26-04:16:27',
        after: 'success 04:16:38-04:16:38',
        inner: 'success 04:16:28-04:16:28',
        second: 'success 04:16:29-04:16:29',
        'inner #2': 'success 04:16:32-04:16:32',
        'second #2': 'success 04:16:35-04:16:35',
      },
      needs: {
        inner: ['first'],
        second: ['inner'],
        'inner #2': ['inner', 'second'],
        'second #2': ['inner #2'],
        after: ['inner', 'inner #2', 'second', 'second #2'],
      },
    },
  },
  {
    of: 'gitea/workflow_run.unnamed',
    told: { name: 'my-app.yml', run: 'success 04:16:52-04:16:52', jobs: { a: 'success 04:16:52-04:16:52' } },
  },
  {
    of: 'gitea/gitea-1.26.cancelled',
    runId: 5,
    told: { name: 'c-bare-r3.yml', run: 'canceled 04:19:07-04:19:11', jobs: { build: 'canceled 04:19:07-04:19:11' } },
  },
  {
    of: 'gitea/gitea-1.26.retry.one-job',
    runId: 15,
    told: { name: 'c1-rerun-r3', run: 'success 04:21:51-04:21:53', jobs: { build: 'success 04:21:51-04:21:53' } },
  },
  {
    of: 'gitea/gitea-1.26.retry.several-jobs',
    runId: 20,
    told: {
      name: 'c2-rerun-r3',
      run: 'success 04:24:29-04:24:33',
      partial: true,
      jobs: { 'test (20)': 'success 04:24:29-04:24:30', report: 'success 04:24:32-04:24:33' },
      needs: { report: ['test (20)'] },
    },
  },
  {
    of: 'gitea/gitea-1.26.workflow_run',
    told: {
      name: 'App f-wr-r3',
      run: 'success 04:27:03-04:27:07',
      jobs: {
        'Build it': 'success 04:27:03-04:27:04',
        'test (20)': 'success 04:27:06-04:27:06',
        'test (24)': 'success 04:27:06-04:27:06',
        deploy: 'success 04:27:07-04:27:07',
        never: 'skipped',
      },
    },
  },
  {
    of: 'gitea/gitea-1.26.workflow_run.cancelled',
    told: {
      name: 'App f-wr-cancel-r3',
      run: 'canceled 04:27:20-04:27:23',
      jobs: {
        'Build it': 'canceled 04:27:20-04:27:23',
        'test (20)': 'canceled',
        'test (24)': 'canceled',
        deploy: 'canceled',
        never: 'skipped',
      },
    },
  },
  {
    of: 'gitea/gitea-1.26.workflow_run.pull_request',
    told: {
      name: 'App f-wr-pr-r3',
      run: 'success 04:28:25-04:28:30',
      jobs: {
        'Build it': 'success 04:28:25-04:28:26',
        'test (20)': 'success 04:28:29-04:28:29',
        'test (24)': 'success 04:28:29-04:28:29',
        deploy: 'success 04:28:30-04:28:30',
        never: 'skipped',
      },
    },
  },
];

const FORGEJO: { of: string; runId: number; told: ToldRun }[] = [
  {
    of: 'forgejo/scenario-a1-success',
    runId: 3,
    told: { name: 'a1-success', run: 'success 04:14:25-04:14:27', jobs: { build: 'success 04:14:25-04:14:27' } },
  },
  {
    of: 'forgejo/scenario-a2-failing-step',
    runId: 4,
    told: { name: 'a2-failing-step', run: 'error 04:14:32-04:14:34', jobs: { build: 'error 04:14:32-04:14:34' } },
  },
  {
    of: 'forgejo/scenario-a3-continue-on-error',
    runId: 5,
    told: {
      name: 'a3-continue-on-error',
      run: 'success 04:14:39-04:14:41',
      jobs: { build: 'success 04:14:39-04:14:41' },
    },
  },
  {
    of: 'forgejo/scenario-a5-cancelled-in-step',
    runId: 8,
    told: {
      name: 'a5-cancelled-in-step',
      run: 'canceled 04:15:32-04:15:38',
      jobs: { build: 'canceled 04:15:32-04:15:38' },
    },
  },
  {
    of: 'forgejo/scenario-a5c-cancelled-private',
    runId: 10,
    told: {
      name: 'a5c-cancelled-private',
      run: 'canceled 04:16:01-04:16:07',
      jobs: { build: 'canceled 04:16:01-04:16:07' },
    },
  },
  {
    of: 'forgejo/scenario-a6-timeout-job',
    runId: 15,
    told: { name: 'a6-timeout-job', run: 'error 04:18:15-04:19:16', jobs: { build: 'error 04:18:15-04:19:16' } },
  },
  {
    of: 'forgejo/scenario-a6b-timeout-step',
    runId: 16,
    told: { name: 'a6b-timeout-step', run: 'error 04:18:16-04:19:18', jobs: { build: 'error 04:18:16-04:19:18' } },
  },
  {
    of: 'forgejo/scenario-a7-skipped-job',
    runId: 14,
    told: { name: 'a7-skipped-job', run: 'skipped 04:17:53-04:17:53', jobs: { build: 'skipped' } },
  },
  {
    of: 'forgejo/scenario-b1-recipe',
    runId: 17,
    told: {
      name: 'b1-recipe',
      run: 'success 04:18:41-04:18:49',
      jobs: {
        build: 'success 04:18:41-04:18:43',
        'test (20)': 'success 04:18:44-04:18:46',
        'test (24)': 'success 04:18:45-04:18:48',
        report: 'success 04:18:48-04:18:49',
      },
      needs: { 'test (20)': ['build'], 'test (24)': ['build'], report: ['build', 'test (20)', 'test (24)'] },
    },
  },
  {
    of: 'forgejo/scenario-b2-recipe-one-fails',
    runId: 18,
    told: {
      name: 'b2-recipe-one-fails',
      run: 'error 04:18:54-04:19:05',
      jobs: {
        build: 'success 04:18:54-04:18:56',
        'test (20)': 'success 04:18:57-04:19:01',
        'test (24)': 'error 04:18:58-04:19:00',
        report: 'success 04:19:03-04:19:05',
      },
      needs: { 'test (20)': ['build'], 'test (24)': ['build'], report: ['build', 'test (20)', 'test (24)'] },
    },
  },
  {
    of: 'forgejo/scenario-b3-cancel-middle',
    runId: 19,
    told: {
      name: 'b3-cancel-middle',
      run: 'canceled 04:19:06-04:19:15',
      jobs: {
        build: 'success 04:19:06-04:19:09',
        'test (20)': 'canceled 04:19:11-04:19:15',
        'test (24)': 'canceled 04:19:12-04:19:15',
        report: 'canceled',
      },
      needs: { 'test (20)': ['build'], 'test (24)': ['build'], report: ['build', 'test (20)', 'test (24)'] },
    },
  },
  {
    of: 'forgejo/scenario-c1-rerun-one-job-of-recipe',
    runId: 18,
    told: {
      name: 'b2-recipe-one-fails',
      run: 'error 04:20:06-04:20:11',
      partial: true,
      jobs: { 'test (24)': 'error 04:20:06-04:20:08', report: 'success 04:20:09-04:20:11' },
      needs: { report: ['test (24)'] },
    },
  },
  {
    of: 'forgejo/scenario-c2-rerun-all-jobs-of-recipe',
    runId: 18,
    told: {
      name: 'b2-recipe-one-fails',
      run: 'error 04:20:15-04:20:26',
      jobs: {
        build: 'success 04:20:15-04:20:18',
        'test (20)': 'success 04:20:20-04:20:22',
        'test (24)': 'error 04:20:21-04:20:23',
        report: 'success 04:20:24-04:20:26',
      },
      needs: { 'test (20)': ['build'], 'test (24)': ['build'], report: ['build', 'test (20)', 'test (24)'] },
    },
  },
  {
    of: 'forgejo/scenario-c3-rerun-one-job-pipeline',
    runId: 4,
    told: { name: 'a2-failing-step', run: 'error 04:20:30-04:20:32', jobs: { build: 'error 04:20:30-04:20:32' } },
  },
  {
    of: 'forgejo/scenario-c4-rerun-one-job-pipeline-by-job',
    runId: 4,
    told: { name: 'a2-failing-step', run: 'error 04:20:39-04:20:41', jobs: { build: 'error 04:20:39-04:20:41' } },
  },
  {
    of: 'forgejo/scenario-c5-rerun-all-successful',
    runId: 17,
    told: {
      name: 'b1-recipe',
      run: 'success 04:36:58-04:37:07',
      jobs: {
        build: 'success 04:36:58-04:37:01',
        'test (20)': 'success 04:37:01-04:37:03',
        'test (24)': 'success 04:37:02-04:37:04',
        report: 'success 04:37:05-04:37:07',
      },
      needs: { 'test (20)': ['build'], 'test (24)': ['build'], report: ['build', 'test (20)', 'test (24)'] },
    },
  },
  {
    of: 'forgejo/scenario-d10-schedule',
    runId: 26,
    told: { name: 'sched', run: 'success 04:22:05-04:22:07', jobs: { build: 'success 04:22:05-04:22:07' } },
  },
  {
    of: 'forgejo/scenario-d11-reusable-expanded',
    runId: 39,
    told: {
      name: 'd11-reusable',
      run: 'success 04:24:22-04:24:28',
      jobs: {
        report: 'success 04:24:27-04:24:28',
        'first.build': 'success 04:24:22-04:24:23',
        'first.unit': 'success 04:24:24-04:24:25',
        'second.build': 'success 04:24:23-04:24:24',
        'second.unit': 'success 04:24:25-04:24:26',
      },
      needs: {
        'first.unit': ['first.build'],
        'second.unit': ['second.build'],
        report: ['first.build', 'first.unit', 'second.build', 'second.unit'],
      },
    },
  },
  {
    of: 'forgejo/scenario-d12-reusable-not-expanded',
    runId: 37,
    told: {
      name: 'd12-reusable',
      run: 'error 04:23:39-04:23:42',
      jobs: {
        first: 'error 04:23:39-04:23:39',
        second: 'error 04:23:40-04:23:40',
        report: 'success 04:23:41-04:23:42',
      },
      needs: { report: ['first', 'second'] },
    },
  },
  {
    of: 'forgejo/scenario-d2-tag-push',
    runId: 22,
    told: { name: 'd2-tag', run: 'success 04:21:38-04:21:40', jobs: { build: 'success 04:21:38-04:21:40' } },
  },
  {
    of: 'forgejo/scenario-d4-unnamed-workflow',
    runId: 23,
    told: {
      name: '.forgejo/workflows/unnamed.yml',
      run: 'success 04:21:43-04:21:45',
      jobs: { build: 'success 04:21:43-04:21:45' },
    },
  },
  {
    of: 'forgejo/scenario-d5-branch',
    runId: 24,
    told: { name: 'd5-branch', run: 'success 04:21:48-04:21:49', jobs: { build: 'success 04:21:48-04:21:49' } },
  },
  {
    of: 'forgejo/scenario-d6-pull-request-same-repo',
    runId: 25,
    told: { name: 'd6-pr', run: 'success 04:21:53-04:21:55', jobs: { build: 'success 04:21:53-04:21:55' } },
  },
  {
    of: 'forgejo/scenario-d7-pull-request-fork',
    runId: 27,
    told: { name: 'd7-fork', run: 'success 04:23:27-04:23:28', jobs: { build: 'success 04:23:27-04:23:28' } },
  },
  {
    of: 'forgejo/scenario-d8-composite',
    runId: 28,
    told: {
      name: 'd8-composite',
      run: 'success 04:22:30-04:22:35',
      jobs: {
        'build (20)': 'success 04:22:30-04:22:33',
        'build (24)': 'success 04:22:31-04:22:33',
        report: 'success 04:22:34-04:22:35',
      },
      needs: { report: ['build (20)', 'build (24)'] },
    },
  },
  {
    of: 'forgejo/scenario-e2-stages',
    runId: 41,
    told: {
      name: 'e2-stages',
      run: 'success 04:25:16-04:25:23',
      jobs: {
        build: 'success 04:25:16-04:25:18',
        deploy: 'success 04:25:19-04:25:21',
        report: 'success 04:25:22-04:25:23',
      },
      needs: { deploy: ['build'], report: ['build', 'deploy'] },
    },
  },
  {
    of: 'forgejo/scenario-e4-two-jobs-level-pipeline',
    runId: 43,
    told: {
      name: 'e4-two-jobs-level-pipeline',
      run: 'success 04:25:31-04:25:33',
      jobs: { one: 'success 04:25:31-04:25:32', two: 'success 04:25:32-04:25:33' },
    },
  },
  {
    of: 'forgejo/scenario-e5-job-with-name',
    runId: 44,
    told: {
      name: 'e5-job-with-name',
      run: 'success 04:25:36-04:25:40',
      jobs: {
        'Unit tests 1': 'success 04:25:36-04:25:37',
        'Unit tests 2': 'success 04:25:37-04:25:38',
        report: 'success 04:25:39-04:25:40',
      },
      needs: { report: ['Unit tests 1', 'Unit tests 2'] },
    },
  },
  {
    of: 'forgejo/scenario-f1-observe-closing',
    runId: 45,
    told: {
      name: 'f1-observe-closing',
      run: 'error 04:26:05-04:26:11',
      jobs: {
        build: 'success 04:26:05-04:26:06',
        'test (1)': 'success 04:26:08-04:26:08',
        'test (2)': 'error 04:26:09-04:26:09',
        skipped: 'skipped',
        datadog: 'success 04:26:10-04:26:11',
      },
      needs: { 'test (1)': ['build'], 'test (2)': ['build'], datadog: ['build', 'test (1)', 'test (2)'] },
    },
  },
  {
    of: 'forgejo/scenario-h2-token-private',
    runId: 71,
    told: { name: 'h2-token-private', run: 'success 04:29:40-04:29:42', jobs: { build: 'success 04:29:40-04:29:42' } },
  },
  {
    of: 'forgejo/scenario-i1-second-push-one-job',
    runId: 74,
    told: {
      name: 'i1-second-push-one-job',
      run: 'canceled 04:30:37-04:30:45',
      jobs: { build: 'canceled 04:30:37-04:30:45' },
    },
  },
  {
    of: 'forgejo/scenario-i3-job-continue-on-error',
    runId: 78,
    told: {
      name: 'i3-job-continue-on-error',
      run: 'error 04:31:06-04:31:09',
      jobs: { flaky: 'error 04:31:06-04:31:07', report: 'success 04:31:08-04:31:09' },
      needs: { report: ['flaky'] },
    },
  },
  {
    of: 'forgejo/scenario-i4-all-needs-skipped',
    runId: 79,
    told: {
      name: 'i4-all-needs-skipped',
      run: 'success 04:31:11-04:31:12',
      jobs: { maybe: 'skipped', report: 'success 04:31:11-04:31:12' },
    },
  },
  {
    of: 'forgejo/scenario-i5-setup-fails',
    runId: 80,
    told: { name: 'i5-setup-fails', run: 'error 04:31:16-04:31:17', jobs: { build: 'error 04:31:16-04:31:17' } },
  },
  {
    of: 'forgejo/scenario-i6-cancel-in-tolerated-step',
    runId: 94,
    told: {
      name: 'i6-cancel-in-tolerated-step',
      run: 'canceled 04:34:29-04:34:35',
      jobs: { build: 'canceled 04:34:29-04:34:35' },
    },
  },
  {
    of: 'forgejo/scenario-l2-matrix-two-dimensions',
    runId: 90,
    told: {
      name: 'l2-matrix-two-dimensions',
      run: 'success 04:32:42-04:32:47',
      jobs: {
        'build (24, linux)': 'success 04:32:42-04:32:43',
        'build (x y, 20, linux)': 'success 04:32:43-04:32:45',
        report: 'success 04:32:46-04:32:47',
      },
      needs: { report: ['build (24, linux)', 'build (x y, 20, linux)'] },
    },
  },
  {
    of: 'forgejo/v15-scenario-a1-success',
    runId: 2,
    told: { name: 'a1-success', run: 'success 04:39:24-04:39:25', jobs: { build: 'success 04:39:24-04:39:25' } },
  },
  {
    of: 'forgejo/v15-scenario-a5-cancelled-in-step',
    runId: 4,
    told: {
      name: 'a5-cancelled-in-step',
      run: 'success 04:39:41-04:40:41',
      jobs: { build: 'success 04:39:41-04:40:41' },
    },
  },
  {
    of: 'forgejo/v15-scenario-a5b-cancelled-web',
    runId: 6,
    told: {
      name: 'a5b-cancelled-web.yml',
      run: 'canceled 04:41:41-04:41:46',
      jobs: { build: 'canceled 04:41:41-04:41:46' },
    },
  },
  {
    of: 'forgejo/v15-scenario-b1-recipe',
    runId: 3,
    told: {
      name: 'b1-recipe',
      run: 'success 04:39:29-04:39:35',
      jobs: {
        build: 'success 04:39:29-04:39:30',
        'test (20)': 'success 04:39:32-04:39:33',
        'test (24)': 'success 04:39:33-04:39:34',
        report: 'success 04:39:35-04:39:35',
      },
      needs: { 'test (20)': ['build'], 'test (24)': ['build'], report: ['build', 'test (20)', 'test (24)'] },
    },
  },
  {
    of: 'forgejo/v15-scenario-c1-rerun-one-job',
    runId: 3,
    told: {
      name: 'b1-recipe',
      run: 'success 04:40:50-04:40:54',
      partial: true,
      jobs: { 'test (24)': 'success 04:40:50-04:40:51', report: 'success 04:40:53-04:40:54' },
      needs: { report: ['test (24)'] },
    },
  },
  {
    of: 'forgejo/v15-scenario-c2-rerun-all',
    runId: 3,
    told: {
      name: 'b1-recipe',
      run: 'success 04:41:01-04:41:09',
      jobs: {
        build: 'success 04:41:01-04:41:02',
        'test (20)': 'success 04:41:04-04:41:05',
        'test (24)': 'success 04:41:05-04:41:06',
        report: 'success 04:41:08-04:41:09',
      },
      needs: { 'test (20)': ['build'], 'test (24)': ['build'], report: ['build', 'test (20)', 'test (24)'] },
    },
  },
  {
    of: 'forgejo/v15-scenario-f1-observe-closing',
    runId: 5,
    told: {
      name: 'f1-observe-closing.yml',
      run: 'success 04:41:18-04:41:20',
      jobs: { build: 'success 04:41:18-04:41:19', datadog: 'success 04:41:20-04:41:20' },
    },
  },
];

test.concurrent.each(GITEA)('$of: the run as the server tells it', async ({ of, runId, attempt, told: wanted }) => {
  const older = of.includes('gitea-1.26') ? 'gitea/gitea-1.26.push' : 'gitea/workflow_dispatch';
  // `workflow_run` has an observing job of its own.
  const look = runId === undefined ? {} : { from: older, runId, ...(attempt === undefined ? {} : { attempt }) };
  expect(settleRun(await observeRecorded(of, look), wanted)).toEqual(wanted);
});

test.concurrent.each(FORGEJO)(
  '$of: the run as the server tells it, with the times of its tasks',
  async ({ of, runId, told: wanted }) => {
    const from = of.includes('v15') ? 'forgejo/v15-push' : 'forgejo/workflow_dispatch';
    const told = await observeRecorded(of, { from, runId });
    expect(settleRun(told, wanted)).toEqual(wanted);
    expect(told.warnings).toEqual([]);
  },
);

const CLOSING: { of: string; run: string; jobs: Record<string, string> }[] = [
  {
    of: 'forgejo/scenario-f1-observe-closing',
    run: 'error 04:26:05',
    jobs: {
      build: 'success 04:26:05-04:26:06',
      'test (1)': 'success 04:26:08-04:26:08',
      'test (2)': 'error 04:26:09-04:26:09',
    },
  },
  {
    of: 'forgejo/v15-scenario-f1-observe-closing',
    run: 'success 04:41:18',
    jobs: { build: 'success 04:41:18-04:41:19' },
  },
];

test.concurrent.each(CLOSING)('$of: a closing job reports the run that it is in', async ({ of, run, jobs }) => {
  const told = await observeRecorded(of, { isClosing: true });
  expect(told.run.split('-')[0]).toBe(run);
  expect(told.jobs).toMatchObject(jobs);
});

test.concurrent.each([
  { of: 'gitea/workflow_call', from: 'gitea/workflow_dispatch', runId: 94, stages: ['call', 'call2'] },
  {
    of: 'forgejo/scenario-d11-reusable-expanded',
    from: 'forgejo/workflow_dispatch',
    runId: 39,
    stages: ['first', 'second'],
  },
])('$of: jobs of reusable workflows have the ids that they report themselves', async ({ of, from, runId, stages }) => {
  const { jobs } = await replayJobs(of);
  const { stage } = await runObserve(of, { from, runId });
  const told = stage.events.map(({ attributes }) => attributes.resource);
  const observed = told.filter(({ level }) => level === 'job');
  const reported = jobs.flatMap(({ post }) => post.events.map(({ attributes }) => attributes.resource));
  const own = reported.filter(({ level }) => level === 'job');
  const ids = new Set<unknown>(observed.map(({ id }) => id));
  expect(own.filter(({ id }) => !ids.has(id))).toEqual([]);
  expect(own.flatMap(({ dependencies = [] }) => dependencies).filter((id) => !ids.has(id))).toEqual([]);
  expect(told.flatMap(({ level, name }) => (level === 'stage' ? [name] : [])).sort()).toEqual(stages);
  expect(observed.filter((job) => job.stage_name === undefined).map(({ name }) => name)).toEqual(['report']);
});
