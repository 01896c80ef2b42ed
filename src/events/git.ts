import { type Commit, isSha, type Revision } from '../model/run.js';
import { toTags } from '../model/tags.js';
import type { Git } from './schema.js';

/** Datadog's git object; undefined where one of the parts that its API client's model demands is unknown. */
export function toGit(revision: Revision, commit: Commit | undefined): Git | undefined {
  const { repositoryUrl, sha, branch, tag, defaultBranch } = revision;
  const email = commit?.author.email;
  if (!repositoryUrl || !isSha(sha) || !email || !(branch || tag)) return undefined;
  return {
    repository_url: repositoryUrl,
    sha,
    author_email: email,
    // Empty means unknown: commits without a name do exist.
    author_name: commit.author.name || undefined,
    author_time: commit.author.time,
    committer_email: commit.committer.email || undefined,
    committer_name: commit.committer.name || undefined,
    commit_time: commit.committer.time,
    message: commit.message,
    default_branch: defaultBranch || undefined,
    ...(tag ? { tag } : { branch }),
  };
}

/** The parts of a revision that can't be a git object, as tags. */
export function toGitTags({ repositoryUrl, sha, branch, tag, defaultBranch }: Revision): string[] {
  return toTags({
    'git.repository_url': repositoryUrl,
    'git.commit.sha': sha,
    'git.branch': branch,
    'git.tag': tag,
    'git.default_branch': defaultBranch,
  });
}
