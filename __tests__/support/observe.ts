import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { CiEvent, Resource } from '../../viewer/run/event.js';
import { startIntake } from '../../viewer/intake/intake.js';
import type { Failures } from '../../viewer/intake/failure.js';
import { checkEvent, checkHistory } from '../../viewer/intake/rules.js';
import { startJob, type StageResult, type Variables } from '../../viewer/runner/runner.js';
import type { LogLine } from '../../viewer/intake/request.js';
import { type Route, startApi, type ApiRequest, type Answer } from './api.js';
import { fixtures } from './fixtures.js';
import { checkModel } from './datadog-model.js';

export const KEY = '5ec4e7ab0123456789abcdef0123457e';
export const TOKEN = 'ghs_notARealToken0123456789abcdefghijkl';
export const SHA = 'bbf2e4734624c8254232b7c79199574dfb07813d';

/** The run that the fixtures' events tell of. */
export const RUN = 19200000020;
export const REPO = '/repos/acme/shop';

/** Seconds after the run's start, which lies ten minutes back, as the server writes times. */
const BEGIN = Math.floor(Date.now() / 1000) * 1000 - 600_000;
export const at = (seconds: number): string => new Date(BEGIN + seconds * 1000).toISOString().replace('.000Z', 'Z');
/** As events carry it. */
export const sent = (seconds: number): string => new Date(BEGIN + seconds * 1000).toISOString();

type Fields = Record<string, unknown>;

/** A run as GitHub's REST API shows it (docs, "Get a workflow run attempt"). */
export function aRun(parts: Fields = {}): Fields {
  return {
    id: RUN,
    name: 'CI',
    head_branch: 'feature/totals',
    head_sha: SHA,
    path: '.github/workflows/ci.yml',
    display_title: 'Round totals before tax',
    run_number: 414,
    event: 'pull_request',
    status: 'completed',
    conclusion: 'success',
    workflow_id: 5150,
    html_url: `https://github.com/acme/shop/actions/runs/${RUN}`,
    pull_requests: [{ number: 128, head: { ref: 'feature/totals', sha: SHA }, base: { ref: 'main' } }],
    created_at: at(-5),
    updated_at: at(305),
    actor: { login: 'alice', id: 501, type: 'User' },
    run_attempt: 1,
    run_started_at: at(0),
    triggering_actor: { login: 'alice', id: 501 },
    head_commit: {
      id: SHA,
      tree_id: '5f46fa61b7bac0253e673a68437425c7f7eebe59',
      message: 'Round totals before tax',
      timestamp: at(-20),
      author: { name: 'Carol Example', email: 'carol@example.com' },
      committer: { name: 'Carol Example', email: 'carol@example.com' },
    },
    repository: { id: 684512, name: 'shop', full_name: 'acme/shop', owner: { login: 'acme' } },
    head_repository: { id: 684512, name: 'shop', full_name: 'acme/shop', owner: { login: 'acme' } },
    ...parts,
  };
}

let ids = 40000000000;

/** A job as GitHub lists it, with two steps, from `from` to `to` in seconds after the run's start. */
export function aJob(name: string, [from, to]: [number, number], parts: Fields = {}): Fields {
  const conclusion = parts['conclusion'] ?? 'success';
  const step = (title: string, number: number, start: number, end: number, ended: unknown): Fields => ({
    name: title,
    status: 'completed',
    conclusion: ended,
    number,
    started_at: at(start),
    completed_at: at(end),
  });
  return {
    id: (ids += 1),
    run_id: RUN,
    run_attempt: 1,
    name,
    status: 'completed',
    conclusion,
    created_at: at(from - 2),
    started_at: at(from),
    completed_at: at(to),
    steps: [step('Set up job', 1, from, from + 1, 'success'), step('Run make', 2, from + 1, to, conclusion)],
    labels: ['ubuntu-latest'],
    runner_id: 7,
    runner_name: 'GitHub Actions 7',
    workflow_name: 'CI',
    ...parts,
  };
}

/** A job that was skipped, in GitHub's way: no steps, no runner, no length. */
export function aSkippedJob(name: string, second: number, parts: Fields = {}): Fields {
  return aJob(name, [second, second], {
    conclusion: 'skipped',
    steps: [],
    runner_name: null,
    runner_id: 0,
    labels: [],
    ...parts,
  });
}

/** A list of jobs by pages, as GitHub and Gitea give it. */
export function paged(jobs: readonly Fields[], most = 100): (request: ApiRequest) => Answer {
  return ({ path }) => {
    const query = new URL(path, 'http://x').searchParams;
    const size = Math.min(most, Number(query.get('per_page') ?? query.get('limit')));
    const from = (Number(query.get('page')) - 1) * size;
    return { total_count: jobs.length, jobs: jobs.slice(from, from + size) };
  };
}

/** A file as the contents API gives it. */
export function aFile(text: string): Answer {
  const content = Buffer.from(text).toString('base64');
  return {
    type: 'file',
    encoding: 'base64',
    size: Buffer.byteLength(text),
    content: content.replace(/(.{60})/g, '$1\n'),
  };
}

/** What GitHub's API answers about one attempt of a run. */
export function github(
  run: Fields,
  jobs: readonly Fields[],
  files: Record<string, string> = {},
  more: Record<string, Route> = {},
): Record<string, Route> {
  const attempt = `GET ${REPO}/actions/runs/${run['id'] as number}/attempts/${run['run_attempt'] as number}`;
  const contents = Object.entries(files).map(
    ([path, text]) => [`GET ${REPO}/contents/${path}?ref=${run['head_sha'] as string}`, aFile(text)] as const,
  );
  return { [attempt]: run, [`${attempt}/jobs`]: paged(jobs), ...Object.fromEntries(contents), ...more };
}

export interface Setting {
  /** Its variables and its event. */
  fixture?: string;
  env?: Variables;
  /** Over the event's `workflow_run`; null: no such event. */
  told?: Fields | null;
  /** The event's file as it is. */
  event?: string;
  inputs?: Variables;
  fail?: Failures;
  /** How the intake fails for lines of logs. */
  failLogs?: Failures;
  prefix?: string;
  /** The job's number, where the server has one. */
  checkRunId?: string;
}

export interface Outcome extends StageResult {
  events: CiEvent[];
  resources: Resource[];
  /** Paths that the API was asked for. */
  reads: string[];
  /** Of these, whether they carried a token. */
  isAuthorized: boolean[];
  /** Events in each request that the intake took. */
  sizes: number[];
  /** Lines of logs that it took, and the paths of all requests in their order. */
  logs: LogLine[];
  order: string[];
  warnings: string[];
  notices: string[];
}

const MANIFEST = parse(readFileSync(new URL('../../observe/action.yml', import.meta.url), 'utf8')) as {
  inputs: Record<string, { default: string }>;
};

/** Runs the bundle against an API that answers `routes`; every event is checked by the model and the rules, and no credential may show. */
export async function observe(routes: Record<string, Route>, setting: Setting = {}): Promise<Outcome> {
  const { fixture = 'github/workflow-run', prefix = '', told = {} } = setting;
  const found = fixtures().find((one) => `${one.platform}/${one.name}` === fixture)!;
  const event =
    told === null
      ? { repository: found.event['repository'] }
      : { ...found.event, workflow_run: { ...(found.event['workflow_run'] as Fields), run_attempt: 1, ...told } };
  const [api, intake] = await Promise.all([
    startApi(routes, { prefix }),
    startIntake({
      key: KEY,
      ...(setting.fail === undefined ? {} : { fail: setting.fail }),
      ...(setting.failLogs === undefined ? {} : { failLogs: setting.failLogs }),
    }),
  ]);
  const job = await startJob({
    env: {
      ...found.env,
      GITHUB_API_URL: api.url + prefix,
      ...(told === null ? { GITHUB_EVENT_NAME: 'push' } : {}),
      ...setting.env,
    },
    event: setting.event ?? event,
  });
  try {
    const values: Variables = { '${{ github.token }}': TOKEN, '${{ job.check_run_id }}': setting.checkRunId ?? '' };
    const defaults = Object.fromEntries(
      Object.entries(MANIFEST.inputs).map(([name, { default: text }]) => [name, values[text] ?? text]),
    );
    const step = job.step({
      main: 'observe',
      inputs: { ...defaults, 'api-key': KEY, 'intake-url': intake.url, ...setting.inputs },
    });
    const result = await step.main();
    const said = (kind: string): string[] => result.stdout.split('\n').filter((line) => line.startsWith(`::${kind}::`));
    const everything = [
      intake.events,
      intake.requests.flatMap(({ logs }) => logs),
      result.stdout.replace(/^::add-mask::.*$/gm, ''),
      result.stderr,
      result.summary,
      result.outputs,
    ];
    const leaked = [KEY, TOKEN].filter((secret) => JSON.stringify(everything).includes(secret));
    const elements = intake.requests.flatMap((request) => request.elements);
    const faults = [
      ...intake.problems,
      ...elements.flatMap((element) => [...checkModel(element), ...checkEvent(element, Date.now())]),
      ...checkHistory(intake.events, { allowOrphans: false }),
      ...leaked.map((secret) => `'${secret}' shows`),
      ...(result.stderr ? [result.stderr] : []),
    ];
    if (faults.length > 0) throw new Error([...new Set(faults)].slice(0, 20).join('\n'));
    return {
      ...result,
      events: intake.events,
      resources: intake.events.map(({ attributes }) => attributes.resource),
      reads: api.requests.map(({ path }) => path.slice(prefix.length)),
      isAuthorized: api.requests.map(({ headers }) => headers.authorization !== undefined),
      logs: intake.requests.filter(({ isAccepted }) => isAccepted).flatMap(({ logs }) => logs),
      order: intake.requests.map(({ path }) => path),
      sizes: intake.requests
        .filter(({ status, logs }) => status === 202 && logs.length === 0)
        .map((request) => request.elements.length),
      warnings: said('warning'),
      notices: said('notice'),
    };
  } finally {
    await Promise.all([api.close(), intake.close(), job.end()]);
  }
}

/** The resources of a level. */
export function of(level: string, { resources }: Pick<Outcome, 'resources'>): Resource[] {
  return resources.filter((resource) => resource.level === level);
}

/** Who waited for whom, by names. */
export function needsOf(outcome: Outcome): Record<string, string[]> {
  const jobs = of('job', outcome);
  const names = new Map(jobs.map(({ id, name }) => [id, name]));
  return Object.fromEntries(
    jobs.map(({ name, dependencies }) => [name, (dependencies ?? []).map((id) => names.get(id) ?? id).sort()]),
  );
}
