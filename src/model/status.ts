import type { Status } from './run.js';

/** The worst of statuses of which some are unknown; skipped only where all are. */
export function toWorst(statuses: readonly (Status | undefined)[]): Status | undefined {
  return (['error', 'canceled', 'blocked', 'success', 'skipped'] as const).find((status) => statuses.includes(status));
}

/**
 * The servers' conclusions (GitHub REST docs, "conclusion"; the others use a part of them), and Datadog's own words.
 */
const STATUS_OF: Readonly<Record<string, Status>> = {
  success: 'success',
  failure: 'error',
  error: 'error',
  cancelled: 'canceled',
  canceled: 'canceled',
  skipped: 'skipped',
  timed_out: 'error',
  startup_failure: 'error',
  action_required: 'blocked',
  blocked: 'blocked',
  neutral: 'success',
  stale: 'canceled',
};

/** Datadog's status for a server's conclusion; undefined for what is none (null and "not yet" are no failure). */
export function parseStatus(conclusion: string | undefined): Status | undefined {
  const word = conclusion?.trim().toLowerCase() ?? '';
  return Object.hasOwn(STATUS_OF, word) ? STATUS_OF[word] : undefined;
}
