import type { Run } from '../model/run.js';
import { cut } from '../model/text.js';
import { hasForeignSha } from '../pipeline/report-events.js';
import { isTooOld } from '../pipeline/time-limits.js';
import type { Config } from '../runner/inputs.js';
import type { Log } from '../runner/log.js';
import type { Refusal } from '../server/client.js';

/** Says that an environment is none of a runner. */
export function warnNoRunner(missing: readonly string[], log: Log): void {
  const why = `the environment lacks ${missing.join(', ')}, which every runner sets`;
  log.warn({ what: 'Nothing is sent to Datadog', why, fix: 'Run this as a step of a workflow.' });
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

/** Says what a read takes that the server's API refused. */
export function warnRefusal({ status, permission, fix }: Refusal, log: Log): void {
  if (status === 401) {
    const whose = fix === undefined ? "this job's token" : 'the token';
    return log.notice(`The server's API does not accept ${whose} (401), so details are missing. ${fix ?? ''}`.trim());
  }
  log.notice(
    `The server's API refused a read (${status}), so details are missing; ` +
      `\`permissions: ${permission}\` in the workflow allows it.`,
  );
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
