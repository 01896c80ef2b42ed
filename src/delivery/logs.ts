import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type LogOwner, toLogItem } from '../events/log-item.js';
import type { LogLine } from '../model/log-line.js';
import type { Reason } from '../model/problem.js';
import type { Deadline } from '../runner/deadline.js';
import { type Intake, postBody } from './posting.js';

/** Datadog takes at most 1,000 lines and 5.1 MiB, uncompressed, a request (API reference, "Send CI job logs"). */
const MOST_LINES = 1000;
const MOST_BYTES = 4 * 1024 * 1024;

/** Requests side by side, of all logs. */
const AT_ONCE = 4;

const compress = promisify(gzip);

/** What became of the lines of logs. */
export interface LogDelivery {
  accepted: number;
  refused: number;
  /** Datadog's words for what it refused. */
  why: Set<string>;
  /** Set once nothing more is sent. */
  stopped?: Reason;
}

/** Sends lines of logs, many at once; what becomes of them is counted in `delivery`. */
export type LogSender = ReturnType<typeof createLogSender>;

/** A sender to an intake, within a deadline; never throws. */
export function createLogSender(intake: Intake, deadline: Deadline) {
  const delivery: LogDelivery = { accepted: 0, refused: 0, why: new Set() };
  const inFlight = new Set<Promise<void>>();
  let texts: string[] = [];
  let size = 0;
  const dispatch = async (): Promise<void> => {
    if (texts.length === 0) return;
    const sent = post(texts, { intake, deadline, delivery }).finally(() => inFlight.delete(sent));
    inFlight.add(sent);
    [texts, size] = [[], 0];
    if (inFlight.size >= AT_ONCE) await Promise.race(inFlight);
  };
  const hasRoom = (bytes: number): boolean =>
    texts.length === 0 || (texts.length < MOST_LINES && size + bytes <= MOST_BYTES);
  return {
    delivery,
    /** Takes lines; resolves when there is room for more. */
    async send(lines: readonly LogLine[], owner: LogOwner) {
      for (const line of lines) {
        const text = JSON.stringify(toLogItem(line, owner, intake.now()));
        const bytes = Buffer.byteLength(text) + 1;
        // Another log may have filled the next request meanwhile.
        while (!hasRoom(bytes)) await dispatch();
        if (delivery.stopped) return;
        texts.push(text);
        size += bytes;
      }
    },
    /** Sends what is left, and waits for all answers. */
    async flush() {
      if (!delivery.stopped) await dispatch();
      await Promise.all(inFlight);
    },
  };
}

/** Sends the lines of one request, and counts what becomes of them. */
async function post(
  texts: readonly string[],
  { intake, deadline, delivery }: { intake: Intake; deadline: Deadline; delivery: LogDelivery },
): Promise<void> {
  const posting = { intake, deadline, url: `${intake.base}/api/v2/cilogs`, headers: { 'content-encoding': 'gzip' } };
  const outcome = await postBody(await compress(`[${texts.join(',')}]`), posting);
  if (outcome.kind === 'accepted') delivery.accepted += texts.length;
  else if (outcome.kind === 'stopped') delivery.stopped ??= { why: outcome.why, fix: outcome.fix };
  else {
    delivery.refused += texts.length;
    delivery.why.add(outcome.kind === 'refused' ? outcome.why : 'a request was larger than the intake accepts');
  }
}
