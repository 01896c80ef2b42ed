import type { Problem } from '../model/problem.js';
import type { Unread } from '../server/client.js';

type Reason = Pick<Problem, 'why' | 'fix'>;

/** What a look has come to; of other repositories' runs these counts are all that is told. */
export interface Tally {
  sent: { here: number; elsewhere: number };
  /** Runs that report themselves. */
  passedOver: number;
  /** Warnings about runs of other repositories, which name them. */
  hidden: number;
  /** Repositories that can't be read, in the words of the inputs. */
  unreadable: Set<string>;
  /** Runs of which something is missing. */
  unread: number;
  undelivered: number;
  /** Runs that nobody got round to. */
  left: number;
  /** Why something is missing, each reason once. */
  reasons: Map<string, Reason>;
}

export function createTally(): Tally {
  return {
    sent: { here: 0, elsewhere: 0 },
    passedOver: 0,
    hidden: 0,
    unreadable: new Set(),
    unread: 0,
    undelivered: 0,
    left: 0,
    reasons: new Map(),
  };
}

/** Keeps a reason why something is missing. */
export function note(tally: Tally, { why, fix = '' }: Pick<Unread, 'why' | 'fix'>): void {
  tally.reasons.set(why, { why, fix });
}

/** Whether the next look has to begin where this one began. */
export function leavesSomething({ unreadable, unread, undelivered, left }: Tally): boolean {
  return unreadable.size > 0 || unread + undelivered + left > 0;
}
