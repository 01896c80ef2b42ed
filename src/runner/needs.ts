import * as z from 'zod/mini';
import { parseJson } from '../model/json.js';
import { toWord } from '../model/shapes.js';
import { parseStatus } from '../model/status.js';
import { toTime } from '../model/time.js';

/** A job that this one waited for: its key, how it ended, and what it handed over in its outputs. */
const Need = z.object({
  key: z.string(),
  result: z.string(),
  /** Start of the run and of that job, RFC 3339, from its outputs `pipeline-start` and `job-start`. */
  pipelineStart: z.optional(z.string()),
  jobStart: z.optional(z.string()),
  stage: z.optional(z.string()),
});
export type Need = z.infer<typeof Need>;
/** All that this one waited for, and could be understood. */
export const Needs = z.array(Need);

const Outputs = z.catch(z.record(z.string(), z.unknown()), {});
const Body = z.object({ result: z.string(), outputs: z.optional(Outputs) });

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
  const body = parseJson(raw, z.unknown());
  if (body === null) return [];
  return typeof body === 'object' && !Array.isArray(body) ? Object.entries(body) : undefined;
}

function parseEntry([key, value]: [string, unknown]): Need | undefined {
  const { data } = Body.safeParse(value);
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
