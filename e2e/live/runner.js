// @ts-check
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BIN, toEnv } from '../runners.js';
import { startProgram } from './program.js';

const PROGRAM = join(BIN, 'gitea-runner');

/** The daemon as people run it; it only asks for jobs more often, and has no cache server, for which it would look for an address. */
const CONFIG = {
  runner: {
    file: '.runner',
    capacity: 3,
    fetch_interval: '250ms',
    fetch_interval_max: '1s',
    labels: ['ubuntu-latest:host'],
  },
  cache: { enabled: false },
};

/**
 * Gitea's runner, whose jobs run on this machine.
 * @param {import('./gitea.js').Gitea} gitea
 * @param {string} folder
 */
export async function startRunner({ url, api }, folder) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.yaml'), JSON.stringify(CONFIG));
  const config = ['--config', 'config.yaml'];
  /** @param {string[]} args */
  const call = async (args) =>
    (await promisify(execFile)(PROGRAM, args, { cwd: folder, env: toEnv(folder) })).stdout.trim();
  const { token } = JSON.parse(await api.ask('POST', '/admin/actions/runners/registration-token'));
  await call(['register', ...config, '--no-interactive', '--instance', url, '--token', token, '--name', 'live']);
  return { version: await call(['--version']), stop: startProgram(PROGRAM, ['daemon', ...config], folder).stop };
}
