import * as z from 'zod/mini';
import type { ApiJob, ApiJobs } from './api/answers.js';
import { behind, SEPARATOR, toCuts } from './job-name.js';
import type { Status } from './run.js';
import { parseStatus } from './status.js';
import { toTime } from './time.js';

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
export const Needs = z.array(Need);

const Outputs = z.catch(z.record(z.string(), z.unknown()), {});
const Body = z.object({ result: z.string(), outputs: z.optional(Outputs) });

/** Needs as far as they can be understood, and whether that is all of them. */
export interface ParsedNeeds {
  needs: Need[];
  complete: boolean;
}

/** `${{ toJSON(needs) }}`, or lines of `key=result`; what can't be understood is left out. */
export function parseNeeds(raw: string): ParsedNeeds {
  const body = parseBody(raw);
  const entries = body === undefined ? raw.split(/\r?\n/).flatMap((line) => (line.trim() ? [parseLine(line)] : [])) : body.map(parseEntry);
  const needs = entries.filter((need) => need !== undefined);
  return { needs, complete: needs.length === entries.length && (body !== undefined || needs.length > 0) };
}

/** The entries of a JSON object; undefined for anything else. */
function parseBody(raw: string): [string, unknown][] | undefined {
  try {
    const body: unknown = JSON.parse(raw);
    if (body === null) return [];
    return typeof body === 'object' && !Array.isArray(body) ? Object.entries(body) : undefined;
  } catch {
    return undefined;
  }
}

function parseEntry([key, value]: [string, unknown]): Need | undefined {
  const parsed = Body.safeParse(value);
  if (!parsed.success || !parseStatus(parsed.data.result)) return undefined;
  const { result, outputs = {} } = parsed.data;
  return {
    key,
    result,
    pipelineStart: toTime(outputs['pipeline-start']),
    jobStart: toTime(outputs['job-start']),
    stage: typeof outputs['stage'] === 'string' && outputs['stage'] ? outputs['stage'] : undefined,
  };
}

function parseLine(line: string): Need | undefined {
  const [, key, result] = /^\s*([\w-]+)\s*=\s*(\w+)\s*$/.exec(line) ?? [];
  return key && result && parseStatus(result) ? { key, result } : undefined;
}

/** A closing job's pipeline status: the worst of the needs' results and this job's own, and skipped where nothing was to do (DESIGN 6). */
export function toPipelineStatus(needs: readonly Need[], own: Status): Status {
  const results = needs.map(({ result }) => parseStatus(result));
  const worst = toWorst([...results, own]);
  return worst === 'success' && results.length > 0 && results.every((result) => result === 'skipped') ? 'skipped' : (worst ?? own);
}

/** The worst of statuses of which some are unknown; skipped only where all are. */
export function toWorst(statuses: readonly (Status | undefined)[]): Status | undefined {
  return (['error', 'canceled', 'blocked', 'success', 'skipped'] as const).find((status) => statuses.includes(status));
}

/** The earliest of times of which some are unknown. */
export function earliest(times: readonly (string | undefined)[]): string | undefined {
  return times.filter((time) => time !== undefined).sort()[0];
}

/** The newest of times of which some are unknown. */
export function newest(times: readonly (string | undefined)[]): string | undefined {
  return times
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
}

/** A job of the run that a need stands for, with what its identity takes. */
export interface NeededJob {
  key: string;
  /** It stands in a workflow that another one called. */
  called: boolean;
  /** As the API lists it. */
  listed: ApiJob;
}

/**
 * The jobs that a job waited for and that ran in this attempt, as far as the API lists them. One key may stand for several: the jobs of a
 * matrix are listed as `key (values)`, those of a called workflow as `key / inner`. What a key stands for that the list does not show is not
 * known: jobs may have names of their own, and a matrix too.
 */
export function toNeededJobs(needs: readonly Need[], list: ApiJobs, own: { job: ApiJob | undefined; isCalled: boolean }): NeededJob[] {
  const name = own.job?.name ?? '';
  const call = own.isCalled ? toCuts(name).at(-1) : undefined;
  // Keys repeat from call to call, and a list that shows no callers does not tell them apart.
  if (own.isCalled && call === undefined) return [];
  const caller = call === undefined ? '' : name.slice(0, call) + SEPARATOR;
  const tellsLabels = list.jobs.some(({ labels }) => labels.length > 0);
  return (
    needs
      .filter(({ result }) => parseStatus(result) !== 'skipped')
      .flatMap(({ key }) => list.jobs.filter((job) => belongsTo(job.name, caller + key)))
      // The call of a workflow may be listed as a job, which no runner runs.
      .filter((job) => hasRun(job) && (job.labels.length > 0 || !tellsLabels))
      .map((job) => toNeededJob(job, caller))
  );
}

function toNeededJob(listed: ApiJob, caller: string): NeededJob {
  const name = listed.name.slice(caller.length);
  const call = toCuts(name).at(-1);
  return { key: behind(name, call), called: caller !== '' || call !== undefined, listed };
}

function belongsTo(name: string, key: string): boolean {
  return name === key || name.startsWith(`${key} (`) || name.startsWith(key + SEPARATOR);
}

function hasRun({ carriedOver, conclusion, startedAt }: ApiJob): boolean {
  return !carriedOver && parseStatus(conclusion) !== 'skipped' && (startedAt !== undefined || conclusion !== undefined);
}
