// @ts-check
import { parse } from 'yaml';

/**
 * The pieces of workflows in a Markdown text, each as a whole workflow: what a piece leaves out is put around it. Pieces of other files,
 * such as composite actions, are left out.
 * @param {string} markdown
 * @returns {string[]}
 */
export function toWorkflows(markdown) {
  return [...markdown.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].flatMap(([, text = '']) => toWorkflow(text));
}

/** @param {string} text */
function toWorkflow(text) {
  const value = parse(text);
  if (Array.isArray(value)) return `${toTrigger(text)}${JOB}${text.replaceAll(/^(?=.)/gm, '      ')}`;
  if (value?.on) return text;
  if (value?.jobs) return `${toTrigger(text)}${text}`;
  return value?.permissions || value?.env ? `${toTrigger(text)}${text}${JOB}      - run: 'true'\n` : [];
}

const JOB = 'jobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n';

/**
 * A start that gives the inputs which the piece takes.
 * @param {string} text
 */
function toTrigger(text) {
  const names = new Set([...text.matchAll(/\binputs\.([\w-]+)/g)].map(([, name]) => name));
  return `on: { workflow_dispatch: { inputs: { ${[...names].map((name) => `${name}: {}`).join(', ')} } } }\n`;
}
