import type { LogLine } from '../model/log-line.js';
import { HOUR } from '../model/time.js';

/** A line as Datadog's intake for CI job logs takes it (PyPI datadog-api-client 2.62.0, model CILogItem). */
export interface LogItem {
  job_id: string;
  pipeline_unique_id: string;
  provider_name?: string | undefined;
  message: string;
  line_number: number;
  timestamp?: string | undefined;
  status?: string | undefined;
  section_name?: string | undefined;
}

/** The job whose log it is, by what its events say. */
export interface LogOwner {
  jobId: string;
  pipelineId: string;
  providerName?: string | undefined;
}

/** Datadog takes times at most 18 hours old and 12 hours ahead; some minutes go by until it looks at them. */
const OLDEST = 17.9 * HOUR;
const NEWEST = 11.9 * HOUR;

/** A line with its job; a time that Datadog would not take is left out, and its own counts. */
export function toLogItem({ number, time, section, status, text }: LogLine, owner: LogOwner, now: number): LogItem {
  const age = time === undefined ? NaN : now - Date.parse(time);
  return {
    job_id: owner.jobId,
    pipeline_unique_id: owner.pipelineId,
    provider_name: owner.providerName,
    message: text,
    line_number: number,
    timestamp: age < OLDEST && age > -NEWEST ? time : undefined,
    status,
    section_name: section,
  };
}
