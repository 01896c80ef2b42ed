// @ts-check
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startIntake } from '../../viewer/intake/intake.js';
import { differ } from './differ.js';
import { check } from './check.js';
import { createRepository, OWNER } from './repository.js';
import { until } from './until.js';

/** @typedef {import('../../viewer/run/event.js').CiEvent} CiEvent */
/** @typedef {import('./play.js').Result} Result */
/** @typedef {import('./play.js').Site} Site */
/** @typedef {import('./repository.js').Attempt} Attempt */
/** @typedef {import('./repository.js').Repository} Repository */
/** @typedef {import('./scenarios.js').Scenario} Scenario */

export const NAME = 'scheduled look at two repositories that know nothing of it';

/** Workflows of people who have never heard of this action, by repository and file. */
const WORKFLOWS = {
  'look-shop': {
    '1-compile': 'jobs: { compile: { runs-on: ubuntu-latest, steps: [{ name: Make, run: "true" }] } }',
    '2-smoke': 'jobs: { smoke: { runs-on: ubuntu-latest, steps: [{ name: Make, run: exit 1 }] } }',
    '3-release': `jobs:
  prepare: { runs-on: ubuntu-latest, steps: [{ name: Make, run: "true" }] }
  check:
    needs: prepare
    runs-on: ubuntu-latest
    strategy: { matrix: { node: [20, 24] } }
    steps: [{ name: Make, run: "true" }]
  publish: { needs: [prepare, check], runs-on: ubuntu-latest, steps: [{ name: Make, run: "true" }] }`,
  },
  'look-site': {
    '4-site': `jobs:
  build: { runs-on: ubuntu-latest, steps: [{ name: Make, run: "true" }] }
  deploy: { needs: build, if: github.event_name == 'schedule', runs-on: ubuntu-latest, steps: [{ run: "true" }] }`,
    '5-docs': 'jobs: { docs: { runs-on: ubuntu-latest, steps: [{ name: Make, run: "true" }] } }',
  },
};

/** The workflow of docs/organisation.md, as often as the server allows. */
const LOOK = `name: Datadog
on: { schedule: [{ cron: '* * * * *' }] }
permissions: { actions: read, contents: read }
concurrency: { group: datadog }
jobs:
  datadog:
    runs-on: ubuntu-latest
    steps:
      - uses: ${OWNER}/datadog-pipeline-events/observe@main
        with:
          api-key: \${{ secrets.DD_API_KEY }}
          intake-url: \${{ vars.DD_INTAKE_URL }}
          token: \${{ secrets.READER }}
          repositories: |
            ${Object.keys(WORKFLOWS)
              .map((name) => `${OWNER}/${name}`)
              .join('\n            ')}
`;

/** @type {Scenario} what the server has to say of the five, by their files' names */
const FIVE = {
  name: NAME,
  workflow: '',
  observed: true,
  says: [
    ['success', { compile: 'success' }],
    ['failure', { smoke: 'failure' }],
    ['success', { prepare: 'success', 'check (20)': 'success', 'check (24)': 'success', publish: 'success' }],
    ['success', { build: 'success', deploy: 'skipped' }],
    ['success', { docs: 'success' }],
  ],
  needs: {
    'check (20)': ['prepare'],
    'check (24)': ['prepare'],
    publish: ['prepare', 'check (20)', 'check (24)'],
    deploy: ['build'],
  },
  check: (events) => {
    const steps = events.map(({ attributes: { resource } }) => resource).filter(({ level }) => level === 'step');
    const made = new Set(steps.filter(({ name }) => name === 'Make').map(({ id }) => id));
    return differ('jobs whose step "Make" is told', made.size, 8);
  },
};

/**
 * Lets five workflows of two repositories end, then looks at them twice from a third one.
 * @param {Site} site
 * @returns {Promise<Result>}
 */
export async function playLook({ gitea, folder }) {
  const started = performance.now();
  const intake = await startIntake();
  /** @type {Repository[]} */
  const repositories = [];
  try {
    for (const [name, files] of Object.entries(WORKFLOWS)) {
      const fill = (/** @type {string} */ path) => write(path, Object.entries(files).map(toFile));
      repositories.push(await createRepository(gitea, folder, { name, fill }));
    }
    const ended = await Promise.all(
      Object.values(WORKFLOWS).map((files, index) => repositories[index]?.ended(Object.keys(files).length)),
    );
    const attempts = ended.flatMap((some) => some ?? []).toSorted((a, b) => (a.run.path < b.run.path ? -1 : 1));
    const looker = await createLooker({ gitea, folder }, intake.url, repositories);
    const first = await lookAgain(looker, 1);
    const problems = [...first.problems, ...(await check(FIVE, attempts, intake))];
    const told = toTold(intake.events);
    const second = await lookAgain(looker, 2);
    problems.push(...second.problems, ...differ('what the second look changes', toTold(intake.events), told));
    if (second.since <= first.since)
      problems.push(`the second look goes back to ${second.since}, the first to ${first.since}`);
    return {
      name: NAME,
      ms: performance.now() - started,
      ...(problems.length > 0 ? { problem: problems.join('\n') } : {}),
    };
  } catch (error) {
    return {
      name: NAME,
      ms: performance.now() - started,
      problem: error instanceof Error ? `${error.stack}` : `${error}`,
    };
  } finally {
    await writeFile(join(folder, 'look.json'), JSON.stringify({ events: intake.events }, undefined, 2));
    await Promise.all(repositories.map((repository) => repository.stop().catch(() => {})));
    await intake.close();
  }
}

/** @param {[string, string]} file */
const toFile = ([name, jobs]) => /** @type {[string, string]} */ ([name, `name: ${name}\non: push\n${jobs}\n`]);

/**
 * @param {string} path
 * @param {[string, string][]} files
 */
async function write(path, files) {
  const workflows = join(path, '.gitea/workflows');
  await mkdir(workflows, { recursive: true });
  for (const [name, text] of files) await writeFile(join(workflows, `${name}.yml`), text);
}

/**
 * The repository that looks; its token is that of somebody who may read the others.
 * @param {Pick<Site, 'gitea' | 'folder'>} site
 * @param {string} intake
 * @param {Repository[]} repositories
 */
async function createLooker({ gitea, folder }, intake, repositories) {
  const name = 'look-ops';
  const looker = await createRepository(gitea, folder, {
    name,
    variables: { DD_INTAKE_URL: intake },
    fill: (path) => write(path, [['datadog', LOOK]]),
  });
  repositories.push(looker);
  await gitea.api.ask('PUT', `/repos/${OWNER}/${name}/actions/secrets/READER`, { data: gitea.token });
  return looker;
}

/**
 * The end of a scheduled look, its own words, and since when it looked.
 * @param {Repository} looker
 * @param {number} count which one it is
 */
async function lookAgain(looker, count) {
  const attempt = await until(`look ${count}`, async () => (await looker.over())[count - 1]);
  const [job] = attempt.jobs;
  const log = job ? await looker.log(job) : '';
  const [, reported = '', since = ''] = /Datadog: (\d+) runs that ended since (\S+) reported/.exec(log) ?? [];
  return {
    since,
    problems: [
      ...differ(`look ${count}`, attempt.run.conclusion, 'success'),
      ...differ(`runs of look ${count}`, reported, '5'),
      ...[...log.matchAll(/::(?:warning|error)::.*$/gm)].map(([line]) => line),
      ...(/look-shop|look-site|compile/.test(
        log
          .replace(/repositories: \|?[\s\S]*?##\[|^.*repositories.*$/gm, '')
          .split('Datadog: ')
          .slice(1)
          .join(),
      )
        ? [`look ${count} names what is not of its repository`]
        : []),
    ],
  };
}

/** @param {CiEvent[]} events */
const toTold = (events) => [...new Set(events.map((event) => JSON.stringify(event)))].sort();
