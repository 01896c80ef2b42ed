import * as s from '../model/shape.js';
import { parseJson } from '../model/json.js';
import { soft, toWord } from '../model/soft.js';
import { parseStatus } from '../model/status.js';
import { toTime } from '../model/time.js';

/** A job that this one waited for: its key, how it ended, and what it handed over in its outputs. */
const Need = s.object({
  key: s.string,
  result: s.string,
  /** Start of the run and of that job, RFC 3339, from its outputs `pipeline-start` and `job-start`. */
  pipelineStart: s.optional(s.string),
  jobStart: s.optional(s.string),
  stage: s.optional(s.string),
});
export type Need = s.Shaped<typeof Need>;
/** All that this one waited for, and could be understood. */
export const Needs = s.list(Need);

const Body = s.object({ result: s.string, outputs: soft(s.record(s.unknown)) });

/** `${{ toJSON(needs) }}`, or lines of `key=result`; what can't be understood is left out. */
export function parseNeeds(raw: string): { needs: Need[]; complete: boolean } {
  const body = parseBody(raw);
  const entries =
    body === undefined
      ? raw.split(/\r?\n/).flatMap((line) => (line.trim() ? [parseLine(line)] : []))
      : body.map(parseEntry);
  const needs = entries.filter((need) => need !== undefined);
  return { needs, complete: needs.length === entries.length && (body !== undefined || needs.length > 0) };
}

/** The entries of a JSON object; undefined for anything else. */
function parseBody(raw: string): [string, unknown][] | undefined {
  const body = parseJson(raw, s.unknown);
  if (body === null) return [];
  return typeof body === 'object' && !Array.isArray(body) ? Object.entries(body) : undefined;
}

function parseEntry([key, value]: [string, unknown]): Need | undefined {
  const data = s.read(Body, value);
  if (!data || !parseStatus(data.result)) return undefined;
  const { result, outputs = {} } = data;
  return {
    key,
    result,
    pipelineStart: toTime(outputs['pipeline-start']),
    jobStart: toTime(outputs['job-start']),
    stage: toWord(outputs['stage']),
  };
}

function parseLine(line: string): Need | undefined {
  const [, key, result] = /^\s*([\w-]+)\s*=\s*(\w+)\s*$/.exec(line) ?? [];
  return key && result && parseStatus(result) ? { key, result } : undefined;
}
