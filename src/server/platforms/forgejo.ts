import { parseRun } from '../answers.js';
import { readClaims } from '../claims.js';
import { gitea, toWorkflowPaths } from './gitea.js';
import { actions, fileName, runPath, toPage } from './github.js';
import type { Platform, PlatformKind } from './platform.js';

/**
 * Forgejo 12 to 16 and its runner up to 12. Its jobs (16) have no steps, their tasks the times, and none is read alone.
 */
export const forgejo: PlatformKind = {
  ...gitea,
  id: 'forgejo',
  detect: (env) => env['FORGEJO_ACTIONS'] === 'true',
  bind(env) {
    const base = gitea.bind(env);
    return {
      ...base,
      id: 'forgejo',
      attemptsCount: 'job',
      ...pages,
      showsSummary: false,
      // Seen on 16, which begins with calls.
      calls: { areAhead: true, areInKeys: true, numbersNames: true },
      taskId: readClaims(env).TaskID,
      jobStatus: { fresh: true, tellsCancel: false, wholeInComposite: false },
      cancel,
      log,
      ...toReads(base),
      lists: toLists(base),
    };
  },
};

function toLists({ lists }: Platform): Platform['lists'] {
  return {
    ...lists,
    // A scheduled run keeps the event that its schedule came with, so the list can't be asked for that (seen on 16).
    scheduled: (run, page, file) =>
      actions(run, `runs?workflow_id=${fileName(file)}&status=success&limit=50&page=${page}`),
    cancelled: (run, file) => actions(run, `runs?workflow_id=${fileName(file)}&status=cancelled&limit=50`),
    runOfTask: (run, { runNumber }) =>
      runNumber === undefined ? undefined : actions(run, `runs?run_number=${runNumber}`),
  };
}

const pages: Pick<Platform, 'runPage' | 'jobPage' | 'pagesByPlace'> = {
  runPage: (run) => toPage(run, `runs/${run.number}`),
  // models/actions/run_job.go, and seen in the statuses of commits.
  jobPage: (run, _jobId, at) => `${pages.runPage(run)}${at ? `/jobs/${at.place}/attempt/${at.attempt}` : ''}`,
  pagesByPlace: true,
};

// Seen on 15 and 16: after a cancel, the server's own too, the token is refused.
const cancel: Platform['cancel'] = {
  leavesOpenSteps: false,
  openly: {
    of: 'run',
    read: (run) => ({ ...actions(run, runPath(run)), parse: (body) => parseRun(body)?.conclusion }),
  },
};

// From 16 on; seen while the job runs, and 500 until its first line is there. A retry keeps the number.
const log: Platform['log'] = {
  of: (run, { id, attempt }) => actions(run, `jobs/${id}/logs${attempt === undefined ? '' : `?attempt=${attempt}`}`),
  whileRunning: true,
  since: 'Forgejo hands out logs from 16 on.',
};

function toReads({ reads, wholeRun, lists }: Platform): Pick<Platform, 'reads' | 'wholeRun'> {
  return {
    reads: {
      commit: reads.commit,
      run: reads.run,
      jobs: (run) => actions(run, `${runPath(run)}/jobs`),
      tasks: lists.tasks,
    },
    wholeRun: {
      ...wholeRun,
      attempt: (run) => actions(run, runPath(run)),
      // All of them at once.
      jobs: (run, page) => (page === 1 ? actions(run, `${runPath(run)}/jobs`) : undefined),
      workflowPaths: (file) => toWorkflowPaths(file, ['.forgejo', '.gitea', '.github']),
      since: {
        runs: 'Forgejo tells of runs from 12 on.',
        jobs: 'Forgejo lists jobs from 16 on; before, its tasks tell of them.',
      },
    },
  };
}
