// @ts-check
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BIN, toEnv } from '../runners.js';
import { createApi } from './api.js';
import { signIn } from './browser.js';
import { startProgram } from './program.js';
import { until } from './until.js';

/** @typedef {Awaited<ReturnType<typeof startGitea>>} Gitea */

const PROGRAM = join(BIN, 'gitea');
/** Its pages' templates and its options, which install.sh puts beside it. */
const FILES = join(BIN, 'gitea-files');

const USER = { name: 'ada', password: 'not-a-secret-1', email: 'ada@example.com' };

/**
 * A server for one user, who may do everything; it is reached from this machine only and asks nobody.
 * @param {string} folder
 */
export async function startGitea(folder) {
  await mkdir(folder, { recursive: true });
  const port = await findPort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'app.ini');
  await writeFile(config, toConfig(folder, port));
  const server = startProgram(PROGRAM, ['web', '--config', config], folder);
  try {
    const version = await until('Gitea answers', () => {
      server.check();
      return readVersion(url);
    });
    const { stdout } = await promisify(execFile)(
      PROGRAM,
      [
        ...['admin', 'user', 'create', '--config', config, '--admin', '--must-change-password=false'],
        ...['--username', USER.name, '--password', USER.password, '--email', USER.email],
        ...['--access-token', '--access-token-name', 'live', '--access-token-scopes', 'all'],
      ],
      { env: toEnv(folder) },
    );
    const token = /created\.\.\. ([a-f\d]{40})/.exec(stdout)?.[1];
    if (token === undefined) throw new Error(`no token in ${JSON.stringify(stdout)}`);
    return {
      url,
      version,
      token,
      user: USER,
      api: createApi(url, token),
      browser: await signIn(url, USER),
      stop: server.stop,
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/**
 * The version that the server tells, undefined while it does not answer.
 * @param {string} url
 */
async function readVersion(url) {
  const response = await fetch(`${url}/api/v1/version`).catch(() => undefined);
  if (!response?.ok) return undefined;
  return /** @type {{ version: string }} */ (await response.json()).version;
}

/** A port that nobody listens at. */
async function findPort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * @param {string} folder
 * @param {number} port
 */
const toConfig = (folder, port) => `
WORK_PATH = ${folder}
RUN_MODE = prod
I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true

[server]
HTTP_ADDR = 127.0.0.1
HTTP_PORT = ${port}
ROOT_URL = http://127.0.0.1:${port}/
STATIC_ROOT_PATH = ${FILES}
OFFLINE_MODE = true
DISABLE_SSH = true

[database]
DB_TYPE = sqlite3
SQLITE_JOURNAL_MODE = WAL
SQLITE_TIMEOUT = 20000

[security]
INSTALL_LOCK = true

[actions]
ENABLED = true
DEFAULT_ACTIONS_URL = self

[service]
DISABLE_REGISTRATION = true

[mailer]
ENABLED = false

[cron.update_checker]
ENABLED = false

[log]
MODE = file
LEVEL = Info
`;
