import type { RunRef } from '../../model/run.js';
import { toFileName, toPath } from '../../model/text.js';
import type { Endpoint, Platform, PlatformKind } from './platform.js';

/** A read of a repository, by the path below it. */
export const inRepository = ({ repository }: RunRef, path: string, permission = 'contents: read'): Endpoint => ({
  path: `/repos/${repository}/${path}`,
  permission,
});

/** A read of a repository's runs, jobs or tasks, by the path below its `actions/`. */
export const actions = (run: RunRef, path: string): Endpoint => inRepository(run, `actions/${path}`, 'actions: read');

/** Where a run stands, in paths and pages. */
export const runPath = ({ id }: RunRef): string => `runs/${id}`;

/** Where an attempt of a run stands, in paths and pages. */
export const attemptPath = (run: RunRef): string => `${runPath(run)}/attempts/${run.attempt}`;

/** A page of a repository's actions. */
export const toPage = ({ serverUrl, repository }: RunRef, path: string): string =>
  `${serverUrl}/${repository}/actions/${path}`;

/** The repositories of an organisation, and of an account. */
export const owned = (permission: string, owner: string, query: string): Endpoint[] =>
  ['orgs', 'users'].map((kind) => ({ path: `/${kind}/${toPath(owner)}/repos?${query}`, permission }));

/** The name of a workflow's file, without its folders, as a part of an address. */
export const fileName = (file: string): string => encodeURIComponent(toFileName(file));

// 404 until the job has ended, then the address of a file on another host (REST docs, "Download job logs").
const log: Platform['log'] = {
  of: (run, { id }) => actions(run, `jobs/${id}/logs`),
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
    runPage: (run) => toPage(run, attemptPath(run)),
    jobPage: (run, jobId) => toPage(run, jobId ? `${runPath(run)}/job/${jobId}` : attemptPath(run)),
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
  commit: (run, sha) => inRepository(run, `git/commits/${sha}`),
  job: (run, jobId) => actions(run, `jobs/${jobId}`),
  annotations: (run, jobId) => inRepository(run, `check-runs/${jobId}/annotations`, 'checks: read'),
  run: (run) => actions(run, attemptPath(run)),
  jobs: (run) => actions(run, `${attemptPath(run)}/jobs?per_page=100`),
};

const wholeRun: Platform['wholeRun'] = {
  startsWithFirstJob: false,
  latest: (run) => actions(run, runPath(run)),
  attempt: (run) => actions(run, attemptPath(run)),
  jobs: (run, page) => actions(run, `${attemptPath(run)}/jobs?per_page=100&page=${page}`),
  tag: (run, name) => inRepository(run, `git/ref/tags/${toPath(name)}`),
  file: (run, path, sha) => inRepository(run, `contents/${toPath(path)}?ref=${sha}`),
  workflowPaths: (file) => [file],
  pull: (run, number) => inRepository(run, `pulls/${number}`, 'pull-requests: read'),
  since: {},
};

const lists: Platform['lists'] = {
  // Runs can be run again for 30 days; most that are, are within these.
  reach: 72,
  repository: (name) => ({ path: `/repos/${name}`, permission: 'metadata: read' }),
  repositories: (owner, page) => owned('metadata: read', owner, `per_page=100&page=${page}`),
  runs: (run, page) => actions(run, `runs?per_page=100&page=${page}`),
  scheduled: (run, page, file) =>
    actions(run, `workflows/${fileName(file)}/runs?event=schedule&status=success&per_page=50&page=${page}`),
};
