import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { CiEvent } from '../../viewer/run/event.js';
import type { Answer, ApiAnswer, Incoming, Runner, Request } from '../../src/runner/runner.js';
import { post } from '../../src/phases/post.js';
import { main } from '../../src/phases/main.js';
import { observe } from '../../src/phases/observe.js';
import type { PlatformKind } from '../../src/server/platforms/platform.js';
import { aSink, KEY, type Words } from './builders.js';
import { aClock } from './clock.js';
import type { LogItem } from '../../src/events/log-item.js';
import { aFolder } from './folder.js';
import { assertEvents } from './assert-events.js';
import { parseLogRequest } from './log-model.js';

export type Variables = Record<string, string | undefined>;

/** What a fake intake does with one request; an error is a network error. */
export type Reply = Partial<Answer> | Error;

/** What a fake API answers; a list: to each read in turn, the last one for ever. */
export type ApiReply = { status: number; headers?: Record<string, string>; body?: unknown } | Error;

/** What a fake API knows, by path and query; what it tells those without a token, by `anybody` and path, else the same. */
export type Api = Record<string, ApiReply | ApiReply[]>;

/** The answer to the read of a log, in chunks; an error is thrown after them. */
export interface LogReply {
  status?: number;
  headers?: Record<string, string>;
  chunks?: readonly (string | Uint8Array)[];
  error?: Error;
}

export interface FakeJobOptions {
  env?: Variables;
  /** The payload; a text is the event file as it is, undefined is no file. */
  event?: unknown;
  hostname?: string;
  /** Raw commit objects that the work tree has. */
  commits?: Record<string, string>;
  api?: Api;
  /** Logs by their address, whatever else answers; a list: to each read in turn, the last one for ever. */
  logs?: Record<string, LogReply | LogReply[]>;
  /** How the intake for logs answers, always. */
  logIntake?: Reply;
  /** The intake's clock, where the job's is off. */
  intakeNow?: () => number;
  /** Answers before `api` does. */
  server?: (path: string) => ApiReply | undefined;
  /** How the intake answers each request in turn, the last answer for ever; 202 unless told. */
  intake?: readonly Reply[];
  /** Called when a request arrives there, before it is answered. */
  onRequest?: () => void;
  /** The servers that the action knows; all of src/ unless told. */
  platforms?: readonly PlatformKind[];
  /** Folders that can't be written. */
  readOnly?: readonly string[];
  /** Files that earlier jobs left, by their paths. */
  left?: Record<string, string>;
}

export type FakeJob = ReturnType<typeof startFakeJob>;
export type FakeStep = ReturnType<FakeJob['step']>;

const ACCEPTED: Answer = { status: 202, headers: {}, body: '{"data":null}' };
const EVENT_PATH = '/temp/event.json';
const SUMMARY_PATH = '/temp/summary.md';

interface ActionFile {
  inputs: Record<string, { default: string }>;
}

const EVALUATED: Variables = {
  '${{ github.token }}': '',
  '${{ job.status }}': 'success',
  '${{ toJSON(matrix) }}': 'null',
  '${{ job.check_run_id }}': '',
  '${{ job.workflow_ref }}': '',
};

/** The inputs' defaults in action.yml, with the expressions as a runner without token, matrix and check-run id evaluates them. */
const DEFAULTS = toDefaults('action.yml');
const OBSERVE_DEFAULTS = toDefaults('observe/action.yml');

function toDefaults(file: string): Variables {
  const { inputs } = parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')) as ActionFile;
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, EVALUATED[input.default] ?? input.default]),
  );
}

/** A job as a runner would run it, all in memory: files, state and clock, an intake that checks, an API. */
export function startFakeJob({
  env = {},
  event,
  hostname = 'ci-1',
  commits = {},
  api = {},
  logs = {},
  logIntake = ACCEPTED,
  server = () => undefined,
  intake = [],
  intakeNow,
  onRequest = () => undefined,
  platforms,
  readOnly = [],
  left = {},
}: FakeJobOptions = {}) {
  const clock = aClock();
  const { sink, words, of } = aSink();
  const files = new Map(Object.entries(left));
  const masked: string[] = [];
  const outputs: Record<string, string> = {};
  const exported: Record<string, string> = {};
  const requests: Request[] = [];
  const accepted: CiEvent[] = [];
  const reads: string[] = [];
  const bases: string[] = [];
  const sockets = { open: 0 };
  let uuids = 0;

  const jobEnv: Variables = { GITHUB_STEP_SUMMARY: SUMMARY_PATH, RUNNER_TEMP: '/temp', ...env };
  if (event !== undefined) {
    jobEnv['GITHUB_EVENT_PATH'] = EVENT_PATH;
    files.set(EVENT_PATH, typeof event === 'string' ? event : JSON.stringify(event));
  }

  const logItems: LogItem[] = [];
  const logReads: Omit<Request, 'body'>[] = [];
  const order: ('log' | 'events')[] = [];

  const receiveLog = (request: Request): Promise<Answer> => {
    order.push('log');
    const items = parseLogRequest(request, clock.now());
    if (logIntake instanceof Error) return Promise.reject(logIntake);
    const answer = { ...ACCEPTED, ...logIntake };
    if (answer.status === ACCEPTED.status) logItems.push(...items);
    return Promise.resolve(answer);
  };

  const readLog = (request: Omit<Request, 'body'>): Promise<Incoming> => {
    const count = logReads.filter(({ url }) => url === request.url).length;
    logReads.push(request);
    const known = [logs[request.url] ?? { status: 404 }].flat();
    const { status = 200, headers = {}, chunks = [], error } = known[Math.min(count, known.length - 1)]!;
    return Promise.resolve({ status, headers, body: toStream(chunks, error) });
  };

  const receive = (request: Request): Promise<Answer> => {
    if (request.url.endsWith('/api/v2/cilogs')) return receiveLog(request);
    order.push('events');
    requests.push(request);
    onRequest();
    const elements = (JSON.parse(request.body.toString()) as { data: CiEvent[] }).data;
    const reply = intake[Math.min(requests.length, intake.length) - 1] ?? ACCEPTED;
    const answer = reply instanceof Error ? undefined : { ...ACCEPTED, ...reply };
    // Datadog has the history of what it accepted only.
    if (answer?.status === ACCEPTED.status && answer.body === ACCEPTED.body) accepted.push(...elements);
    assertEvents(elements, (intakeNow ?? clock.now)(), accepted);
    return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(answer!);
  };

  const asked = new Map<string, number>();
  const get = (path: string, token: string): Promise<ApiAnswer> => {
    const key = token === '' && api[`anybody ${path}`] ? `anybody ${path}` : path;
    const count = asked.get(key) ?? 0;
    asked.set(key, count + 1);
    reads.push(key);
    const known = [server(path) ?? api[key] ?? { status: 404, body: { message: 'Not Found' } }].flat();
    const answer = known[Math.min(count, known.length - 1)]!;
    return answer instanceof Error
      ? Promise.reject(answer)
      : Promise.resolve({ headers: {}, body: undefined, ...answer });
  };

  const toRunner = (inputs: Variables, state: Record<string, string>): Runner => ({
    env: jobEnv,
    // As @actions/core does it.
    input: (name) => (inputs[name] ?? '').trim(),
    sink,
    mask: (secret) => void masked.push(secret),
    output: (name, value) => void (outputs[name] = value),
    export: (name, value) => {
      exported[name] = jobEnv[name] = value;
    },
    // A variable's value travels as UTF-8.
    saveState: (name, value) => void (state[name] = Buffer.from(value).toString()),
    loadState: (name) => state[name] ?? '',
    now: clock.now,
    clock: clock.clock,
    sleep: clock.sleep,
    random: () => 0.5,
    uuid: () => `00000000-0000-4000-8000-${String((uuids += 1)).padStart(12, '0')}`,
    hostname,
    readFile: (path) => files.get(path),
    readRegularFile: (path) => (files.has(path) ? { text: files.get(path)! } : { why: 'no such file' }),
    makeFile: (folder, name) => {
      const path = `${folder}/${name}`;
      if (readOnly.includes(folder)) return undefined;
      files.set(path, '');
      return path;
    },
    appendFile: (path, text) => {
      files.set(path, (files.get(path) ?? '') + text);
      return true;
    },
    openFolder: (path) =>
      readOnly.includes(path)
        ? Promise.reject(Object.assign(new Error('permission denied'), { code: 'EACCES' }))
        : Promise.resolve(aFolder({ path, files, clock })),
    readCommitObject: (_workspace, sha) => Promise.resolve(commits[sha]),
    createHttp: () => {
      sockets.open += 1;
      return Promise.resolve({
        post: receive,
        get: readLog,
        close: () => {
          sockets.open -= 1;
          return Promise.resolve();
        },
      });
    },
    createGet: (token, baseUrl) => {
      bases.push(baseUrl);
      return (path) => get(path, token);
    },
  });

  return {
    env: jobEnv,
    clock,
    files,
    masked,
    outputs,
    exported,
    requests,
    /** Everything the intake accepted, in order. */
    accepted,
    /** API paths that were asked for. */
    reads,
    /** Base addresses of the API, one for each phase. */
    bases,
    sockets,
    /** The lines of logs that were accepted, the reads of logs, and in which order logs and events arrived. */
    logItems,
    logReads,
    order,
    words,
    said: of,
    /** Work trees of later steps. */
    commits,
    summary: () => files.get(SUMMARY_PATH) ?? '',
    /** Everything that others may see of this job; the step's own state is not among it. */
    everything: () => toEverything({ words, outputs, exported, requests, files, reads }),
    /** One `uses:`; inputs that are not given have their default. */
    step(given: Variables = {}) {
      const state: Record<string, string> = {};
      const inputs = { ...DEFAULTS, 'api-key': KEY, ...given };
      return {
        state,
        main: (more: Variables = {}) => main(toRunner({ ...inputs, ...more }, state), platforms),
        /** `observe/`, with its own inputs' defaults. */
        observe: () => observe(toRunner({ ...OBSERVE_DEFAULTS, 'api-key': KEY, ...given }, state), platforms),
        post: (more: Variables = {}) => post(toRunner({ ...inputs, ...more }, state), platforms),
      };
    },
  };
}

async function* toStream(chunks: readonly (string | Uint8Array)[], error?: Error): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
  if (error) throw error;
}

interface Traces {
  words: Words[];
  outputs: Record<string, string>;
  exported: Record<string, string>;
  requests: Request[];
  files: Map<string, string>;
  reads: string[];
}

function toEverything({ words, outputs, exported, requests, files, reads }: Traces): string {
  const written = [...files].filter(([path]) => path !== EVENT_PATH);
  const bodies = requests.map(({ url, body, headers }) => [url, body, { ...headers, 'dd-api-key': '' }]);
  return [words, outputs, exported, bodies, written, reads].map((part) => JSON.stringify(part)).join('\n');
}
