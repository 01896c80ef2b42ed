// @ts-check
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** @typedef {{ name: string, email: string }} Person */

/**
 * @typedef {object} Commit
 * @property {string} sha
 * @property {Person} author
 * @property {Person} committer
 * @property {string} time
 * @property {string} message
 * @property {string} branch
 */

/** @type {Commit} */
export const MADE_UP = {
  sha: '4f2c1a9be07d83c65512a0d9e1f4b7c8d3e6f509',
  author: { name: 'Ada Example', email: 'ada@example.com' },
  committer: { name: 'Ada Example', email: 'ada@example.com' },
  time: '2026-01-02T03:04:05+00:00',
  message: 'Add a page for the opening hours',
  branch: 'main',
};

/**
 * The commit that is checked out in the folder, undefined if it is no git checkout or has no commit.
 * @param {string} folder
 * @returns {Promise<Commit | undefined>}
 */
export async function readCommit(folder) {
  /** @param {...string} args */
  const git = async (...args) => (await promisify(execFile)('git', ['-C', folder, ...args])).stdout.trim();
  try {
    const facts = await git('log', '-1', '--format=%H%x00%an%x00%ae%x00%cn%x00%ce%x00%cI%x00%B');
    const [sha = '', author = '', authorEmail = '', committer = '', committerEmail = '', time = '', message = ''] =
      facts.split('\0');
    const branch = await git('rev-parse', '--abbrev-ref', 'HEAD');
    return {
      sha,
      author: { name: author, email: authorEmail },
      committer: { name: committer, email: committerEmail },
      time,
      message: message.trim(),
      // A detached HEAD, as CI checks it out, has no branch.
      branch: branch === 'HEAD' ? MADE_UP.branch : branch,
    };
  } catch {
    return undefined;
  }
}

/**
 * The payload of GitHub's push event for this commit.
 * @param {Commit} commit
 * @param {string} repository `owner/name`
 */
export function toPushPayload({ sha, author, committer, time, message, branch }, repository) {
  const [owner = '', name = ''] = repository.split('/');
  const url = `https://github.com/${repository}`;
  const head = { id: sha, message, timestamp: time, url: `${url}/commit/${sha}`, author, committer, distinct: true };
  return {
    ref: `refs/heads/${branch}`,
    before: '0'.repeat(40),
    after: sha,
    repository: {
      name,
      full_name: repository,
      html_url: url,
      url,
      default_branch: 'main',
      owner: { login: owner, name: owner },
    },
    pusher: author,
    sender: { login: owner, type: 'User' },
    created: false,
    deleted: false,
    forced: false,
    commits: [head],
    head_commit: head,
  };
}
