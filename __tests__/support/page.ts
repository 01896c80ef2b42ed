import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A page of Markdown as people see it on a server that follows GitHub's rules. */
export interface Page {
  html: string;
  /** Names of the elements that are on it. */
  elements: string[];
  headings: string[];
  paragraphs: string[];
  /** Text and address. */
  links: [string, string][];
  /** Of the tables, cell by cell, their heads too. */
  rows: string[][];
  /** The bars of each Mermaid gantt, from top to bottom, the same in light and dark. */
  pictures: Bar[][];
}

/** A bar as it is drawn; its ends in hundredths of the whole picture's width. */
export interface Bar {
  text: string;
  section: string;
  fill: string;
  from: number;
  to: number;
}

const DRAW = fileURLToPath(new URL('draw-page.js', import.meta.url));

/** Each Markdown text as a page. */
export function toPages(markdown: readonly string[]): Page[] {
  const pages = execFileSync(process.execPath, [DRAW], { input: JSON.stringify(markdown), encoding: 'utf8' });
  return JSON.parse(pages) as Page[];
}

export function toPage(markdown: string): Page {
  return toPages([markdown])[0]!;
}
