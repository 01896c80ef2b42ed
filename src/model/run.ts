import * as z from 'zod/mini';

/** Times are RFC 3339 in UTC with milliseconds, everywhere inside. */
const Time = z.string();
const text = z.optional(z.string());

/** Another pipeline: the id that its own events carry, and its page. */
export const Link = z.object({ id: z.string(), url: text });
export type Link = z.infer<typeof Link>;

/** An author or committer, as far as they are known. */
const Person = z.object({ name: text, email: text, time: z.optional(Time) });
export type Person = z.infer<typeof Person>;

/** A commit as git knows it. */
const Commit = z.object({
  sha: z.string(),
  message: text,
  author: Person,
  committer: Person,
});
export type Commit = z.infer<typeof Commit>;

/** What a run was started on; branch or tag, never both. */
const Revision = z.object({
  repositoryUrl: text,
  sha: text,
  branch: text,
  tag: text,
  defaultBranch: text,
});
export type Revision = z.infer<typeof Revision>;

/** One attempt of a workflow: Datadog's pipeline. */
export const Run = z.object({
  /** The server's public address, without a slash at its end. */
  serverUrl: z.string(),
  repository: z.string(),
  /** Nobody may read it without a permission, as far as the event tells. */
  isPrivate: z.optional(z.boolean()),
  id: z.string(),
  number: z.string(),
  attempt: z.number(),
  /** What tells this attempt from the others: its number, or `started:<time>` where numbers count per job. */
  attemptId: z.string(),
  event: z.string(),
  actor: z.string(),
  actorId: text,
  /** The address under which the server itself hides that account's e-mail address, where it tells it. */
  actorEmail: text,
  name: z.string(),
  url: z.string(),
  manual: z.boolean(),
  parameters: z.record(z.string(), z.string()),
  parent: z.optional(Link),
  revision: Revision,
  commit: z.optional(Commit),
  /** Tags of ours, `key:value`. */
  tags: z.array(z.string()),
});
export type Run = z.infer<typeof Run>;

/** What a server's pages and API paths are made of. */
export type RunRef = Pick<Run, 'serverUrl' | 'repository' | 'id' | 'number' | 'attempt'>;

/** The machine a job runs on. */
const Node = z.object({
  hostname: text,
  name: text,
  labels: z.optional(z.array(z.string())),
  workspace: text,
});
export type Node = z.infer<typeof Node>;

/** One job of a run, this one or another. */
export const Job = z.object({
  /** Job key and matrix values, `build (20, ubuntu)`: the identity, whatever the name says. */
  key: z.string(),
  name: z.string(),
  url: z.string(),
  /** The server's own number of the job, where it is known. */
  serverId: text,
  /** In a workflow that another one called. */
  isCalled: z.boolean(),
  /** Inside a composite action, as far as the runner shows it. */
  inComposite: z.boolean(),
  /** The key has the values of the matrix though a composite action hides them. */
  knowsMatrix: z.optional(z.boolean()),
  node: Node,
});
export type Job = z.infer<typeof Job>;

/** Datadog's words for how a pipeline or job ended. */
export const Status = z.enum(['success', 'error', 'canceled', 'skipped', 'blocked']);
export type Status = z.infer<typeof Status>;

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
