import type { Revision } from '../model/run.js';
import { toLine } from '../model/text.js';
import { toRepositoryUrl } from '../model/url.js';
import type { Payload } from '../runner/payload.js';
import type { Env } from '../runner/runner.js';

/** What the run was started on: a pull request's head, else the ref. */
export function toRevision(env: Env, payload: Payload, server: string): Revision {
  return {
    ...(toPullRequestHead(env, payload) ?? { sha: env['GITHUB_SHA'], ...toRef(env) }),
    repositoryUrl: toRepositoryUrl(`${server}/${env['GITHUB_REPOSITORY'] ?? ''}`),
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
  return Boolean(head?.ref) && !isSameRepository(head?.repo?.full_name, env['GITHUB_REPOSITORY']);
}

/** Whether two names are of one repository; servers take them in any case. */
export function isSameRepository(a: string | undefined, b: string | undefined): boolean {
  return a?.toLowerCase() === b?.toLowerCase();
}

/** The tag or the branch that a ref names in full. */
export function parseRef(ref = ''): Pick<Revision, 'branch' | 'tag'> | undefined {
  const [, kind, name = ''] = /^refs\/(tags|heads)\/(.+)$/.exec(ref) ?? [];
  return kind === undefined ? undefined : { [kind === 'tags' ? 'tag' : 'branch']: toLine(name) };
}

function toRef(env: Env): Pick<Revision, 'branch' | 'tag'> {
  const ref = env['GITHUB_REF'] ?? '';
  // A pull request whose payload is missing: its head branch, else the ref that the server made for it.
  const branch = toLine(env['GITHUB_HEAD_REF'] || ref.replace(/^refs\//, ''));
  return parseRef(ref) ?? (branch ? { branch } : {});
}
