// @ts-check
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const AUTHOR = { name: 'Ada Example', email: 'ada@example.com' };

/**
 * Git in one work tree, by an author of our own and without anybody's settings; each call answers what git wrote.
 * @param {string} path
 * @param {string} home
 */
export function createGit(path, home) {
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    ...Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((who) => [
        [`GIT_${who}_NAME`, AUTHOR.name],
        [`GIT_${who}_EMAIL`, AUTHOR.email],
      ]),
    ),
  };
  return async (/** @type {string[]} */ ...args) =>
    (await promisify(execFile)('git', ['-C', path, ...args], { env })).stdout.trim();
}
