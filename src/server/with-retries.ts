import { toHeader } from '../model/headers.js';
import { toCauseChain } from '../model/problem.js';
import { decide, isPassing, toRetryAfter } from '../model/retry.js';
import type { ApiAnswer, Get, Runner } from '../runner/runner.js';
import { type Client, type ClientOptions, createClient } from './client.js';
import { isRateLimit, isSecondaryLimit, isUsedUp, type RateLimit } from './rate-limit.js';

/** What waits of a runner are made with. */
type Waiting = Pick<Runner, 'sleep' | 'now' | 'random'>;

/** How reads are made again. */
interface RetryOptions extends ClientOptions, Waiting {
  /** No more tries than that, whatever time is left. */
  mostTries: number;
  limit: RateLimit;
}

/** A request has to answer within this time or is made again: one that hangs must not use up the whole deadline. */
const LONGEST_TRY = 15_000;

/** A client whose reads are made again; `now` is the server's time where that is known. */
export function createRetryingClient(
  get: Get | undefined,
  { sleep, now, random }: Waiting,
  options: Omit<RetryOptions, keyof Waiting>,
): Client {
  return createClient(get && withRetries(get, { ...options, sleep, now, random }), options);
}

/** A GET that is made again, within the deadline, where another try may end differently. */
export function withRetries(get: Get, { deadline, mostTries, sleep, now, random, log, limit }: RetryOptions): Get {
  return async (path, timeout) => {
    for (let tries = 1; ; tries += 1) {
      // Whoever asks again too early is refused for longer.
      if (limit.refused && now() < limit.refused.until) return limit.refused.answer;
      // Whoever was told to wait has.
      const pause = tries > 1 ? 0 : Math.min((limit.pausedUntil ?? 0) - now(), deadline.remaining());
      if (pause > 0) await sleep(pause);
      const most = Math.min(timeout, deadline.remaining(), LONGEST_TRY);
      let error: unknown;
      const answer = await get(path, Math.max(1, Math.round(most))).catch((reason: unknown): undefined => {
        error = reason;
      });
      const isLimited = answer !== undefined && isRateLimit(answer);
      if (answer && !isPassing(answer.status) && !isLimited) return answer;
      const named = answer && toNamedWait(answer, now());
      const decision =
        tries < mostTries ? decide({ tries, named, remaining: deadline.remaining(), random: random() }) : undefined;
      if (!decision || 'giveUp' in decision) {
        if (isLimited && named !== undefined && named >= deadline.remaining())
          limit.refused = { until: now() + named, answer };
        if (answer) return answer;
        throw error;
      }
      log.debug(
        `API: ${path}: ${answer ? answer.status : toCauseChain(error)}, try ${tries}; next in ${decision.wait} ms`,
      );
      if (isLimited) limit.pausedUntil = now() + decision.wait;
      await sleep(decision.wait);
    }
  };
}

/** Where the server names none, of which GitHub asks for "at least one minute" (REST docs, "Rate limits"). */
const SECONDARY_WAIT = 60_000;

/**
 * Milliseconds by `Retry-After`, else by GitHub's `X-RateLimit-Reset`, a time, where nothing remains (REST docs, "Rate
 * limits").
 */
function toNamedWait(answer: ApiAnswer, now: number): number | undefined {
  const { headers } = answer;
  const reset = toHeader(headers, 'x-ratelimit-reset');
  const isTold = isUsedUp(answer) && /^\d+$/.test(reset);
  const untilReset = isTold ? Math.max(0, Math.ceil(Number(reset) - now / 1000)) * 1000 : undefined;
  return toRetryAfter(headers, now) ?? untilReset ?? (isSecondaryLimit(answer) ? SECONDARY_WAIT : undefined);
}
