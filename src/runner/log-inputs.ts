import * as s from '../model/shape.js';
import type { Site } from '../model/site.js';
import { parseCount, type Reader } from './reader.js';

/** What a user asked for of job logs. */
export const LOG_FIELDS = {
  /** Of which jobs the log is sent. */
  logs: s.oneOf('none', 'failed', 'all'),
  /** So many of its last lines. */
  logLines: s.number,
  /** Base URL of the intake for it; empty: there is none. */
  logIntake: s.string,
};

const LOGS = { none: 'none', failed: 'failed', all: 'all' } as const;
const LINES = 20_000;

/** Datadog takes at most so many lines of a job (API reference, "Send CI job logs"). */
const MOST_LINES = 2_000_000;

/** The inputs for job logs, which go to the user's own intake or to that of a site. */
export function readLogs(read: Reader, own: string | undefined, site: Site | undefined) {
  const logs = read.choice('logs', LOGS) ?? 'none';
  const wanted = `a number of lines from 1 to ${MOST_LINES}`;
  const logLines = read.value('log-lines', parseCount(MOST_LINES), { wanted }) ?? LINES;
  if (logs !== 'none' && own === undefined && site?.supported === false) {
    read.problem({
      what: 'No job log is sent',
      why: `Datadog takes no logs of CI jobs at ${site.name}`,
      fix: 'Leave `logs` out.',
    });
  }
  return { logs, logLines, logIntake: own ?? site?.logs ?? '' };
}
