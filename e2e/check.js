// @ts-check
import { deepEqual, equal, ok } from 'node:assert/strict';
import { checkHistory } from '../viewer/run/history.js';
import { KEY } from './play.js';

/** @typedef {import('./play.js').Played} Played */
/** @typedef {import('./runners.js').Found} Found */
/** @typedef {import('./scenarios.js').Scenario} Scenario */
/** @typedef {import('./play.js').Workspace} Workspace */

/**
 * Throws at the first thing that is wrong: first what is to hold in every scenario, then what this one is about.
 * @param {Played} played
 * @param {Scenario} scenario
 * @param {Found} found
 * @param {Workspace} workspace
 */
export function check(played, scenario, { runner }, { commit }) {
  const { endings, log, events, problems, requests } = played;
  for (const { code, timedOut } of endings) {
    equal(timedOut, false, 'the run did not end in time');
    equal(code !== 0, Boolean(scenario.fails), `the runner ended with exit code ${code}`);
  }
  checkEvents({ events, problems, requests });
  deepEqual(
    toUnexpected(toWarnings(log), scenario.warnings?.(runner) ?? []),
    { unexpected: [], missing: [] },
    'warnings',
  );
  ok(!log.includes(KEY), 'the log shows the key');
  if (scenario.intake === undefined) deepEqual(new Set(requests.map(({ status }) => status)), new Set([202]));
  for (const { attributes } of events) {
    const { resource } = attributes;
    const name = `${resource.status} ${resource.level} ${resource.name}`;
    if (!scenario.serverless) equal(attributes.provider_name, runner.provider, `provider of ${name}`);
    equal(resource.git?.sha ?? commit.sha, commit.sha, `commit of ${name}`);
    if (resource.level === 'pipeline') equal(resource.pipeline_id, played.runId, `run id of ${name}`);
    if (resource.end === undefined || scenario.remote !== undefined) continue;
    // The checkout came before, so the work tree tells whose commit it is.
    equal(resource.git?.sha, commit.sha, `commit of ${name}`);
    equal(resource.git?.author_email, commit.author.email, `author of ${name}`);
    equal(resource.git?.branch, commit.branch, `branch of ${name}`);
  }
  scenario.check({ ...played, runner });
}

/**
 * What holds of all that an intake received, whatever the run was about.
 * @param {Pick<import('../viewer/intake/intake.js').Intake, 'events' | 'problems' | 'requests'>} received
 */
export function checkEvents({ events, problems, requests }) {
  deepEqual(problems, [], 'the intake objects');
  deepEqual(checkHistory(events, { allowOrphans: false }), [], 'the events contradict each other');
  ok(!JSON.stringify(requests.map(({ body }) => body)).includes(KEY), 'an event holds the key');
}

/**
 * The texts of the warnings and errors in the log; a runner may show one twice.
 * @param {string} log
 */
function toWarnings(log) {
  const texts = [...log.matchAll(/::(?:warning|error)::(.*)$/gm)].map(([, text = '']) => text.trim());
  return [...new Set(texts)];
}

/**
 * @param {string[]} texts
 * @param {string[]} beginnings
 */
const toUnexpected = (texts, beginnings) => ({
  unexpected: texts.filter((text) => !beginnings.some((beginning) => text.startsWith(beginning))),
  missing: beginnings.filter((beginning) => !texts.some((text) => text.startsWith(beginning))),
});
