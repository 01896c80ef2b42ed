// @ts-check

/** @typedef {{ name: string, properties: Record<string, string>, value: string }} Command */

/**
 * The workflow command in one line of output, if it holds one.
 * @param {string} line
 * @returns {Command | undefined}
 */
export function parseCommand(line) {
  const [, name, properties = '', value = ''] = /^\s*::([\w-]+)(?:\s+([^:]*))?::(.*)$/.exec(line) ?? [];
  if (name === undefined) return undefined;
  const pairs = properties
    .split(',')
    .filter(Boolean)
    .map((pair) => splitAt(pair, '='));
  return {
    name,
    properties: Object.fromEntries(
      pairs.map(([key, text]) => [key.trim(), unescape(text).replaceAll('%3A', ':').replaceAll('%2C', ',')]),
    ),
    value: unescape(value),
  };
}

/**
 * The values that commands of one kind give to the names in their properties.
 * @param {string} stdout
 * @param {'set-output' | 'save-state'} kind
 * @returns {Record<string, string>}
 */
export function parseCommands(stdout, kind) {
  const commands = stdout.split(/\r?\n/).flatMap((line) => parseCommand(line) ?? []);
  return Object.fromEntries(
    commands.filter(({ name }) => name === kind).map(({ properties, value }) => [properties['name'] ?? '', value]),
  );
}

/**
 * The values in a file such as GITHUB_OUTPUT: `name=value` lines, or `name<<DELIMITER`, lines, `DELIMITER`.
 * @param {string} text
 * @returns {Record<string, string>}
 */
export function parseCommandFile(text) {
  const lines = text.split(/\r?\n/);
  /** @type {[string, string][]} */
  const pairs = [];
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === '') continue;
    const [, name, form, rest] = /^(.+?)(=|<<)(.*)$/.exec(line) ?? [];
    if (name === undefined || rest === undefined) throw new Error(`Invalid format '${line}'`);
    pairs.push([name, form === '=' ? rest : takeUntil(lines, rest)]);
  }
  return Object.fromEntries(pairs);
}

/**
 * @param {string[]} lines of which those up to the delimiter are taken away
 * @param {string} delimiter
 */
function takeUntil(lines, delimiter) {
  const end = lines.indexOf(delimiter);
  if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
  return lines
    .splice(0, end + 1)
    .slice(0, -1)
    .join('\n');
}

/**
 * @param {string} text
 * @param {string} separator
 * @returns {[string, string]}
 */
function splitAt(text, separator) {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + separator.length)];
}

/** @param {string} text */
const unescape = (text) => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
