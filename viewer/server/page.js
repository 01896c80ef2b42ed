// @ts-check
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

const FOLDER = new URL('../', import.meta.url);
const read = (/** @type {string} */ path) => readFileSync(new URL(path, FOLDER), 'utf8');

const STYLE = 'page/page.css';
const FRAME = 'page/page.html';
const MAIN = 'page/main.js';

/**
 * The page as one document with all that it needs in it, so that the one that is served and the one that is saved are
 * the same.
 */
export function createPage() {
  const style = read(STYLE);
  const script = bundle(MAIN);
  const frame = read(FRAME);
  const { version } = JSON.parse(read('../package.json'));
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return {
    /** What the browser may load, for the header of a page that is served. */
    policy: [...policy, "connect-src 'self'", "frame-ancestors 'none'"].join('; '),
    /**
     * @param {Omit<import('../run/record.js').PageData, 'version'>} data
     * @returns {string}
     */
    render: (data) =>
      fill(frame, {
        POLICY: [...policy, data.isLive ? "connect-src 'self'" : "connect-src 'none'"].join('; '),
        STYLE: `<style>${style}</style>`,
        DATA: `<script type="application/json" id="data">${toInert({ ...data, version })}</script>`,
        SCRIPT: `<script type="module">${script}</script>`,
      }),
  };
}

/**
 * @param {string} frame with a name, or a name in a comment, where a part stands
 * @param {Record<string, string>} parts
 */
const fill = (frame, parts) =>
  frame.replace(/<!-- ([A-Z]+) -->|"([A-Z]+)"/g, (_, name, attribute) =>
    attribute === undefined ? (parts[name] ?? '') : `"${parts[attribute] ?? ''}"`,
  );

/**
 * JSON that cannot end the element that it stands in.
 * @param {unknown} value
 */
const toInert = (value) => JSON.stringify(value).replaceAll('<', '\\u003c');

/** @param {string} text */
const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * A module and all that it imports as one script, each in a function of its own. It knows the forms of import and export
 * that the page's modules use: names in braces, and exports at their declaration.
 * @param {string} main
 */
export function bundle(main) {
  /** @type {Map<string, string>} in the order in which they run */
  const modules = new Map();
  /** @type {(path: string) => void} */
  const add = (path) => {
    const text = read(path);
    for (const [, from = ''] of text.matchAll(IMPORT)) {
      const imported = posix.join(posix.dirname(path), from);
      if (!modules.has(imported)) add(imported);
    }
    modules.set(path, wrap(path, text));
  };
  add(main);
  const script = `const modules = {};\n${[...modules.values()].join('\n')}`;
  if (/<\/script|<!--/i.test(script)) throw new Error('A module holds what would end the script');
  return script;
}

const IMPORT = /^import \{[^}]*\} from '(\.[^']+)';$/gm;
const EXPORT = /^export (?=(?:async )?(?:function|const|class) (\w+))/gm;

/**
 * @param {string} path
 * @param {string} text
 */
function wrap(path, text) {
  const names = [...text.matchAll(EXPORT)].map(([, name]) => name);
  const body = text
    .replace(IMPORT, (line, from) =>
      line.replace('import', 'const').replace(/ from .*/, ` = modules['${posix.join(posix.dirname(path), from)}'];`),
    )
    .replace(EXPORT, '')
    .replace(/^export \{\};$/gm, '');
  if (/^(import|export) /m.test(body)) throw new Error(`${path} has another form of import or export`);
  return `modules['${path}'] = (() => {\n${body}\nreturn { ${names.join(', ')} };\n})();`;
}
