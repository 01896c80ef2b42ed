import type { Problem } from '../model/problem.js';
import type { Run } from '../model/run.js';
import { cut } from '../model/text.js';
import { toJobKey } from '../pipeline/job.js';
import type { JobEnd } from '../pipeline/job-end.js';
import { hasForeignSha } from '../pipeline/report-events.js';
import { isTooOld } from '../pipeline/time-limits.js';
import type { Config, Role } from '../runner/inputs.js';
import type { Log } from '../runner/log.js';
import type { ApiJobs } from '../server/answers.js';
import type { Unread } from '../server/client.js';

/** The problem of an environment that is none of a runner. */
export function toMissing(missing: readonly string[]): Problem {
  return {
    what: 'Nothing is sent to Datadog',
    why: `the environment lacks ${missing.join(', ')}, which every runner sets`,
    fix: 'Run this as a step of a workflow.',
  };
}

/** Says that there is no key; nobody can do anything about it where secrets are withheld. */
export function warnNoKey(lacksSecrets: boolean, { failOnError }: Config, log: Log): void {
  const what = 'Nothing is sent to Datadog';
  if (lacksSecrets) {
    return log.notice(
      `${what}: there is no API key, because forks and Dependabot are given no secrets. Nothing needs to be done.`,
    );
  }
  const why = 'the input `api-key` is empty, and so are DATADOG_API_KEY and DD_API_KEY';
  const fix =
    'Store an API key as a secret of this repository and write `api-key: ${{ secrets.DD_API_KEY }}` below `with:`.';
  if (failOnError) log.warn({ what, why, fix });
  else log.notice(`${what}: ${why}. ${fix}`);
}

/** The lines that make a workflow of several jobs one pipeline. */
const SEVERAL_JOBS =
  'Write `level: job` below `with:` in each job, and add a closing job with `if: always()`, `needs:` ' +
  'and `needs: ${{ toJSON(needs) }}` below `with:`.';

/** What is known of a job's place in its run once main has looked around. */
interface SetUp {
  role: Role;
  config: Pick<Config, 'matrix'>;
  /** The runner's run ids repeat, so that jobs can't find each other. */
  random: boolean;
  /** Running events of the pipeline are sent. */
  startsPipeline: boolean;
  /** The jobs of the run, where they had to be read. */
  listed: ApiJobs | undefined;
}

/**
 * Says what in the workflow keeps its jobs from showing as one pipeline: at most one warning, with the line to change.
 */
export function warnSetUp({ role, config, random, startsPipeline, listed }: SetUp, log: Log): void {
  const jobs = listed?.jobs.length ?? 1;
  if (role === 'whole' && toJobKey('', config.matrix) !== '') {
    log.warn({
      what: 'Each job of this matrix shows as a pipeline of its own',
      why: 'the input `level` is `pipeline`, which is for workflows of one job',
      fix: SEVERAL_JOBS,
    });
  } else if (role === 'whole' && jobs > 1) {
    log.warn({
      what: 'Only this job of the run shows in its pipeline',
      why: `the run has ${jobs} jobs, and the input \`level\` is \`pipeline\`, which is for workflows of one job`,
      fix: SEVERAL_JOBS,
    });
  }
  if (role === 'whole') return;
  if (random) {
    log.notice(
      'Datadog: this runner gives every run the id 1, so its jobs show as several pipelines; ' +
        '`--env GITHUB_RUN_ID=<number>` joins them.',
    );
  } else if (role === 'member' && !startsPipeline) {
    log.info(
      "Datadog: this job reports itself alone for now: the run's start, or whether it is a partial retry, " +
        'is not known here (no API, no inputs).',
    );
  }
}

/** Says that a closing job does not know when its run started. */
export function warnNoStart(unread: Unread | undefined, log: Log): void {
  log.warn({
    what: 'The pipeline starts with this closing job in Datadog, so its duration is wrong (tag start_source:own)',
    why:
      `when the run started is not known: ${unread?.why ?? "the server's API tells no start"}, ` +
      'and neither `start` nor the outputs of the jobs in `needs` do',
    fix:
      'Let the token read actions (`permissions: actions: read`), or let a first job hand its output ' +
      '`pipeline-start` or `job-start` of this action on as an output of its own.',
  });
}

/** Says that jobs don't find each other's pipeline when they are run again. */
export function warnUnknownStart(log: Log): void {
  log.warn({
    what: 'When jobs of this run are run again, they may show as several pipelines',
    why: "this server counts attempts per job, and its API, which could tell the run's start, was not readable",
    fix: 'Let the input `token` (by default the job token) read actions.',
  });
}

/** Says that git is left out where the commit id is none that Datadog takes. */
export function warnForeignSha(run: Run, log: Log): void {
  if (!hasForeignSha(run)) return;
  log.notice(
    'Datadog takes commit ids of 40 hexadecimal digits only, and this one is another: ' +
      '`git` is left out, its parts are sent as tags.',
  );
}

/** Names the tags and measures that Datadog's limits leave no place for. */
export function warnDropped(lists: readonly (readonly string[])[], log: Log): void {
  for (const dropped of lists.filter(({ length }) => length > 0)) {
    const named = dropped.slice(0, 20).map((tag) => cut(log.redact(tag), 40));
    log.warn({
      what: `${dropped.length} tags or measures were left out (${named.join(', ')})`,
      why: 'Datadog takes at most 100 of each, and 300 characters for key and value together',
      fix: 'Send fewer, or shorter ones.',
    });
  }
}

/**
 * Why an end is not certain, by where its word comes from; a refused token is a cancel's, but for jobs that ran very
 * long.
 */
const DOUBTS: Partial<Record<JobEnd['source'], string>> = {
  assumed: "this server's runner hands post an old or partial `job.status`, and its API could not be asked",
  steps:
    "a step failed, and neither this server's API nor the workflow's file tells whether it was `continue-on-error`",
  'token-refused':
    'the server refuses the token of this job, as it does after a cancel, ' +
    'but also when a job has run for over three hours',
};

/** An open step that could not be looked at again. */
const UNENDED = {
  why:
    "a step of this job has no end yet in the server's API, " +
    'which a cancel leaves so and a slow runner for some seconds',
  fix: 'Give `timeout` more seconds, so that post can look again.',
};

/**
 * Hours after which Gitea and Forgejo end a job as failed, and refuse its token as after a cancel (setting
 * ENDLESS_TASK_TIMEOUT).
 */
const ENDLESS = 3;

/** Says that how the job ended is not certain, and what would make it so. */
export function warnJobEnd(
  { status, source, certain }: JobEnd,
  { inComposite, hours }: { inComposite: boolean; hours: number },
  log: Log,
): void {
  log.debug(`status ${status} from ${source}`);
  const isRefused = source === 'token-refused' && hours < ENDLESS;
  if (isRefused)
    log.info(
      "Datadog: the server refuses this job's token, as it does after a cancel, so the job is reported as canceled.",
    );
  const why = DOUBTS[source];
  if (certain || isRefused || !why) return;
  const what =
    `How this job ended is not known for certain, so it is reported as ${status} ` +
    `with the tag status_source:${source}`;
  if (source === 'steps' && status === 'canceled') log.warn({ what, ...UNENDED });
  else log.warn({ what, why, fix: toStatusFix(source, inComposite) });
}

function toStatusFix(source: JobEnd['source'], inComposite: boolean): string {
  if (source === 'token-refused') return "Give the job a `timeout-minutes` below the server's limit.";
  if (inComposite) {
    return (
      'Let the last step of the job itself, with `if: always()`, write it: ' +
      '`echo "status=${{ job.status }}" >> "$DD_PIPELINE_FILE"`.'
    );
  }
  return (
    'Write `status: ${{ job.status }}` below `with:`, ' +
    'or let the token read actions and contents (`permissions:` of this workflow).'
  );
}

/** Says that of something that began that long ago steps may be missing. */
export function warnOldSteps(start: string, now: number, log: Log): void {
  if (!isTooOld(start, now)) return;
  log.notice('Datadog: steps that ended more than 18 hours ago are left out, because Datadog takes nothing older.');
}

/** Clocks that differ by more than this, in milliseconds, are worth a word. */
const SKEW = 5_000;

/** Says that something which is over lies in this runner's future. */
export function warnSkew(times: readonly string[], now: string, log: Log): void {
  const most = times.reduce((most, time) => Math.max(most, Date.parse(time) - Date.parse(now)), 0);
  if (most <= SKEW) return;
  log.notice(
    'Datadog: the clocks of this runner and of whoever told the times before differ by ' +
      `${Math.round(most / 1000)} s, so the end is sent as equal to the latest of them.`,
  );
}
