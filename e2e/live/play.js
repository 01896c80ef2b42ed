// @ts-check
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startIntake } from '../../viewer/intake/intake.js';
import { lastOf, toOutline } from '../outline.js';
import { readExample } from './examples.js';
import { check } from './check.js';
import { createRepository } from './repository.js';
import { until } from './until.js';

/** @typedef {import('./repository.js').Attempt} Attempt */
/** @typedef {import('./repository.js').Repository} Repository */
/** @typedef {import('./scenarios.js').Scenario} Scenario */

/** @typedef {{ gitea: import('./gitea.js').Gitea, folder: string, root: string, recipe: string }} Site */
/** @typedef {{ name: string, ms: number, problem?: string }} Result */

/** Milliseconds for the last events: after a cancel the server calls a job ended before its runner knows. */
const LAST_WORD = 60_000;

/**
 * Plays a scenario in a repository of its own, whose events go to an intake of their own.
 * @param {Scenario} scenario
 * @param {string} place name of the repository
 * @param {Site} site
 * @returns {Promise<Result>}
 */
export async function play(scenario, place, { gitea, folder, root, recipe }) {
  const started = performance.now();
  const toResult = () => ({ name: scenario.name, ms: performance.now() - started });
  const intake = await startIntake();
  /** @type {Repository | undefined} */
  let repository;
  /** @type {Attempt[]} */
  let attempts = [];
  try {
    repository = await createRepository(gitea, folder, {
      name: place,
      variables: { DD_INTAKE_URL: intake.url, ...scenario.variables },
      fill: (path) => writeWorkflows(path, scenario, { root, recipe }),
    });
    attempts = (await scenario.play?.(repository)) ?? (await repository.ended());
    // Without them the check says what is missing.
    await until('the last events', () => (isOver(scenario, intake.events) ? true : undefined), LAST_WORD).catch(
      () => {},
    );
    const problems = await check(scenario, attempts, intake);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    return toResult();
  } catch (error) {
    const facts = [error instanceof Error ? error.message : `${error}`, JSON.stringify(toOutline(intake.events))];
    const logs = repository ? await readLogs(repository, attempts).catch(() => []) : [];
    return { ...toResult(), problem: [...facts, ...logs].join('\n') };
  } finally {
    await writeFile(
      join(folder, `${place}.json`),
      JSON.stringify({ scenario, attempts, events: intake.events }, undefined, 2),
    );
    await repository?.stop().catch(() => {});
    await intake.close();
  }
}

/**
 * @param {string} path
 * @param {Scenario} scenario
 * @param {Pick<Site, 'root' | 'recipe'>} site
 */
async function writeWorkflows(path, { workflow, examples, recipe: isObserved }, { root, recipe }) {
  const folder = join(path, '.gitea/workflows');
  await mkdir(folder, { recursive: true });
  for (const name of examples ?? [])
    await writeFile(join(folder, `${name}.yml`), await readExample(root, `${name}.yml`));
  if (workflow) await cp(join(import.meta.dirname, `workflows/${workflow}.yml`), join(folder, `${workflow}.yml`));
  if (isObserved) await writeFile(join(folder, 'datadog.yml'), recipe);
}

/**
 * Whether as many pipelines are told of as there are, and nothing of them goes on that somebody ends.
 * @param {Scenario} scenario
 * @param {import('../../viewer/run/event.js').CiEvent[]} events
 */
function isOver({ says, open }, events) {
  const pipelines = lastOf(events, 'pipeline');
  const ending = [...(open ? [] : pipelines), ...lastOf(events, 'job')];
  return pipelines.length >= says.length && ending.every(({ end }) => end !== undefined);
}

/**
 * What this action said in each job, if it said anything. A runner may show a line twice.
 * @param {Repository} repository
 * @param {Attempt[]} attempts
 */
async function readLogs(repository, attempts) {
  const jobs = attempts.flatMap((attempt) => attempt.jobs).filter(({ run_attempt: count }) => count > 0);
  const logs = await Promise.all(jobs.map(async (job) => ({ name: job.name, text: await repository.log(job) })));
  return logs.flatMap(({ name, text }) => {
    const said = [...text.matchAll(/::(?:warning|error|notice)::.*$/gm)].map(
      ([line]) => `${name}: ${line.trim().slice(0, 400)}`,
    );
    return [...new Set(said)];
  });
}
