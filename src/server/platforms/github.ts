import type { RunRef } from '../../model/run.js';
import { toFileName, toPath } from '../../model/text.js';
import { parseAnnotations, parseCommit, parseJob, parseJobs, parseRun } from '../answers.js';
import type { Endpoint, Platform, PlatformKind } from './platform.js';

export const actions = (path: string): Endpoint => ({ path, permission: 'actions: read' });
const metadata = (path: string): Endpoint => ({ path, permission: 'metadata: read' });
export const contents = (path: string): Endpoint => ({ path, permission: 'contents: read' });

/** Paths that servers of this kind share. */
export const repoPath = ({ repository }: Pick<RunRef, 'repository'>): string => `/repos/${repository}`;
export const runPath = (run: RunRef): string => `${repoPath(run)}/actions/runs/${run.id}`;
export const attemptPath = (run: RunRef): string => `${runPath(run)}/attempts/${run.attempt}`;

// 404 until the job has ended, then the address of a file on another host (REST docs, "Download job logs").
const log: Platform['log'] = {
  of: (run, { id }) => actions(`${repoPath(run)}/actions/jobs/${id}/logs`),
  whileRunning: false,
};

/** actions/runner source; docs.github.com "Default environment variables", REST "Workflow runs" and "Workflow jobs". */
export const github: PlatformKind = {
  id: 'github',
  detect: () => true,
  env: (raw) => raw,
  bind: (env) => ({
    id: 'github',
    repeatsRunId: false,
    attemptsCount: 'run',
    runPage: ({ serverUrl, repository, id, attempt }) =>
      `${serverUrl}/${repository}/actions/runs/${id}/attempts/${attempt}`,
    jobPage(run, jobId) {
      return jobId ? `${run.serverUrl}/${run.repository}/actions/runs/${run.id}/job/${jobId}` : this.runPage(run);
    },
    // `job.workflow_ref` is the file of the job itself, `GITHUB_WORKFLOW_REF` that of the caller (actions/runner
    // JobContext.cs).
    isCalled: (workflowRef) =>
      workflowRef !== '' && env['GITHUB_WORKFLOW_REF'] !== undefined && workflowRef !== env['GITHUB_WORKFLOW_REF'],
    showsSummary: true,
    jobId: (checkRunId) => (/^\d+$/.test(checkRunId) ? checkRunId : undefined),
    noReply: ({ name, id, host }) => `${id ? `${id}+` : ''}${name}@users.noreply.${host}`,
    jobStatus: { fresh: true, tellsCancel: true, wholeInComposite: true },
    tellsCaller: true,
    tellsTolerated: true,
    createsJobsWhenReady: true,
    reads,
    log,
    wholeRun,
    lists,
  }),
};

const reads: Platform['reads'] = {
  commit: (run, sha) => ({ ...contents(`${repoPath(run)}/git/commits/${sha}`), parse: parseCommit }),
  job: (run, jobId) => ({
    ...actions(`${repoPath(run)}/actions/jobs/${jobId}`),
    parse: (body) => parseJob(body, run.attempt),
  }),
  annotations: (run, jobId) => ({
    path: `${repoPath(run)}/check-runs/${jobId}/annotations`,
    permission: 'checks: read',
    parse: parseAnnotations,
  }),
  run: (run) => ({ ...actions(attemptPath(run)), parse: parseRun }),
  jobs: (run) => ({
    ...actions(`${attemptPath(run)}/jobs?per_page=100`),
    parse: (body) => parseJobs(body, run.attempt),
  }),
};

const wholeRun: Platform['wholeRun'] = {
  startsWithFirstJob: false,
  latest: (run) => actions(runPath(run)),
  attempt: (run) => actions(attemptPath(run)),
  jobs: (run, page) => actions(`${attemptPath(run)}/jobs?per_page=100&page=${page}`),
  tag: (run, name) => contents(`${repoPath(run)}/git/ref/tags/${toPath(name)}`),
  file: (run, path, sha) => contents(`${repoPath(run)}/contents/${toPath(path)}?ref=${sha}`),
  workflowPaths: (file) => [file],
  pull: (run, number) => ({ path: `${repoPath(run)}/pulls/${number}`, permission: 'pull-requests: read' }),
  since: {},
};

const lists: Platform['lists'] = {
  // Runs can be run again for 30 days; most that are, are within these.
  reach: 72,
  repository: (name) => metadata(`/repos/${name}`),
  repositories: (owner, page) =>
    ['orgs', 'users'].map((kind) => metadata(`/${kind}/${toPath(owner)}/repos?per_page=100&page=${page}`)),
  runs: (run, page) => actions(`${repoPath(run)}/actions/runs?per_page=100&page=${page}`),
  scheduled: (run, page, file) =>
    actions(
      `${repoPath(run)}/actions/workflows/${encodeURIComponent(toFileName(file))}/runs` +
        `?event=schedule&status=success&per_page=50&page=${page}`,
    ),
};
