// @ts-check
import { startJob } from '../runner/runner.js';
import { startApi, toFile } from './api.js';
import { KEY, REPOSITORY, toEnvironment } from './stage.js';

/** @typedef {import('../runner/runner.js').StageResult} StageResult */

const RUN = 20000000004;
const LENGTH = 560;

/** The workflow that is observed, and the ones that it calls. */
const FILES = {
  '.github/workflows/release.yml': `name: Release
on: push
jobs:
  build: { runs-on: ubuntu-latest }
  lint: { runs-on: ubuntu-latest }
  test: { needs: build, strategy: { matrix: { shard: [1, 2, 3] } } }
  images: { needs: build, uses: ./.github/workflows/images.yml }
  deploy: { needs: [lint, test, images], uses: ./.github/workflows/deploy.yml }
`,
  '.github/workflows/images.yml': `on: workflow_call
jobs:
  amd64: { runs-on: ubuntu-latest }
  arm64: { runs-on: ubuntu-24.04-arm }
  manifest: { needs: [amd64, arm64] }
`,
  '.github/workflows/deploy.yml': `on: workflow_call
jobs:
  staging: { runs-on: ubuntu-latest }
  smoke-test: { needs: staging }
  production: { needs: smoke-test }
`,
};

/**
 * The jobs of the run: when they were created, began and ended, in seconds since the run's start, and their steps with
 * the seconds that they took.
 * @type {[name: string, times: [number, number, number], steps: [string, number][], conclusion?: string][]}
 */
const JOBS = [
  ['build', [0, 6, 98], steps(['Set up job', 3], ['Check out', 5], ['Install', 31], ['Build', 49], ['Upload', 4])],
  ['lint', [0, 4, 61], steps(['Set up job', 2], ['Check out', 4], ['Install', 30], ['Lint', 21])],
  ['test (1)', [98, 103, 241], steps(['Set up job', 3], ['Install', 29], ['Test', 104])],
  ['test (2)', [98, 105, 222], steps(['Set up job', 3], ['Install', 31], ['Test', 82])],
  ['test (3)', [98, 131, 268], steps(['Set up job', 3], ['Install', 28], ['Test', 105])],
  ['images / amd64', [98, 104, 232], steps(['Set up job', 4], ['Build image', 108], ['Push', 15])],
  ['images / arm64', [98, 149, 377], steps(['Set up job', 4], ['Build image', 205], ['Push', 18])],
  ['images / manifest', [377, 381, 396], steps(['Set up job', 3], ['Push manifest', 11])],
  ['deploy / staging', [396, 402, 471], steps(['Set up job', 3], ['Deploy', 58], ['Wait for pods', 7])],
  ['deploy / smoke-test', [471, 475, 552], steps(['Set up job', 3], ['Install', 24], ['Smoke test', 49]), 'failure'],
  ['deploy / production', [552, 552, 552], [], 'skipped'],
];

const REASON = 'checkout › pays with a voucher: expected 200, got 503 after 3 tries (payments.staging.example.com)';

/**
 * Lets observe/ report a run that has ended, as the server's API tells it: its jobs know nothing of Datadog.
 * @param {import('./stage.js').Stage} stage
 * @returns {Promise<StageResult>}
 */
export async function playObserved({ commit, intake }) {
  const begin = Math.floor(Date.now() / 1000) * 1000 - (LENGTH + 30) * 1000;
  const api = await startApi(toAnswers(commit, (seconds) => new Date(begin + seconds * 1000).toISOString()));
  const job = await startJob({
    env: {
      ...toEnvironment(commit),
      GITHUB_API_URL: api.url,
      GITHUB_EVENT_NAME: 'schedule',
      GITHUB_JOB: 'observe',
      GITHUB_RUN_ID: '20000000005',
      GITHUB_WORKFLOW: 'Observe',
      GITHUB_WORKFLOW_REF: `${REPOSITORY}/.github/workflows/observe.yml@refs/heads/main`,
    },
    event: { repository: { full_name: REPOSITORY, default_branch: 'main' } },
  });
  try {
    return await job
      .step({
        action: 'observe',
        inputs: {
          'api-key': KEY,
          'intake-url': intake,
          'run-id': `${RUN}`,
          attempt: '1',
          tags: 'team:payments',
          measures: 'image_mb:184',
          token: 'the-token-of-the-demo',
          jobs: 'true',
          'check-run-id': '',
        },
      })
      .main();
  } finally {
    await Promise.all([job.end(), api.close()]);
  }
}

/**
 * @param {import('./commit.js').Commit} commit
 * @param {(seconds: number) => string} at
 * @returns {import('./api.js').Answers}
 */
function toAnswers({ sha, branch, message, time, author, committer }, at) {
  const repository = { full_name: REPOSITORY, default_branch: 'main', owner: { login: 'OWNER' } };
  const page = `https://github.com/${REPOSITORY}/actions/runs/${RUN}`;
  const run = {
    id: RUN,
    name: 'Release',
    path: '.github/workflows/release.yml',
    event: 'push',
    status: 'completed',
    conclusion: 'failure',
    head_branch: branch,
    head_sha: sha,
    head_commit: { id: sha, message, timestamp: time, author, committer },
    head_repository: repository,
    repository,
    actor: { login: 'OWNER', id: 1 },
    run_number: 118,
    run_attempt: 1,
    run_started_at: at(0),
    created_at: at(0),
    updated_at: at(LENGTH),
    html_url: page,
  };
  const jobs = JOBS.map((job, index) => toJob(job, { id: RUN * 10 + index, page, at }));
  const failed = jobs.find(({ conclusion }) => conclusion === 'failure');
  return {
    [`actions/runs/${RUN}`]: run,
    [`actions/runs/${RUN}/attempts/1`]: run,
    [`actions/runs/${RUN}/attempts/1/jobs`]: { total_count: jobs.length, jobs },
    [`check-runs/${failed?.id}/annotations`]: [{ annotation_level: 'failure', message: REASON, title: 'Smoke test' }],
    ...Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`contents/${path}`, toFile(text)])),
  };
}

/**
 * @param {(typeof JOBS)[number]} job
 * @param {{ id: number, page: string, at: (seconds: number) => string }} around
 */
function toJob([name, [created, started, completed], steps, conclusion = 'success'], { id, page, at }) {
  let time = started;
  return {
    id,
    name,
    run_attempt: 1,
    status: 'completed',
    conclusion,
    html_url: `${page}/job/${id}`,
    created_at: at(created),
    started_at: at(started),
    completed_at: at(completed),
    runner_name: conclusion === 'skipped' ? null : `GitHub Actions ${id % 10}`,
    labels: conclusion === 'skipped' ? [] : [name.endsWith('arm64') ? 'ubuntu-24.04-arm' : 'ubuntu-latest'],
    steps: steps.map(([title, seconds], index) => ({
      name: title,
      number: index + 1,
      status: 'completed',
      conclusion: index === steps.length - 1 ? conclusion : 'success',
      started_at: at(time),
      completed_at: at((time += seconds)),
    })),
  };
}

/** @param {[name: string, seconds: number][]} list */
function steps(...list) {
  return list;
}
