// Renders pages as people see them, in a process of its own: Mermaid wants a browser's globals, and Jest can't load jsdom on Node 20.
// Standard input: a list of Markdown texts as JSON; standard output: a list of pages (page.ts) as JSON.
import { readFileSync } from 'node:fs';
import { JSDOM } from 'jsdom';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

/** @typedef {import('./page.js').Page} Page */
/** @typedef {import('./page.js').Bar} Bar */

/** Pixels: of the page, and of one letter; without a layout nothing has a size. */
const WIDTH = 1000;
const LETTER = 7;

/** GitHub's themes in light and dark, and Gitea's in light. */
const THEMES = /** @type {const} */ (['default', 'dark', 'neutral']);

/** @param {Element} element */
const textOf = (element) => (element.textContent ?? '').replaceAll('\u200b', '').trim();

/** @param {string} markdown */
async function toPage(markdown) {
  const options = { extensions: [gfm()], htmlExtensions: [gfmHtml()] };
  const html = micromark(markdown, { ...options, allowDangerousHtml: true });
  const { document } = new JSDOM(html).window;
  /** @param {string} selector */
  const all = (selector) => [...document.body.querySelectorAll(selector)];
  const sources = all('code.language-mermaid').map((code) => code.textContent ?? '');
  /** @type {Page} */
  const page = {
    html,
    elements: [...new Set(all('*').map(({ localName }) => localName))].sort(),
    headings: all('h1, h2, h3, h4, h5, h6').map(textOf),
    paragraphs: all('p').map(textOf),
    links: all('a').map((link) => [textOf(link), link.getAttribute('href') ?? '']),
    rows: all('tr').map((row) => [...row.children].map(textOf)),
    pictures: [],
  };
  for (const source of sources) page.pictures.push(await draw(source));
  return page;
}

/**
 * The bars of a gantt, which have to be the same under each theme.
 * @param {string} source
 */
async function draw(source) {
  const drawn = [];
  for (const theme of THEMES) drawn.push(await drawIn(theme, source));
  const [first, ...others] = drawn.map((bars) => JSON.stringify(bars));
  if (others.some((other) => other !== first)) throw new Error(`themes differ: ${first} ${others.join(' ')}`);
  return /** @type {Bar[]} */ (drawn[0]);
}

/**
 * @param {typeof THEMES[number]} theme
 * @param {string} source
 */
async function drawIn(theme, source) {
  const { default: mermaid } = await import('mermaid');
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme });
  const { svg } = await mermaid.render('picture', source);
  window.document.body.innerHTML = svg;
  return toBars(window.document);
}

/**
 * @param {Document} document
 * @returns {Bar[]}
 */
function toBars(document) {
  const titles = [...document.querySelectorAll('text.sectionTitle')].map(textOf);
  const bars = [...document.querySelectorAll('rect.task')].map((rect) => {
    const from = Number(rect.getAttribute('x'));
    const text = document.getElementById(`${rect.id}-text`);
    return {
      text: text ? textOf(text) : '',
      row: Number(rect.getAttribute('y')),
      // The rows of a section have its number; the next section has another.
      section: /\d+$/.exec(rect.getAttribute('class') ?? '')?.[0],
      fill: window.getComputedStyle(rect).fill,
      from,
      to: from + Number(rect.getAttribute('width')),
    };
  });
  bars.sort((a, b) => a.row - b.row);
  const start = Math.min(...bars.map(({ from }) => from));
  const length = Math.max(...bars.map(({ to }) => to)) - start;
  /** @param {number} pixels */
  const toShare = (pixels) => Math.round(((pixels - start) / length) * 100) / 100;
  let at = 0;
  return bars.map(({ text, section, fill, from, to }, index) => {
    if (index > 0 && bars[index - 1]?.section !== section) at += 1;
    return { text, section: titles[at] ?? '', fill: toColour(fill), from: toShare(from), to: toShare(to) };
  });
}

/** The name of the strongest of red, green and blue; grey where none is.
 * @param {string} fill
 */
function toColour(fill) {
  const parts = (fill.match(/\d+/g) ?? []).slice(0, 3).map(Number);
  const most = Math.max(...parts);
  return most - Math.min(...parts) < 40 ? 'grey' : (['red', 'green', 'blue'][parts.indexOf(most)] ?? fill);
}

const { window } = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true });
Object.assign(window.SVGElement.prototype, {
  /** @this {Element} */
  getBBox() {
    return { x: 0, y: 0, width: textOf(this).length * LETTER, height: 14 };
  },
});
Object.defineProperty(window.HTMLElement.prototype, 'offsetWidth', { get: () => WIDTH });
Object.assign(globalThis, { window, document: window.document, CSSStyleSheet: window.CSSStyleSheet });

/** @type {string[]} */
const texts = JSON.parse(readFileSync(0, 'utf8'));
const pages = [];
for (const text of texts) pages.push(await toPage(text));
process.stdout.write(JSON.stringify(pages));
