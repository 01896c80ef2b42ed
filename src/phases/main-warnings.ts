import { toJobKey } from '../pipeline/job.js';
import type { Report } from '../pipeline/report.js';
import type { Log } from '../runner/log.js';
import type { ApiJobs } from '../server/answers.js';
import type { Unread } from '../server/client.js';
import type { Platform } from '../server/platforms/platform.js';

const ONE_JOB = 'the input `level` is `pipeline`, which is for workflows of one job';

/** The lines that make a workflow of several jobs one pipeline. */
const SEVERAL_JOBS =
  'Write `level: job` below `with:` in each job, and add a closing job with `if: always()`, `needs:` ' +
  'and `needs: ${{ toJSON(needs) }}` below `with:`.';

/** Says by at most one warning what keeps a run's jobs from showing as one pipeline; `listed`: they had to be read. */
export function warnSetUp(
  { role, config, startsPipeline }: Report,
  { repeatsRunId, listed }: Pick<Platform, 'repeatsRunId'> & { listed: ApiJobs | undefined },
  log: Log,
): void {
  const jobs = listed?.jobs.length ?? 1;
  if (role === 'whole' && toJobKey('', config.matrix) !== '') {
    log.warn({ what: 'Each job of this matrix shows as a pipeline of its own', why: ONE_JOB, fix: SEVERAL_JOBS });
  } else if (role === 'whole' && jobs > 1) {
    const why = `the run has ${listed?.complete === false ? 'at least ' : ''}${jobs} jobs, and ${ONE_JOB}`;
    log.warn({ what: 'Only this job of the run shows in its pipeline', why, fix: SEVERAL_JOBS });
  }
  if (role === 'whole') return;
  if (repeatsRunId) {
    log.notice(
      'Datadog: this runner gives every run the id 1, so its jobs show as several pipelines; ' +
        '`--env GITHUB_RUN_ID=<number>` joins them.',
    );
  } else if (role === 'member' && !startsPipeline) {
    log.info(
      "Datadog: this job reports itself alone for now: the run's start, or whether it is a partial retry, " +
        "is not known here (neither the server's API nor the inputs tell).",
    );
  }
}

/** Says that a closing job does not know when its run started. */
export function warnNoStart(unread: Unread | undefined, log: Log): void {
  log.warn({
    what: 'The pipeline starts with this closing job in Datadog, so its duration is wrong (tag start_source:own)',
    why: `${toUnknown(unread)}, and neither \`start\` nor the outputs of the jobs in \`needs\` do`,
    fix:
      'Let the token read actions (`permissions: actions: read`), or let a first job hand its output ' +
      '`pipeline-start` or `job-start` of this action on as an output of its own.',
  });
}

/** Says that jobs don't find each other's pipeline when they are run again. */
export function warnUnknownStart(unread: Unread | undefined, log: Log): void {
  log.warn({
    what: 'When jobs of this run are run again, they may show as several pipelines',
    why: `this server counts attempts per job, and ${toUnknown(unread)}`,
    fix: 'Let the input `token` (by default the job token) read actions.',
  });
}

function toUnknown(unread: Unread | undefined): string {
  return `when the run started is not known: ${unread?.why ?? "the server's API tells no start"}`;
}
