import type { End } from '../events/event.js';
import { toDatadogUrl } from '../model/site.js';
import { toLine } from '../model/text.js';
import type { Log } from '../runner/log.js';
import type { Runner } from '../runner/runner.js';
import type { Report } from './report.js';

/** A job summary in Markdown: what was reported, how it ended, and where to see it. */
export function toSummary(
  { config, role, run, job, start, jobStart }: Report,
  { time, status, tests }: End & { tests: string },
  redact: (text: string) => string,
): string {
  const cell = (text: string): string => escape(toLine(redact(text), 100));
  const seconds = (Date.parse(time) - Date.parse(role === 'member' ? jobStart : (start ?? jobStart))) / 1000;
  // Of a pipeline of several jobs, status and time are not those of the job that closes it.
  const names = role === 'closing' ? { pipeline: run.name } : { pipeline: run.name, job: job.name };
  return [
    '### Datadog pipeline',
    '',
    `| ${Object.keys(names).join(' | ')} | status | seconds |`,
    `| ${Object.keys(names)
      .map(() => '---')
      .join(' | ')} | --- | --- |`,
    `| ${Object.values(names).map(cell).join(' | ')} | ${status} | ${seconds.toFixed(1)} |`,
    '',
    ...(config.app ? [`[This run in Datadog](${toDatadogUrl(config, run.url)})`, ''] : []),
    ...(tests ? [`[Tests of this run in Datadog](${tests})`, ''] : []),
  ].join('\n');
}

/** Adds a summary to the job's, where the runner takes one. */
export function writeSummary(text: string, { env, appendFile }: Pick<Runner, 'env' | 'appendFile'>, log: Log): void {
  const file = env['GITHUB_STEP_SUMMARY'];
  if (!file || !appendFile(file, text)) log.debug('the runner takes no job summary');
}

/** Characters that turn the direction of what follows. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

/** Text from outside as nothing but text in Markdown and HTML. */
export function escape(text: string): string {
  return text
    .replace(TURNS, '')
    .replace(/[\\`*_{}[\]()#+\-.!|<>&~@:$]/g, (character) => `&#${character.charCodeAt(0)};`);
}
