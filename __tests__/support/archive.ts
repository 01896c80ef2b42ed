import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The files that `git archive` would give of the work tree, which is what a job on a hosted runner downloads. */
export function toArchived(): string[] {
  const git = (...args: string[]): string[] =>
    execFileSync('git', ['-c', 'safe.directory=*', ...args], { cwd: ROOT, encoding: 'utf8' }).split('\0');
  const files = git('ls-files', '-co', '--exclude-standard', '-z').filter((path) => path && existsSync(ROOT + path));
  const tops = [...new Set(files.map((path) => path.split('/')[0]!))];
  // Path, attribute and value in turn.
  const facts = git('check-attr', '-z', 'export-ignore', '--', ...tops);
  const isLeftOut = (top: string): boolean => facts[facts.indexOf(top) + 2] === 'set';
  return files.filter((path) => !isLeftOut(path.split('/')[0]!));
}
