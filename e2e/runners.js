// @ts-check
import { execFileSync, spawn } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/**
 * A workflow to run.
 * @typedef {object} Job
 * @property {string} workflow path below the workspace
 * @property {string} workspace folder of the repository that is pushed
 * @property {string} folder for what the runner keeps: its home, its caches
 * @property {string} server base URL of the server that is not there
 * @property {string} [event] path of the push event's payload
 * @property {Record<string, string>} env
 * @property {Record<string, string>} secrets
 * @property {Record<string, string>} vars
 * @property {string} [trigger] the event; absent: a push
 * @property {Record<string, string>} [repositories] folders in place of repositories, by what workflows write behind `uses:`
 * @property {boolean} [daemon] false: as by hand, without what the runner's daemon sets for a job of a server
 * @property {number} timeout milliseconds
 */

/** @typedef {{ status: 'success' | 'error' | 'canceled', source?: string }} Outcome the final status, and its tag `status_source` */

/**
 * A runner, as far as the scenarios differ by it.
 * @typedef {object} Runner
 * @property {string} name
 * @property {string} version the pinned one
 * @property {string[]} programs names under which it may stand in a folder
 * @property {RegExp} says what `--version` answers, its version in the first group
 * @property {string} install
 * @property {(job: Job) => string[]} args
 * @property {NodeJS.Signals} interrupt what Ctrl-C sends
 * @property {string} provider the provider's name in events
 * @property {string} apiPath path of the API below the server's address
 * @property {boolean} knowsEvent whether it hands the event and its payload to steps
 * @property {boolean} countsJobAttempts whether attempts count per job on this kind of server
 * @property {Outcome} success what a good end is known as, where nobody wrote `status` and no API can be asked
 * @property {Outcome} failure
 * @property {Outcome} cancel of a job that writes `status`
 * @property {Outcome} cancelInComposite the same, the action inside a composite action
 * @property {boolean} [standIn] in place of one that may not be had; it proves nothing of runs by hand
 */

/** @typedef {{ runner: Runner, program: string, version: string }} Found */

/** @typedef {{ code: number | null, timedOut: boolean, log: string, ms: number }} Ending */

const VERSIONS = Object.fromEntries(
  readFileSync(new URL('versions.env', import.meta.url), 'utf8')
    .split('\n')
    .flatMap((line) => (/^\w+=/.test(line) ? [line.split('=')] : [])),
);

/** Where install.sh puts the runners. */
export const BIN =
  process.env['E2E_BIN'] ||
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'datadog-pipeline-events-e2e/bin');

/** @param {Job} job */
const common = ({ workflow, env, secrets, vars }) => [
  '-W',
  workflow,
  '--use-gitignore=false',
  ...pairs('--env', env),
  ...pairs('--secret', secrets),
  ...pairs('--var', vars),
];

/**
 * @param {string} option
 * @param {Record<string, string>} values
 */
const pairs = (option, values) => Object.entries(values).flatMap(([name, value]) => [option, `${name}=${value}`]);

/** @type {Runner} */
const act = {
  name: 'act',
  version: VERSIONS['ACT_VERSION'] ?? '',
  programs: ['act'],
  says: /^act version (\S+)/,
  install: 'e2e/install.sh, or: go install github.com/nektos/act@VERSION',
  args: (job) => [
    job.trigger ?? 'push',
    ...common(job),
    ...['-P', 'ubuntu-latest=-self-hosted', '-P', 'docker=-self-hosted', '--no-cache-server'],
    ...pairs('--local-repository', job.repositories ?? {}),
    // Else it looks for an address of this machine's, and stops where there is none.
    ...['--artifact-server-addr', '127.0.0.1', '--cache-server-addr', '127.0.0.1'],
    ...['--env', `GITHUB_API_URL=${job.server}`],
    ...(job.event === undefined ? [] : ['--eventpath', job.event]),
  ],
  interrupt: 'SIGINT',
  provider: 'act',
  apiPath: '',
  knowsEvent: true,
  countsJobAttempts: false,
  success: { status: 'success' },
  failure: { status: 'error' },
  cancel: { status: 'canceled' },
  cancelInComposite: { status: 'canceled' },
};

/** @type {Runner} */
const gitea = {
  name: 'gitea-runner',
  version: VERSIONS['GITEA_RUNNER_VERSION'] ?? '',
  programs: ['gitea-runner', 'act_runner'],
  says: /^(?:gitea-runner|act_runner) version (\S+)/,
  install:
    'e2e/install.sh; `go install gitea.com/gitea/runner@VERSION` works where the module proxy lists its versions',
  args: (job) => [
    'exec',
    ...common(job),
    ...['-i', '-self-hosted', '-E', 'push', '--gitea-instance', job.server],
    ...[
      '--artifact-server-addr',
      '127.0.0.1',
      '--artifact-server-port',
      '0',
      '--artifact-server-path',
      join(job.folder, 'artifacts'),
    ],
    // internal/app/run/runner.go of the daemon sets it; `exec` does not.
    ...(job.daemon === false ? [] : ['--env', 'GITEA_ACTIONS=true']),
  ],
  interrupt: 'SIGINT',
  provider: 'gitea',
  apiPath: '/api/v1',
  knowsEvent: false,
  countsJobAttempts: true,
  // Its post sees the default of `job-status` as main saw it.
  success: { status: 'success', source: 'assumed' },
  failure: { status: 'success', source: 'assumed' },
  // Below 2.0.0 the interrupted step counts as failed.
  cancel: { status: 'error' },
  cancelInComposite: { status: 'success', source: 'assumed' },
};

/** Read in its source, never run: see docs/develop/runner-facts.md. */
/** @type {Runner} */
const forgejo = {
  name: 'forgejo-runner',
  version: VERSIONS['FORGEJO_RUNNER_VERSION'] ?? '',
  programs: ['forgejo-runner', 'runner'],
  says: /^forgejo-runner version (\S+)/,
  install: 'e2e/install.sh, or its program from code.forgejo.org/forgejo/runner on PATH; go may be refused the module',
  args: (job) => [
    'exec',
    ...common(job),
    ...['-i', '-self-hosted', '-E', 'push', '--forgejo-instance', job.server],
    ...(job.daemon === false ? [] : ['--env', 'FORGEJO_ACTIONS=true', '--env', 'GITEA_ACTIONS=true']),
  ],
  interrupt: 'SIGINT',
  provider: 'forgejo',
  apiPath: '/api/v1',
  knowsEvent: false,
  countsJobAttempts: true,
  // A success may be a cancel that fell between two steps.
  success: { status: 'success', source: 'job-status' },
  failure: { status: 'error' },
  cancel: { status: 'error' },
  cancelInComposite: { status: 'success', source: 'assumed' },
};

/**
 * Forgejo's runner grew out of act and, like it, evaluates defaults anew for post: with the variables of Forgejo, act shows how this action
 * behaves there, though not what Forgejo's runner does. Only act says that it was cancelled, and hands the event on.
 * @type {Runner}
 */
const actForForgejo = {
  ...forgejo,
  name: 'act-for-forgejo',
  version: act.version,
  programs: act.programs,
  says: act.says,
  install: act.install,
  args: (job) => [
    ...act.args({ ...job, server: `${job.server}${forgejo.apiPath}` }),
    ...['--env', 'FORGEJO_ACTIONS=true', '--env', 'GITEA_ACTIONS=true'],
  ],
  knowsEvent: act.knowsEvent,
  cancel: act.cancel,
  cancelInComposite: act.cancelInComposite,
  standIn: true,
};

export const RUNNERS = [act, gitea, forgejo, actForForgejo];

/**
 * The runner's program in the folder of install.sh or on PATH, undefined if it is in neither.
 * @param {Runner} runner
 * @returns {Found | undefined}
 */
export function find(runner) {
  const folders = [BIN, ...(process.env['PATH'] ?? '').split(delimiter)].filter(Boolean);
  for (const program of folders.flatMap((folder) => runner.programs.map((name) => join(folder, name)))) {
    try {
      accessSync(program, constants.X_OK);
      // Programs of other makers may have the same name.
      const version = runner.says.exec(
        execFileSync(program, ['--version'], { encoding: 'utf8', timeout: 10_000 }).trim(),
      )?.[1];
      if (version) return { runner, program, version };
    } catch {
      continue;
    }
  }
  return undefined;
}

/**
 * Starts the runner in an environment of its own.
 * @param {Found} found
 * @param {Job} job
 * @returns {{ ended: Promise<Ending>, interruptAfter: (text: string) => void }}
 */
export function start({ runner, program }, job) {
  const started = performance.now();
  const child = spawn(program, runner.args(job), {
    cwd: job.workspace,
    env: toEnv(job.folder),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that all of it can be ended.
    detached: true,
  });
  let log = '';
  let awaited = '';
  /** @param {string} text */
  const hear = (text) => {
    log += text;
    if (!awaited || !log.includes(awaited)) return;
    awaited = '';
    child.kill(runner.interrupt);
  };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    // Not below zero: should the program not have started, there is nothing to end.
    if (child.pid) process.kill(-child.pid, 'SIGKILL');
  }, job.timeout);
  /** @type {Promise<Ending>} */
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, timedOut, log, ms: Math.round(performance.now() - started) }));
  });
  return { ended: ended.finally(() => clearTimeout(timer)), interruptAfter: (text) => (awaited = text) };
}

/**
 * Nothing of this process's environment but PATH, on which this very Node comes first.
 * @param {string} folder
 */
export const toEnv = (folder) => ({
  PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
  HOME: folder,
  TMPDIR: folder,
  XDG_CACHE_HOME: join(folder, '.cache'),
  LANG: 'C.UTF-8',
});
