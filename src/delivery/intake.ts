import * as z from 'zod/mini';
import type { Event } from '../events/schema.js';
import { parseJson } from '../model/json.js';
import { type Problem, toCauseChain } from '../model/problem.js';
import { decide, isPassing } from '../model/retry.js';
import { toLine } from '../model/text.js';
import { VERSION } from '../model/version.js';
import type { Deadline } from '../runner/deadline.js';
import type { Answer, Post, Request } from '../runner/runner.js';
import { type Batch, parseBatch, toBatches, toBody, toPart } from './batches.js';

/** Datadog's receiving side and the means to reach it. */
export interface Intake {
  post: Post;
  /** Base URL, without the path. */
  base: string;
  key: string;
  sleep(milliseconds: number): Promise<void>;
  now(): number;
  random(): number;
  debug(text: string): void;
}

/** What became of a send. */
export interface Delivery {
  /** A run may have a hundred thousand: how many, and the first few. */
  accepted: { count: number; first: Event[] };
  /** Refused one by one, with Datadog's words. */
  refused: { event: Event; why: string }[];
  /** Those that had been made when it stopped. */
  undelivered: Event[];
  /** Those after them, which are made only when somebody asks. */
  rest: Iterable<Event>;
  /** Why the undelivered ones are that, and what to do. */
  reason?: Pick<Problem, 'why' | 'fix'>;
  requests: number;
  /** What the intake's clock showed with its last answer, in milliseconds since the epoch. */
  time?: number | undefined;
}

/** A batch that was refused is sent in parts; with the first request that makes 20. */
const MOST_PARTS = 19;

/** So many accepted events are kept, to be named. */
const FIRST_FEW = 5;

/** A request may take this share of what is left, so that a silent server leaves time for another try. */
const SHARE = 0.5;
const SHORTEST_TIMEOUT = 1_000;

const Refusal = z.object({ errors: z.array(z.unknown()) });

const MORE_TIME = '`timeout` gives it more seconds.';

/** How one body is sent. */
interface Posting {
  intake: Intake;
  deadline: Deadline;
  url: string;
  headers?: Record<string, string>;
}

type Outcome =
  | { kind: 'accepted' }
  | { kind: 'too large' }
  | { kind: 'refused'; why: string }
  | { kind: 'stopped'; why: string; fix: string };

/** The address of the endpoint below a base URL. */
export function toEndpoint(base: string): string {
  return `${base}/api/v2/ci/pipeline`;
}

/** Sends events in their order, the pipeline first, within the deadline; never throws. */
export async function deliver(events: Iterable<Event>, intake: Intake, deadline: Deadline): Promise<Delivery> {
  const batches = toBatches(events);
  const delivery: Delivery = { accepted: { count: 0, first: [] }, refused: [], undelivered: [], rest: [], requests: 0 };
  const queue: Batch[] = [];
  const url = toEndpoint(intake.base);
  let parts = MOST_PARTS;
  const next = (): Batch | undefined => {
    // Where nothing at all is accepted, the parts of more batches would not be either.
    if (queue.length === 0 && delivery.accepted.count > 0) parts = MOST_PARTS;
    return queue.shift() ?? (batches.next().value || undefined);
  };
  for (let batch = next(); batch; batch = next()) {
    const outcome = await postBody(toBody(batch), { intake: watch(intake, delivery), deadline, url });
    if (outcome.kind === 'accepted') count(delivery.accepted, batch);
    else if (outcome.kind === 'too large' && batch.ends.length > 1) queue.unshift(...toHalves(batch));
    else if (outcome.kind === 'too large')
      delivery.refused.push(...toRefused(batch, 'it is larger than the intake accepts'));
    else if (outcome.kind === 'refused' && batch.ends.length > 1 && parts > 1) {
      const suspects = toSuspects(batch, parts, parts === MOST_PARTS);
      parts -= suspects.length;
      queue.unshift(...suspects);
    } else if (outcome.kind === 'refused') delivery.refused.push(...toRefused(batch, outcome.why));
    else {
      delivery.undelivered = [batch, ...queue].flatMap(parseBatch);
      delivery.rest = flatten(batches);
      delivery.reason = { why: outcome.why, fix: outcome.fix };
      return delivery;
    }
  }
  return delivery;
}

/** The intake, with its requests counted and its clock read. */
function watch(intake: Intake, delivery: Delivery): Intake {
  const post = async (request: Request): Promise<Answer> => {
    delivery.requests += 1;
    const answer = await intake.post(request);
    delivery.time = Date.parse([answer.headers['date']].flat()[0] ?? '') || delivery.time;
    return answer;
  };
  return { ...intake, post };
}

/** Sends one body, and again where another try may end differently; the body of a batch, or of lines of a log. */
export async function postBody(body: Buffer, posting: Posting): Promise<Outcome> {
  const { intake, deadline } = posting;
  if (!/^[\x21-\x7e]+$/.test(intake.key)) {
    return stop(
      'the key holds a character that no API key has',
      'Check `api-key`: a blank, a line end or a quote may have come with it.',
    );
  }
  let last: Answer | undefined;
  for (let tries = 1; ; tries += 1) {
    const { answer, error } = await tryOnce(body, posting);
    if (answer && !isPassing(answer.status)) return toOutcome(answer, intake.base);
    // A try that the deadline cut off says less than the answer to the one before.
    last = answer ?? (deadline.remaining() > 0 ? undefined : last);
    const why = last ? `the intake answered ${toWords(last)}` : toCauseChain(error);
    const decision = decide({
      tries,
      answer,
      remaining: deadline.remaining(),
      now: intake.now(),
      random: intake.random(),
    });
    if ('giveUp' in decision) {
      return {
        kind: 'stopped',
        why: `${why} (${tries} ${tries === 1 ? 'try' : 'tries'}; ${decision.giveUp})`,
        fix: last
          ? `Datadog (or the intake proxy in \`intake-url\`) is busy or out of order; ${MORE_TIME}`
          : `Check that this runner reaches ${intake.base} ` +
            `(proxy, firewall, \`site\`, certificates: NODE_EXTRA_CA_CERTS); ${MORE_TIME}`,
      };
    }
    intake.debug(`try ${tries}: ${why}; next in ${decision.wait} ms`);
    await intake.sleep(decision.wait);
  }
}

async function tryOnce(
  body: Buffer,
  { intake, deadline, url, headers }: Posting,
): Promise<{ answer?: Answer; error?: unknown }> {
  const remaining = deadline.remaining();
  try {
    const answer = await intake.post({
      url,
      headers: {
        'dd-api-key': intake.key,
        'content-type': 'application/json',
        accept: 'application/json',
        'user-agent': `datadog-pipeline-events/${VERSION}`,
        ...headers,
      },
      body,
      timeout: Math.round(Math.min(remaining, Math.max(SHORTEST_TIMEOUT, remaining * SHARE))),
    });
    return { answer };
  } catch (error) {
    return { error };
  }
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

/**
 * Datadog answers in JSON, and a refusal holds `errors`; a page of HTML, or another server's JSON, comes from what
 * stands in between, and says nothing about the events.
 */
function isOfAnIntake({ status, body }: Answer): boolean {
  if (status >= 200 && status < 300) return body.trim() === '' || isJson(body);
  return status === 400 ? parseJson(body, Refusal) !== undefined : isJson(body);
}

function stop(why: string, fix: string): Outcome {
  return { kind: 'stopped', why, fix };
}

/**
 * Status and Datadog's words: `{"errors":[{"title","detail"}]}`, `{"errors":["…"]}`, or the beginning of what came
 * instead.
 */
function toWords({ status, body }: Answer): string {
  return toLine(`${status} ${isJson(body) ? toErrorWords(body) : body}`, 300);
}

function toErrorWords(body: string): string {
  const errors = parseJson(body, Refusal)?.errors ?? [];
  return errors.map((error) => (typeof error === 'string' ? error : Object.values(error ?? {}).join(' '))).join(', ');
}

function isJson(text: string): boolean {
  return parseJson(text, z.unknown()) !== undefined;
}

function count(accepted: Delivery['accepted'], batch: Batch): void {
  accepted.count += batch.ends.length;
  const few = Math.min(FIRST_FEW - accepted.first.length, batch.ends.length);
  if (few > 0) accepted.first.push(...parseBatch(toPart(batch, 0, few)));
}

function toRefused(batch: Batch, why: string): Delivery['refused'] {
  return parseBatch(batch).map((event) => ({ event, why }));
}

function* flatten(batches: Iterable<Batch>): Generator<Event> {
  for (const batch of batches) yield* parseBatch(batch);
}

/**
 * One by one where that is allowed to take so many requests; else halves, after the first event, which may be the
 * pipeline.
 */
function toSuspects(batch: Batch, most: number, isWhole: boolean): Batch[] {
  const { length } = batch.ends;
  if (length <= most) return batch.ends.map((_, index) => toPart(batch, index, index + 1));
  return isWhole ? [toPart(batch, 0, 1), ...toHalves(toPart(batch, 1))] : toHalves(batch);
}

function toHalves(batch: Batch): [Batch, Batch] {
  const middle = Math.ceil(batch.ends.length / 2);
  return [toPart(batch, 0, middle), toPart(batch, middle)];
}
