import type { Log } from './log.js';
import { cut } from './text.js';

/** Names the tags and measures that Datadog's limits leave no place for. */
export function tellLeft(left: readonly string[], log: Log): void {
  if (left.length === 0) return;
  log.warn({
    what: `${left.length} tags or measures were left out (${left
      .slice(0, 20)
      .map((tag) => cut(log.redact(tag), 40))
      .join(', ')})`,
    why: 'Datadog takes at most 100 of each, and 300 characters for key and value together',
    fix: 'Send fewer, or shorter ones.',
  });
}
