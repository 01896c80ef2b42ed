// @ts-check
import { toPushPayload } from './commit.js';

/** @typedef {import('./commit.js').Commit} Commit */

/**
 * Where a demo plays: the commit, and the intake that gets the events.
 * @typedef {{ commit: Commit, intake: string }} Stage
 */

/** A made-up key, which the intake of a demo takes as any other. */
export const KEY = '0123456789abcdef0123456789abcdef';
export const REPOSITORY = 'OWNER/datadog-pipeline-events';

/** @param {Commit} commit */
export const toPush = (commit) => toPushPayload(commit, REPOSITORY);

/**
 * What GitHub's runner sets.
 * @param {Commit} commit
 * @returns {Record<string, string>}
 */
export const toEnvironment = ({ sha, branch }) => ({
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_ACTION: '__demo',
  GITHUB_ACTOR: 'OWNER',
  GITHUB_API_URL: 'https://api.github.com',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_JOB: 'build',
  GITHUB_REF: `refs/heads/${branch}`,
  GITHUB_REF_NAME: branch,
  GITHUB_REF_TYPE: 'branch',
  GITHUB_REPOSITORY: REPOSITORY,
  GITHUB_REPOSITORY_OWNER: 'OWNER',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_RUN_ID: '20000000001',
  GITHUB_RUN_NUMBER: '7',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_SHA: sha,
  GITHUB_TRIGGERING_ACTOR: 'OWNER',
  GITHUB_WORKFLOW: 'CI',
  GITHUB_WORKFLOW_REF: `${REPOSITORY}/.github/workflows/ci.yml@refs/heads/${branch}`,
  RUNNER_ARCH: 'X64',
  RUNNER_ENVIRONMENT: 'github-hosted',
  RUNNER_NAME: 'GitHub Actions 1',
  RUNNER_OS: 'Linux',
});
