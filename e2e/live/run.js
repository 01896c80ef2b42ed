// `npm run e2e:live`: the action as it is built, on a Gitea server with its runner, against intakes of our own.
// @ts-check
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BIN } from '../runners.js';
import { startGitea } from './gitea.js';
import { NAME as LOOK, playLook } from './look.js';
import { createOrganisation } from './organisation.js';
import { play } from './play.js';
import { readRecipe } from './recipe.js';
import { startRunner } from './runner.js';
import { SCENARIOS } from './scenarios.js';

const { values } = parseArgs({
  options: {
    /** The repository whose action is run. */
    root: { type: 'string', default: fileURLToPath(new URL('../..', import.meta.url)) },
    /** A part of the names of the scenarios to play. */
    only: { type: 'string', default: '' },
    /** Leaves the folders of the server and the runner, with their logs, and the events of each scenario. */
    keep: { type: 'boolean', default: false },
  },
});

const root = resolve(values.root);
const folder = await mkdtemp(join(tmpdir(), 'e2e-live-'));
/** @type {(() => Promise<unknown>)[]} */
const endings = [];

/** Ends what was started, the last one first. */
async function cleanUp() {
  for (let end = endings.pop(); end; end = endings.pop()) await end();
  if (values.keep) console.log(`kept: ${folder}`);
  else await rm(folder, { recursive: true, force: true });
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await cleanUp();
    process.exit(1);
  });
}

async function main() {
  process.exitCode = 1;
  const missing = ['gitea', 'gitea-runner'].filter((program) => !existsSync(join(BIN, program)));
  if (missing.length > 0)
    return console.log(`${missing.join(' and ')} not found in ${BIN}: e2e/install.sh installs what can be had`);

  const gitea = await startGitea(join(folder, 'gitea'));
  endings.push(gitea.stop);
  const runner = await startRunner(gitea, join(folder, 'runner'));
  endings.push(runner.stop);
  console.log(`Gitea ${gitea.version}, ${runner.version}, Node ${process.version}\n`);
  await createOrganisation(gitea, root, folder);

  const site = { gitea, folder, root, recipe: await readRecipe(root) };
  const scenarios = SCENARIOS.filter(({ name }) => name.includes(values.only));
  // All at once, as on a server that people use; the runner takes the jobs as it can.
  const playing = scenarios.map((scenario, index) => play(scenario, `scenario-${index + 1}`, site));
  if (LOOK.includes(values.only)) playing.push(playLook(site));
  let failed = 0;
  for (const result of playing) {
    const { name, ms, problem } = await result;
    if (problem !== undefined) failed += 1;
    console.log(`${problem === undefined ? 'ok' : 'FAILED'}  ${name}  ${(ms / 1000).toFixed(1)} s`);
    if (problem !== undefined) console.log(problem.replaceAll(/^/gm, '    '));
  }
  console.log(`\n${playing.length - failed} passed, ${failed} failed`);
  if (failed === 0 && playing.length > 0) process.exitCode = 0;
}

try {
  await main();
} finally {
  await cleanUp();
}
