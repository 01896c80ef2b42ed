import { toPath } from '../../model/text.js';
import type { Env } from '../../runner/runner.js';
import { parseCommit, parseJobs, parseRun } from '../answers.js';
import { readClaims } from '../claims.js';
import { actions, contents, github } from './github.js';
import type { Platform } from './platform.js';

/**
 * Servers tell their capabilities from 1.27 (go-gitea/gitea#37500), the first whose attempts count per run.
 * `GITEA_RUN_ID` would not do: newer runners set it on older servers too. A runner that does not pass the capabilities
 * on makes this the older server, whose pages 1.27 still finds.
 */
const countsRunAttempts = (env: Env): boolean => Boolean(env['GITEA_ACTIONS_CAPABILITIES']);

/** Gitea 1.22 to 1.27 and its runner up to 3.3. */
export const gitea: Platform = {
  ...github,
  id: 'gitea',
  detect: (env) => env['GITEA_ACTIONS'] === 'true',
  repeatsRunId: hasNoServer,
  attemptsCount: (env) => (countsRunAttempts(env) ? 'run' : 'job'),
  // Up to 1.25 pages go by number, from 1.26 by id; `by_index` makes a newer server read a number
  // (routers/web/repo/actions/view.go).
  runPage: ({ env, server, repository, runId, runNumber, attempt }) =>
    countsRunAttempts(env)
      ? `${server}/${repository}/actions/runs/${runId}/attempts/${attempt}`
      : `${server}/${repository}/actions/runs/${runNumber}?by_index=1`,
  jobPage(place, jobId) {
    const known = jobId !== undefined && countsRunAttempts(place.env);
    return known
      ? `${place.server}/${place.repository}/actions/runs/${place.runId}/jobs/${jobId}`
      : this.runPage(place);
  },
  // Inner jobs see their own event name from 1.27 on (services/actions/context.go).
  isCalled: (env) => env['GITHUB_EVENT_NAME'] === 'workflow_call',
  jobId: (env) => readClaims(env).JobID?.toString(),
  noReply: ({ name, host }) => `${name}@noreply.${host}`,
  jobStatus: { fresh: false, tellsCancel: true, wholeInComposite: false },
  // Seen on 1.26 and 1.27: either the token is refused (401), or the step that was cut off stays without a conclusion.
  cancel: {
    leavesOpenSteps: true,
    openly: {
      of: 'job',
      read: (place, jobId) => ({
        ...actions(`${github.wholeRun.latest(place).path}/jobs?limit=50`),
        parse: (body) => parseJobs(body, undefined)?.jobs.find(({ id }) => id === jobId)?.conclusion,
      }),
    },
  },
  // Seen on Gitea 1.27, and the event on Forgejo 16 too.
  tellsCaller: false,
  tellsTolerated: false,
  createsJobsWhenReady: false,
  reads: {
    job: github.reads.job,
    commit: ({ repository }, sha) => ({
      ...contents(`/repos/${repository}/git/commits/${sha}?stat=false&verification=false&files=false`),
      parse: parseCommit,
    }),
    run: (place) => ({ ...github.wholeRun.latest(place), parse: parseRun }),
    jobs: ({ env, repository, runId, attempt }) => ({
      ...actions(
        `/repos/${repository}/actions/runs/${runId}` +
          `${countsRunAttempts(env) ? `/attempts/${attempt}` : ''}/jobs?limit=50`,
      ),
      parse: (body) => parseJobs(body, countsRunAttempts(env) ? attempt : undefined),
    }),
  },
  // From 1.24 on, of a job that runs too (routers/common/actions.go).
  log: { ...github.log!, whileRunning: true },
  wholeRun: {
    ...github.wholeRun,
    startsWithFirstJob: true,
    attempt: (place) =>
      actions(
        `${github.wholeRun.latest(place).path}${countsRunAttempts(place.env) ? `/attempts/${place.attempt}` : ''}`,
      ),
    jobs: (place, page) => actions(`${gitea.wholeRun.attempt(place).path}/jobs?limit=50&page=${page}`),
    tag: ({ repository }, name) => contents(`/repos/${repository}/tags/${toPath(name)}`),
    // A run names the file only; the folders are those of modules/actions/workflows.go.
    workflowPaths: (file) => toWorkflowPaths(file, ['.gitea', '.github']),
    since: { runs: 'Gitea tells of runs from 1.25 on.', jobs: 'Gitea lists jobs from 1.25 on.' },
  },
};

export function toWorkflowPaths(file: string, folders: string[]): string[] {
  return file.includes('/') ? [file] : folders.map((folder) => `${folder}/workflows/${file}`);
}

/** A runner's `exec` command runs workflows without a server: run id 1 and no token. */
function hasNoServer(env: Env): boolean {
  return env['GITHUB_RUN_ID'] === '1' && (env['ACT_EXEC'] === 'true' || !env['ACTIONS_RUNTIME_TOKEN']);
}
