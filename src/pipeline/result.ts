import type { Status } from '../model/run.js';
import { toDuration } from '../model/time.js';

/** A sign for each status, so that nobody has to tell colours apart. */
export const SIGNS: Record<Status, string> = { success: '✓', error: '✗', canceled: '⊘', blocked: '⊘', skipped: '–' };

const WORDS: Partial<Record<Status, string>> = { success: 'succeeded in', error: 'failed in' };

/** How something ended, in words: `✗ CI failed in 7 m 00 s`. */
export function toResult(name: string, { status, start, end }: { status: Status; start: string; end: string }): string {
  const words = `${SIGNS[status]} ${name} ${WORDS[status] ?? `was ${status}`}`;
  return status === 'skipped' ? words : `${words}${WORDS[status] ? '' : ' after'} ${toDuration(start, end)}`;
}
