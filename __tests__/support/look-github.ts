import { NOW } from './clock.js';
import { toText } from './look.js';
import type { ApiReply, Variables } from './runner.js';

type Fields = Record<string, unknown>;

/** Minutes before now, as GitHub writes times. */
export const ago = (minutes: number): string => toText(NOW - minutes * 60_000);

export const SHA = 'b'.repeat(40);

/** A run as GitHub lists it. */
export function aListedRun(id: number, [from, to]: [number, number], parts: Fields = {}): Fields {
  return {
    id,
    name: 'CI',
    path: '.github/workflows/ci.yml',
    run_number: id,
    run_attempt: 1,
    event: 'push',
    status: 'completed',
    conclusion: 'success',
    head_branch: 'main',
    head_sha: SHA,
    created_at: ago(from),
    run_started_at: ago(from),
    updated_at: ago(to),
    actor: { login: 'alice', id: 501 },
    head_commit: {
      id: SHA,
      message: 'Round totals',
      timestamp: ago(from + 1),
      author: { name: 'Carol', email: 'carol@example.com' },
      committer: { name: 'Carol', email: 'carol@example.com' },
    },
    ...parts,
  };
}

/** A run of the workflow that looks. */
export const aLookRun = (id: number, minutes: number, parts: Fields = {}): Fields =>
  aListedRun(id, [minutes, minutes - 1], {
    name: 'Datadog',
    path: '.github/workflows/datadog.yml',
    event: 'schedule',
    ...parts,
  });

/** A job of a run, from and to in minutes before now. */
export const aListedJob = (
  name: string,
  [from, to]: [number, number],
  steps: readonly string[] = ['make'],
): Fields => ({
  id: 5000 + from * 10 + to,
  name,
  status: 'completed',
  conclusion: 'success',
  run_attempt: 1,
  created_at: ago(from),
  started_at: ago(from),
  completed_at: ago(to),
  runner_name: 'GitHub Actions 1',
  labels: ['ubuntu-latest'],
  steps: steps.map((step, index) => ({
    name: `Run ${step}`,
    number: index + 1,
    conclusion: 'success',
    started_at: ago(from),
    completed_at: ago(to),
  })),
});

export const GITHUB: Variables = {
  GITHUB_ACTIONS: 'true',
  GITHUB_API_URL: 'https://api.github.com',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_EVENT_NAME: 'schedule',
  GITHUB_JOB: 'datadog',
  GITHUB_REPOSITORY: 'acme/ops',
  GITHUB_RUN_ID: '900',
  GITHUB_RUN_NUMBER: '900',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_SHA: SHA,
  GITHUB_WORKFLOW: 'Datadog',
  GITHUB_WORKFLOW_REF: 'acme/ops/.github/workflows/datadog.yml@refs/heads/main',
};

/** A repository on GitHub, with its runs, the newest first, and their jobs. */
export interface ARepository {
  runs?: Fields[];
  /** Earlier attempts, by `id/attempt`. */
  attempts?: Record<string, Fields>;
  /** By the run's id; absent: one job as long as the run. */
  jobs?: Record<string, Fields[]>;
  parts?: Fields;
}

/** What GitHub answers about these repositories; this job's is `acme/ops`, whose own run is in its list. */
export function toGitHub(repositories: Record<string, ARepository>): (path: string) => ApiReply | undefined {
  return (path) => {
    const { pathname, searchParams } = new URL(path, 'https://api.github.com');
    const body = toBody(repositories, pathname, searchParams);
    return body === undefined ? undefined : { status: 200, headers: { date: new Date(NOW).toUTCString() }, body };
  };
}

function toBody(repositories: Record<string, ARepository>, pathname: string, query: URLSearchParams): unknown {
  const page = <T>(list: readonly T[], size: number): T[] => {
    const from = (Number(query.get('page') ?? 1) - 1) * size;
    return list.slice(from, from + size);
  };
  const toRepository = (name: string): Fields => ({
    full_name: name,
    html_url: `https://github.com/${name}`,
    default_branch: 'main',
    archived: false,
    ...repositories[name]!.parts,
  });
  const [, owner] = /^\/orgs\/(\w+)\/repos$/.exec(pathname) ?? [];
  const names = Object.keys(repositories);
  if (owner) {
    const own = names.filter((name) => name.startsWith(`${owner}/`));
    return own.length > 0 ? page(own.map(toRepository), 2) : undefined;
  }
  const [, name = '', rest = ''] = /^\/repos\/(\w+\/[\w-]+)(\/.*)?$/.exec(pathname) ?? [];
  const repository = repositories[name];
  if (!repository) return undefined;
  if (rest === '') return toRepository(name);
  const { runs = [], attempts = {}, jobs = {} } = repository;
  const list = (all: readonly Fields[]): Fields => ({ total_count: all.length, workflow_runs: page(all, 3) });
  if (rest === '/actions/runs') return list(runs);
  if (rest === '/actions/workflows/datadog.yml/runs')
    return list(
      runs.filter((run) => run['path'] === '.github/workflows/datadog.yml' && run['conclusion'] === 'success'),
    );
  const [, id = '', attempt, isJobs] = /^\/actions\/runs\/(\d+)(?:\/attempts\/(\d+))?(\/jobs)?$/.exec(rest) ?? [];
  const latest = runs.find((run) => `${run['id'] as number}` === id);
  const run =
    attempt && attempt !== `${(latest?.['run_attempt'] as number | undefined) ?? 1}`
      ? attempts[`${id}/${attempt}`]
      : latest;
  if (!run || !isJobs) return run;
  const minutes = (time: unknown): number => (NOW - Date.parse(time as string)) / 60_000;
  const all = jobs[id] ?? [aListedJob('build', [minutes(run['run_started_at']), minutes(run['updated_at'])])];
  return query.get('page') === '2' ? { total_count: all.length, jobs: [] } : { total_count: all.length, jobs: all };
}
