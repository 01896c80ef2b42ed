import type { Get } from './api/server.js';
import type { Http } from './delivery/http.js';
import type { Input } from './reader.js';
import type { Sink } from './log.js';
import type { Env } from './platform.js';

/** Everything a phase needs from outside; runtime.ts has the real ones, tests hand in their own. */
export interface Ports {
  env: Env;
  input: Input;
  sink: Sink;
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
  /** Writes a new file below a folder and returns its path; throws where that is not possible. */
  writeFile(folder: string, name: string, text: string): string;
  /** The raw commit object of a work tree; undefined where it has none, or git does not answer. */
  readCommitObject(workspace: string, sha: string): Promise<string | undefined>;
  createHttp(env: Env): Promise<Http>;
  createGet(token: string, baseUrl: string): Get;
}
