import type { Revision } from '../model/run.js';
import { toLine } from '../model/text.js';
import type { Payload } from '../runner/payload.js';
import type { Env } from '../runner/runner.js';

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
  return { sha: head.sha, branch: toLine(isFromFork(env, payload) ? toForkBranch(owner, head.ref) : head.ref) };
}

/** A branch of a fork, which may have any name there, also that of the default branch here. */
export function toForkBranch(owner: string | undefined, branch: string): string {
  return `${owner ?? 'unknown'}:${branch}`;
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
