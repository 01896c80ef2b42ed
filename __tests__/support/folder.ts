import type { Folder } from '../../src/runner/runner.js';
import type { Clock } from './clock.js';

/** A folder in memory, in a map from paths to texts; files of other kinds stand in `others`. */
export function aFolder({
  path = '/spool',
  files,
  clock,
  others = [],
}: {
  path?: string;
  files: Map<string, string>;
  clock: Clock;
  others?: readonly string[];
}): Folder {
  const at = (name: string): string => `${path}/${name}`;
  return {
    list: () => [
      ...[...files.keys()]
        .filter((file) => file.startsWith(`${path}/`))
        .map((file) => ({ name: file.slice(path.length + 1), isFile: true })),
      ...others.map((name) => ({ name, isFile: false })),
    ],
    size: (name) => files.get(at(name))?.length,
    read: (name, most) => {
      const text = files.get(at(name));
      return text !== undefined && text.length <= most ? text : undefined;
    },
    write: (name, text) => {
      files.set(at(name), text);
      return at(name);
    },
    rename: (from, to) => {
      const text = files.get(at(from));
      if (text === undefined) return undefined;
      files.delete(at(from));
      files.set(at(to), text);
      return at(to);
    },
    remove: (name) => void files.delete(at(name)),
    uptime: () => Math.floor(clock.clock() / 1000),
  };
}
