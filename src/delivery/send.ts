import type { Event } from '../events/schema.js';
import { type Reason, toCauseChain } from '../model/problem.js';
import { createDeadline } from '../runner/deadline.js';
import type { Http } from '../runner/runner.js';
import type { Session } from '../runner/session.js';
import { deliver, type Delivery, toUnsent } from './intake.js';
import type { Intake } from './posting.js';
import type { Held, Resent, Spool } from './spool.js';

/** What a phase sends. */
export interface Sending {
  /** `running` events may be lost, `final` ones are kept for later where they can't be delivered. */
  phase: 'running' | 'final';
  /** Made as they are asked for where there are many. */
  events: Iterable<Event>;
  /** How to send the same events another time; they are then not kept. */
  again?: string;
  /** What has to go before them: it is done once they are kept. */
  before?: (() => Promise<void>) | undefined;
}

/** What was found of `undelivered-dir` where one is given. */
export interface Spooled {
  /** Why it can't be written. */
  unkept?: string | undefined;
  /** What became of what earlier jobs left there, or why it can't be read. */
  resent?: Resent | { why: string };
}

/** What became of what a phase sent. */
export interface Sent extends Omit<Delivery, 'time'>, Pick<Spooled, 'unkept'> {
  /** The file in which undelivered events wait for the next job. */
  keptIn?: string | undefined;
  /** Sends what earlier jobs left on the runner's disk, which takes a while, and ends the connection. */
  finish(): Promise<Spooled['resent']>;
}

/** Seconds of a phase's time that earlier jobs' events may take: this job waits for them. */
const RESENDING = 5;

/** Sends a phase's events; never throws, unless `before` does. */
export async function send({ before, ...sending }: Sending, session: Session): Promise<Sent> {
  // Before they are sent: a job that is killed meanwhile loses nothing.
  const { spool, held, unkept } = await keep(sending, session);
  await before?.();
  const { events } = sending;
  const connection = await connect(session.config.intake, session);
  const { time, ...delivery } =
    'why' in connection
      ? { ...toUnsent(events), reason: connection }
      : await deliver(events, connection.intake, session.deadline);
  const keptIn = delivery.reason && held?.release();
  if (!delivery.reason) held?.remove();
  const finish = async (): Promise<Spooled['resent']> => {
    if ('why' in connection) return undefined;
    const isOpen = spool && !delivery.reason;
    const resent = isOpen ? await resend(spool, connection.intake, { ...session, time }) : undefined;
    await connection.close();
    return resent;
  };
  return { ...delivery, unkept, keptIn, finish };
}

/** Sends what earlier jobs left on the runner's disk, for a job that sends no events of its own, or many times. */
export async function sendLeft(session: Session): Promise<Spooled> {
  const { spool, unkept } = await keep({ phase: 'final', events: [], again: 'None are its own.' }, session);
  const connection = spool && (await connect(session.config.intake, session));
  if (!connection || 'why' in connection) return { unkept };
  const resent = await resend(spool, connection.intake, session);
  await connection.close();
  return { unkept, resent };
}

/** The intake at a base URL, with what else goes through the same proxies; why they can't be used where they can't. */
export async function connect(
  base: string,
  { runner, config: { apiKey: key }, log: { debug } }: Session,
): Promise<({ intake: Intake } & Omit<Http, 'post'>) | Reason> {
  const { sleep, now, random } = runner;
  try {
    const { post, ...http } = await runner.createHttp();
    return { ...http, intake: { post, base, key, sleep, now, random, debug } };
  } catch (error) {
    const why = `the proxy in HTTPS_PROXY or HTTP_PROXY can't be used (${toCauseChain(error)})`;
    return { why, fix: 'Set it to a URL, http://host:port.' };
  }
}

/** Writes final events to the runner's disk; nothing where no folder is given for that. */
async function keep({ phase, events, again }: Sending, session: Session) {
  const kept: { spool?: Spool; held?: Held; unkept?: string } = {};
  if (phase === 'running' || !session.config.undeliveredDir) return kept;
  try {
    // Loaded late: most jobs have none.
    const { openSpool } = await import('./spool.js');
    kept.spool = await openSpool(session);
    if (!again) kept.held = kept.spool.add([...events]);
  } catch (error) {
    kept.unkept = toCauseChain(error);
  }
  return kept;
}

async function resend(spool: Spool, intake: Intake, { deadline, runner, time }: Session & Pick<Delivery, 'time'>) {
  const seconds = Math.min(RESENDING, deadline.remaining() / 1000);
  try {
    return await spool.resend({ intake, deadline: createDeadline(seconds, runner.clock), time });
  } catch (error) {
    return { why: toCauseChain(error) };
  }
}
