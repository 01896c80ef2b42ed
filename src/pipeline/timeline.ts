import type { Status } from '../model/run.js';
import { cut, toLine } from '../model/text.js';
import { SIGNS } from './result.js';

/** One bar of the picture. */
interface Bar {
  name: string;
  /** The call of another workflow that it belongs to; absent: the run's own. */
  stage?: string | undefined;
  status: Status;
  start: string;
  end: string;
}

/** More bars than that can't be read; Mermaid itself stops at 50,000 characters. */
const MOST_BARS = 50;

/** A bar that is shorter than that share of the picture can't be seen. */
const LEAST_SHARE = 1 / 500;

/** Mermaid's words for the states of a task, with the colours that are put in the place of its own. */
const STATES: Record<Exclude<Status, 'skipped'>, string> = {
  success: 'done',
  error: 'crit',
  canceled: 'active',
  blocked: 'active',
};

/** Green, red and grey on which white can be read, in light and dark themes alike. */
const COLOURS = { doneTask: '#1a7f37', crit: '#cf222e', activeTask: '#6e7781' };

/** Pixels: of one character of a section's name, and beside pictures without sections. */
const CHARACTER = 7;
const MARGIN = 20;

/**
 * The longest bars as a Mermaid gantt, in the order of time; calls of other workflows in sections of their own after
 * the run's, which is called `name`. No lines where there is nothing to compare.
 */
export function toTimeline(bars: readonly Bar[], name: string): string[] {
  const drawn = bars.filter(({ status }) => status !== 'skipped');
  if (drawn.length < 2) return [];
  const longest = [...drawn].sort((a, b) => toLength(b) - toLength(a)).slice(0, MOST_BARS);
  const shown = longest.sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
  const end = Math.max(...shown.map((bar) => Date.parse(bar.end)));
  const least = Math.ceil((end - Date.parse(shown[0]!.start)) * LEAST_SHARE);
  const stages = [...new Set([undefined, ...shown.map(({ stage }) => stage)])];
  const sections = stages.flatMap((stage) => {
    const tasks = shown.filter((bar) => bar.stage === stage).map((bar) => `    ${toTask(bar, least)}`);
    return tasks.length > 0 ? [{ title: toWords(stage ?? name), tasks }] : [];
  });
  const titles = stages.length > 1 ? sections.map(({ title }) => title) : [];
  return [
    '```mermaid',
    `%%{init: ${toLook(titles)}}%%`,
    'gantt',
    '    dateFormat x',
    '    axisFormat %H:%M:%S',
    '    todayMarker off',
    ...sections.flatMap(({ title, tasks }) => [...(titles.length > 0 ? [`    section ${title}`] : []), ...tasks]),
    '```',
    ...(shown.length < drawn.length
      ? ['', `The picture shows the ${shown.length} longest of ${drawn.length} jobs.`]
      : []),
    '',
  ];
}

/** Mermaid's directive: it draws success grey and a cancel blue of itself, and gives section names little room. */
function toLook(titles: readonly string[]): string {
  const colours = Object.entries(COLOURS).flatMap(([state, colour]) => [
    [`${state}BkgColor`, colour],
    [`${state}BorderColor`, colour],
  ]);
  const leftPadding = MARGIN + CHARACTER * Math.max(0, ...titles.map(({ length }) => length));
  const themeVariables = { ...Object.fromEntries(colours), taskTextDarkColor: '#fff' } as Record<string, string>;
  return JSON.stringify({ gantt: { leftPadding }, themeVariables });
}

function toTask({ name, status, start, end }: Bar, least: number): string {
  const from = Date.parse(start);
  const to = Math.max(Date.parse(end), from + Math.max(least, 1));
  return `${SIGNS[status]} ${toWords(name, 60)} :${STATES[status as keyof typeof STATES]}, ${from}, ${to}`;
}

function toLength({ start, end }: Bar): number {
  return Date.parse(end) - Date.parse(start);
}

/** Letters, digits and harmless signs: all others mean something to Mermaid, to Markdown, or to HTML. */
function toWords(text: string, most = 30): string {
  const plain = toLine(text, 200).replace(/[^\p{L}\p{M}\p{N} ()/.,_+=-]+/gu, ' ');
  return cut(plain.replace(/ {2,}/g, ' ').trim() || 'unnamed', most);
}
