import { leavesSomething, type Tally } from '../observed/tally.js';
import type { Window } from '../observed/window.js';
import type { Log } from '../runner/log.js';
import type { Unread } from '../server/client.js';

/** A log for runs of other repositories: who reads this one may not know that there are such. */
export function hush(log: Log, onWarn: () => void): Log {
  const nothing = (): void => {};
  return { ...log, debug: nothing, info: nothing, notice: nothing, group: nothing, warn: onWarn, fail: onWarn };
}

/** Fails the look that does not know where to begin. */
export function failLook({ why, fix }: Unread, log: Log): void {
  log.fail({
    what: 'Nothing is sent to Datadog',
    why: `this run, or the last look before it, can't be read from the server's API (${why})`,
    fix: fix ?? 'Let the token read actions of this repository (`permissions: actions: read`).',
  });
}

/** Says that runs ended too long ago. */
export function warnCut({ since }: Window, log: Log): void {
  log.warn({
    what: `Runs that ended before ${since} are not sent to Datadog`,
    why: 'it takes what ended within the last 18 hours, and no look since has left nothing out',
    fix: "Have the looks that failed looked at; `since`, where it is set, can't reach further back.",
  });
}

/** Tells what a look has come to. */
export function tellLook({ sent, passedOver, hidden }: Tally, { since }: Window, log: Log): void {
  log.info(
    `Datadog: ${sent.here + sent.elsewhere} runs that ended since ${since} reported, ` +
      `${sent.elsewhere} of them of other repositories; ${passedOver} report themselves.`,
  );
  if (hidden > 0) log.info(`Datadog: ${hidden} warnings about runs of other repositories are not shown.`);
}

/** Reasons that are told. */
const FEW = 3;

/** Fails a look that left something out, so that the next one begins where it began. */
export function failLeft(tally: Tally, log: Log): void {
  if (!leavesSomething(tally)) return;
  const { unreadable, unread, undelivered, left } = tally;
  const reasons = [...tally.reasons.values()].slice(0, FEW);
  const parts = [
    unreadable.size > 0 ? `${[...unreadable].join(', ')} can't be read` : '',
    unread > 0 ? `${unread} runs can't be read` : '',
    undelivered > 0 ? `${undelivered} runs were not delivered` : '',
    left > 0 ? `${left} runs were not begun` : '',
  ];
  log.fail({
    what: `This look left something out (${parts.filter(Boolean).join(', ')})`,
    why: reasons.map(({ why }) => why).join('; ') || 'no time was left',
    fix: ['The next look begins where this one began.', ...new Set(reasons.map(({ fix }) => fix).filter(Boolean))].join(
      ' ',
    ),
  });
}
