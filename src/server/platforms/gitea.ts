import { toPath } from '../../model/text.js';
import type { Env } from '../../runner/runner.js';
import { parseJobs } from '../answers.js';
import { readClaims } from '../claims.js';
import { actions, attemptPath, github, inRepository, owned, runPath, toPage } from './github.js';
import type { Platform, PlatformKind } from './platform.js';

/** Gitea 1.22 to 1.27 and its runner up to 3.3. */
export const gitea: PlatformKind = {
  ...github,
  id: 'gitea',
  detect: (env) => env['GITEA_ACTIONS'] === 'true',
  bind(env) {
    const base = github.bind(env);
    // Servers tell their capabilities from 1.27 (go-gitea/gitea#37500), the first whose attempts count per run.
    // `GITEA_RUN_ID` would not do: newer runners set it on older servers too. A runner that does not pass the
    // capabilities on makes this the older server, whose pages 1.27 still finds.
    const capabilities = env['GITEA_ACTIONS_CAPABILITIES'] ?? '';
    const countsRuns = capabilities !== '';
    return {
      ...base,
      id: 'gitea',
      repeatsRunId: hasNoServer(env),
      attemptsCount: countsRuns ? 'run' : 'job',
      ...(countsRuns ? pagesById : pagesByNumber),
      // Inner jobs see their own event name from 1.27 on (services/actions/context.go).
      isCalled: () => env['GITHUB_EVENT_NAME'] === 'workflow_call',
      // With a runner that uploads them (models/actions/run_job_summary.go).
      showsSummary: /\bjob-summary\b/.test(capabilities),
      jobId: () => readClaims(env).JobID?.toString(),
      // From 1.26 on with the account's number (seen on 1.26 and 1.27); nothing here tells 1.26 from older ones.
      noReply: ({ name, id, host }) => `${countsRuns && id ? `${id}+` : ''}${name}@noreply.${host}`,
      // Seen on 1.27; up to 1.24 there is nothing of a run to be read, and 404 means that.
      hidesRefusals: countsRuns,
      jobStatus: { fresh: false, tellsCancel: true, wholeInComposite: false },
      cancel,
      // Seen on Gitea 1.27, and the event on Forgejo 16 too.
      tellsCaller: false,
      // Seen on 1.27, which begins with calls.
      calls: { areAhead: false, areInKeys: false, numbersNames: false },
      tellsTolerated: false,
      createsJobsWhenReady: false,
      // From 1.24 on, of a job that runs too (routers/common/actions.go).
      log: base.log && { ...base.log, whileRunning: true, since: 'Gitea hands out logs from 1.24 on.' },
      ...toReads(base, countsRuns),
      lists: toLists(base),
    };
  },
};

// Up to 1.25 pages go by number, from 1.26 by id; `by_index` makes a newer server read a number
// (routers/web/repo/actions/view.go).
const pagesByNumber: Pick<Platform, 'runPage' | 'jobPage'> = {
  runPage: (run) => toPage(run, `runs/${run.number}?by_index=1`),
  jobPage: (run) => pagesByNumber.runPage(run),
};

const pagesById: Pick<Platform, 'jobPage'> = {
  jobPage: (run, jobId) => toPage(run, jobId === undefined ? attemptPath(run) : `${runPath(run)}/jobs/${jobId}`),
};

// Seen on 1.26 and 1.27: either the token is refused (401), or the step that was cut off stays without a conclusion.
const cancel: Platform['cancel'] = {
  leavesOpenSteps: true,
  openly: {
    of: 'job',
    read: (run, jobId) => ({
      ...actions(run, `${runPath(run)}/jobs?limit=50`),
      parse: (body) => parseJobs(body, undefined)?.jobs.find(({ id }) => id === jobId)?.conclusion,
    }),
  },
};

function toReads({ reads, wholeRun }: Platform, countsRuns: boolean): Pick<Platform, 'reads' | 'wholeRun'> {
  const ownPath = countsRuns ? attemptPath : runPath;
  return {
    reads: {
      job: reads.job,
      commit: (run, sha) => inRepository(run, `git/commits/${sha}?stat=false&verification=false&files=false`),
      run: (run) => actions(run, runPath(run)),
      jobs: (run) => actions(run, `${ownPath(run)}/jobs?limit=50`),
    },
    wholeRun: {
      ...wholeRun,
      startsWithFirstJob: true,
      attempt: (run) => actions(run, ownPath(run)),
      jobs: (run, page) => actions(run, `${ownPath(run)}/jobs?limit=50&page=${page}`),
      tag: (run, name) => inRepository(run, `tags/${toPath(name)}`),
      // A run names the file only; the folders are those of modules/actions/workflows.go.
      workflowPaths: (file) => toWorkflowPaths(file, ['.gitea', '.github']),
      since: { runs: 'Gitea tells of runs from 1.25 on.', jobs: 'Gitea lists jobs from 1.25 on.' },
    },
  };
}

// Servers give 50 on a page at most, unless their settings say otherwise (MAX_RESPONSE_ITEMS).
function toLists({ lists: { repository } }: Platform): Platform['lists'] {
  return {
    reach: 18,
    repository,
    repositories: (owner, page) => owned('contents: read', owner, `limit=50&page=${page}`),
    runs: (run, page) => actions(run, `runs?limit=50&page=${page}`),
    // Up to 1.26 there is no list of one workflow's runs.
    scheduled: (run, page) => actions(run, `runs?event=schedule&status=success&limit=50&page=${page}`),
    cancelled: (run) => actions(run, 'runs?status=cancelled&limit=50'),
    tasks: (run, page) => actions(run, `tasks?limit=50&page=${page}`),
    // A task's page ends in the run's id from 1.26 on, before in its number.
    runOfTask: (run, { page }) => {
      const id = /\/actions\/runs\/(\d+)/.exec(page ?? '')?.[1];
      return id === undefined ? undefined : actions(run, `runs/${id}`);
    },
  };
}

/** Where the file of a workflow may stand that a run names without its folders. */
export function toWorkflowPaths(file: string, folders: string[]): string[] {
  return file.includes('/') ? [file] : folders.map((folder) => `${folder}/workflows/${file}`);
}

/** A runner's `exec` command runs workflows without a server: run id 1 and no token. */
function hasNoServer(env: Env): boolean {
  return env['GITHUB_RUN_ID'] === '1' && (env['ACT_EXEC'] === 'true' || !env['ACTIONS_RUNTIME_TOKEN']);
}
