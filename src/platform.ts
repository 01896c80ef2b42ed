import { parseAnnotations, parseCommit, parseJob, parseJobs, parseRun } from './api/answers.js';
import { parseTasks } from './api/tasks.js';
import type { Where } from './api/whole-run.js';
import type { Env, Platform } from './capabilities.js';
import { readClaims } from './claims.js';
import { toPath } from './text.js';

export type { Env, Place, Platform, Read } from './capabilities.js';

const actions = (path: string): Where => ({ path, permission: 'actions: read' });
const contents = (path: string): Where => ({ path, permission: 'contents: read' });

/** actions/runner source; docs.github.com "Default environment variables", REST "Workflow runs" and "Workflow jobs". */
const github: Platform = {
  id: 'github',
  detect: () => true,
  repeatsRunId: () => false,
  attemptsCount: () => 'run',
  runPage: ({ server, repository, runId, attempt }) => `${server}/${repository}/actions/runs/${runId}/attempts/${attempt}`,
  jobPage(place, jobId) {
    return jobId ? `${place.server}/${place.repository}/actions/runs/${place.runId}/job/${jobId}` : this.runPage(place);
  },
  // `job.workflow_ref` is the file of the job itself, `GITHUB_WORKFLOW_REF` that of the caller (actions/runner JobContext.cs).
  isCalled: (env, workflowRef) =>
    workflowRef !== '' && env['GITHUB_WORKFLOW_REF'] !== undefined && workflowRef !== env['GITHUB_WORKFLOW_REF'],
  jobId: (_env, checkRunId) => (/^\d+$/.test(checkRunId) ? checkRunId : undefined),
  noReply: ({ name, id, host }) => `${id ? `${id}+` : ''}${name}@users.noreply.${host}`,
  jobStatus: { fresh: true, tellsCancel: true, wholeInComposite: true },
  tellsCaller: true,
  tellsTolerated: true,
  createsJobsWhenReady: true,
  reads: {
    commit: ({ repository }, sha) => ({ ...contents(`/repos/${repository}/git/commits/${sha}`), parse: parseCommit }),
    job: ({ repository, attempt }, jobId) => ({
      ...actions(`/repos/${repository}/actions/jobs/${jobId}`),
      parse: (body) => parseJob(body, attempt),
    }),
    annotations: ({ repository }, jobId) => ({
      path: `/repos/${repository}/check-runs/${jobId}/annotations`,
      permission: 'checks: read',
      parse: parseAnnotations,
    }),
    run: ({ repository, runId, attempt }) => ({
      ...actions(`/repos/${repository}/actions/runs/${runId}/attempts/${attempt}`),
      parse: parseRun,
    }),
    jobs: ({ repository, runId, attempt }) => ({
      ...actions(`/repos/${repository}/actions/runs/${runId}/attempts/${attempt}/jobs?per_page=100`),
      parse: (body) => parseJobs(body, attempt),
    }),
  },
  wholeRun: {
    startsWithFirstJob: false,
    latest: ({ repository, runId }) => actions(`/repos/${repository}/actions/runs/${runId}`),
    attempt: ({ repository, runId, attempt }) => actions(`/repos/${repository}/actions/runs/${runId}/attempts/${attempt}`),
    jobs: (place, page) => actions(`${github.wholeRun.attempt(place).path}/jobs?per_page=100&page=${page}`),
    tag: ({ repository }, name) => contents(`/repos/${repository}/git/ref/tags/${toPath(name)}`),
    file: ({ repository }, path, sha) => contents(`/repos/${repository}/contents/${toPath(path)}?ref=${sha}`),
    workflowPaths: (file) => [file],
    pull: ({ repository }, number) => ({ path: `/repos/${repository}/pulls/${number}`, permission: 'pull-requests: read' }),
    since: {},
  },
};

/** nektos/act v0.2.87: GitHub's words on a machine of one's own; the run id is 1 unless `--env GITHUB_RUN_ID` gives another. */
const act: Platform = {
  ...github,
  id: 'act',
  detect: (env) => env['ACT'] === 'true',
  repeatsRunId: (env) => env['GITHUB_RUN_ID'] === '1',
  jobStatus: { fresh: true, tellsCancel: true, wholeInComposite: false },
};

/** The `exec` command of Gitea's and Forgejo's runners: act's words, but Gitea's keeps what a default was in main, and cancel is no word of theirs. */
const exec: Platform = {
  ...act,
  id: 'exec',
  detect: (env) => env['ACT_EXEC'] === 'true',
  jobStatus: { fresh: false, tellsCancel: false, wholeInComposite: false },
};

/**
 * Servers tell their capabilities from 1.27 (go-gitea/gitea#37500), the first whose attempts count per run. `GITEA_RUN_ID` would not do: newer
 * runners set it on older servers too. A runner that does not pass the capabilities on makes this the older server, whose pages 1.27 still finds.
 */
const countsRunAttempts = (env: Env): boolean => Boolean(env['GITEA_ACTIONS_CAPABILITIES']);

/** Gitea 1.22 to 1.27 and its runner up to 3.3. */
const gitea: Platform = {
  ...github,
  id: 'gitea',
  detect: (env) => env['GITEA_ACTIONS'] === 'true',
  repeatsRunId: hasNoServer,
  attemptsCount: (env) => (countsRunAttempts(env) ? 'run' : 'job'),
  // Up to 1.25 pages go by number, from 1.26 by id; `by_index` makes a newer server read a number (routers/web/repo/actions/view.go).
  runPage: ({ env, server, repository, runId, runNumber, attempt }) =>
    countsRunAttempts(env)
      ? `${server}/${repository}/actions/runs/${runId}/attempts/${attempt}`
      : `${server}/${repository}/actions/runs/${runNumber}?by_index=1`,
  jobPage(place, jobId) {
    const known = jobId !== undefined && countsRunAttempts(place.env);
    return known ? `${place.server}/${place.repository}/actions/runs/${place.runId}/jobs/${jobId}` : this.runPage(place);
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
      ...actions(`/repos/${repository}/actions/runs/${runId}${countsRunAttempts(env) ? `/attempts/${attempt}` : ''}/jobs?limit=50`),
      parse: (body) => parseJobs(body, countsRunAttempts(env) ? attempt : undefined),
    }),
  },
  wholeRun: {
    ...github.wholeRun,
    startsWithFirstJob: true,
    attempt: (place) => actions(`${github.wholeRun.latest(place).path}${countsRunAttempts(place.env) ? `/attempts/${place.attempt}` : ''}`),
    jobs: (place, page) => actions(`${gitea.wholeRun.attempt(place).path}/jobs?limit=50&page=${page}`),
    tag: ({ repository }, name) => contents(`/repos/${repository}/tags/${toPath(name)}`),
    // A run names the file only; the folders are those of modules/actions/workflows.go.
    workflowPaths: (file) => toWorkflowPaths(file, ['.gitea', '.github']),
    since: { runs: 'Gitea tells of runs from 1.25 on.', jobs: 'Gitea lists jobs from 1.25 on.' },
  },
};

/** Forgejo 12 to 16 and its runner up to 12; its jobs API (16) has neither times (its tasks have) nor steps, and one job can't be asked for. */
const forgejo: Platform = {
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
    openly: { of: 'run', read: (place) => ({ ...github.wholeRun.latest(place), parse: (body) => parseRun(body)?.conclusion }) },
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
  wholeRun: {
    ...gitea.wholeRun,
    attempt: github.wholeRun.latest,
    // All of them at once.
    jobs: (place, page) => (page === 1 ? actions(`${github.wholeRun.latest(place).path}/jobs`) : undefined),
    workflowPaths: (file) => toWorkflowPaths(file, ['.forgejo', '.gitea', '.github']),
    since: { runs: 'Forgejo tells of runs from 12 on.', jobs: 'Forgejo lists jobs from 16 on; before, its tasks tell of them.' },
  },
};

/** In the order of detection: Forgejo also says it is Gitea, and all say they are GitHub. */
export const PLATFORMS: readonly Platform[] = [forgejo, gitea, exec, act, github];

/** The first platform that knows itself in the environment. */
export function detectPlatform(env: Env): Platform {
  return PLATFORMS.find((platform) => platform.detect(env)) ?? github;
}

function toWorkflowPaths(file: string, folders: string[]): string[] {
  return file.includes('/') ? [file] : folders.map((folder) => `${folder}/workflows/${file}`);
}

/** A runner's `exec` command runs workflows without a server: run id 1 and no token. */
function hasNoServer(env: Env): boolean {
  return env['GITHUB_RUN_ID'] === '1' && (env['ACT_EXEC'] === 'true' || !env['ACTIONS_RUNTIME_TOKEN']);
}
