// @ts-check
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPrograms } from './actions.js';
import { parseCommandFile, parseCommands } from './command.js';

/** @typedef {Record<string, string | undefined>} Variables where undefined is as good as absent */

/**
 * @typedef {object} JobOptions
 * @property {Variables} [env]
 * @property {unknown} [event] the payload; a text is written as it is, so that it can be broken
 * @property {string} [node]
 * @property {string} [temp] the folder in which the job's own folder is made
 * @property {number} [timeout] the milliseconds after which a stage is killed
 */

/**
 * One `uses:` of the action in `action`, such as `update`, or of that at the root; or of bundles elsewhere: `dist` holds
 * a folder per stage with an index.js in it, called `main` and `post` unless said otherwise.
 * @typedef {{ action?: string, dist?: string, main?: string, post?: string, inputs?: Variables }} StepOptions
 */

/** @typedef {{ inputs?: Variables, env?: Variables, timeout?: number }} StageOptions what holds for this stage only */

/**
 * How the process ended.
 * @typedef {object} Ending
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal
 * @property {boolean} timedOut whether it had to be killed
 * @property {string} stdout
 * @property {string} stderr
 * @property {number} ms
 */

/**
 * What it left to the runner.
 * @typedef {object} Traces
 * @property {Record<string, string>} outputs
 * @property {Record<string, string>} state
 * @property {Record<string, string>} exported
 * @property {string[]} paths
 * @property {string} summary
 */

/** @typedef {Ending & Traces} StageResult */
/** @typedef {Awaited<ReturnType<typeof startJob>>} Job */
/** @typedef {ReturnType<Job['step']>} Step */

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const COMMAND_FILES = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY'];

/**
 * A job whose steps run as a runner would run them: they see the given environment, what the runner sets, and of the
 * parent's variables nothing but PATH and HOME.
 * @param {JobOptions} [options]
 */
export async function startJob({ env = {}, event, node = process.execPath, temp = tmpdir(), timeout = 60_000 } = {}) {
  const folder = await mkdtemp(join(temp, 'job-'));
  const commands = join(folder, 'commands');
  const { PATH, HOME } = process.env;
  /** @type {Variables} */
  const jobEnv = {
    PATH,
    HOME,
    RUNNER_TEMP: join(folder, 'temp'),
    GITHUB_WORKSPACE: join(folder, 'workspace'),
    ...(event === undefined ? {} : { GITHUB_EVENT_PATH: join(folder, 'event.json') }),
    ...env,
  };
  await Promise.all(['commands', 'temp', 'workspace'].map((name) => mkdir(join(folder, name))));
  if (event !== undefined) {
    await writeFile(join(folder, 'event.json'), typeof event === 'string' ? event : JSON.stringify(event));
  }

  /**
   * @param {string} entry
   * @param {Variables} env
   * @param {number} [most]
   * @returns {Promise<StageResult>}
   */
  const runStage = async (entry, env, most = timeout) => {
    const files = Object.fromEntries(COMMAND_FILES.map((name) => [name, join(commands, `${name}_${randomUUID()}`)]));
    await Promise.all(Object.values(files).map((file) => writeFile(file, '')));
    const ending = await run(node, entry, { ...jobEnv, ...files, ...env }, join(folder, 'workspace'), most);
    const traces = toTraces(ending.stdout, await Promise.all(COMMAND_FILES.map((name) => read(files[name]))));
    Object.assign(jobEnv, traces.exported);
    // The line that is added last comes first.
    for (const path of traces.paths) jobEnv['PATH'] = [path, jobEnv['PATH']].join(delimiter);
    return { ...ending, ...traces };
  };

  return {
    /** The folder of the job, with `temp` and `workspace` in it. */
    folder,
    /** What the next stages see, with everything that was exported so far. */
    env: jobEnv,
    /** @param {StepOptions} [options] */
    step({ action, dist = DIST, main = 'main', post = 'post', inputs = {} } = {}) {
      /** @type {Record<string, string>} */
      const state = {};
      const programs = action === undefined ? {} : readPrograms(action);
      /** @type {(program: string, options: StageOptions, given: Variables) => Promise<StageResult>} */
      const run = async (program, { inputs: more = {}, env = {}, timeout: most }, given) => {
        const variables = { ...toInputs({ ...inputs, ...more }), ...given, ...env };
        const result = await runStage(program, variables, most);
        Object.assign(state, result.state);
        return result;
      };
      return {
        /** @param {StageOptions} [options] */
        main: (options = {}) => run(programs.main ?? join(dist, main, 'index.js'), options, {}),
        /** @param {StageOptions} [options] */
        post: (options = {}) => run(programs.post ?? join(dist, post, 'index.js'), options, prefixed('STATE_', state)),
      };
    },
    /** Removes the job's folder. */
    end: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * @param {string} node
 * @param {string} entry
 * @param {Variables} env
 * @param {string} cwd
 * @param {number} timeout
 * @returns {Promise<Ending>}
 */
function run(node, entry, env, cwd, timeout) {
  const started = performance.now();
  const child = spawn(node, [entry], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr, timedOut] = ['', '', false];
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const timer = setTimeout(() => {
    timedOut = true;
    stderr += `\nkilled: ${entry} did not end within ${timeout} ms\n`;
    child.kill('SIGKILL');
  }, timeout);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, timedOut, stdout, stderr, ms: Math.round(performance.now() - started) });
    });
  });
}

/**
 * @param {string} stdout
 * @param {string[]} files the texts of the command files, in their order
 * @returns {Traces}
 */
const toTraces = (stdout, [outputs = '', state = '', exported = '', paths = '', summary = '']) => ({
  outputs: { ...parseCommands(stdout, 'set-output'), ...parseCommandFile(outputs) },
  state: { ...parseCommands(stdout, 'save-state'), ...parseCommandFile(state) },
  exported: parseCommandFile(exported),
  paths: paths.split(/\r?\n/).filter(Boolean),
  summary,
});

/**
 * The variables that inputs become; act-type runners and GitHub agree where names have letters, digits and hyphens only.
 * @param {Variables} inputs
 */
const toInputs = (inputs) =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  );

/**
 * @param {string} prefix
 * @param {Record<string, string>} values
 */
const prefixed = (prefix, values) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));

/** @param {string | undefined} file */
const read = async (file) => (file === undefined ? '' : readFile(file, 'utf8').catch(() => ''));
