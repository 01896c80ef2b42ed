// `npm run e2e`: the action as it is built, under every runner that is found here, against an intake of our own.
// @ts-check
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { check } from './check.js';
import { toOutline } from './outline.js';
import { play } from './play.js';
import { BIN, find, RUNNERS } from './runners.js';
import { SCENARIOS } from './scenarios.js';
import { createWorkspace } from './workspace.js';

/** @typedef {import('./play.js').Workspace} Workspace */
/** @typedef {import('./runners.js').Found} Found */
/** @typedef {import('./scenarios.js').Scenario} Scenario */

/** @typedef {{ ms: number, problem?: string }} Result */

const { values } = parseArgs({
  options: {
    /** The repository whose action is run. */
    root: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) },
    /** Names of runners that have to be there, separated by commas. */
    require: { type: 'string', default: '' },
    /** A part of the names of the scenarios to run. */
    only: { type: 'string', default: '' },
    /** Leaves the runners' folders and logs. */
    keep: { type: 'boolean', default: false },
  },
});

/**
 * @param {Found} found
 * @param {Scenario} scenario
 * @param {Workspace} workspace
 * @param {string} folder
 * @returns {Promise<Result>}
 */
async function run(found, scenario, workspace, folder) {
  const played = await play(found, scenario, workspace, folder);
  const { log, events, ms } = played;
  await writeFile(join(folder, 'log.txt'), log);
  await writeFile(join(folder, 'events.json'), JSON.stringify(events, undefined, 2));
  try {
    check(played, scenario, found, workspace);
    return { ms };
  } catch (error) {
    const facts = [error instanceof Error ? error.message : `${error}`, JSON.stringify(toOutline(events)), tail(log)];
    return { ms, problem: facts.join('\n') };
  }
}

/** @param {string} log */
const tail = (log) =>
  log
    .trimEnd()
    .split('\n')
    .slice(-40)
    .map((line) => line.slice(0, 300))
    .join('\n');

/**
 * @param {string[]} first
 * @param {string[][]} rows
 */
function toTable(first, rows) {
  const all = [first, ...rows];
  const widths = first.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}

const required = values.require.split(',').filter(Boolean);
const unknown = required.filter((name) => !RUNNERS.some((runner) => runner.name === name));
if (unknown.length > 0)
  throw new Error(`--require knows ${RUNNERS.map(({ name }) => name).join(', ')}, not ${unknown.join(', ')}`);

const found = RUNNERS.flatMap((runner) => find(runner) ?? []);
const missing = RUNNERS.filter((runner) => !found.some((one) => one.runner === runner));
for (const { runner, program, version } of found)
  console.log(`${runner.name} ${version} (pinned: ${runner.version}): ${program}`);
for (const runner of missing) {
  console.log(
    `${runner.name} not found in ${BIN} nor on PATH: ${runner.install.replaceAll('VERSION', runner.version)}`,
  );
}
console.log(`Node ${process.version}\n`);

const folder = await mkdtemp(join(tmpdir(), 'e2e-'));
const workspace = await createWorkspace(resolve(values.root), folder);
const scenarios = SCENARIOS.filter(({ name }) => name.includes(values.only));
/** @type {Result[]} */
const results = [];
/** @type {string[][]} */
const rows = [];
for (const [number, scenario] of scenarios.entries()) {
  const row = [scenario.name];
  for (const one of found) {
    if (scenario.only?.(one.runner) === false || (one.runner.standIn && scenario.serverless)) {
      row.push('-');
      continue;
    }
    const place = await mkdtemp(join(folder, `${number + 1}-${one.runner.name}-`));
    const result = await run(one, scenario, workspace, place);
    results.push(result);
    row.push(`${result.problem === undefined ? 'ok' : 'FAILED'} ${(result.ms / 1000).toFixed(1)} s`);
    if (result.problem !== undefined) console.log(`-- ${scenario.name}, ${one.runner.name}: ${result.problem}\n`);
    if (!values.keep) await rm(place, { recursive: true, force: true });
  }
  rows.push(row);
}

if (found.length > 0)
  console.log(`${toTable(['', ...found.map(({ runner, version }) => `${runner.name} ${version}`)], rows)}\n`);
if (values.keep) console.log(`kept: ${folder}`);
else await rm(folder, { recursive: true, force: true });

const failed = results.filter(({ problem }) => problem !== undefined).length;
const lacking = missing.map(({ name }) => name).filter((name) => required.includes(name));
if (lacking.length > 0) console.log(`Required, but not found: ${lacking.join(', ')}`);
if (found.length === 0) console.log('No runner was found, so nothing is shown to work.');
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 || lacking.length > 0 || results.length === 0 ? 1 : 0;
