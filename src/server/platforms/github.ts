import { toPath } from '../../model/text.js';
import { parseAnnotations, parseCommit, parseJob, parseJobs, parseRun } from '../answers.js';
import type { Platform, Endpoint } from './platform.js';

export const actions = (path: string): Endpoint => ({ path, permission: 'actions: read' });
export const contents = (path: string): Endpoint => ({ path, permission: 'contents: read' });

/** actions/runner source; docs.github.com "Default environment variables", REST "Workflow runs" and "Workflow jobs". */
export const github: Platform = {
  id: 'github',
  detect: () => true,
  env: (raw) => raw,
  repeatsRunId: () => false,
  attemptsCount: () => 'run',
  runPage: ({ server, repository, runId, attempt }) =>
    `${server}/${repository}/actions/runs/${runId}/attempts/${attempt}`,
  jobPage(place, jobId) {
    return jobId ? `${place.server}/${place.repository}/actions/runs/${place.runId}/job/${jobId}` : this.runPage(place);
  },
  // `job.workflow_ref` is the file of the job itself, `GITHUB_WORKFLOW_REF` that of the caller (actions/runner
  // JobContext.cs).
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
  // 404 until the job has ended, then the address of a file on another host (REST docs, "Download job logs").
  log: {
    of: ({ repository }, { id }) => actions(`/repos/${repository}/actions/jobs/${id}/logs`),
    whileRunning: false,
  },
  wholeRun: {
    startsWithFirstJob: false,
    latest: ({ repository, runId }) => actions(`/repos/${repository}/actions/runs/${runId}`),
    attempt: ({ repository, runId, attempt }) =>
      actions(`/repos/${repository}/actions/runs/${runId}/attempts/${attempt}`),
    jobs: (place, page) => actions(`${github.wholeRun.attempt(place).path}/jobs?per_page=100&page=${page}`),
    tag: ({ repository }, name) => contents(`/repos/${repository}/git/ref/tags/${toPath(name)}`),
    file: ({ repository }, path, sha) => contents(`/repos/${repository}/contents/${toPath(path)}?ref=${sha}`),
    workflowPaths: (file) => [file],
    pull: ({ repository }, number) => ({
      path: `/repos/${repository}/pulls/${number}`,
      permission: 'pull-requests: read',
    }),
    since: {},
  },
};
