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
  runner: WorkTree,
  server: Pick<Server, 'commit'>,
): Promise<Commit | undefined> {
  return isSha(sha) ? ((await readWorkTree(sha, runner)) ?? server.commit(sha)) : undefined;
}

type WorkTree = Pick<Runner, 'env' | 'readCommitObject'>;

async function readWorkTree(sha: string, { env, readCommitObject }: WorkTree): Promise<Commit | undefined> {
  const workspace = env['GITHUB_WORKSPACE'];
  const object = workspace && (await readCommitObject(workspace, sha));
  const commit = object ? parseCommitObject(sha, object) : undefined;
  return commit?.author.email ? commit : undefined;
}

/**
 * The run's commit; where its author is not known, whoever started the run, by the address under which the server hides
 * people's: better than no git at all. With the tag that says so.
 */
export function toAuthoredCommit(
  { commit, actor, actorId, actorEmail, serverUrl, revision: { sha } }: Run,
  platform: Platform,
): { commit: Commit | undefined; tags: string[] } {
  if (commit?.author.email) return { commit, tags: [] };
  if (!actor || !isSha(sha)) return { commit: undefined, tags: [] };
  const email = actorEmail ?? platform.noReply({ name: actor, id: actorId, host: new URL(serverUrl).hostname });
  return { commit: { sha, author: { name: actor, email }, committer: {} }, tags: ['git_author_source:actor'] };
}

/**
 * An account's address by which the server hides the real one: Gitea's payloads and answers have it, with the account's
 * number from 1.26 on (seen on 1.26 and 1.27). No other address is taken.
 */
export function toHiddenEmail(login: string | undefined, email: string | undefined): string | undefined {
  const [, name, host = ''] = /^(?:\d+\+)?([^@]+)@(.+)$/.exec(email ?? '') ?? [];
  return name !== undefined && name === login && /\bno-?reply\b/i.test(host) ? email : undefined;
}

/** The commit of a run once its job has ended: main has asked the API already, only the work tree may know more. */
export async function readLateCommit({ run }: Report, { runner, log, server }: PostSession) {
  const { sha } = run.revision;
  const found = !run.commit?.author.email && isSha(sha) ? await readWorkTree(sha, runner) : undefined;
  return toAuthoredCommit(found ? { ...run, commit: capMessage(found, log.redact) } : run, server.platform);
}

/** No commit message that people read is longer; the state that carries it has to fit the environment. */
const LONGEST_MESSAGE = 20_000;

/** The commit with a message that people read; redacted before it is cut, or half a secret could stay. */
export function capMessage(commit: Commit, redact: (text: string) => string): Commit {
  const { message } = commit;
  return { ...commit, message: message && cut(redact(toPlain(message).trimEnd()), LONGEST_MESSAGE) };
}

/** The commit `sha` where the payload describes that very one (a schedule's payload may carry an old push). */
export function findCommit(payload: Payload, sha: string | undefined): Commit | undefined {
  const candidates = [payload.head_commit, payload.workflow_run?.head_commit, payload.merge_group?.head_commit];
  const found = candidates.find((commit) => commit?.id === sha);
  return sha && found?.author?.email ? toCommit(sha, found) : undefined;
}

/** A commit object as `git cat-file commit` prints it (git docs, "git-cat-file"); undefined for anything else. */
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

/** What is known of a run, with its commit by `toAuthoredCommit`. */
export function withCommit<T extends { run: Run }>(observed: T, { platform }: { platform: Platform }): T {
  const { run } = observed;
  const { commit, tags } = toAuthoredCommit(run, platform);
  return { ...observed, run: { ...run, commit, tags: [...run.tags, ...tags] } };
}
