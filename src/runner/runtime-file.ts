import type { Failure } from '../model/run.js';
import { parseStatus } from '../model/status.js';
import { isNumber, toMeasure } from '../model/tags.js';
import { toLine, toPlain } from '../model/text.js';
import { toTime, toTimeOfUnix } from '../model/time.js';
import type { Session } from './session.js';

/** Bytes of the run-time file that are read: nobody writes more by intent. */
export const LONGEST_RUNTIME_FILE = 1024 * 1024;

/** What inputs and steps add to a job alike. */
export interface Added {
  tags: string[];
  measures: string[];
  parameters: Record<string, string>;
}

/** What steps told about their job while it ran. */
export interface Additions extends Added {
  error: Partial<Failure>;
  /** In the order of time; each begins a step and ends the one before, without a name it only ends that. */
  steps: { name: string; time: string }[];
  /** The step that `error.step` names. */
  failedStep?: string;
  /** How the job goes, in the server's word, as a step of it saw it last. */
  status?: string;
  /** Why the file could not be read. */
  unread?: string;
  /** Lines that could not be used, with their numbers and the reason. */
  unusable: string[];
}

/** More steps than that show nothing in a trace that anybody reads. */
const MOST_STEPS = 100;

const DOMAINS = ['provider', 'user', 'unknown'] as const;

/**
 * The run-time file: `tag.<key>=<value>`, `measure.`, `parameter.`, `error.type|message|domain|step`,
 * `step.<name>=<time>` and `status`, one a line, or `<name><<WORD` with lines up to WORD, as in `$GITHUB_OUTPUT`. The
 * last value of a name counts, and each step. Lines end in LF or CRLF.
 */
export function parseRuntimeFile(text: string): Additions {
  const additions: Additions = { tags: [], measures: [], parameters: {}, error: {}, steps: [], unusable: [] };
  for (const { name, value, line } of parseEntries(text, additions.unusable)) {
    const why = add(additions, name, value);
    if (why) additions.unusable.push(`line ${line} (${toLine(name, 40)}) ${why}`);
  }
  const { failedStep, steps, unusable } = additions;
  if (failedStep !== undefined && !steps.some(({ name }) => name === failedStep)) {
    unusable.push(`error.step names ${toLine(failedStep, 40)}, which no step. line begins`);
  }
  return additions;
}

interface Entry {
  name: string;
  value: string;
  line: number;
}

function parseEntries(text: string, unusable: string[]): Entry[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const entries: Entry[] = [];
  // Where a text stands last, so that a heredoc that is never closed costs no search through the whole file.
  const last = new Map(lines.map((line, index) => [line, index]));
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]!;
    const number = index + 1;
    const equals = line.indexOf('=');
    const [, name, word] = /^([^=]*?)<<(.+)$/.exec(line) ?? [];
    if (name !== undefined && word !== undefined) {
      const end = (last.get(word) ?? -1) > index ? lines.indexOf(word, index + 1) : -1;
      if (end < 0) {
        unusable.push(`line ${number} opens ${toLine(word, 40)}, which never comes`);
        continue;
      }
      entries.push({ name: name.trim(), value: lines.slice(index + 1, end).join('\n'), line: number });
      index = end;
    } else if (equals >= 0) {
      entries.push({ name: line.slice(0, equals).trim(), value: line.slice(equals + 1), line: number });
    } else if (line.trim() !== '') {
      unusable.push(`line ${number} is not name=value`);
    }
  }
  return entries;
}

const UNKNOWN_NAME =
  'has a name that does not begin with tag., measure., parameter., error. or step., and is not status';

/** Adds one entry; returns why it can't be used. */
function add(additions: Additions, name: string, raw: string): string | undefined {
  const { tags, measures, parameters, error } = additions;
  const value = toPlain(raw).trim();
  const dot = name.indexOf('.');
  const kind = name.slice(0, Math.max(dot, 0));
  const key = toPlain(name.slice(dot + 1)).trim();
  if (name === 'status') {
    if (!parseStatus(value)) return "is no job's status, as ${{ job.status }} gives it";
    additions.status = value;
    return undefined;
  }
  if (kind === 'step') return addStep(additions, toLine(key), value);
  if (kind === '' || key === '') return UNKNOWN_NAME;
  if (value === '') return 'has no value';
  if (kind === 'tag' || kind === 'measure') {
    if (key.includes(':')) return 'has a colon in its key';
    if (kind === 'measure' && !isNumber(value)) return 'has a value that is no number';
    if (kind === 'tag') tags.push(`${key}:${value}`);
    else measures.push(toMeasure(`${key}:${value}`));
  } else if (kind === 'parameter') parameters[key] = value;
  else if (name === 'error.type' || name === 'error.message') error[key as 'type' | 'message'] = value;
  else if (name === 'error.step') additions.failedStep = toLine(value);
  else if (name === 'error.domain') {
    const domain = DOMAINS.find((word) => word === value);
    if (!domain) return `is none of ${DOMAINS.join(', ')}`;
    error.domain = domain;
  } else return UNKNOWN_NAME;
  return undefined;
}

function addStep({ steps }: Additions, name: string, value: string): string | undefined {
  const time = toTime(value) ?? (isNumber(value) ? toTimeOfUnix(Number(value)) : undefined);
  if (!time) return 'has no time in RFC 3339 or in seconds since 1970';
  const last = steps.at(-1);
  if (time < (last?.time ?? '')) return 'has a time before that of the line before it';
  const isOver = name !== '' && steps.filter((step) => step.name).length >= MOST_STEPS;
  // One too many is no step, but ends the one before; an end behind no step says nothing.
  const kept = isOver ? '' : name;
  if (kept || last?.name) steps.push({ name: kept, time });
  return isOver ? `comes after ${MOST_STEPS} steps` : undefined;
}

/** Whether a key can stand in the run-time file. */
export function isWritable(pair: string): boolean {
  return !/^[^:]*(=|<<)/.test(pair);
}

/** Tags and so on as lines of the run-time file, for `update/`. */
export function toRuntimeLines({ tags, measures, parameters }: Added): string {
  const entry = (kind: string) => (pair: string) => (isWritable(pair) ? `${kind}.${pair.replace(':', '=')}\n` : '');
  const pairs = Object.entries(parameters).map(([key, value]) => `${key}:${value}`);
  // The line before may be another step's without an end.
  const lines = [...tags.map(entry('tag')), ...measures.map(entry('measure')), ...pairs.map(entry('parameter'))];
  return `\n${lines.join('')}`;
}

/** What steps wrote into the run-time file, without secrets; nothing where there is none. */
export function readAdditions(file: string | undefined, { runner, log }: Session): Additions {
  const read = file === undefined ? { text: '' } : runner.readRegularFile(file, LONGEST_RUNTIME_FILE);
  if ('why' in read) return { ...parseRuntimeFile(''), unread: read.why };
  // Redacted before anything is cut to Datadog's lengths, or half a secret could stay.
  return parseRuntimeFile(log.redact(read.text));
}

/** Environment variables that main exports to later steps; the names are a contract. */
export const RUNTIME_FILE = 'DD_PIPELINE_FILE';
