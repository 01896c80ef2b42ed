import { type Commit, isSha, type Person, type Run } from '../model/run.js';
import { cut, toPlain } from '../model/text.js';
import { toTimeOfUnix } from '../model/time.js';
import { type Payload, toCommit } from '../runner/payload.js';
import type { Runner } from '../runner/runner.js';
import type { Platform } from '../server/platforms/platform.js';
import type { Server } from '../server/server.js';
import type { PostSession } from './post-session.js';
import type { Report } from './report.js';

/** The commit of a run that the event's payload does not describe: from the work tree, else by one API read. */
export async function readCommit(
  sha: string | undefined,
  runner: Pick<Runner, 'env' | 'readCommitObject'>,
  server: Pick<Server, 'commit'>,
): Promise<Commit | undefined> {
  if (!isSha(sha)) return undefined;
  const workspace = runner.env['GITHUB_WORKSPACE'];
  const object = workspace && (await runner.readCommitObject(workspace, sha));
  const commit = object ? parseCommitObject(sha, object) : undefined;
  return commit?.author.email ? commit : server.commit(sha);
}

/**
 * Whoever started the run as the author, by the address under which the server hides e-mail addresses: better than no
 * git at all. With the tag that says so.
 */
export function toAssumedCommit(
  { actor, actorId, actorEmail, serverUrl, revision: { sha } }: Run,
  platform: Platform,
): { commit: Commit | undefined; tags: string[] } {
  if (!actor || !isSha(sha)) return { commit: undefined, tags: [] };
  const email = actorEmail ?? platform.noReply({ name: actor, id: actorId, host: new URL(serverUrl).hostname });
  return { commit: { sha, author: { name: actor, email }, committer: {} }, tags: ['git_author_source:actor'] };
}

/**
 * An account's address where the server hides the real one: Gitea's payloads and answers have it, with the account's
 * number from 1.26 on (seen on 1.26 and 1.27). Any other address stays where it is.
 */
export function toHiddenEmail(login: string | undefined, email: string | undefined): string | undefined {
  const [, name, host = ''] = /^(?:\d+\+)?([^@]+)@(.+)$/.exec(email ?? '') ?? [];
  return name !== undefined && name === login && /\bno-?reply\b/i.test(host) ? email : undefined;
}

export async function readLateCommit(
  { run }: Report,
  { runner, log, server }: PostSession,
): Promise<ReturnType<typeof toAssumedCommit>> {
  if (run.commit) return { commit: run.commit, tags: [] };
  // Main has asked the API already; only the work tree may know more by now.
  const nobody = { commit: () => Promise.resolve(undefined) };
  const commit = await readCommit(run.revision.sha, runner, nobody);
  if (commit?.author.email) return { commit: capMessage(commit, log.redact), tags: [] };
  return toAssumedCommit(run, server.platform);
}

/** No commit message that people read is longer; the state that carries it has to fit the environment. */
const LONGEST_MESSAGE = 20_000;

/**
 * The commit with a message of a length that people read, without a line feed at its end; redacted before it is cut, or
 * half a secret could stay.
 */
export function capMessage(commit: Commit, redact: (text: string) => string): Commit {
  return commit.message === undefined
    ? commit
    : { ...commit, message: cut(redact(toPlain(commit.message).trimEnd()), LONGEST_MESSAGE) };
}

/** The commit `sha` where the payload describes that very one (a schedule's payload may carry an old push). */
export function findCommit(payload: Payload, sha: string | undefined): Commit | undefined {
  const candidates = [payload.head_commit, payload.workflow_run?.head_commit, payload.merge_group?.head_commit];
  const found = candidates.find((commit) => commit?.id === sha);
  return sha && found?.author?.email ? toCommit(sha, found) : undefined;
}

/**
 * A commit object as `git cat-file commit` prints it (git docs, "gitformat-..." commit objects); undefined for anything
 * else.
 */
export function parseCommitObject(sha: string, text: string): Commit | undefined {
  const [, headers, message] = /^([\s\S]*?)\n\n([\s\S]*)$/.exec(text) ?? [];
  if (headers === undefined) return undefined;
  return {
    sha,
    message: message?.trimEnd(),
    author: parsePerson(headers, 'author'),
    committer: parsePerson(headers, 'committer'),
  };
}

function parsePerson(headers: string, role: string): Person {
  const [, name, email, seconds] = new RegExp(`^${role} (.*) ?<([^>]*)> (\\d+)`, 'm').exec(headers) ?? [];
  return {
    name: name?.trim() || undefined,
    email: email || undefined,
    time: seconds ? toTimeOfUnix(Number(seconds)) : undefined,
  };
}

/** Whoever started the run as the author of a commit that nobody describes. */
export function withCommit<T extends { run: Run }>(observed: T, { platform }: { platform: Platform }): T {
  const { run } = observed;
  if (run.commit?.author.email) return observed;
  const { commit, tags } = toAssumedCommit(run, platform);
  return { ...observed, run: { ...run, commit, tags: [...run.tags, ...tags] } };
}
