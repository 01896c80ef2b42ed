import * as z from 'zod/mini';
import type { ApiJob, ApiJobs } from './api/answers.js';
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
const Body = z.record(z.string(), z.object({ result: z.catch(z.string(), ''), outputs: z.optional(Outputs) }));

/** `${{ toJSON(needs) }}`, or lines of `key=result`; undefined for anything else. */
export function parseNeeds(raw: string): Need[] | undefined {
  return parseJson(raw) ?? parseLines(raw);
}

function parseJson(raw: string): Need[] | undefined {
  let body: unknown;
  try {
    body = JSON.parse(raw);
  } catch {
    return undefined;
  }
  const parsed = Body.safeParse(body ?? {});
  if (!parsed.success) return undefined;
  return Object.entries(parsed.data).map(([key, { result, outputs = {} }]) => ({
    key,
    result,
    pipelineStart: toTime(outputs['pipeline-start']),
    jobStart: toTime(outputs['job-start']),
    stage: typeof outputs['stage'] === 'string' && outputs['stage'] ? outputs['stage'] : undefined,
  }));
}

function parseLines(raw: string): Need[] | undefined {
  const lines = raw.split(/\r?\n/).flatMap((line) => line.trim() || []);
  const needs = lines.flatMap((line) => {
    const [, key, result] = /^([\w-]+)\s*=\s*(\w+)$/.exec(line) ?? [];
    return key && result && parseStatus(result) ? [{ key, result }] : [];
  });
  return needs.length === lines.length && lines.length > 0 ? needs : undefined;
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

/** Between a caller's and a called workflow's job in the names that servers give. */
const SEPARATOR = ' / ';

/** A job of the run that a need stands for, with what its identity takes. */
export interface NeededJob {
  key: string;
  /** As the API lists it, where it does. */
  listed?: ApiJob | undefined;
}

/**
 * The jobs that a job waited for and that ran in this attempt. One key may stand for several: the jobs of a matrix are listed as
 * `key (values)`, those of a called workflow as `key / inner`. A key that the list does not show (jobs may have names of their own) stands for itself.
 */
export function toNeededJobs(needs: readonly Need[], list: ApiJobs | undefined, own: ApiJob | undefined): NeededJob[] {
  const caller = own?.name.includes(SEPARATOR) ? own.name.slice(0, own.name.lastIndexOf(SEPARATOR) + SEPARATOR.length) : '';
  return needs
    .filter(({ result }) => parseStatus(result) !== 'skipped')
    .flatMap(({ key }) => {
      const listed = list?.jobs.filter(({ name }) => belongsTo(name, caller + key)) ?? [];
      if (listed.length === 0) return [{ key }];
      return listed.filter(hasRun).map((job) => ({ key: job.name.split(SEPARATOR).at(-1)!, listed: job }));
    });
}

function belongsTo(name: string, key: string): boolean {
  return name === key || name.startsWith(`${key} (`) || name.startsWith(key + SEPARATOR);
}

function hasRun({ carriedOver, conclusion, startedAt }: ApiJob): boolean {
  return !carriedOver && parseStatus(conclusion) !== 'skipped' && (startedAt !== undefined || conclusion !== undefined);
}
