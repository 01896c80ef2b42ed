import { readFileSync } from 'node:fs';
import type { Resource } from '../../viewer/run/event.js';
import type { Variables } from '../../viewer/runner/runner.js';
import type { Intake } from '../../viewer/intake/intake.js';
import { type Pair, TOKEN, withJob } from './process.js';
import { type Answers, find, type Moment, type RecordedServer, startRecordedServer } from './replay-server.js';

/** A job as it was recorded while it ran (see fixtures/live/README.md). */
interface RecordedJob {
  key: string;
  /** Values of its matrix as its name has them, `20`. */
  matrix?: string;
  attempt: number;
  /** What its workflow writes below this action's `with:`. */
  with?: Record<string, string>;
  needs?: string[];
  outputs?: Record<string, string>;
  /** `job.status` below `with:`, where the recording tells another word than the default has. */
  writtenStatus?: string;
  composite?: boolean;
  /** The server refused the job's token when post ran. */
  refused?: boolean;
  inputs: { 'job-status': string; matrix: string };
  /** What is not as in the situation's first job. */
  env: Variables;
  claims: Record<string, unknown>;
  event?: Record<string, unknown>;
  main: Answers;
  /** Only what was answered otherwise than to main. */
  post: Answers;
}

export interface Situation {
  server: string;
  env: Variables;
  event: Record<string, unknown>;
  /** Those of which an environment was recorded. */
  jobs?: RecordedJob[];
  /** What the server answered after the end. */
  after?: Answers;
  /** Texts of files by `path@commit`. */
  files?: Record<string, string>;
  /** The newest time in it. */
  now: string;
}

/** What is otherwise than recorded. */
export interface Change {
  /** `job.status` as post's default input has it. */
  jobStatus?: string;
  /** Used by a composite action, as that server's runner shows it to the action inside. */
  composite?: boolean;
  /** The server refuses the job's token when post runs. */
  refused?: boolean;
  /** How often post reads the old answer for its own job, before the one that was recorded. */
  lag?: { reads: number; steps: readonly (string | null)[] };
  /** Reads without a token are answered as those of a stranger to a private repository. */
  isPrivate?: boolean;
  /** Over what the workflow writes. */
  inputs?: Variables;
  /** What the server answers besides, when post runs. */
  answers?: Answers;
  /** Where it is sent; closed with the job. */
  intake?: Intake;
}

/** What a job reported, in the words of the tables; what is usual is left out. */
export interface Told {
  job: string;
  status: string;
  /** Where the status comes from, where that is not certain. */
  source?: string;
  /** The pipeline's final status, where this job is the one to tell it. */
  pipeline?: string;
  name: string;
  attempt?: string;
  partial?: true;
  /** Names of the jobs that it depends on. */
  needs?: string[];
  /** Of an expected value: it may name any of these, or none. */
  mayNeed?: string[];
  /** Start of a pipeline of several jobs, as the server tells it. */
  start?: string;
}

const FOLDER = new URL('../fixtures/live/', import.meta.url);

export function situation(name: string): Situation {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as Situation;
}

/**
 * Milliseconds from the day of the recording to now, whole seconds. Ids of Forgejo's runs hold their start: who compares two builds
 * (scripts/compare-events.js) gives both the same now.
 */
export function toShift({ now }: Pick<Situation, 'now'>): number {
  return Math.floor((Number(process.env['TEST_NOW'] ?? Date.now()) - Date.parse(now)) / 1000) * 1000;
}

/** Recorded times as if the situation had just come to its end: all of them moved by the same span. */
export function shifted<T>(body: T, shift: number): T {
  const text = JSON.stringify(body).replace(/2026-11-2\dT\d\d:\d\d:\d\dZ/g, (time) =>
    toSecond(Date.parse(time) + shift),
  );
  return JSON.parse(text) as T;
}

/** The same for the text of a log, whose times have parts of a second. */
export function shiftedLog(text: string, shift: number): string {
  return text.replace(
    /^(2026-11-2\dT\d\d:\d\d:\d\d)(\.\d+Z)/gm,
    (_, time: string, rest: string) => `${toSecond(Date.parse(`${time}Z`) + shift).slice(0, -1)}${rest}`,
  );
}

/** A time of now as the recording's clock shows it, `04:12:03`. */
export function recordedTime(time: string, shift: number): string {
  return new Date(Date.parse(time) - shift).toISOString().slice(11, 19);
}

function toSecond(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** What a job of a situation did, beside its recording. */
export interface Replayed extends Pair {
  recorded: RecordedJob;
}

interface Report {
  recorded: RecordedJob;
  job: Resource;
  pipeline?: Resource | undefined;
}

/** What is the same for all jobs of a situation. */
interface Replay {
  given: Situation;
  change: Change;
  shift: number;
  server: RecordedServer;
  /** Outputs of jobs that ran before. */
  outputs: Map<string, Record<string, string>>;
}

/** Runs main and post of each job of a situation, in the order in which they ran, and tells what they reported. */
export async function replay(name: string, change: Change = {}): Promise<Told[]> {
  const { jobs, shift } = await replayJobs(name, change);
  const reports = jobs.map((job): Report => ({ recorded: job.recorded, ...toFinal(job) }));
  return reports.map((report) => toTold(report, reports, shift));
}

/** Runs main and post of each job of a situation, in the order in which they ran. */
export async function replayJobs(name: string, change: Change = {}): Promise<{ jobs: Replayed[]; shift: number }> {
  const given = situation(name);
  const shift = toShift(given);
  const server = await startRecordedServer(given, shift);
  const jobs: Replayed[] = [];
  try {
    const shared: Replay = { given, change, shift, server, outputs: new Map() };
    for (const recorded of given.jobs ?? []) jobs.push({ recorded, ...(await replayJob(recorded, shared)) });
  } finally {
    await server.close();
  }
  return { jobs, shift };
}

function replayJob(recorded: RecordedJob, { given, change, shift, server, outputs }: Replay): Promise<Pair> {
  const env: Variables = { ...given.env, ...recorded.env };
  const composite = recorded.composite ?? change.composite ?? false;
  const atMain = recorded.main;
  const atPost = { ...atMain, ...recorded.post, ...change.answers };
  const status = change.jobStatus ?? recorded.inputs['job-status'];
  const runtimeToken = toRuntimeToken(recorded.claims);
  const setting = {
    fixture: { env: { ...env, ...tokensOf(env) }, event: shifted(recorded.event ?? given.event, shift) },
    env: { ACTIONS_RUNTIME_TOKEN: runtimeToken },
    // A token of the user's own is one, too.
    secrets: [runtimeToken, ...(change.inputs?.['token'] ? [change.inputs['token']] : [])],
    mayKeep: change.inputs?.['token'] !== undefined,
    api: server.api,
    composite,
    ...(change.intake ? { intake: change.intake } : {}),
  };
  const write = (answers: Answers, word: string): Variables => {
    const written: Variables = { ...recorded.with, ...change.inputs };
    return {
      'job-token': TOKEN,
      ...written,
      ...(written['needs'] === undefined ? {} : { needs: toNeeds(recorded, answers, outputs) }),
      ...(written['status'] === undefined ? {} : { status: composite ? 'success' : word }),
      // Runners hide the matrix from the steps of a composite action.
      matrix: composite ? (env['FORGEJO_ACTIONS'] ? '{"Matrix":null}' : 'null') : recorded.inputs.matrix,
    };
  };
  return withJob(setting, async ({ use }) => {
    const step = use({
      inputs: { ...write(atMain, 'success'), 'job-status': 'success' },
      postInputs: {
        ...write(atPost, recorded.writtenStatus ?? toFreshWord(recorded, given, status)),
        'job-status': composite ? 'success' : status,
      },
    });
    server.answer(atMain, {});
    const main = await step.main();
    outputs.set(recorded.key, toOutputs(recorded, main.outputs));
    server.answer(atPost, toMoment(recorded, given, change));
    const pair = { main, post: await step.post({ idle: true }) };
    expectOneStart(pair);
    return pair;
  });
}

function toMoment(recorded: RecordedJob, { after = {} }: Situation, { refused, isPrivate, lag }: Change): Moment {
  return {
    refuses: refused ?? recorded.refused ?? false,
    stranger: isPrivate ? {} : after,
    lag: lag && { ...lag, path: toOwnPath(recorded) },
  };
}

/** The job's and the pipeline's own event among the final ones. */
function toFinal({ post }: Pair): Pick<Report, 'job' | 'pipeline'> {
  const resources = post.events.map(({ attributes }) => attributes.resource);
  const job = resources.find(({ level }) => level === 'job');
  if (!job) throw new Error('post has reported no job');
  return { job, pipeline: resources.find(({ level }) => level === 'pipeline') };
}

/** A start that changes between the running and the final event leaves two records in Datadog. */
function expectOneStart({ main, post }: Pair): void {
  const starts = new Map<string, Set<string>>();
  const resources = [...main.events, ...post.events].map(({ attributes }) => attributes.resource);
  for (const { level, unique_id, id, start } of resources.filter((resource) => resource.level !== 'step')) {
    const key = `${level} ${unique_id ?? id}`;
    starts.set(key, (starts.get(key) ?? new Set()).add(start));
  }
  const torn = [...starts].filter(([, times]) => times.size > 1);
  if (torn.length > 0)
    throw new Error(`more than one start: ${JSON.stringify(torn.map(([key, times]) => [key, ...times]))}`);
}

function toTold({ recorded, job, pipeline }: Report, all: readonly Report[], shift: number): Told {
  const tagged = (key: string): string | undefined =>
    job.tags?.find((tag) => tag.startsWith(`${key}:`))?.slice(key.length + 1);
  const source = tagged('status_source');
  const attempt = tagged('run_attempt') ?? 'none';
  const known = all.filter((report) => report.job.pipeline_unique_id === job.pipeline_unique_id);
  const names = new Map(known.map((report) => [report.job.id, toName(report.recorded)]));
  const needs = (job.dependencies ?? []).map((id) => names.get(id) ?? `nobody reports under ${id}`).sort();
  return {
    job: toName(recorded),
    status: job.status,
    ...(source === undefined ? {} : { source }),
    ...(pipeline ? { pipeline: pipeline.status } : {}),
    name: (pipeline?.name ?? job.pipeline_name)!,
    ...(attempt === '1' ? {} : { attempt }),
    ...(pipeline?.partial_retry ? { partial: true as const } : {}),
    ...(needs.length > 0 ? { needs } : {}),
    ...(pipeline && recorded.needs ? { start: recordedTime(pipeline.start, shift) } : {}),
  };
}

/** What was told, as far as the expected values say something about it. */
export function settle(told: readonly Told[], wanted: readonly Told[]): Told[] {
  return told.map((one, index) => {
    const { mayNeed } = wanted[index] ?? {};
    if (!mayNeed) return one;
    const { needs = [], ...rest } = one;
    const others = needs.filter((name) => !mayNeed.includes(name));
    return { ...rest, mayNeed, ...(others.length > 0 ? { needs: others } : {}) };
  });
}

function toName({ key, matrix }: Pick<RecordedJob, 'key' | 'matrix'>): string {
  return matrix === undefined ? key : `${key} (${matrix})`;
}

/** `toJSON(needs)` as the server's list of jobs makes it at that moment, with the outputs that the needed jobs really had. */
function toNeeds({ needs = [] }: RecordedJob, answers: Answers, outputs: Replay['outputs']): string {
  const listed = toListed(answers);
  const entries = needs.map((key) => {
    const own = listed.filter(({ name }) => name === key || name.startsWith(`${key} (`));
    const words = own.map(({ conclusion, status }) => conclusion ?? status);
    const worst = ['failure', 'cancelled', 'success', 'skipped'].find((word) => words.includes(word));
    // Where the server lists no jobs, none has failed in any recording.
    return [key, { result: worst ?? 'success', outputs: outputs.get(key) ?? {} }] as const;
  });
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}

/** A job's outputs as its workflow writes them, `${{ steps.<id>.outputs.<name> }}` being this action's. */
function toOutputs({ outputs = {} }: RecordedJob, given: Readonly<Record<string, string>>): Record<string, string> {
  const expand = (text: string): string =>
    text.replace(/\$\{\{ steps\.\w+\.outputs\.([\w-]+) \}\}/, (_, name: string) => given[name] ?? '');
  return Object.fromEntries(Object.entries(outputs).map(([name, text]) => [name, expand(text)]));
}

interface Listed {
  name: string;
  status: string;
  conclusion?: string | null;
}

function toListed(answers: Answers): readonly Listed[] {
  const path = Object.keys(answers).find((one) => /\/runs\/\d+\/jobs/.test(one)) ?? '';
  const body = find(answers, path.split('?')[0]!)?.[1];
  if (Array.isArray(body)) return body as Listed[];
  return typeof body === 'object' ? ((body as { jobs?: Listed[] }).jobs ?? []) : [];
}

/** `job.status` below `with:` is evaluated for post: there Gitea's runner, too, knows that a step has failed. */
function toFreshWord(recorded: RecordedJob, { server }: Situation, status: string): string {
  if (!server.startsWith('Gitea')) return status;
  const own = find({ ...recorded.main, ...recorded.post }, toOwnPath(recorded))?.[1] as
    { steps?: { conclusion?: string }[] } | undefined;
  return own?.steps?.some(({ conclusion }) => conclusion === 'failure') ? 'failure' : status;
}

function toOwnPath({ main, claims }: RecordedJob): string {
  return Object.keys(main).find((path) => path.endsWith(`/actions/jobs/${claims['JobID'] as number}`)) ?? '';
}

function toRuntimeToken(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [part({ alg: 'HS256', typ: 'JWT' }), part(claims), 'c2lnbmF0dXJlLW9mLW5vYm9keQ'].join('.');
}

/** A runner of Forgejo sets the token as variables, too. */
function tokensOf(env: Variables): Variables {
  return Object.fromEntries(
    ['GITHUB_TOKEN', 'FORGEJO_TOKEN'].filter((name) => env[name] !== undefined).map((name) => [name, TOKEN]),
  );
}
