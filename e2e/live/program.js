// @ts-check
import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toEnv } from '../runners.js';

/** @typedef {ReturnType<typeof startProgram>} Program */

/** What a program that was asked to end may take for it. */
const GRACE = 10_000;

/**
 * Starts a program that goes on until it is stopped. It writes into `output.txt` of its folder.
 * @param {string} path
 * @param {string[]} args
 * @param {string} folder
 */
export function startProgram(path, args, folder) {
  const output = join(folder, 'output.txt');
  const file = openSync(output, 'a');
  // A group of its own, so that all of it can be ended.
  const child = spawn(path, args, { cwd: folder, env: toEnv(folder), stdio: ['ignore', file, file], detached: true });
  /** @type {Promise<void>} */
  const ended = new Promise((resolve, reject) => child.once('error', reject).once('exit', () => resolve()));
  ended.catch(() => {});
  /** @param {NodeJS.Signals} signal */
  const send = (signal) => {
    try {
      // Not below zero: should the program not have started, there is nothing to end.
      if (child.pid) process.kill(-child.pid, signal);
    } catch {
      // Nobody of the group is left.
    }
  };
  const kill = () => send('SIGKILL');
  process.once('exit', kill);
  return {
    /** Throws with its last words if it is not there any more. */
    check() {
      if (child.pid && child.exitCode === null && child.signalCode === null) return;
      throw new Error(
        `${path} ended by itself:\n${readFileSync(output, 'utf8').trimEnd().split('\n').slice(-20).join('\n')}`,
      );
    },
    async stop() {
      send('SIGTERM');
      await Promise.race([ended, sleep(GRACE, undefined, { ref: false })]).catch(() => {});
      kill();
      process.off('exit', kill);
    },
  };
}
