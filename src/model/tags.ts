import { toLine } from './text.js';

/** Datadog's documented limits for custom tags and measures. */
const MOST = 100;
const LONGEST = 300;

/** What became of lines of `key:value`: those that can be used, and those that can't, each with its reason. */
export interface Lines {
  usable: string[];
  unusable: string[];
}

/** Values by their keys as tags, each on one line; what is unknown or blank makes none. */
export function toTags(values: Record<string, string | undefined>): string[] {
  return Object.entries(values).flatMap(([key, value = '']) => (toLine(value) ? [`${key}:${toLine(value)}`] : []));
}

/** Key and value of `key:value`, split at the first colon. */
export function splitTag(tag: string): [key: string, value: string] {
  const colon = tag.indexOf(':');
  return [tag.slice(0, colon), tag.slice(colon + 1)];
}

/** Lines of `key:value`; empty ones do not count. */
export function parseTags(lines: readonly string[]): Lines {
  return sortLines(lines.map(tidy), toFault);
}

/** As tags, and the value is a decimal number. */
export function parseMeasures(lines: readonly string[]): Lines {
  const { usable, unusable } = sortLines(
    lines.map(tidy),
    (line) => toFault(line) ?? (isNumber(splitTag(line)[1]) ? undefined : 'has a value that is no number'),
  );
  return { usable: usable.map(toMeasure), unusable };
}

function toFault(line: string): string | undefined {
  return /^[^:]+:.+$/.test(line) ? undefined : 'is not key:value';
}

/** `key:number` in a form that every reader takes for a number: `+5`, `5.` and `.5` are not JSON's. */
export function toMeasure(line: string): string {
  const [key, value] = splitTag(line);
  return /^-?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(value) ? line : `${key}:${Number(value)}`;
}

/** Whether a text is a finite decimal number, `-1.5e3`. */
export function isNumber(text: string): boolean {
  return /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text) && Number.isFinite(Number(text));
}

/** Lines by whether there is a reason against them; empty ones do not count. */
export function sortLines(lines: readonly string[], toReason: (line: string) => string | undefined): Lines {
  const sorted: Lines = { usable: [], unusable: [] };
  for (const line of lines.filter(Boolean)) {
    const reason = toReason(line);
    if (reason) sorted.unusable.push(`"${line}" ${reason}`);
    else sorted.usable.push(line);
  }
  return sorted;
}

function tidy(raw: string): string {
  const parts = raw.includes(':') ? splitTag(raw) : [raw];
  return parts.map((part) => part.trim()).join(':');
}

/**
 * Tags (or measures) of several sources, weakest first, as one list, strongest first: of each key the last value.
 * Dropped is what is longer than 300 characters, and the weakest of what is over 100.
 */
export function mergeTags(...sources: readonly (readonly string[])[]): { tags: string[]; dropped: string[] } {
  const last = new Map(sources.flat().map((tag) => [toKey(tag), tag]));
  const keys = new Set(sources.toReversed().flat().map(toKey));
  const tags: string[] = [];
  const dropped: string[] = [];
  for (const key of keys) {
    const tag = last.get(key)!;
    (tag.length - 1 > LONGEST || tags.length >= MOST ? dropped : tags).push(tag);
  }
  return { tags, dropped };
}

function toKey(tag: string): string {
  return splitTag(tag)[0];
}
