import { toHeader } from '../model/headers.js';
import type { ApiAnswer } from '../runner/runner.js';

/** What is known of the token's rate limit, which all reads share. */
export interface RateLimit {
  /** Nearly used up. */
  spent: boolean;
  /** The server wants no request before this time, in milliseconds since the epoch; with the answer that said so. */
  refused?: { until: number; answer: ApiAnswer } | undefined;
  /** Reads that go on side by side wait until this time, in milliseconds since the epoch. */
  pausedUntil?: number | undefined;
}

/** Others' steps share the token's rate limit (GitHub: 1,000 an hour and repository), so that its last is not used. */
const RESERVED_REQUESTS = 50;

/** Keeps what an answer tells of the requests that remain. */
export function noteRemaining({ 'x-ratelimit-remaining': remaining }: ApiAnswer['headers'], limit: RateLimit): void {
  if (remaining !== undefined) limit.spent = Number(remaining) < RESERVED_REQUESTS;
}

/**
 * Whether somebody asked too much: GitHub says so with 403 or 429 in headers, or, of its secondary limit, in words
 * (REST docs, "Rate limits").
 */
export function isRateLimit(answer: ApiAnswer): boolean {
  const { status, headers } = answer;
  const isSaid = headers['retry-after'] !== undefined || isUsedUp(answer);
  return status === 429 || (status === 403 && (isSaid || isSecondaryLimit(answer)));
}

/** Nothing remains of the token's requests. */
export function isUsedUp({ headers }: ApiAnswer): boolean {
  return toHeader(headers, 'x-ratelimit-remaining') === '0';
}

/** Such an answer may name no time to wait. */
export function isSecondaryLimit({ body }: ApiAnswer): boolean {
  const { message } = (body ?? {}) as { message?: unknown };
  return typeof message === 'string' && /secondary rate limit/i.test(message);
}
