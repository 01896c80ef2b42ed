import type { LogLine } from '../model/log-line.js';
import { cut, toLine } from '../model/text.js';

/** UTF-16 units of a line that are kept; Datadog takes 5 MB a request, in which a thousand lines should fit. */
const LONGEST_LINE = 64 * 1024;

/** Bytes of a line that has no end yet: in them are the longest line, and a secret that stands across its end. */
const LONGEST_BYTES = LONGEST_LINE * 4 + 16 * 1024;

const LINE_FEED = 10;

/* eslint-disable no-control-regex -- these are the characters that must not leave */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
const CONTROLS = new RegExp(CONTROL, 'g');

/** What colours a terminal and names its window, and other escape sequences (ECMA-48, ECMA-35), as `tput sgr0` has. */
const TERMINAL = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-~]/g;
/* eslint-enable no-control-regex */

/** Turns the bytes of a log into lines, block by block. */
interface LineReader {
  /** The lines that end in these bytes. */
  read(bytes: Buffer): LogLine[];
  /** The last line, where nothing ends it. */
  end(): LogLine[];
}

/**
 * A reader of a log from its line `first` on. Blocks of whole lines are freed of control characters and then of
 * secrets, which so are found across chunks; blank lines are left out, but count.
 */
export function createLineReader(hide: (lines: string) => string, first = 1): LineReader {
  const toLogLine = createLineParser();
  let open: Buffer[] = [];
  let size = 0;
  let number = first;
  const keep = (bytes: Buffer): void => {
    // A copy: the chunk that it is a part of may be large.
    const part = Buffer.from(bytes.subarray(0, LONGEST_BYTES - size));
    open.push(part);
    size += part.length;
  };
  const toLines = (bytes: Buffer): LogLine[] => {
    const block = hide(clean(Buffer.concat([...open, bytes]).toString()));
    [open, size] = [[], 0];
    return block.split('\n').flatMap((text) => toLogLine(text, number++) ?? []);
  };
  return {
    read(bytes) {
      const end = bytes.lastIndexOf(LINE_FEED);
      const isLong = size >= LONGEST_BYTES;
      const lines = end < 0 ? [] : toLines(bytes.subarray(isLong ? bytes.indexOf(LINE_FEED) : 0, end));
      keep(bytes.subarray(end + 1));
      return lines;
    },
    end: () => (size > 0 ? toLines(Buffer.alloc(0)) : []),
  };
}

/** What a terminal would not show is gone; what a lone carriage return overwrites stays. */
function clean(block: string): string {
  if (!CONTROL.test(block)) return block;
  return block.replace(TERMINAL, '').replace(/\r+$/gm, '').replace(/\r+/g, ' ').replace(CONTROLS, '');
}

const TIME = /^\ufeff?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)(?: |$)/;

/** Runners mark a command's line with a sign of their own. */
const GROUP = /^\W{0,8}(?:##\[group\]|::group::)(.*)$/;
const GROUP_END = /^\W{0,8}(?:##\[endgroup\]|::endgroup::)/;

/** How runners begin a step: GitHub's and Gitea's with a group that is called like it, others with a line. */
const STEP = /^Run (?=\S)/;
const STEP_LINE = /^(?:⭐ )?Run (?:Main (.+)|((?:Pre|Post) .+))$/;
const AFTER_STEPS = /^(?:Post job cleanup\.|Cleaning up (?:orphan processes|container for job .*)|🏁 .*)$/u;

const STATUS = /^\W{0,8}(?:##\[(error|warning|notice|debug)\]|::(error|warning|notice|debug)(?: [^:]*)?::)/;
/** The lines with which act-type runners tell that a step failed. */
const FAILED = /^\s*(?:❌|⚙️ \[runner\]: )/u;

/** The time of the last line that has one, in milliseconds since the epoch; NaN where none has. */
export function toLastTime(bytes: Buffer): number {
  const times = bytes
    .toString()
    .split('\n')
    .map((line) => Date.parse(TIME.exec(line)?.[1] ?? ''));
  return times.findLast((time) => !Number.isNaN(time)) ?? NaN;
}

/** Understands lines one after the other; undefined for one that is blank. */
function createLineParser(): (raw: string, number: number) => LogLine | undefined {
  let time: string | undefined;
  let step: string | undefined;
  let group: string | undefined;
  return (raw, number) => {
    const [before, told] = TIME.exec(raw) ?? [''];
    if (told !== undefined && !Number.isNaN(Date.parse(told))) time = told;
    const text = raw.slice(before.length);
    const named = toLine(GROUP.exec(text)?.[1] ?? '', 200);
    const [, main, other] = STEP_LINE.exec(text) ?? [];
    if (STEP.test(named)) [step, group] = [named, undefined];
    else if (named) group = named;
    else if (main ?? other) [step, group] = [`Run ${toLine(main ?? other!, 200)}`, undefined];
    else if (AFTER_STEPS.test(text)) [step, group] = [undefined, undefined];
    const section = group ?? step;
    if (GROUP_END.test(text)) group = undefined;
    if (text.trim() === '') return undefined;
    return { number, time, section, status: toStatus(text), text: cut(text, LONGEST_LINE) };
  };
}

function toStatus(text: string): LogLine['status'] {
  const [, own, general] = STATUS.exec(text) ?? [];
  return ((own ?? general) as LogLine['status']) ?? (FAILED.test(text) ? 'error' : undefined);
}
