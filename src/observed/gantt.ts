import type { Status } from '../model/run.js';
import { cut, toLine } from '../model/text.js';

/** One bar of the picture. */
interface Bar {
  name: string;
  section?: string | undefined;
  status: Status;
  start: string;
  end: string;
}

/** More bars than that can't be read; Mermaid itself stops at 50,000 characters. */
const MOST_BARS = 50;

/** A bar that is shorter than that share of the picture can't be seen. */
const LEAST_SHARE = 1 / 500;

/** A sign before each name: so no name is taken for one of Mermaid's words, and nobody has to tell colours apart. */
const SIGNS: Record<Status, string> = { success: '✓', error: '✗', canceled: '⊘', blocked: '⊘', skipped: '–' };
const COLOURS: Record<Status, string> = {
  success: 'done, ',
  error: 'crit, ',
  canceled: 'active, ',
  blocked: 'active, ',
  skipped: '',
};

/**
 * The longest bars as a Mermaid gantt, by section and in the order of time; no lines where there is nothing to draw.
 */
export function toGantt(bars: readonly Bar[]): string[] {
  const drawn = bars.filter(({ status }) => status !== 'skipped');
  if (drawn.length === 0) return [];
  const shown = [...drawn].sort((a, b) => toLength(b) - toLength(a)).slice(0, MOST_BARS);
  const inOrder = shown.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const starts = inOrder.map(({ start }) => Date.parse(start));
  const least = (Math.max(...inOrder.map(({ end }) => Date.parse(end))) - Math.min(...starts)) * LEAST_SHARE;
  const sections = [...new Set(inOrder.map(({ section }) => section))].sort(
    (a, b) => Number(a !== undefined) - Number(b !== undefined),
  );
  return [
    '```mermaid',
    'gantt',
    '    dateFormat x',
    '    axisFormat %H:%M:%S',
    ...sections.flatMap((section) => [
      ...(section === undefined ? [] : [`    section › ${toWords(section)}`]),
      ...inOrder.filter((bar) => bar.section === section).map((bar) => `    ${toTask(bar, least)}`),
    ]),
    '```',
    ...(shown.length < drawn.length ? ['', `The ${shown.length} longest of ${drawn.length} jobs.`] : []),
    '',
  ];
}

function toTask({ name, status, start, end }: Bar, least: number): string {
  const from = Date.parse(start);
  const to = Math.max(Date.parse(end), Math.ceil(from + Math.max(least, 1)));
  return `${SIGNS[status]} ${toWords(name)} :${COLOURS[status]}${from}, ${to}`;
}

function toLength({ start, end }: Bar): number {
  return Date.parse(end) - Date.parse(start);
}

/** Letters, digits and harmless signs: all others mean something to Mermaid, to Markdown, or to HTML. */
function toWords(text: string): string {
  return cut(
    toLine(text, 200)
      .replace(/[^\p{L}\p{M}\p{N} ()/.,_+=-]+/gu, ' ')
      .replace(/ {2,}/g, ' ')
      .trim() || 'unnamed',
    60,
  );
}
