// @ts-check
import { spawn } from 'node:child_process';

/**
 * Whether somebody sits in front of this process: a terminal, and no CI.
 * @param {NodeJS.ProcessEnv} env
 * @param {{ isTTY?: boolean }} output
 */
export const isWatched = (env, { isTTY = false }) => isTTY && !['1', 'true'].includes(env['CI'] ?? '');

/**
 * Opens an address in the user's browser, where there is one; the address is printed in any case.
 * @param {string} url
 */
export function openBrowser(url) {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return;
  const [command, args] =
    process.platform === 'win32'
      ? ['cmd', ['/c', 'start', '', url]]
      : process.platform === 'darwin'
        ? ['open', [url]]
        : ['xdg-open', [url]];
  spawn(/** @type {string} */ (command), /** @type {string[]} */ (args), { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
