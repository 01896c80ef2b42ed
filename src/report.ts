import { type End, type Events, toEvents } from './events/event.js';
import { toGit, toGitTags } from './events/git.js';
import { type JobOfRun, toFinalJob, toRunningJob } from './events/job.js';
import { type Pipeline, toFinalPipeline, toRunningPipeline } from './events/pipeline.js';
import { isSha } from './git.js';
import type { Log } from './log.js';
import type { Reported } from './state.js';
import { mergeTags } from './tags.js';
import { VERSION } from './version.js';

/** What the job reports at its start. */
export function toRunningEvents(reported: Reported, log: Log): Events {
  const { pipeline, job } = toParts(reported, [], log);
  return toEvents([toRunningPipeline(pipeline), toRunningJob(job)], reported.config);
}

/** What the job reports at its end; `tags` are those of ours that only the end knows. */
export function toFinalEvents(reported: Reported, end: End, tags: readonly string[], log: Log): Events {
  const { pipeline, job } = toParts(reported, tags, log);
  return toEvents([toFinalPipeline(pipeline, end), toFinalJob(job, end)], reported.config);
}

function toParts(reported: Reported, endTags: readonly string[], log: Log): { pipeline: Pipeline; job: JobOfRun } {
  const { config, run, job, pipelineId, jobId, start, jobStart, partialRetry, previous, runnerTags } = reported;
  const ours = [...run.tags, ...runnerTags, ...endTags, `reporter_version:${VERSION}`, ...toGitTagsOf(reported, log)];
  const { tags, left } = mergeTags(ours, config.tags);
  const { tags: measures, left: leftMeasures } = mergeTags(config.measures);
  tellLeft([...left, ...leftMeasures], log);
  return {
    pipeline: { run, id: pipelineId, start, partialRetry, previous, node: job.node, tags, measures },
    job: { run, job, id: jobId, pipelineId, start: jobStart, tags, measures },
  };
}

/** The parts of git as tags where the commit id is none that Datadog takes. */
function toGitTagsOf({ run: { revision, commit } }: Reported, log: Log): string[] {
  if (!revision.sha || isSha(revision.sha) || toGit(revision, commit)) return [];
  log.notice(
    'Datadog takes commit ids of 40 hexadecimal digits only, and this one is another: `git` is left out, its parts are sent as tags.',
  );
  return toGitTags(revision);
}

function tellLeft(left: readonly string[], log: Log): void {
  if (left.length === 0) return;
  log.warn({
    what: `${left.length} tags or measures were left out (${left.map((tag) => tag.slice(0, 40)).join(', ')})`,
    why: 'Datadog takes at most 100 of each, and 300 characters for key and value together',
    fix: 'Send fewer, or shorter ones.',
  });
}
