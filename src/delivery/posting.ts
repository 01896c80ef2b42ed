import * as s from '../model/shape.js';
import { toHeader } from '../model/headers.js';
import { parseJson } from '../model/json.js';
import { type Reason, toCauseChain } from '../model/problem.js';
import { decide, isPassing, toRetryAfter } from '../model/retry.js';
import { toLine } from '../model/text.js';
import { USER_AGENT } from '../model/version.js';
import type { Deadline } from '../runner/deadline.js';
import type { Answer, Post, Runner } from '../runner/runner.js';

/** Datadog's receiving side and the means to reach it. */
export interface Intake extends Pick<Runner, 'sleep' | 'now' | 'random'> {
  post: Post;
  /** Base URL, without the path. */
  base: string;
  key: string;
  debug(text: string): void;
}

/** How one body is sent. */
interface Posting {
  intake: Intake;
  deadline: Deadline;
  url: string;
  headers?: Record<string, string>;
}

type Outcome =
  /** With the tries before it that failed, and why the last of them did. */
  | { kind: 'accepted'; failed?: { tries: number; why: string } }
  | { kind: 'too large' }
  | { kind: 'refused'; why: string }
  | ({ kind: 'stopped' } & Reason);

/** A request may take this share of what is left, so that a silent server leaves time for another try. */
const SHARE = 0.5;
const SHORTEST_TIMEOUT = 1_000;

const Refusal = s.object({ errors: s.list(s.unknown) });

const MORE_TIME = '`timeout` gives it more seconds.';

/** Sends the body of a batch, or of lines of a log, and again where another try may end differently. */
export async function postBody(body: Buffer, posting: Posting): Promise<Outcome> {
  const { intake, deadline } = posting;
  if (!/^[\x21-\x7e]+$/.test(intake.key)) {
    return stop(
      'the key holds a character that no API key has',
      'Check `api-key`: a blank, a line end or a quote may have come with it.',
    );
  }
  let last: Answer | undefined;
  let why = '';
  for (let tries = 1; ; tries += 1) {
    let error: unknown;
    const answer = await postOnce(body, posting).catch((reason: unknown): undefined => {
      error = reason;
    });
    if (answer && !isPassing(answer.status)) {
      const outcome = toOutcome(answer, intake.base);
      const isRetry = outcome.kind === 'accepted' && tries > 1;
      return isRetry ? { ...outcome, failed: { tries: tries - 1, why } } : outcome;
    }
    // A try that the deadline cut off says less than the answer to the one before.
    last = answer ?? (deadline.remaining() > 0 ? undefined : last);
    why = last ? `the intake answered ${toWords(last)}` : toCauseChain(error);
    const decision = decide({
      tries,
      named: answer && toNamedWait(answer, intake.now()),
      remaining: deadline.remaining(),
      random: intake.random(),
    });
    if ('giveUp' in decision) {
      return stop(
        `${why} (${tries} ${tries === 1 ? 'try' : 'tries'}; ${decision.giveUp})`,
        last
          ? `Datadog (or the intake proxy in \`intake-url\`) is busy or out of order; ${MORE_TIME}`
          : `Check that this runner reaches ${intake.base} ` +
              `(proxy, firewall, \`site\`, certificates: NODE_EXTRA_CA_CERTS); ${MORE_TIME}`,
      );
    }
    intake.debug(`try ${tries}: ${why}; next in ${decision.wait} ms`);
    await intake.sleep(decision.wait);
  }
}

/** `Retry-After`, then Datadog's `X-RateLimit-Reset` (seconds; docs, "Rate limits"), in milliseconds. */
function toNamedWait({ status, headers }: Answer, now: number): number | undefined {
  const reset = toHeader(headers, 'x-ratelimit-reset');
  return toRetryAfter(headers, now) ?? (status === 429 && /^\d+$/.test(reset) ? Number(reset) * 1000 : undefined);
}

async function postOnce(body: Buffer, { intake, deadline, url, headers }: Posting): Promise<Answer> {
  const remaining = deadline.remaining();
  return intake.post({
    url,
    headers: {
      'dd-api-key': intake.key,
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': USER_AGENT,
      ...headers,
    },
    body,
    timeout: Math.round(Math.min(remaining, Math.max(SHORTEST_TIMEOUT, remaining * SHARE))),
  });
}

function toOutcome(answer: Answer, base: string): Outcome {
  const { status } = answer;
  const words = toWords(answer);
  if (!isOfAnIntake(answer)) {
    return stop(
      `${base} answered ${words}, which is no answer of an intake`,
      'Check `intake-url`, or what stands between this runner and Datadog.',
    );
  }
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (status === 413) return { kind: 'too large' };
  if (status === 400) return { kind: 'refused', why: words };
  if (status === 401 || status === 403) {
    return stop(
      `the intake refused the key with ${words}`,
      'Check that `api-key` holds an API key (not an application key) of the organisation at ' +
        `${new URL(base).host}; \`site\` must be that organisation's site.`,
    );
  }
  return stop(
    `${base} answered ${words}`,
    'Check `site` and `intake-url`: redirects are not followed, and the intake answers 202.',
  );
}

/** Datadog answers in JSON, and refuses with `errors`; all else is from what stands in between, and about no event. */
function isOfAnIntake({ status, body }: Answer): boolean {
  if (status >= 200 && status < 300) return body.trim() === '' || isJson(body);
  return status === 400 ? parseJson(body, Refusal) !== undefined : isJson(body);
}

function stop(why: string, fix: string): Outcome {
  return { kind: 'stopped', why, fix };
}

/** Status and words: `{"errors":[{"title","detail"}]}`, `{"errors":["…"]}`, or the beginning of what came instead. */
function toWords({ status, body }: Answer): string {
  return toLine(`${status} ${isJson(body) ? toErrorWords(body) : body}`, 300);
}

function toErrorWords(body: string): string {
  const errors = parseJson(body, Refusal)?.errors ?? [];
  return errors.map((error) => (typeof error === 'string' ? error : Object.values(error ?? {}).join(' '))).join(', ');
}

function isJson(text: string): boolean {
  return parseJson(text, s.unknown) !== undefined;
}
