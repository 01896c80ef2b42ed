// @ts-check
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startIntake } from '../viewer/intake/intake.js';
import { FOLDERS } from './examples.js';
import { start } from './runners.js';
import { startServer } from './server.js';
import { createUsed } from './used.js';
import { REPOSITORY } from './workspace.js';

/** @typedef {import('./runners.js').Found} Found */
/** @typedef {import('./scenarios.js').Scenario} Scenario */
/** @typedef {Awaited<ReturnType<typeof import('./workspace.js').createWorkspace>>} Workspace */
/** @typedef {Awaited<ReturnType<typeof play>>} Played */

/** Not a key of anybody's. */
export const KEY = '0123456789abcdef0123456789abcdef';

/** Milliseconds for one run of a workflow. */
const TIMEOUT = 60_000;

/** What the step says that is to be interrupted; its own text, which runners print too, has a sum there. */
export const WAITS = '42 is the sign';

/** Runs that have the same id are one pipeline, so no two runs on one machine may have it. */
let lastRunId = Date.now();

/**
 * Runs the scenario's workflow under the runner, against an intake and a server of its own.
 * @param {Found} found
 * @param {Scenario} scenario
 * @param {Workspace} workspace
 * @param {string} folder for what the runner keeps
 */
export async function play(found, scenario, workspace, folder) {
  const runId = scenario.serverless ? '1' : `${(lastRunId += 1)}`;
  const server = await startServer(scenario.answers?.(found.runner, runId));
  const intake = await startIntake({ key: KEY, fail: scenario.intake });
  const endings = [];
  const leave = scenario.remote === undefined ? undefined : await workspace.setRemote(scenario.remote);
  try {
    for (let run = 0; run < (scenario.runs ?? 1); run += 1) {
      const home = join(folder, `${run}`);
      await mkdir(home, { recursive: true });
      const { ended, interruptAfter } = start(found, {
        ...(await toWorkflow(scenario, workspace, { folder: home, intake: intake.url })),
        workspace: workspace.path,
        folder: home,
        server: server.url,
        // A run by hand has the id that the runner gives it, which is 1.
        env: {
          ...(scenario.remote ? {} : { GITHUB_REPOSITORY: REPOSITORY }),
          ...(scenario.serverless ? {} : { GITHUB_RUN_ID: runId }),
        },
        secrets: { DD_API_KEY: KEY, ...scenario.secrets },
        vars: { DD_INTAKE_URL: intake.url, EXIT: '0', INNER_EXIT: '0', ...scenario.vars },
        daemon: !scenario.serverless,
        timeout: TIMEOUT,
      });
      if (scenario.interrupted) interruptAfter(WAITS);
      endings.push(await ended);
    }
  } finally {
    await Promise.all([intake.close(), server.close(), leave?.()]);
  }
  return {
    runId,
    endings,
    log: endings.map(({ log }) => log).join('\n'),
    ms: endings.reduce((sum, { ms }) => sum + ms, 0),
    events: intake.events,
    requests: intake.requests,
    problems: intake.problems,
    asked: server.asked,
    bodies: server.bodies,
  };
}

/**
 * What is run, and by which event.
 * @param {Scenario} scenario
 * @param {Workspace} workspace
 * @param {{ folder: string, intake: string }} place
 */
async function toWorkflow({ workflow, example, inputs, remote }, workspace, place) {
  // The payload names the repository too.
  const event = remote === undefined ? workspace.event : undefined;
  if (!example) return { workflow: `e2e/workflows/${workflow}.yml`, event };
  const repositories = await createUsed(workspace.root, example, place);
  const path = `${FOLDERS[example]}/${workflow}.yml`;
  if (!inputs) return { workflow: path, event, repositories };
  const payload = join(place.folder, 'event.json');
  await writeFile(payload, JSON.stringify({ ...JSON.parse(await readFile(workspace.event, 'utf8')), inputs }));
  return { workflow: path, event: payload, repositories, trigger: 'workflow_dispatch' };
}
