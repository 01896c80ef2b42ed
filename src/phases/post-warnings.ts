import type { JobEnd } from '../pipeline/job-end.js';
import type { Log } from '../runner/log.js';
import type { Additions } from '../runner/runtime-file.js';
import type { Unread } from '../server/client.js';

/** Says what of the run-time file is not sent. */
export function warnAdditions({ unread, unusable }: Additions, log: Log): void {
  if (unread !== undefined) {
    log.warn({
      what: 'What steps wrote into DD_PIPELINE_FILE is not sent',
      why: unread,
      fix: 'Append lines to the file with `>>`; leave the file itself in its place.',
    });
  }
  if (unusable.length > 0) {
    log.warn({
      what: 'A part of what steps wrote into DD_PIPELINE_FILE is not sent',
      why: unusable.slice(0, 20).join('; '),
      fix:
        'Write one `tag.<key>=<value>`, `measure.<key>=<number>`, `parameter.<key>=<value>`, ' +
        '`step.<name>=<time>`, `error.message=<text>` or `status=<word>` a line.',
    });
  }
}

/** Why an end is not certain, by where its word comes from. */
const DOUBTS: Partial<Record<JobEnd['source'], string>> = {
  assumed:
    "this server's runner hands post an old or partial `job.status`, and its API does not tell how the job ended",
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

/** Hours after which Gitea and Forgejo end a job as failed and refuse its token (setting ENDLESS_TASK_TIMEOUT). */
const ENDLESS = 3;

/** Says that how the job ended is not certain, and what would make it so. */
export function warnJobEnd(
  { status, source, certain }: JobEnd,
  { inComposite, hours, unread }: { inComposite: boolean; hours: number; unread?: Unread | undefined },
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
  else {
    const reason = source === 'assumed' && unread ? ` (${unread.why})` : '';
    log.warn({ what, why: `${why}${reason}`, fix: toStatusFix(source, inComposite) });
  }
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
