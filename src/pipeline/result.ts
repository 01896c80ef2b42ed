import type { Status } from '../model/run.js';
import { toDuration } from '../model/time.js';

/** A sign for each status, so that nobody has to tell colours apart. */
export const SIGNS: Record<Status, string> = { success: '✓', error: '✗', canceled: '⊘', blocked: '⊘', skipped: '–' };

const WORDS: Record<Exclude<Status, 'skipped'>, string> = {
  success: 'succeeded in',
  error: 'failed in',
  canceled: 'was canceled after',
  blocked: 'was blocked after',
};

/** How something ended, in words: `✗ CI failed in 7 m 00 s`. */
export function toResult(name: string, { status, start, end }: { status: Status; start: string; end: string }): string {
  const words = status === 'skipped' ? 'was skipped' : `${WORDS[status]} ${toDuration(start, end)}`;
  return `${SIGNS[status]} ${name} ${words}`;
}
