// @ts-check
import { existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MADE_UP, readCommit, toPushPayload } from './demo/commit.js';
import { startIntake } from './intake/intake.js';
import { renderLog } from './demo/log.js';
import { startJob } from './runner/runner.js';
import { playSeveral } from './demo/several.js';
import { renderWaterfall } from './demo/waterfall.js';

/** @typedef {import('./demo/commit.js').Commit} Commit */
/** @typedef {import('./runner/runner.js').StageResult} StageResult */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const REPOSITORY = 'OWNER/datadog-pipeline-events';
const KEY = '0123456789abcdef0123456789abcdef';

/**
 * Runs this action as GitHub would for a push of the commit, against an intake of our own, and shows what came of it.
 * @param {Commit} commit
 * @returns {Promise<boolean>} whether all went well
 */
async function show(commit) {
  const intake = await startIntake({ key: KEY });
  const job = await startJob({ env: toEnvironment(commit), event: toPushPayload(commit, REPOSITORY) });
  try {
    const step = job.step({
      inputs: {
        'api-key': KEY,
        'intake-url': intake.url,
        'job-status': 'success',
        matrix: 'null',
        'check-run-id': '40000000001',
        token: '',
      },
    });
    const main = await step.main();
    print('main', log(main));
    print('a step of the job', await pretend(job.env['DD_PIPELINE_FILE']));
    const post = await step.post();
    print('post', log(post));
    print('what the intake accepted', intake.events.map(toLine).join('\n'));
    if (intake.problems.length > 0) print('problems', intake.problems.join('\n'));
    print('what Datadog would show', renderWaterfall(intake.events, { color: process.stdout.isTTY }));
    return main.code === 0 && post.code === 0 && intake.events.length > 0 && intake.problems.length === 0;
  } finally {
    await Promise.all([job.end(), intake.close()]);
  }
}

/**
 * Runs four jobs of one workflow, each as GitHub would, and shows the one pipeline that comes of them.
 * @param {Commit} commit
 * @returns {Promise<boolean>} whether all went well
 */
async function showSeveral(commit) {
  const { events, problems } = await playSeveral(toEnvironment(commit), toPushPayload(commit, REPOSITORY), KEY);
  if (problems.length > 0) print('problems', problems.join('\n'));
  print('a run of several jobs', renderWaterfall(events, { color: process.stdout.isTTY }));
  return (
    problems.length === 0 &&
    events.some(({ attributes: { resource } }) => resource.level === 'pipeline' && resource.status === 'error')
  );
}

/**
 * Takes a moment, and tells the action something as any step can.
 * @param {string | undefined} file
 */
async function pretend(file) {
  await sleep(1200);
  if (!file) return 'DD_PIPELINE_FILE is not set: nothing told';
  const lines = 'tag.team=payments\nmeasure.bundle_kb=812.5\n';
  await appendFile(file, lines);
  return `wrote to DD_PIPELINE_FILE:\n${lines.trimEnd()}`;
}

/** @param {Commit} commit */
const toEnvironment = ({ sha, branch }) => ({
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

/** @param {import('./run/event.js').CiEvent} event its resource, on one line, without the commit that all of them carry */
const toLine = ({ attributes: { resource } }) =>
  JSON.stringify({ ...resource, git: resource.git ? { sha: resource.git.sha } : undefined });

/** @param {StageResult} result */
const log = ({ code, stdout, stderr, ms }) =>
  [renderLog(stdout), stderr.trim(), `(exit code ${code}, ${ms} ms)`].filter(Boolean).join('\n');

/**
 * @param {string} title
 * @param {string} text
 */
const print = (title, text) => console.log(`${title}\n${text.replace(/^/gm, '  ')}\n`);

if (existsSync(`${ROOT}dist/main/index.js`)) {
  const commit = await readCommit(ROOT);
  if (!commit) console.log('Not a git checkout with a commit: a made-up commit it is.\n');
  const one = await show(commit ?? MADE_UP);
  const several = await showSeveral(commit ?? MADE_UP);
  process.exitCode = one && several ? 0 : 1;
} else {
  console.error('dist/ is missing: run "npm ci && npm run build", then "npm run demo" again.');
  process.exitCode = 1;
}
