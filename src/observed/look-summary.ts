import { toLine } from '../model/text.js';
import { toDuration } from '../model/time.js';
import { SIGNS } from '../pipeline/result.js';
import { type Ended, escape, toLink } from '../pipeline/summary.js';
import { leavesSomething, type Tally } from './tally.js';

/** A run of this repository that was sent. */
export type SentRun = Pick<Ended, 'name' | 'status' | 'start' | 'end' | 'url'>;

/** A step's summary may have 1 MiB; so many rows are a part of that, whatever the runs are called. */
const MOST_ROWS = 200;

/** A look in Markdown: the runs of this repository by name, those of others as a count. */
export function toLookSummary(
  runs: readonly SentRun[],
  { tally, since }: { tally: Tally; since: string },
  redact: (text: string) => string,
): string {
  const cell = (text: string): string => escape(toLine(redact(text), 100));
  const row = ({ name, url, status, ...span }: SentRun): string =>
    `| ${SIGNS[status]} | ${toLink(cell(name) || 'unnamed', url)} | ${toDuration(span.start, span.end)} |`;
  const shown = runs.slice(0, MOST_ROWS);
  const { sent, passedOver } = tally;
  return [
    '### Datadog pipelines',
    '',
    `Runs that ended since ${since}: ${sent.here + sent.elsewhere} sent, ${sent.elsewhere} of them of other ` +
      `repositories; ${passedOver} report themselves.`,
    '',
    ...(leavesSomething(tally) ? ['Something was left out; the log of this job says what.', ''] : []),
    ...(shown.length > 0 ? ['|   | pipeline | duration |', '| :-: | --- | --: |', ...shown.map(row), ''] : []),
    ...(shown.length < runs.length ? [`${runs.length - shown.length} more runs are not shown.`, ''] : []),
  ].join('\n');
}
