// @ts-check
import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { MADE_UP, readCommit } from './demo/commit.js';
import { renderLog } from './demo/log.js';
import { playObserved } from './demo/observed.js';
import { playOne } from './demo/one.js';
import { CANCELLED, FAILED, playSeveral, RETRIED } from './demo/several.js';
import { renderWaterfall } from './demo/waterfall.js';
import { checkHistory } from './run/history.js';
import { readPrograms } from './runner/actions.js';
import { isWatched, openBrowser } from './server/open.js';
import { startViewer } from './server/server.js';

/** @typedef {import('./run/event.js').CiEvent} CiEvent */
/** @typedef {import('./runner/runner.js').StageResult} StageResult */

const HELP = `Usage: npm run demo -- [options]

Runs this action as GitHub would, against an intake of its own, and shows what Datadog would: one job, several jobs with a
failure, a retry, a cancelled run, and a run that observe/ reports. No account, no install.

  --json        print the payloads alone, one a line, as npm run -s demo -- --json > payloads.json
  --html FILE   where the page is written when the demo ends by itself; else in a temporary folder
  --no-open     don't open a browser
  --help        show this

In a terminal the page stays open till Ctrl+C. Elsewhere, or where CI is set, the demo ends by itself and leaves the page.
`;

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** @typedef {{ json: boolean, html: string | undefined, 'no-open': boolean, help: boolean }} Options */

/** @returns {Options} */
function parseOptions() {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      html: { type: 'string' },
      'no-open': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return { ...values, html: values.html };
}

/** @param {Options} options */
async function main(options) {
  if (options.help) return void process.stdout.write(HELP);
  const missing = ['', 'observe']
    .flatMap((action) => Object.values(readPrograms(action)))
    .find((path) => !existsSync(path));
  if (missing) throw new Error('dist/ is missing: run "npm ci && npm run build", then "npm run demo" again.');
  /** @type {CiEvent[]} */
  const events = [];
  /** @type {string[]} */
  const problems = [];
  const viewer = await startViewer({
    onRequest(request) {
      problems.push(...request.problems.flat());
      if (request.isAccepted) events.push(...request.elements);
      if (options.json) console.log(JSON.stringify({ data: request.elements }));
    },
  });
  const stays = isWatched(process.env, process.stdout) && !options.json;
  if (stays && !options['no-open']) openBrowser(viewer.url);
  const commit = await readCommit(ROOT);
  const print = options.json ? () => {} : printPart;
  if (stays) print('watch it live', viewer.url);
  if (!commit) print('commit', 'Not a git checkout with a commit: a made-up one it is.');
  const isWell = await play({ commit: commit ?? MADE_UP, intake: viewer.url }, events, print);
  problems.push(...checkHistory(events));
  if (problems.length > 0) print('problems', problems.join('\n'));
  process.exitCode = isWell && problems.length === 0 ? 0 : 1;
  if (stays) return console.log(`Open ${viewer.url}\nIt is there till Ctrl+C.`);
  const page = viewer.page.render({ records: viewer.store.records(), isLive: false, now: Date.now() });
  await viewer.close();
  if (!options.json || options.html) await leave(page, options);
}

/**
 * @param {import('./demo/stage.js').Stage} stage
 * @param {CiEvent[]} events that the intake has accepted so far
 * @param {(title: string, text: string) => void} print
 * @returns {Promise<boolean>} whether all went well
 */
async function play(stage, events, print) {
  const one = await playOne(stage);
  print('main', log(one.main));
  print('a step of the job', one.told);
  print('post', log(one.post));
  print('what Datadog would show', renderWaterfall(events, { color: process.stdout.isTTY }));
  let shown = events.length;
  /** @param {string} title */
  const show = (title) => {
    print(title, renderWaterfall(events.slice(shown), { color: process.stdout.isTTY }));
    shown = events.length;
  };
  const failed = await playSeveral(FAILED, stage);
  show('a run of several jobs');
  await playSeveral(RETRIED, stage, failed);
  show('its failed job, run again');
  await playSeveral(CANCELLED, stage);
  show('a run that was cancelled');
  const observed = await playObserved(stage);
  show('a run that observe/ reports from outside');
  const statuses = events.map(({ attributes: { resource } }) => `${resource.level} ${resource.status}`);
  const isAllThere = ['success', 'error', 'canceled'].every((status) => statuses.includes(`pipeline ${status}`));
  return isAllThere && [one.main, one.post, observed].every(({ code }) => code === 0);
}

/**
 * @param {string} page
 * @param {Options} options
 */
async function leave(page, { html, json }) {
  const file = html ? resolve(html) : join(await mkdtemp(join(tmpdir(), 'datadog-pipeline-events-')), 'demo.html');
  await writeFile(file, page);
  const say = json ? console.error : console.log;
  say(`Open ${pathToFileURL(file)}`);
}

/** @param {StageResult} result */
const log = ({ code, stdout, stderr, ms }) =>
  [renderLog(stdout), stderr.trim(), `(exit code ${code}, ${ms} ms)`].filter(Boolean).join('\n');

/**
 * @param {string} title
 * @param {string} text
 */
function printPart(title, text) {
  console.log(`${title}\n${text.replace(/^/gm, '  ')}\n`);
}

try {
  await main(parseOptions());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
