import { afterEach } from '@jest/globals';
import type { CiEvent } from '../../viewer/run/event.js';
import { checkEvent, checkHistory } from '../../viewer/intake/rules.js';
import { checkModel } from './datadog-model.js';

const found: string[] = [];

/** What Datadog's own model and the embedded intake's rules have against each of the events; empty: all is well. */
function verdict(events: readonly unknown[], now: number): string[] {
  return events.flatMap((event, index) =>
    [...checkModel(event), ...checkEvent(event, now)].map((why) => `events[${index}] ${why}`),
  );
}

/**
 * Checks events by both, with all that was sent before them where they have a history; the test in which they were produced
 * fails at its end if there is anything against them.
 */
export function assertEvents(events: readonly unknown[], now: number, history: readonly CiEvent[] = []): void {
  found.push(...verdict(events, now), ...checkHistory(history));
}

/** What was found since the test began; asked in the middle of a test, it is not held against the test at its end. */
export function takeFindings(): string[] {
  return [...new Set(found.splice(0))];
}

afterEach(() => {
  const findings = takeFindings();
  if (findings.length > 0) throw new Error(`the events are wrong:\n${findings.join('\n')}`);
});
