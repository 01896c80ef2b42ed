// @ts-check
import { parseCommand } from '../runner/command.js';

/** @type {Map<string, (value: string) => string>} */
const SHOWN = new Map([
  ['group', (title) => `▾ ${title}`],
  ['notice', (message) => `Notice: ${message}`],
  ['warning', (message) => `Warning: ${message}`],
  ['error', (message) => `Error: ${message}`],
]);

/**
 * What a runner's log shows of an action's output: commands carried out, masked values hidden.
 * @param {string} stdout
 * @returns {string}
 */
export function renderLog(stdout) {
  /** @type {string[]} */
  const masks = [];
  let indent = '';
  const lines = stdout
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const command = parseCommand(line);
      if (!command) return `${indent}${hide(line, masks)}`;
      const { name, value } = command;
      if (name === 'add-mask') masks.push(value);
      if (name === 'endgroup') indent = '';
      const text = SHOWN.get(name)?.(hide(value, masks)).replaceAll('\n', `\n${indent}`);
      const shown = text === undefined ? [] : [`${indent}${text}`];
      if (name === 'group') indent = '  ';
      return shown;
    });
  return lines.join('\n');
}

/**
 * @param {string} text
 * @param {string[]} masks
 */
const hide = (text, masks) => masks.filter(Boolean).reduce((hidden, mask) => hidden.replaceAll(mask, '***'), text);
