import { parseJobs, parseRun } from '../answers.js';
import { readClaims } from '../claims.js';
import { parseTasks } from '../tasks.js';
import { gitea, toWorkflowPaths } from './gitea.js';
import { actions, github } from './github.js';
import type { Platform } from './platform.js';

/**
 * Forgejo 12 to 16 and its runner up to 12; its jobs API (16) has neither times (its tasks have) nor steps, and one job
 * can't be asked for.
 */
export const forgejo: Platform = {
  ...gitea,
  id: 'forgejo',
  detect: (env) => env['FORGEJO_ACTIONS'] === 'true',
  attemptsCount: () => 'job',
  runPage: ({ server, repository, runNumber }) => `${server}/${repository}/actions/runs/${runNumber}`,
  jobPage(place) {
    return this.runPage(place);
  },
  taskId: (env) => readClaims(env).TaskID,
  jobStatus: { fresh: true, tellsCancel: false, wholeInComposite: false },
  // Seen on 15 and 16: after a cancel, the server's own too, the token is refused.
  cancel: {
    leavesOpenSteps: false,
    openly: {
      of: 'run',
      read: (place) => ({ ...github.wholeRun.latest(place), parse: (body) => parseRun(body)?.conclusion }),
    },
  },
  reads: {
    commit: gitea.reads.commit,
    run: gitea.reads.run,
    jobs: ({ repository, runId }) => ({
      ...actions(`/repos/${repository}/actions/runs/${runId}/jobs`),
      parse: (body) => parseJobs(body, undefined),
    }),
    tasks: ({ repository }, page) => ({
      ...actions(`/repos/${repository}/actions/tasks?limit=50&page=${page}`),
      parse: parseTasks,
    }),
  },
  // From 16 on; seen while the job runs, and 500 until its first line is there. A retry keeps the number.
  log: {
    of: ({ repository }, { id, attempt }) =>
      actions(`/repos/${repository}/actions/jobs/${id}/logs${attempt === undefined ? '' : `?attempt=${attempt}`}`),
    whileRunning: true,
  },
  wholeRun: {
    ...gitea.wholeRun,
    attempt: github.wholeRun.latest,
    // All of them at once.
    jobs: (place, page) => (page === 1 ? actions(`${github.wholeRun.latest(place).path}/jobs`) : undefined),
    workflowPaths: (file) => toWorkflowPaths(file, ['.forgejo', '.gitea', '.github']),
    since: {
      runs: 'Forgejo tells of runs from 12 on.',
      jobs: 'Forgejo lists jobs from 16 on; before, its tasks tell of them.',
    },
  },
};
