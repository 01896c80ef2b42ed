import type { Event } from '../events/schema.js';
import { toHeader } from '../model/headers.js';
import type { Reason } from '../model/problem.js';
import { FEW } from '../model/text.js';
import type { Deadline } from '../runner/deadline.js';
import type { Post } from '../runner/runner.js';
import { type Batch, parseBatch, toBatches, toBody, toHalves, toPart, toSuspects } from './batches.js';
import { type Intake, postBody } from './posting.js';

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
  reason?: Reason;
  /** Tries that failed before one was accepted, and why the last of them did. */
  failed?: { tries: number; why: string };
  /** What the intake's clock showed with its last answer, in milliseconds since the epoch. */
  time?: number | undefined;
}

/** A batch that was refused is sent in parts; with the first request that makes 20. */
const MOST_PARTS = 19;

/** The address of the endpoint below a base URL. */
export function toEndpoint(base: string): string {
  return `${base}/api/v2/ci/pipeline`;
}

/** What became of events of which nothing was sent. */
export function toUnsent(rest: Iterable<Event>): Delivery {
  return { accepted: { count: 0, first: [] }, refused: [], undelivered: [], rest };
}

/** Sends events in their order, the pipeline first, within the deadline; never throws. */
export async function deliver(events: Iterable<Event>, intake: Intake, deadline: Deadline): Promise<Delivery> {
  const batches = toBatches(events);
  const delivery = toUnsent([]);
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
    const isSeveral = batch.ends.length > 1;
    if (outcome.kind === 'accepted') count(delivery, batch, outcome.failed);
    else if (outcome.kind === 'stopped') {
      const { why, fix } = outcome;
      const undelivered = [batch, ...queue].flatMap(parseBatch);
      return { ...delivery, undelivered, rest: flatten(batches), reason: { why, fix } };
    } else if (outcome.kind === 'too large' && isSeveral) queue.unshift(...toHalves(batch));
    else if (outcome.kind === 'refused' && isSeveral && parts > 1) {
      const suspects = toSuspects(batch, parts, parts === MOST_PARTS);
      parts -= suspects.length;
      queue.unshift(...suspects);
    } else {
      const why = outcome.kind === 'refused' ? outcome.why : 'it is larger than the intake accepts';
      delivery.refused.push(...parseBatch(batch).map((event) => ({ event, why })));
    }
  }
  return delivery;
}

/** The intake, with its clock read. */
function watch(intake: Intake, delivery: Delivery): Intake {
  const post: Post = async (request) => {
    const answer = await intake.post(request);
    delivery.time = Date.parse(toHeader(answer.headers, 'date')) || delivery.time;
    return answer;
  };
  return { ...intake, post };
}

function count(delivery: Delivery, batch: Batch, failed: Delivery['failed']): void {
  const { accepted } = delivery;
  if (failed) delivery.failed = { tries: (delivery.failed?.tries ?? 0) + failed.tries, why: failed.why };
  accepted.count += batch.ends.length;
  const few = Math.min(FEW - accepted.first.length, batch.ends.length);
  if (few > 0) accepted.first.push(...parseBatch(toPart(batch, 0, few)));
}

function* flatten(batches: Iterable<Batch>): Generator<Event> {
  for (const batch of batches) yield* parseBatch(batch);
}
