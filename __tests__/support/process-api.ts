import type { Variables } from '../../viewer/runner/runner.js';
import { type Answer, type ApiRequest, startApi, type Route, type TestApi } from './api.js';
import { CHECK_RUN_ID, JOB_NUMBER, type Word } from './process.js';
import { toRunner } from './process-inputs.js';

/** Below this path Gitea and Forgejo have their API. */
const PREFIX = '/api/v1';

export interface ServerWords {
  /** What the server knows of the job that runs. */
  ended?: Word;
  /** Further routes, and others in the place of these. */
  routes?: Record<string, Route>;
}

export type TestServer = TestApi & { api: string };

/** The API of a server of the kind that runs this job, as far as a running job can read it: its own job, its run. */
export async function startServer(
  env: Variables,
  { ended = 'success', routes = {} }: ServerWords = {},
): Promise<TestServer> {
  const own = routesOf(env);
  const run = { id: 7, status: 'running', started: '2026-11-20T09:15:30Z' };
  // Seen on live servers: Forgejo refuses the token of a cancelled job, and tells anybody of the cancel where the repository is public.
  const refuse = ({ headers }: ApiRequest): Answer =>
    headers.authorization ? { status: 401, body: { message: 'user does not exist' } } : { ...run, status: 'cancelled' };
  const conclusions = ended === 'success' ? ['success', 'success'] : ['success', ended, 'skipped'];
  const server = await startApi(
    {
      [own.job]: toJob(conclusions, toRunner(env).hasCheckRunId),
      [own.run]: ended === 'cancelled' && env['FORGEJO_ACTIONS'] ? refuse : run,
      ...routes,
    },
    { prefix: PREFIX },
  );
  return { ...server, api: `${server.url}${PREFIX}` };
}

/** Where the API tells of this job, of its run and its jobs, and of a commit. */
export function routesOf(env: Variables): {
  job: string;
  run: string;
  jobs: string;
  attemptJobs: string;
  commit: (sha: string) => string;
  file: (path: string) => string;
} {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id, GITHUB_RUN_ATTEMPT: attempt } = env;
  const actions = `GET /repos/${repository}/actions`;
  return {
    job: `${actions}/jobs/${toRunner(env).hasCheckRunId ? CHECK_RUN_ID : JOB_NUMBER}`,
    run: `${actions}/runs/${id}`,
    jobs: `${actions}/runs/${id}/jobs`,
    attemptJobs: `${actions}/runs/${id}/attempts/${attempt}/jobs`,
    file: (path) => `GET /repos/${repository}/contents/${path}`,
    commit: (sha) => `GET /repos/${repository}/git/commits/${sha}`,
  };
}

/** A job that still runs: it has no conclusion, its finished steps have theirs, and where the server lists the runner's own the last one is that. */
export function toJob(conclusions: readonly string[], listsRunners = false): Record<string, unknown> {
  const steps = [...conclusions, ...(listsRunners ? [null] : [])].map((conclusion, number) => ({
    name: `Step ${number}`,
    number,
    status: conclusion === null ? 'in_progress' : 'completed',
    conclusion,
    started_at: '2026-11-20T09:16:00Z',
    completed_at: conclusion === null ? '1970-01-01T00:00:00Z' : '2026-11-20T09:17:00Z',
  }));
  return { id: JOB_NUMBER, name: 'build', status: 'in_progress', conclusion: null, steps };
}

/** The paths that were asked for, without the API's prefix; behind `anybody` those that carried no token. */
export function paths({ requests }: Pick<TestApi, 'requests'>): string[] {
  return requests.map(({ path, headers }) => `${headers.authorization ? '' : 'anybody '}${path.slice(PREFIX.length)}`);
}
