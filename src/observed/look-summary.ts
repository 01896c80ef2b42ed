import { toLine } from '../model/text.js';
import { type Ended, escape, MOST_ROWS, toRow } from '../pipeline/summary.js';
import { leavesSomething, type Tally } from './tally.js';

/** A run of this repository that was sent. */
export type SentRun = Pick<Ended, 'name' | 'status' | 'start' | 'end' | 'url'>;

/** A look in Markdown: the runs of this repository by name, those of others as a count. */
export function toLookSummary(
  runs: readonly SentRun[],
  { tally, since }: { tally: Tally; since: string },
  redact: (text: string) => string,
): string {
  const cell = (text: string): string => escape(toLine(redact(text), 100));
  const rows = runs.slice(0, MOST_ROWS).map((run) => toRow(run, cell));
  const { sent, passedOver } = tally;
  return [
    '### Datadog pipelines',
    '',
    `Runs that ended since ${since}: ${sent.here + sent.elsewhere} sent, ${sent.elsewhere} of them of other ` +
      `repositories; ${passedOver} report themselves.`,
    '',
    ...(leavesSomething(tally) ? ['Something was left out; the log of this job says what.', ''] : []),
    ...(rows.length > 0 ? ['|   | pipeline | duration |', '| :-: | --- | --: |', ...rows, ''] : []),
    ...(rows.length < runs.length ? [`${runs.length - rows.length} more runs are not shown.`, ''] : []),
  ].join('\n');
}
