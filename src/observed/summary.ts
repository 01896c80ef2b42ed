import type { End } from '../events/event.js';
import { toDatadogUrl } from '../model/site.js';
import { toLine } from '../model/text.js';
import { escape } from '../pipeline/summary.js';
import type { Config } from '../runner/inputs.js';
import { toGantt } from './gantt.js';
import type { ObservedJob } from './jobs.js';
import type { ObservedRun } from './run.js';

/**
 * GitHub takes 1 MiB for all summaries of a step: of that, a table of so many jobs uses a fraction, whatever they are
 * called.
 */
const MOST_ROWS = 200;

/** A job summary in Markdown: the pipeline, its jobs as a table with the failed ones first, and as a picture. */
export function toObservedSummary(
  { run, start }: ObservedRun,
  { end, jobs, config }: { end: End; jobs: readonly ObservedJob[]; config: Pick<Config, 'app'> },
  redact: (text: string) => string,
): string {
  const cell = (text: string): string => escape(toLine(redact(text), 100));
  const row = ({ api, status, stage, ...job }: ObservedJob): string =>
    `| ${cell(api.name)} | ${cell(stage?.name ?? '')} | ${status} | ` +
    `${toSeconds(job.start, job.end)} | ${cell(api.runnerName ?? '')} |`;
  const failedFirst = [
    ...jobs.filter(({ status }) => status === 'error'),
    ...jobs.filter(({ status }) => status !== 'error'),
  ];
  const shown = failedFirst.slice(0, MOST_ROWS);
  const table = [
    '| job | stage | status | seconds | runner |',
    '| --- | --- | --- | --- | --- |',
    ...shown.map(row),
    '',
  ];
  return [
    '### Datadog pipeline',
    '',
    '| pipeline | status | seconds | jobs |',
    '| --- | --- | --- | --- |',
    `| ${cell(run.name)} | ${end.status} | ${toSeconds(start, end.time)} | ${jobs.length} |`,
    '',
    ...(jobs.length > 0 ? table : []),
    ...(shown.length < jobs.length ? [`${jobs.length - shown.length} more jobs are not shown.`, ''] : []),
    ...toGantt(
      jobs.map((job) => ({ ...job, name: redact(job.api.name), section: job.stage && redact(job.stage.name) })),
    ),
    [
      ...(config.app ? [`[This run in Datadog](${toDatadogUrl(config, run.url)})`] : []),
      `[This run here](${run.url})`,
    ].join(' · '),
    '',
  ].join('\n');
}

function toSeconds(start: string, end: string): string {
  return ((Date.parse(end) - Date.parse(start)) / 1000).toFixed(1);
}
