import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Folder } from '../runner/runner.js';

/** Not through a link, and not waiting for whoever may write into a pipe; Windows has neither flag. */
const CAREFULLY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** A folder on this disk, made for its owner alone where there is none; throws where that fails. `uptime`: seconds. */
export function openFolder(path: string, uptime: () => number): Folder {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const at = (name: string): string => join(path, name);
  return {
    list: () => readdirSync(path, { withFileTypes: true }).map((one) => ({ name: one.name, isFile: one.isFile() })),
    size: (name) => attempt(() => lstatSync(at(name)).size),
    read: (name, most) => attempt(() => readCarefully(at(name), most)),
    write: (name, text) => {
      writeNew(at(name), text);
      return at(name);
    },
    rename: (from, to) =>
      attempt(() => {
        renameSync(at(from), at(to));
        return at(to);
      }),
    remove: (name) => attempt(() => unlinkSync(at(name))),
    uptime,
  };
}

function readCarefully(path: string, most: number): string | undefined {
  const file = openSync(path, CAREFULLY);
  try {
    const stats = fstatSync(file);
    return stats.isFile() && stats.size <= most ? readFileSync(file, 'utf8') : undefined;
  } finally {
    closeSync(file);
  }
}

/** All of it or nothing: what a full disk cuts off would lie there for ever. */
function writeNew(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, text);
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
