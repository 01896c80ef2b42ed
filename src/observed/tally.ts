import type { Reason } from '../model/problem.js';
import type { Unread } from '../server/client.js';

/** What a look has come to; of other repositories' runs these counts are all that is told. */
export type Tally = ReturnType<typeof createTally>;

/** A look that has come to nothing yet. */
export function createTally() {
  return {
    sent: { here: 0, elsewhere: 0 },
    /** Runs that report themselves. */
    passedOver: 0,
    /** Warnings about runs of other repositories, which name them. */
    hidden: 0,
    /** Repositories that can't be read, in the words of the inputs. */
    unreadable: new Set<string>(),
    /** Runs of which something is missing. */
    unread: 0,
    undelivered: 0,
    /** Runs that nobody got round to. */
    left: 0,
    /** Why something is missing, each reason once. */
    reasons: new Map<string, Reason>(),
  };
}

/** Keeps a reason why something is missing. */
export function note(tally: Tally, { why, fix = '' }: Unread): void {
  tally.reasons.set(why, { why, fix });
}

/** Whether the next look has to begin where this one began. */
export function leavesSomething({ unreadable, unread, undelivered, left }: Tally): boolean {
  return unreadable.size > 0 || unread + undelivered + left > 0;
}
