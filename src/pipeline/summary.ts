import type { Delivered } from '../model/delivered.js';
import type { Status } from '../model/run.js';
import { toLine } from '../model/text.js';
import { toDuration } from '../model/time.js';
import { SIGNS, toResult } from './result.js';
import { toTimeline } from './timeline.js';

/** A job in the table and in the picture. */
export interface SummaryJob {
  name: string;
  /** Its page. */
  url?: string | undefined;
  status: Status;
  /** Absent where the server does not tell when it ran. */
  start?: string | undefined;
  end?: string | undefined;
  /** The call of another workflow that it belongs to. */
  stage?: string | undefined;
  /** Why it failed. */
  reason?: string | undefined;
}

/** What ended, a run or one of its jobs, as people are told of it. */
export interface Ended {
  name: string;
  status: Status;
  start: string;
  end: string;
  /** Why it failed, line by line. */
  reason?: string | undefined;
  jobs: readonly SummaryJob[];
  /** Jobs that are not among them, in whole sentences. */
  notes?: readonly string[] | undefined;
  /** The server's page of the run. */
  url: string;
  /** The page in Datadog of its tests; empty where there is none. */
  tests?: string | undefined;
}

/** What became of the events. */
export interface Told extends Delivered {
  /** The run's page in Datadog, where it is there. */
  page?: string | undefined;
  /** They went to an intake that may be anybody's. */
  elsewhere: boolean;
}

/** So many of thousands of rows leave room in the 1 MiB that servers take as the summary of a step. */
export const MOST_ROWS = 200;

const MOST_LINES = 5;
const LONGEST_NAME = 100;
const LONGEST_REASON = 200;
const LONGEST_URL = 1000;

const ELSEWHERE = 'Reported to the intake that `intake-url` names.';

const DELIVERED: Record<Delivered['events'], string> = {
  all: 'Reported to Datadog.',
  some: 'Only a part of it reached Datadog; the log of this job says why.',
  none: '**Not delivered to Datadog.** The log of this job says why.',
  'dry run': 'Dry run: nothing was sent to Datadog.',
};

/** A job summary in Markdown, with nothing from outside in it that is more than text. */
export function toSummary(ended: Ended, told: Told, redact: (text: string) => string): string {
  const { jobs, notes = [] } = ended;
  const text = (raw: string, most = LONGEST_NAME): string => escape(toLine(redact(raw), most));
  const lines = (ended.reason ?? '').split('\n').map((line) => text(line, LONGEST_REASON));
  const failedFirst = jobs.toSorted((a, b) => Number(isFailed(b)) - Number(isFailed(a)));
  const shown = failedFirst.slice(0, MOST_ROWS);
  // Some servers have no page for a job.
  const toPage = ({ url }: SummaryJob): string | undefined => (url && url !== ended.url ? redact(url) : undefined);
  const rows = shown.map(
    (job) => `${toRow({ ...job, url: toPage(job) }, text)} ${text(job.reason ?? '', LONGEST_REASON)} |`,
  );
  return [
    `### ${toResult(text(ended.name) || 'unnamed', ended)}`,
    '',
    ...toQuote(lines.filter(Boolean).slice(0, MOST_LINES)),
    [
      told.events === 'all' && told.elsewhere ? ELSEWHERE : DELIVERED[told.events],
      ...(told.page ? [toLink('This run in Datadog', told.page)] : []),
      toLink('This run here', redact(ended.url)),
      ...(ended.tests && told.page ? [toLink('Tests of this run in Datadog', ended.tests)] : []),
    ].join(' · '),
    '',
    ...(rows.length > 0 ? ['|   | job | duration | why |', '| :-: | --- | --: | --- |', ...rows, ''] : []),
    ...(rows.length < jobs.length ? [`Shown are ${rows.length} of ${jobs.length} jobs.`, ''] : []),
    ...notes.flatMap((note) => [note, '']),
    ...toTimeline(jobs.flatMap(toBar(redact)), redact(ended.name)),
  ].join('\n');
}

function isFailed({ status }: SummaryJob): boolean {
  return status === 'error';
}

/** The cells of a table: how something ended, its name with its page, how long it took. */
export function toRow({ name, url, status, start, end }: SummaryJob, text: (raw: string) => string): string {
  const duration = status !== 'skipped' && start && end ? toDuration(start, end) : '';
  return `| ${SIGNS[status]} | ${toLink(text(name) || 'unnamed', url)} | ${duration} |`;
}

/** A quote of lines that stay lines. */
function toQuote(lines: readonly string[]): string[] {
  const quoted = lines.map((line, at) => `> ${line}${at < lines.length - 1 ? '\\' : ''}`);
  return quoted.length > 0 ? [...quoted, ''] : [];
}

function toBar(redact: (text: string) => string) {
  return ({ start, end, name, stage, ...job }: SummaryJob) =>
    start && end ? [{ ...job, start, end, name: redact(name), stage: stage && redact(stage) }] : [];
}

/** What of an address would end a link or a cell, or be read as something else. */
const SPECIAL = /[\s()|\\<>"'`[\]{}]/g;

/** A link with a text that is escaped already; the text alone where the address is none. */
function toLink(text: string, url: string | undefined): string {
  if (!url || url.length > LONGEST_URL || !/^https?:\/\//.test(url)) return text;
  const safe = url.replace(SPECIAL, (character) => `%${character.charCodeAt(0).toString(16)}`).replaceAll('&', '&amp;');
  return `[${text}](${safe})`;
}

/** Characters that turn the direction of what follows. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

/** What servers look for in text: people, issues, emoji. A blank of no width after the sign hides it from them. */
const REFERENCES = /[@#](?=\w)|:(?=[\w+-]+:)/g;

/** Text from outside as nothing but text in Markdown and HTML. */
export function escape(text: string): string {
  return text
    .replace(TURNS, '')
    .replace(REFERENCES, '$&\u200b')
    .replace(/[\\`*_{}[\]()#+\-=.!|<>&~@:$]/g, (character) => `&#${character.charCodeAt(0)};`);
}
