/** A line of output that a runner carries out instead of printing it. */
export interface Command {
  name: string;
  value: string;
  line: string;
}

/** All lines as a runner tells them apart: .NET's reader ends one at CR, too. */
export function toLines(stdout: string): string[] {
  return stdout.split(/\r\n|\r|\n/);
}

/**
 * Every command that some runner would find: `::` at the start of a line behind white space, `##[` anywhere in it
 * (actions/runner ActionCommand.TryParseV2 and TryParse; act's are narrower).
 */
export function toCommands(stdout: string): Command[] {
  return toLines(stdout).flatMap((line) => {
    const [, name, value = ''] =
      /^\s*::([^\s:]+)(?:\s[^:]*)?::(.*)$/u.exec(line) ?? /##\[([^\]\s]*)[^\]]*\](.*)$/u.exec(line) ?? [];
    return name === undefined ? [] : [{ name: name.toLowerCase(), value: decode(value), line }];
  });
}

/** What was said in one kind of annotation, `warning`, `notice` or `error`. */
export function said(kind: string, ...outputs: { stdout: string }[]): string[] {
  return outputs.flatMap(({ stdout }) =>
    toCommands(stdout).flatMap(({ name, value }) => (name === kind ? [value] : [])),
  );
}

/** The text inside of the folded group whose title begins so; undefined where there is none. */
export function group(stdout: string, title: string): string | undefined {
  const lines = stdout.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`::group::${title}`));
  const end = lines.indexOf('::endgroup::', start);
  return start < 0 || end < 0 ? undefined : lines.slice(start + 1, end).join('\n');
}

function decode(value: string): string {
  return value.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
