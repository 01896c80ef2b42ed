import * as s from '../model/shape.js';
import { parseJson } from '../model/json.js';
import type { Problem } from '../model/problem.js';
import { number, soft } from '../model/soft.js';
import type { Run, RunRef } from '../model/run.js';
import { type Lines, sortLines } from '../model/tags.js';
import { toTime } from '../model/time.js';
import { BOOLEAN, createReader, parseCount } from '../runner/reader.js';
import type { Env, Input } from '../runner/runner.js';
import type { RunDetails } from '../server/run-details.js';

/** What only observing asks a user for. */
export interface Options {
  runId?: string | undefined;
  attempt?: number | undefined;
  /** False: the pipeline alone, because its jobs report themselves. */
  jobs: boolean;
  /** All runs that ended since then, RFC 3339. */
  since?: string | undefined;
  /** `owner/name`, or `owner/*`; none: this repository. */
  repositories: readonly string[];
  /** Which workflows are meant, by lines of their names or files. */
  workflows: readonly string[];
}

/** The run to observe. */
export interface Target {
  ref: RunRef;
  /** The run that this job closes. */
  isOwn: boolean;
  /** The attempt that `ref` names is meant, not whatever is the latest. */
  isAttemptKnown: boolean;
  /** The run as it was just read, where another read would tell nothing else. */
  details?: RunDetails | undefined;
  /** The run as the event tells it; it may have gone on since. */
  told?: unknown;
  /** The event started this one, and no input names the run: a workflow must not observe itself. */
  isFollowed?: boolean;
  /** The workflow's name, as the event tells it. */
  workflow?: string | undefined;
}

/** The inputs that only observing has, and all that is unusable in them. */
export function readOptions(input: Input, env: Env): { options: Options | undefined; problems: Problem[] } {
  const read = createReader(input, env);
  const effect = NO_REPOSITORY.what;
  const options: Options = {
    runId: read.value('run-id', (raw) => (/^[1-9]\d{0,19}$/.test(raw) ? raw : undefined), {
      wanted: "a run's number, as in the address of its page",
      effect,
    }),
    attempt: read.value('attempt', parseCount(100_000), { wanted: 'the number of an attempt, from 1', effect }),
    jobs: read.choice('jobs', BOOLEAN, { effect }) ?? true,
    since: read.value('since', toTime, { wanted: 'a time in RFC 3339, 2026-01-31T12:00:00Z', effect }),
    repositories: read.list('repositories', parseRepositoryLines),
    workflows: read.list('workflows', toUsable),
  };
  if (read.raw('repositories') !== '' && options.repositories.length === 0) read.problem(NO_REPOSITORY);
  const problems = read.problems();
  // Another run than the one that is meant is worse than none, and so are jobs that report themselves already, and
  // this repository's runs in place of others'.
  return { options: problems.some(({ what }) => what === effect) ? undefined : options, problems };
}

const NO_REPOSITORY: Problem = {
  what: 'Nothing is sent to Datadog',
  why: 'no line of `repositories` names one',
  fix: 'Write `owner/name` or `owner/*` on each line, or leave the input out for this repository alone.',
};

function parseRepositoryLines(lines: readonly string[]): Lines {
  return sortLines(toUsable(lines).usable, (line) =>
    /^[\w.-]+\/([\w.-]+|\*)$/.test(line) ? undefined : 'is not owner/name or owner/*',
  );
}

function toUsable(lines: readonly string[]): Lines {
  return { usable: lines.map((line) => line.trim()).filter(Boolean), unusable: [] };
}

/** Whether all runs since the last look are meant: by the event, or by an input that is of use for nothing else. */
export function isLook({ runId, since, repositories, workflows }: Options, event: string | undefined): boolean {
  if (runId !== undefined) return false;
  if (since !== undefined) return true;
  return event !== 'workflow_run' && (event === 'schedule' || repositories.length > 0 || workflows.length > 0);
}

const Told = s.object({ id: s.number, run_attempt: number });
const Event = s.object({
  workflow_run: s.optional(s.unknown),
  workflow: soft(s.object({ name: s.string })),
});

/** The run that the inputs name, else the one of a `workflow_run` event (undefined: it has none), else this one. */
export function toTarget({ runId, attempt }: Options, own: Run, eventFile: string | undefined): Target | undefined {
  const isTold = own.event === 'workflow_run';
  const event = isTold ? parseJson(eventFile, Event) : undefined;
  const told = s.read(Told, event?.workflow_run);
  const toldId = told?.id.toString();
  // Where the event tells of none it is not this run, which only observes.
  const id = runId ?? (isTold ? toldId : own.id);
  if (id === undefined) return undefined;
  if (id === toldId) {
    const toldAttempt = told?.run_attempt || undefined;
    const wanted = attempt ?? toldAttempt;
    const fromEvent = wanted === toldAttempt && { told: event?.workflow_run, workflow: event?.workflow?.name };
    return at(own, id, { attempt: wanted, ...fromEvent, isFollowed: runId === undefined });
  }
  if (id === own.id && (attempt ?? own.attempt) === own.attempt) return { ref: own, isOwn: true, isAttemptKnown: true };
  return at(own, id, { attempt });
}

function at(
  { serverUrl, repository, number }: RunRef,
  id: string,
  { attempt, ...more }: Partial<Target> & { attempt: number | undefined },
): Target {
  return {
    // Nothing else of the run that observes is the other one's.
    ref: { serverUrl, repository, id, number, attempt: attempt ?? 1 },
    isOwn: false,
    isAttemptKnown: attempt !== undefined,
    ...more,
  };
}
