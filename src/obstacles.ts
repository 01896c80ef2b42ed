import type { Context } from './context.js';
import type { Config } from './inputs.js';
import type { Log } from './log.js';
import type { Problem } from './problem.js';

/** The problem of an environment that is none of a runner. */
export function toMissing(missing: readonly string[]): Problem {
  return {
    what: 'Nothing is sent to Datadog',
    why: `the environment lacks ${missing.join(', ')}, which every runner sets`,
    fix: 'Run this as a step of a workflow.',
  };
}

/** Says that there is no key; nobody can do anything about it where secrets are withheld. */
export function tellNoKey({ withoutSecrets }: Context, { failOnError }: Config, log: Log): void {
  const what = 'Nothing is sent to Datadog';
  if (withoutSecrets) {
    return log.notice(`${what}: there is no API key, because forks and Dependabot are given no secrets. Nothing needs to be done.`);
  }
  const why = 'the input `api-key` is empty, and so are DATADOG_API_KEY and DD_API_KEY';
  const fix = 'Store an API key as a secret of this repository and write `api-key: ${{ secrets.DD_API_KEY }}` below `with:`.';
  if (failOnError) log.warn({ what, why, fix });
  else log.notice(`${what}: ${why}. ${fix}`);
}
