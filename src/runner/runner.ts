import type { Headers } from '../model/headers.js';

/** Everything a phase needs from outside; runtime.ts has the real ones, tests hand in their own. */
export interface Runner {
  env: Env;
  input: Input;
  sink: LogWriter;
  /** Tells the runner to mask a value wherever it shows. */
  mask(secret: string): void;
  output(name: string, value: string): void;
  export(name: string, value: string): void;
  saveState(name: string, value: string): void;
  loadState(name: string): string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds on a clock that never jumps. */
  clock(): number;
  sleep(milliseconds: number): Promise<void>;
  random(): number;
  uuid(): string;
  hostname: string;
  /** The text of a file; undefined where there is none. */
  readFile(path: string): string | undefined;
  /** The text of a regular file (no link, no pipe) of at most `most` bytes, or why it can't be had. */
  readRegularFile(path: string, most: number): { text: string } | { why: string };
  /** Makes an empty file below a folder and returns its path; undefined where that is not possible. */
  makeFile(folder: string, name: string): string | undefined;
  /** Appends to a file; false where that is not possible. */
  appendFile(path: string, text: string): boolean;
  /** A folder, which is made where there is none; throws where that is not possible. */
  openFolder(path: string): Promise<Folder>;
  /** The raw commit object of a work tree; undefined where it has none, or git does not answer. */
  readCommitObject(workspace: string, sha: string): Promise<string | undefined>;
  createHttp(): Promise<Http>;
  createGet(token: string, baseUrl: string): Get;
}

/** A folder on the runner's disk that other jobs, and anybody else there, may use too. */
export interface Folder {
  /** What lies there; links, pipes and folders are no files. */
  list(): { name: string; isFile: boolean }[];
  /** Bytes; undefined where there is no such file. */
  size(name: string): number | undefined;
  /** The text of a regular file (no link, no pipe) of at most `most` bytes; undefined where it can't be had. */
  read(name: string, most: number): string | undefined;
  /** Writes a new file for its owner alone, and returns its path; throws, and leaves nothing, where that fails. */
  write(name: string, text: string): string;
  /** Renames a file, and returns its new path; undefined where that is not possible. */
  rename(from: string, to: string): string | undefined;
  remove(name: string): void;
  /** Seconds since the machine started, the same for all its processes. */
  uptime(): number;
}

/** One GET below the API's base URL; throws where there is no answer within `timeout` milliseconds. */
export type Get = (path: string, timeout: number) => Promise<ApiAnswer>;

/** Environment variables as the runner set them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What a server answered. */
export interface Answer<Body = string> {
  status: number;
  headers: Headers;
  body: Body;
}

/** What a server's API answered. */
export type ApiAnswer = Answer<unknown>;

/** An answer whose body is still to be read. */
export type Incoming = Answer<AsyncIterable<Buffer>>;

/** A POST. */
export interface Request extends Query {
  body: Buffer;
}

/** A request without a body. */
export interface Query {
  url: string;
  headers: Record<string, string>;
  /** Milliseconds for the whole exchange; over that it throws. */
  timeout: number;
}

/**
 * Sends one GET, to the first address's origin alone with `authorization`, however often it is redirected; throws (with
 * the cause chain) when there is no whole answer.
 */
export type Load = (request: Query) => Promise<Answer>;

/** Sends one POST, follows no redirect, and throws (with the cause chain) when there is no whole answer. */
export type Post = (request: Request) => Promise<Answer>;

/** Requests through the proxies of the environment, and the end of all their sockets. */
export interface Http {
  post: Post;
  /** Follows no redirect; what is still to be read of the answer throws, too, after `timeout` milliseconds. */
  get(request: Query): Promise<Incoming>;
  close(): Promise<void>;
}

/** Where a phase's words go: the functions of @actions/core that write them. */
export interface LogWriter {
  debug(text: string): void;
  info(text: string): void;
  notice(text: string): void;
  warning(text: string): void;
  /** An error that fails the step. */
  fail(text: string): void;
  group(title: string, body: string): void;
}

/** Reads an input by its name in action.yml; empty when unset. */
export type Input = (name: string) => string;
