import * as s from './shape.js';

/** Times are RFC 3339 in UTC with milliseconds, everywhere inside. */
const Time = s.string;
const text = s.optional(s.string);

/** Another pipeline: the id that its own events carry, and its page. */
export const Link = s.object({ id: s.string, url: text });
export type Link = s.Shaped<typeof Link>;

/** An author or committer, as far as they are known. */
const Person = s.object({ name: text, email: text, time: s.optional(Time) });
export type Person = s.Shaped<typeof Person>;

/** A commit as git knows it. */
const Commit = s.object({
  sha: s.string,
  message: text,
  author: Person,
  committer: Person,
});
export type Commit = s.Shaped<typeof Commit>;

/** What a run was started on; branch or tag, never both. */
const Revision = s.object({
  repositoryUrl: text,
  sha: text,
  branch: text,
  tag: text,
  defaultBranch: text,
});
export type Revision = s.Shaped<typeof Revision>;

/** One attempt of a workflow: Datadog's pipeline. */
export const Run = s.object({
  /** The server's public address, without a slash at its end. */
  serverUrl: s.string,
  repository: s.string,
  /** Nobody may read it without a permission, as far as the event tells. */
  isPrivate: s.optional(s.boolean),
  id: s.string,
  number: s.string,
  attempt: s.number,
  /** What tells this attempt from the others: its number, or `started:<time>` where numbers count per job. */
  attemptId: s.string,
  event: s.string,
  actor: s.string,
  actorId: text,
  /** The address under which the server itself hides that account's e-mail address, where it tells it. */
  actorEmail: text,
  name: s.string,
  url: s.string,
  manual: s.boolean,
  parameters: s.record(s.string),
  parent: s.optional(Link),
  revision: Revision,
  commit: s.optional(Commit),
  /** Tags of ours, `key:value`. */
  tags: s.list(s.string),
});
export type Run = s.Shaped<typeof Run>;

/** What a server's pages and API paths are made of. */
export type RunRef = Pick<Run, 'serverUrl' | 'repository' | 'id' | 'number' | 'attempt'>;

/** The machine a job runs on. */
const Node = s.object({
  hostname: text,
  name: text,
  labels: s.optional(s.list(s.string)),
  workspace: text,
});
export type Node = s.Shaped<typeof Node>;

/** One job of a run, this one or another. */
export const Job = s.object({
  /** Job key and matrix values, `build (20, ubuntu)`: the identity, whatever the name says. */
  key: s.string,
  name: s.string,
  url: s.string,
  /** The server's own number of the job, where it is known. */
  serverId: text,
  /** In a workflow that another one called. */
  isCalled: s.boolean,
  /** Inside a composite action, as far as the runner shows it. */
  inComposite: s.boolean,
  /** The key has the values of the matrix though a composite action hides them. */
  knowsMatrix: s.optional(s.boolean),
  node: Node,
});
export type Job = s.Shaped<typeof Job>;

/** Datadog's words for how a pipeline or job ended. */
export const Status = s.oneOf('success', 'error', 'canceled', 'skipped', 'blocked');
export type Status = s.Shaped<typeof Status>;

/** Why something failed, as Datadog's `error` object has it. */
export interface Failure {
  type: string;
  message: string;
  domain: 'provider' | 'user' | 'unknown';
}

/** A step as the server's API lists it, or as a step of the job wrote it. */
export interface ApiStep {
  name: string;
  number: number;
  conclusion?: string | undefined;
  startedAt?: string | undefined;
  completedAt?: string | undefined;
  /** Whether it was allowed to fail, where that is known. */
  isTolerated?: boolean | undefined;
  /** The job's own steps wrote it; the server does not know it. */
  isWritten?: boolean | undefined;
}

/** The only form Datadog takes (`sha` in its API client's model). */
export function isSha(sha: string | undefined): sha is string {
  return /^[a-f0-9]{40}$/i.test(sha ?? '');
}
