import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Situation, shifted, shiftedLog } from './replay.js';

/** Status and body by path; a text in the place of both is the path that was answered the same. */
export type Answers = Record<string, readonly [number, unknown] | string>;

export interface Moment {
  /** Every read with a token is answered 401. */
  refuses?: boolean;
  /** What somebody without a token is told. */
  stranger?: Answers;
  /** The own job's path answers so often with these steps' conclusions, before it answers as recorded. */
  lag?: { path: string; reads: number; steps: readonly (string | null)[] } | undefined;
}

export interface RecordedServer {
  api: string;
  /** What it answers from now on. */
  answer(answers: Answers, moment: Moment): void;
  close(): Promise<void>;
}

const PREFIX = '/api/v1';
const NOT_FOUND = [404, { message: 'not found', url: 'http://127.0.0.1:3000/api/swagger' }] as const;
const REFUSED = [
  401,
  { message: 'invalid username, password or token', url: 'http://127.0.0.1:3000/api/swagger' },
] as const;

/** A server that says what a live one said, at these paths, and 404 for the rest. */
export async function startRecordedServer(
  { files = {} }: Pick<Situation, 'files'>,
  shift: number,
): Promise<RecordedServer> {
  let [answers, moment]: [Answers, Moment] = [{}, {}];
  let lagged = 0;

  const toAnswer = (url: string, isAuthorized: boolean): readonly [number, unknown] => {
    const { pathname, searchParams } = new URL(url, 'http://server');
    const path = decodeURI(pathname);
    if (!isAuthorized) return toPage(find(moment.stranger ?? {}, path) ?? NOT_FOUND, searchParams);
    if (moment.refuses) return REFUSED;
    if (path.includes('/contents/')) return toFile(path, searchParams.get('ref') ?? '');
    const found = find(answers, path) ?? NOT_FOUND;
    if (moment.lag?.path === path && lagged < moment.lag.reads) {
      lagged += 1;
      return [200, withSteps(found[1], moment.lag.steps)];
    }
    return toPage(found, searchParams);
  };

  // Who may not read commits may not read files.
  const toFile = (path: string, ref: string): readonly [number, unknown] => {
    const commit = Object.keys(answers).find((one) => one.includes('/git/commits/'));
    const permitted = commit === undefined ? undefined : find(answers, commit.split('?')[0]!);
    if (permitted && permitted[0] !== 200) return permitted;
    const name = path.slice(path.indexOf('/contents/') + '/contents/'.length);
    const text = files[`${name}@${ref}`];
    if (text === undefined) return NOT_FOUND;
    const content = Buffer.from(text).toString('base64');
    return [
      200,
      {
        name: name.split('/').at(-1),
        path: name,
        type: 'file',
        size: Buffer.byteLength(text),
        encoding: 'base64',
        content,
      },
    ];
  };

  const server = createServer((request, response) => {
    const url = (request.url ?? '').slice(PREFIX.length);
    const isAuthorized = request.headers.authorization !== undefined;
    const isGet = request.method === 'GET' && request.url?.startsWith(`${PREFIX}/`);
    const [status, body] = isGet ? toAnswer(url, isAuthorized) : NOT_FOUND;
    const isText = typeof body === 'string';
    response.writeHead(status, {
      'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json;charset=utf-8',
    });
    response.end(isText ? shiftedLog(body, shift) : JSON.stringify(shifted(body, shift)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));

  return {
    api: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PREFIX}`,
    answer(next, then) {
      [answers, moment, lagged] = [next, then, 0];
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** The answer that was recorded at a path, with whatever query. */
export function find(answers: Answers, path: string): readonly [number, unknown] | undefined {
  const key = Object.keys(answers).find((one) => decodeURI(one.split('?')[0]!) === path);
  const found = key === undefined ? undefined : answers[key];
  return typeof found === 'string' ? (answers[found] as readonly [number, unknown]) : found;
}

/** A page of a list, as long as the server makes them at most. */
function toPage([status, body]: readonly [number, unknown], query: URLSearchParams): readonly [number, unknown] {
  const size = Math.min(50, Number(query.get('limit') ?? 50));
  const from = (Number(query.get('page') ?? 1) - 1) * size;
  const cut = (list: readonly unknown[]): unknown[] => list.slice(from, from + size);
  const { jobs, workflow_runs } = (body ?? {}) as { jobs?: unknown[]; workflow_runs?: unknown[] };
  if (Array.isArray(jobs)) return [status, { ...(body as object), jobs: cut(jobs) }];
  if (Array.isArray(workflow_runs)) return [status, { ...(body as object), workflow_runs: cut(workflow_runs) }];
  return [status, body];
}

interface Job {
  steps: { status: string; conclusion: string | null }[];
}

function withSteps(body: unknown, conclusions: readonly (string | null)[]): unknown {
  const { steps } = body as Job;
  const old = steps.map((step, index) => {
    const conclusion = conclusions[index] ?? null;
    return conclusion === null
      ? { ...step, status: 'in_progress', conclusion, completed_at: '1970-01-01T00:00:00Z' }
      : { ...step, conclusion };
  });
  return { ...(body as object), steps: old };
}
