// @ts-check
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGit } from '../git.js';
import { until } from './until.js';

/** @typedef {import('./api.js').Job} Job */
/** @typedef {import('./api.js').Run} Run */
/** @typedef {import('./gitea.js').Gitea} Gitea */
/** @typedef {Awaited<ReturnType<typeof createRepository>>} Repository */

/** @typedef {{ run: Run, jobs: Job[] }} Attempt what the server says of a run's attempt when it has ended */

/** @typedef {{ commit: { id: string } }} Branch */

/** Whose repositories they are. */
export const OWNER = 'acme';

/**
 * A public repository on the server; the files that `fill` makes are its first commit.
 * @param {Gitea} gitea
 * @param {string} folder for its work tree
 * @param {{ name: string, fill: (path: string) => Promise<unknown>, variables?: Record<string, string> }} wanted
 */
export async function createRepository({ url, token, user, api, browser }, folder, { name, fill, variables = {} }) {
  const place = `/repos/${OWNER}/${name}`;
  const path = join(folder, name);
  const git = createGit(path, folder);
  await api.ask('POST', `/orgs/${OWNER}/repos`, { name, default_branch: 'main' });
  for (const [key, value] of Object.entries(variables))
    await api.ask('POST', `${place}/actions/variables/${key}`, { value });
  await mkdir(path, { recursive: true });
  await fill(path);
  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', 'origin', `${url.replace('://', `://${user.name}:${token}@`)}/${OWNER}/${name}.git`);

  /** @param {string} message */
  const commit = async (message) => {
    await git('add', '--all');
    await git('commit', '--quiet', '--allow-empty', '--message', message);
  };
  /**
   * Pushes, and waits until the server knows the branch: it takes note of pushes later.
   * @param {string} ref
   */
  const push = async (ref) => {
    await git('push', '--quiet', 'origin', `HEAD:${ref}`);
    const sha = await git('rev-parse', 'HEAD');
    if (!ref.startsWith('refs/heads/')) return;
    await until(`${ref} of ${name}`, async () => {
      /** @type {Branch[] | null} */
      const branches = await api.get(`${place}/branches?limit=50`);
      return branches?.find(({ commit }) => commit.id === sha);
    });
  };
  await commit('Add a page for the opening hours');
  await push('refs/heads/main');

  /** @returns {Promise<Run[]>} the oldest first */
  const readRuns = async () =>
    (await api.get(`${place}/actions/runs?limit=50`)).workflow_runs.toSorted(
      (/** @type {Run} */ one, /** @type {Run} */ other) => one.id - other.id,
    );
  /** @param {Run} run @returns {Promise<Attempt>} */
  const readAttempt = async (run) => ({
    run,
    jobs: (await api.get(`${place}/actions/runs/${run.id}/jobs?limit=50`)).jobs,
  });

  return {
    /**
     * A commit that changes a file, on that branch or tag.
     * @param {string} ref
     */
    async push(ref) {
      await writeFile(join(path, 'hours.txt'), `${ref}\n`);
      await commit(`Open on Sundays for ${ref}`);
      await push(ref);
    },
    /** @param {string} head the branch */
    propose: (head) => api.ask('POST', `${place}/pulls`, { title: 'Open on Sundays', head, base: 'main' }),
    /**
     * @param {string} workflow
     * @param {Record<string, string>} inputs
     */
    dispatch: (workflow, inputs) =>
      api.ask('POST', `${place}/actions/workflows/${workflow}/dispatches`, { ref: 'main', inputs }),
    /**
     * All runs of the repository and their jobs, once every one has ended.
     * @param {number} [count] how many there have to be, and no more
     */
    ended: (count = 1) =>
      until(`the end of ${count} runs of ${name}`, async () => {
        const runs = await readRuns();
        if (runs.length > count)
          throw new Error(`${runs.length} runs instead of ${count}: ${runs.map((run) => run.path).join(', ')}`);
        const attempts = await Promise.all(runs.map(readAttempt));
        // A run of 1.26 can read `completed` while jobs of it go on.
        const over = attempts.every(({ run, jobs }) => [run, ...jobs].every(({ status }) => status === 'completed'));
        return over && runs.length === count ? attempts : undefined;
      }),
    /** The runs that have ended, the oldest first. */
    over: async () => {
      const attempts = await Promise.all((await readRuns()).map(readAttempt));
      return attempts.filter(({ run, jobs }) => [run, ...jobs].every(({ status }) => status === 'completed'));
    },
    /**
     * The run whose job is in the step of that name.
     * @param {string} step
     */
    inStep: (step) =>
      until(`a step ${step} of ${name}`, async () => {
        for (const run of await readRuns()) {
          const { jobs } = await readAttempt(run);
          const steps = jobs.flatMap((job) => job.steps ?? []);
          if (steps.some((one) => one.name === step && one.status === 'in_progress')) return run;
        }
        return undefined;
      }),
    /** @param {Run} run */
    cancel: (run) => browser.press(`${run.html_url}/cancel`),
    /**
     * Runs all jobs again, or one and those that wait for it.
     * @param {Run} run
     * @param {Job} [job]
     */
    rerun: (run, job) => api.ask('POST', `${place}/actions/runs/${run.id}${job ? `/jobs/${job.id}` : ''}/rerun`),
    /** @param {Job} job */
    log: (job) => api.ask('GET', `${place}/actions/jobs/${job.id}/logs`),
    /** Nothing of it runs any more, nor begins. */
    stop: () => api.ask('PATCH', place, { has_actions: false }),
  };
}
