import { toFileName } from '../../model/text.js';
import { parseJobs, parseRun } from '../answers.js';
import { readClaims } from '../claims.js';
import { parseTasks } from '../tasks.js';
import { gitea, toWorkflowPaths } from './gitea.js';
import { actions, repoPath, runPath } from './github.js';
import type { Platform, PlatformKind } from './platform.js';

/**
 * Forgejo 12 to 16 and its runner up to 12; its jobs API (16) has neither times (its tasks have) nor steps, and one job
 * can't be asked for.
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
      calls: { areAhead: true, areInKeys: true },
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
      actions(`${repoPath(run)}/actions/runs?${toWorkflow(file)}&status=success&limit=50&page=${page}`),
    cancelled: (run, file) => actions(`${repoPath(run)}/actions/runs?${toWorkflow(file)}&status=cancelled&limit=50`),
    runOfTask: (run, { runNumber }) =>
      runNumber === undefined ? undefined : actions(`${repoPath(run)}/actions/runs?run_number=${runNumber}`),
  };
}

/** This server knows a workflow by its file without the folders. */
function toWorkflow(file: string): string {
  return `workflow_id=${encodeURIComponent(toFileName(file))}`;
}

const pages: Pick<Platform, 'runPage' | 'jobPage' | 'pagesByPlace'> = {
  runPage: ({ serverUrl, repository, number }) => `${serverUrl}/${repository}/actions/runs/${number}`,
  // models/actions/run_job.go, and seen in the statuses of commits.
  jobPage: (run, _jobId, at) => `${pages.runPage(run)}${at ? `/jobs/${at.place}/attempt/${at.attempt}` : ''}`,
  pagesByPlace: true,
};

// Seen on 15 and 16: after a cancel, the server's own too, the token is refused.
const cancel: Platform['cancel'] = {
  leavesOpenSteps: false,
  openly: {
    of: 'run',
    read: (run) => ({ ...actions(runPath(run)), parse: (body) => parseRun(body)?.conclusion }),
  },
};

// From 16 on; seen while the job runs, and 500 until its first line is there. A retry keeps the number.
const log: Platform['log'] = {
  of: (run, { id, attempt }) =>
    actions(`${repoPath(run)}/actions/jobs/${id}/logs${attempt === undefined ? '' : `?attempt=${attempt}`}`),
  whileRunning: true,
  since: 'Forgejo hands out logs from 16 on.',
};

function toReads({ reads, wholeRun }: Platform): Pick<Platform, 'reads' | 'wholeRun'> {
  return {
    reads: {
      commit: reads.commit,
      run: reads.run,
      jobs: (run) => ({ ...actions(`${runPath(run)}/jobs`), parse: (body) => parseJobs(body, undefined) }),
      tasks: (run, page) => ({
        ...actions(`${repoPath(run)}/actions/tasks?limit=50&page=${page}`),
        parse: parseTasks,
      }),
    },
    wholeRun: {
      ...wholeRun,
      attempt: (run) => actions(runPath(run)),
      // All of them at once.
      jobs: (run, page) => (page === 1 ? actions(`${runPath(run)}/jobs`) : undefined),
      workflowPaths: (file) => toWorkflowPaths(file, ['.forgejo', '.gitea', '.github']),
      since: {
        runs: 'Forgejo tells of runs from 12 on.',
        jobs: 'Forgejo lists jobs from 16 on; before, its tasks tell of them.',
      },
    },
  };
}
