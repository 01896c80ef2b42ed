import { earliest, HOUR, newest, toTime, toTimeOfUnix } from '../model/time.js';
import type { Config, Role } from '../runner/inputs.js';
import type { Payload } from '../runner/payload.js';
import type { ApiRun } from '../server/answers.js';

/** When a run started, and how that is known. */
interface Start {
  time: string;
  source: 'main' | 'server' | 'start' | 'pipeline-start' | 'job-start' | 'event' | 'own';
  /** The same for every job of the run, so that a running event may carry it. */
  certain: boolean;
}

/** Datadog docs: "The duration between the event start and end times cannot exceed 1 year." */
const LONGEST = 365 * 24 * HOUR;

/** An event from longer ago than that is not what started this run: it may be a retry, or have waited for days. */
const OLDEST_EVENT = HOUR;

/** What may tell when a run started. */
interface StartSources extends Pick<Config, 'start' | 'needs'> {
  serverRun?: ApiRun | undefined;
  attempt?: number;
  eventTime?: string | undefined;
}

/**
 * A run's start, fixed once: one that changes between running and final event leaves two records in Datadog. The first
 * source that knows wins; undefined only for a job that is one of several, where nobody knows.
 */
export function toStart(
  role: Role,
  now: string,
  { serverRun, start, needs = [], attempt = 1, eventTime }: StartSources,
): Start | undefined {
  if (role === 'whole') return { time: now, source: 'main', certain: true };
  // In a retry, required jobs that were not run again hand over the start of an earlier attempt.
  const isRetry = attempt > 1;
  const pipelineStarts = needs.map((need) => need.pipelineStart);
  const closing: Candidate[] = [
    { time: isRetry ? newest(pipelineStarts) : earliest(pipelineStarts), source: 'pipeline-start', certain: !isRetry },
    { time: isRetry ? undefined : earliest(needs.map((need) => need.jobStart)), source: 'job-start', certain: false },
    { time: isRetry || !isRecent(eventTime, now) ? undefined : eventTime, source: 'event', certain: false },
    { time: now, source: 'own', certain: false },
  ];
  const candidates: Candidate[] = [
    { time: serverRun?.start, source: 'server', certain: true },
    { time: start, source: 'start', certain: true },
    ...(role === 'closing' ? closing : []),
  ];
  return candidates.find(
    (candidate): candidate is Start =>
      candidate.time !== undefined && Date.parse(now) - Date.parse(candidate.time) < LONGEST,
  );
}

type Candidate = Omit<Start, 'time'> & { time: string | undefined };

function isRecent(time: string | undefined, now: string): boolean {
  const age = Date.parse(now) - Date.parse(time ?? '');
  return age >= 0 && age <= OLDEST_EVENT;
}

/** When what started a run happened, by the event's own time; never a commit's date, which may be any. */
export function toEventTime(
  event: string,
  { action, repository, pull_request: pull, workflow_run: trigger }: Payload,
): string | undefined {
  // GitHub writes seconds here in a push, and a text elsewhere.
  if (event === 'push')
    return typeof repository?.pushed_at === 'number'
      ? toTimeOfUnix(repository.pushed_at)
      : toTime(repository?.pushed_at);
  if (event.startsWith('pull_request')) return PUSHING.includes(action ?? '') ? toTime(pull?.updated_at) : undefined;
  return event === 'workflow_run' ? toTime(trigger?.run_started_at) : undefined;
}

/** What of a pull request comes with commits, in GitHub's and Gitea's words; others change its time later. */
const PUSHING = ['opened', 'reopened', 'synchronize', 'synchronized'];
