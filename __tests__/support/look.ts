import { readFileSync } from 'node:fs';
import { NOW } from './clock.js';
import { type ApiReply, type FakeJobOptions, startFakeJob, type Variables } from './runner.js';
import { TOKEN } from './builders.js';

type Fields = Record<string, unknown>;

/** A server's lists as recorded: runs, tasks, repositories. */
interface Lists {
  runs: Fields[];
  tasks: Fields[];
  repositories: Fields[];
  [name: string]: Fields[];
}

/** The lists of a live server, all times moved so that `04:44:40` of the recording's day is the fake clock's time. */
export function recordedLists(name: string): Lists {
  const text = readFileSync(new URL(`../fixtures/live/lists/${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(
    text.replaceAll(/"(2026-11-26T[\d:]+Z)"/g, (_, time: string) => `"${toText(Date.parse(time) + SHIFT)}"`),
  ) as Lists;
}

const SHIFT = NOW - Date.parse('2026-11-26T04:44:40Z');

/** `04:31:50` of the recording, in milliseconds on the fake clock. */
export function recordedAt(time: string): number {
  return Date.parse(`2026-11-26T${time}Z`) + SHIFT;
}

/** As servers write times: whole seconds. */
export function toText(milliseconds: number): string {
  return new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

const UNSET = '1970-01-01T00:00:00Z';

/** A look at a time: its run, and what it is told. */
export interface LookOptions extends FakeJobOptions {
  inputs?: Variables;
  /** Paths that the server refuses meanwhile, with what. */
  refused?: [RegExp, ApiReply][];
  /** Milliseconds by which the runner's clock is off. */
  off?: number;
}

/** One scheduled look. */
export async function takeLook(env: Variables, now: number, options: LookOptions) {
  const { inputs = {}, off = 0, ...given } = options;
  const job = startFakeJob({
    event: { action: 'schedule' },
    intakeNow: () => now,
    ...given,
    env: { ...env, ...given.env },
  });
  job.clock.setWall(now + off);
  await job.step({ token: TOKEN, ...inputs }).observe();
  return job;
}

export type Look = Awaited<ReturnType<typeof takeLook>>;

/** A pipeline that looks sent: the run's id on the server, and its events that differ. */
export interface SentPipeline {
  run: string;
  events: string[];
}

/** What looks sent, by pipelines; the same event sent again is the same pipeline. */
export function pipelinesOf(looks: readonly Look[]): SentPipeline[] {
  const found = new Map<string, SentPipeline>();
  for (const event of looks.flatMap(({ accepted }) => accepted)) {
    const { resource } = event.attributes;
    if (resource.level !== 'pipeline') continue;
    const known = found.get(resource.unique_id!) ?? { run: resource.pipeline_id!, events: [] };
    found.set(resource.unique_id!, known);
    const text = JSON.stringify(event);
    // The last one counts.
    known.events = [...known.events.filter((one) => one !== text), text];
  }
  return [...found.values()];
}

/** Forgejo as it told what it has recorded, as of a time. */
export class ForgejoThen {
  now = 0;
  looks: Fields[] = [];
  readonly lists = recordedLists('forgejo');
  /** Paths that are refused, with what. */
  refused: [RegExp, ApiReply][] = [];

  readonly env: Variables = {
    FORGEJO_ACTIONS: 'true',
    GITEA_ACTIONS: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: 'http://10.0.0.2:3100/api/v1',
    GITHUB_SERVER_URL: 'http://10.0.0.2:3100',
    GITHUB_EVENT_NAME: 'schedule',
    GITHUB_JOB: 'datadog',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_SHA: '277416eb9352d3186f166a33108b4dc3f9273005',
    GITHUB_WORKFLOW: 'Datadog',
    GITHUB_WORKFLOW_REF: 'acme/shop/.forgejo/workflows/datadog.yml@refs/heads/main',
  };

  /** Begins a look: from now on its run is listed. */
  begin(now: number, id: number): Variables {
    this.now = now;
    const sample = this.lists.runs[0]!;
    this.looks.unshift({
      ...sample,
      id,
      index_in_repo: id,
      workflow_id: 'datadog.yml',
      event: 'push',
      trigger_event: 'schedule',
      event_payload: '{"action":"schedule"}',
      prettyref: 'main',
      status: 'running',
      created: toText(now - 5000),
      started: toText(now - 4000),
      stopped: UNSET,
      updated: toText(now - 4000),
      html_url: `http://127.0.0.1:3100/acme/shop/actions/runs/${id}`,
    });
    return { ...this.env, GITHUB_RUN_ID: `${id}`, GITHUB_RUN_NUMBER: `${id}` };
  }

  end(status: string): void {
    Object.assign(this.looks[0]!, { status, stopped: toText(this.now + 3000), updated: toText(this.now + 3000) });
  }

  /** Its answer, with the date that servers write. */
  answer = (path: string): ApiReply => {
    const refusal = this.refused.find(([pattern]) => pattern.test(path))?.[1];
    if (refusal) return refusal;
    const body = this.toBody(new URL(path, 'http://server'));
    const headers = { date: new Date(this.now).toUTCString() };
    return body === undefined
      ? { status: 404, headers, body: { message: 'Not Found' } }
      : { status: 200, headers, body };
  };

  private toBody({ pathname, searchParams }: URL): unknown {
    const size = Math.min(20, Number(searchParams.get('limit') ?? 20));
    const page = (list: readonly Fields[]): Fields => {
      const from = (Number(searchParams.get('page') ?? 1) - 1) * size;
      return { total_count: list.length, workflow_runs: list.slice(from, from + size) };
    };
    const [, rest] = /^\/repos\/acme\/shop(\/.*)?$/.exec(pathname) ?? [];
    if (pathname === '/repos/acme/shop') return this.lists.repositories.find(({ name }) => name === 'shop');
    if (rest === '/actions/tasks') return page(this.tasks());
    if (rest === '/actions/runs') return page(this.runs().filter((run) => this.fits(run, searchParams)));
    const [, id] = /^\/actions\/runs\/(\d+)$/.exec(rest ?? '') ?? [];
    if (id !== undefined) return this.runs().find((run) => `${run['id'] as number}` === id);
    const [, sha] = /^\/git\/commits\/(\w+)$/.exec(rest ?? '') ?? [];
    if (sha === undefined) return undefined;
    const person = { name: 'Ada', email: 'ada@example.org', date: '2026-11-01T00:00:00Z' };
    return { sha, commit: { message: 'Scenario', author: person, committer: person } };
  }

  private fits(run: Fields, query: URLSearchParams): boolean {
    const asked = { workflow_id: run['workflow_id'], status: run['status'], run_number: run['index_in_repo'] };
    return Object.entries(asked).every(([name, value]) => (query.get(name) ?? (value as string)) === (value as string));
  }

  private runs(): Fields[] {
    const recorded = [...this.lists.runs, ...this.lists['workflow']!].flatMap((run) => this.then(run));
    return [...this.looks, ...recorded].sort((a, b) => (b['id'] as number) - (a['id'] as number));
  }

  /** A run as it was at that time; of one that was run again since, the first end is not recorded. */
  private then(run: Fields): Fields[] {
    const time = (name: string): number => Date.parse(run[name] as string);
    if (time('created') > this.now) return [];
    if (time('updated') <= this.now) return [run];
    const wasRunAgain = time('started') > time('created') + 60_000;
    if (wasRunAgain && time('started') > this.now) {
      const end = toText(time('created') + 9000);
      return [{ ...run, status: 'success', started: run['created'], stopped: end, updated: end }];
    }
    return [{ ...run, status: 'running', stopped: UNSET, updated: run['started'] }];
  }

  private tasks(): Fields[] {
    const numbers = new Set(this.runs().map((run) => run['index_in_repo']));
    return this.lists.tasks
      .filter((task) => numbers.has(task['run_number']) && Date.parse(task['created_at'] as string) <= this.now)
      .map((task) =>
        Date.parse(task['updated_at'] as string) <= this.now
          ? task
          : { ...task, status: 'running', updated_at: task['created_at'] },
      );
  }
}

/** Gitea 1.27 as it told what it has recorded, as of a time. */
export class GiteaThen {
  now = 0;
  looks: Fields[] = [];
  readonly lists = recordedLists('gitea');
  /** Items on a page. */
  size = 20;

  readonly env: Variables = {
    GITEA_ACTIONS: 'true',
    GITEA_ACTIONS_CAPABILITIES: 'job-summary',
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: 'http://10.0.0.2:3000/api/v1',
    GITHUB_SERVER_URL: 'http://10.0.0.2:3000',
    GITHUB_EVENT_NAME: 'schedule',
    GITHUB_JOB: 'datadog',
    GITHUB_REPOSITORY: 'acme/app',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_SHA: '277416eb9352d3186f166a33108b4dc3f9273005',
    GITHUB_WORKFLOW: 'Datadog',
  };

  begin(now: number, id: number): Variables {
    this.now = now;
    this.looks.unshift({
      ...this.lists.runs[0]!,
      id,
      run_number: id,
      path: 'datadog.yml@refs/heads/main',
      event: 'schedule',
      status: 'in_progress',
      conclusion: null,
      started_at: toText(now - 4000),
      completed_at: UNSET,
    });
    return { ...this.env, GITHUB_RUN_ID: `${id}`, GITHUB_RUN_NUMBER: `${id}` };
  }

  end(conclusion: string): void {
    Object.assign(this.looks[0]!, { status: 'completed', conclusion, completed_at: toText(this.now + 3000) });
  }

  answer = (path: string): ApiReply => {
    const body = this.toBody(new URL(path, 'http://server'));
    const headers = { date: new Date(this.now).toUTCString() };
    return body === undefined
      ? { status: 404, headers, body: { message: 'not found' } }
      : { status: 200, headers, body };
  };

  private toBody({ pathname, searchParams }: URL): unknown {
    const page = (list: readonly Fields[]): Fields => {
      const from = (Number(searchParams.get('page') ?? 1) - 1) * this.size;
      return { total_count: list.length, workflow_runs: list.slice(from, from + this.size) };
    };
    const [, rest = ''] = /^\/repos\/acme\/app(\/.*)?$/.exec(pathname) ?? [];
    if (pathname === '/repos/acme/app') return this.lists.repositories.find(({ name }) => name === 'app');
    if (rest === '/actions/tasks') return page(this.tasks());
    if (rest === '/actions/runs') {
      const isAsked = (run: Fields): boolean =>
        !searchParams.has('event') || (run['event'] === 'schedule' && run['conclusion'] === 'success');
      return page(this.runs().filter(isAsked));
    }
    const [, id, attempt, isJobs] = /^\/actions\/runs\/(\d+)(?:\/attempts\/(\d+))?(\/jobs)?$/.exec(rest) ?? [];
    const run = this.runs().find((one) => one['id'] === Number(id));
    const isLatest = attempt === undefined || run?.['run_attempt'] === Number(attempt);
    if (run && isLatest) return isJobs ? this.jobs(run) : run;
    const [, sha] = /^\/git\/commits\/(\w+)$/.exec(rest) ?? [];
    const person = { name: 'Ada', email: 'ada@example.org', date: '2026-11-01T00:00:00Z' };
    return sha && { sha, commit: { message: 'Try', author: person, committer: person } };
  }

  private runs(): Fields[] {
    const recorded = this.lists.runs
      .filter((run) => Date.parse(run['started_at'] as string) <= this.now)
      .map((run) =>
        Date.parse(run['completed_at'] as string) <= this.now
          ? run
          : { ...run, status: 'in_progress', conclusion: null, completed_at: UNSET },
      );
    return [...this.looks, ...recorded].sort((a, b) => (b['id'] as number) - (a['id'] as number));
  }

  private tasks(): Fields[] {
    return this.lists.tasks
      .filter((task) => Date.parse(task['created_at'] as string) <= this.now)
      .map((task) => (Date.parse(task['updated_at'] as string) <= this.now ? task : { ...task, status: 'running' }));
  }

  /** The lists of jobs were not recorded for all: as the tasks tell them, else one as long as the run. */
  private jobs(run: Fields): Fields {
    const tasks = this.lists.tasks.filter((task) => task['run_number'] === run['run_number']);
    const jobs = tasks.map((task) => ({
      id: task['id'],
      name: task['name'],
      status: 'completed',
      conclusion: task['status'],
      run_attempt: run['run_attempt'],
      created_at: task['created_at'],
      started_at: task['run_started_at'],
      completed_at: task['updated_at'],
      steps: null,
    }));
    const one = { ...run, name: 'build', created_at: run['started_at'], steps: null };
    const all = jobs.length > 0 ? jobs : [one];
    return { total_count: all.length, jobs: all };
  }
}
