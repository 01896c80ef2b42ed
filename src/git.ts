import type { HeadCommit, Payload } from './payload.js';
import type { Env } from './platform.js';
import type { Commit, Person, Revision } from './run.js';
import { cut, toLine, toPlain } from './text.js';
import { toTime, toTimeOfUnix } from './time.js';

/** No commit message that people read is longer; the state that carries it has to fit the environment. */
const LONGEST_MESSAGE = 20_000;

/** The commit with a message of a length that people read; redacted before it is cut, or half a secret could stay. */
export function capMessage(commit: Commit, redact: (text: string) => string): Commit {
  return commit.message === undefined ? commit : { ...commit, message: cut(redact(toPlain(commit.message)), LONGEST_MESSAGE) };
}

/** The only form Datadog takes (facts: `^[a-fA-F0-9]{40}$`). */
export function isSha(sha: string | undefined): sha is string {
  return /^[a-f0-9]{40}$/i.test(sha ?? '');
}

/** The repository's address ending in `.git`, without user, query and hash; undefined if it is no http(s) URL. */
export function toRepositoryUrl(raw: string): string | undefined {
  if (!URL.canParse(raw)) return undefined;
  const { protocol, host, pathname } = new URL(raw);
  if (!/^https?:$/.test(protocol) || pathname.length < 2) return undefined;
  return `${protocol}//${host}${pathname.replace(/\/+$/, '').replace(/\.git$/, '')}.git`;
}

/** What the run was started on: a pull request's head, else the ref. */
export function toRevision(env: Env, payload: Payload, server: string): Revision {
  const repository = env['GITHUB_REPOSITORY'] ?? '';
  return {
    ...(toPullRequestHead(env, payload) ?? { sha: env['GITHUB_SHA'], ...toRef(env) }),
    repositoryUrl: toRepositoryUrl(`${server}/${repository}`),
    defaultBranch: payload.repository?.default_branch,
  };
}

function toPullRequestHead(env: Env, payload: Payload): Pick<Revision, 'sha' | 'branch'> | undefined {
  const head = payload.pull_request?.head;
  if (!env['GITHUB_EVENT_NAME']?.startsWith('pull_request') || !head?.sha || !head.ref) return undefined;
  const owner = head.repo?.owner?.login ?? head.repo?.full_name?.split('/')[0];
  return { sha: head.sha, branch: toLine(isFromFork(env, payload) ? `${owner ?? 'unknown'}:${head.ref}` : head.ref) };
}

/** Whether the pull request's head is another repository (or one that is gone). */
export function isFromFork(env: Env, payload: Payload): boolean {
  const head = payload.pull_request?.head;
  if (!head?.ref) return false;
  return head.repo?.full_name?.toLowerCase() !== env['GITHUB_REPOSITORY']?.toLowerCase();
}

function toRef(env: Env): Pick<Revision, 'branch' | 'tag'> {
  const ref = env['GITHUB_REF'] ?? '';
  if (ref.startsWith('refs/tags/')) return { tag: toLine(ref.slice('refs/tags/'.length)) };
  if (ref.startsWith('refs/heads/')) return { branch: toLine(ref.slice('refs/heads/'.length)) };
  // A pull request whose payload is missing: its head branch, else the ref that the server made for it.
  const branch = env['GITHUB_HEAD_REF'] || ref.replace(/^refs\//, '');
  return branch ? { branch: toLine(branch) } : {};
}

/** The commit `sha` where the payload describes that very one (a schedule's payload may carry an old push). */
export function findCommit(payload: Payload, sha: string | undefined): Commit | undefined {
  const candidates = [payload.head_commit, payload.workflow_run?.head_commit, payload.merge_group?.head_commit];
  const found = candidates.find((commit) => commit?.id !== undefined && commit.id === sha);
  const commit = found && toCommit(found);
  return commit?.author.email ? commit : undefined;
}

function toCommit({ id = '', message, timestamp, author, committer }: HeadCommit): Commit {
  const person = (who: HeadCommit['author']): Person => ({
    name: who?.name,
    email: who?.email,
    time: toTime(who?.date) ?? toTime(timestamp),
  });
  return { sha: id, message, author: person(author), committer: person(committer) };
}

/** A commit object as `git cat-file commit` prints it (git docs, "gitformat-..." commit objects); undefined for anything else. */
export function parseCommitObject(sha: string, text: string): Commit | undefined {
  const [, headers, message] = /^([\s\S]*?)\n\n([\s\S]*)$/.exec(text) ?? [];
  if (headers === undefined) return undefined;
  return { sha, message: message?.trimEnd(), author: parsePerson(headers, 'author'), committer: parsePerson(headers, 'committer') };
}

function parsePerson(headers: string, role: string): Person {
  const [, name, email, seconds] = new RegExp(`^${role} (.*) ?<([^>]*)> (\\d+)`, 'm').exec(headers) ?? [];
  return { name: name?.trim() || undefined, email: email || undefined, time: seconds ? toTimeOfUnix(Number(seconds)) : undefined };
}
