import type { Events } from '../events/event.js';
import type { Event } from '../events/schema.js';
import type { Delivered } from '../model/delivered.js';
import { type Problem, toCauseChain } from '../model/problem.js';
import { toInertJson } from '../model/text.js';
import { createDeadline } from '../runner/deadline.js';
import type { Log } from '../runner/log.js';
import type { Session } from '../runner/session.js';
import { parseBatch, toBatches } from './batches.js';
import { deliver, type Delivery } from './intake.js';
import type { Intake } from './posting.js';
import type { Held, Resent, Spool } from './spool.js';
import { toCurl } from './undelivered.js';

/** What a phase sends, and how it is spoken of. */
export interface Sending {
  /** `running` events may be lost, `final` ones are kept for later where they can't be delivered. */
  phase: 'running' | 'final';
  /** Made as they are asked for where there are many. */
  events: Iterable<Event>;
  /** Complete when all events have been made. */
  invalid: Events['invalid'];
  /** How to send the same events another time; they are then not kept. */
  again?: string;
  /** What has to go before them: it is done once they are kept. */
  before?: (() => Promise<void>) | undefined;
  /** Hears why events are left undelivered. */
  onUndelivered?: ((reason: Pick<Problem, 'why' | 'fix'>) => void) | undefined;
}

/** So many are named; a run may have thousands. */
const FEW = 5;
/** Seconds of a phase's time that earlier jobs' events may take: this job waits for them. */
const RESENDING = 5;

/** Sends a phase's events, says what became of them, and returns it. */
export async function send(sending: Sending, session: Session): Promise<Delivered> {
  const { config, log } = session;
  const { phase, events, invalid } = sending;
  warnInvalid(sending, log);
  if (config.dryRun) {
    await runBefore(sending, log);
    for (const batch of toBatches(events)) {
      const data = parseBatch(batch);
      log.group(`Datadog (dry run): ${toNames(data)}, nothing is sent`, toInertJson({ data }));
    }
    warnInvalid(sending, log);
    return { events: 'dry run', pipeline: false };
  }
  // Before it is sent: a job that is killed meanwhile loses nothing.
  const kept = await keep(sending, session);
  await runBefore(sending, log);
  const connection = await connect(session);
  const { accepted, refused, ...delivery } =
    'why' in connection ? toUnsent(events, connection) : await deliver(events, connection.intake, session.deadline);
  warnInvalid(sending, log);
  warnRefused(refused, phase, log);
  if (delivery.reason) {
    sending.onUndelivered?.(delivery.reason);
    warnUndelivered(delivery, sending, { ...session, kept });
  } else settle(kept, log);
  tellAccepted({ accepted, failed: delivery.failed }, phase, log);
  if ('intake' in connection) {
    if (kept.spool && !delivery.reason)
      await resend(kept.spool, connection.intake, { ...session, time: delivery.time });
    await connection.close();
  }
  const isAll = refused.length === 0 && !delivery.reason && invalid.every(({ sent }) => sent);
  return {
    events: accepted.count === 0 ? 'none' : isAll ? 'all' : 'some',
    pipeline: accepted.first.some(({ attributes }) => attributes.resource.level === 'pipeline'),
  };
}

function tellAccepted({ accepted, failed }: Pick<Delivery, 'accepted' | 'failed'>, phase: string, log: Log): void {
  if (failed) {
    const { tries, why } = failed;
    log.info(`Datadog: accepted after ${tries} failed ${tries === 1 ? 'try' : 'tries'} (${why}).`);
  }
  if (accepted.count > 0) log.info(`Datadog: ${phase} ${toNames(accepted.first, accepted.count)} reported.`);
}

type Connection = { intake: Intake; close(): Promise<void> } | NonNullable<Delivery['reason']>;

async function connect({ runner, config, log }: Session): Promise<Connection> {
  const { sleep, now, random } = runner;
  try {
    const { post, close } = await runner.createHttp(runner.env);
    const debug = (text: string): void => log.debug(text);
    return { intake: { post, base: config.intake, key: config.apiKey, sleep, now, random, debug }, close };
  } catch (error) {
    const why = `the proxy in HTTPS_PROXY or HTTP_PROXY can't be used (${toCauseChain(error)})`;
    return { why, fix: 'Set it to a URL, http://host:port.' };
  }
}

function toUnsent(events: Iterable<Event>, reason: Delivery['reason']): Delivery {
  return { accepted: { count: 0, first: [] }, refused: [], undelivered: [], rest: events, reason, requests: 0 };
}

/** Where final events stand on the runner's disk; empty where no folder is given for that. */
interface Kept {
  spool?: Spool;
  held?: Held;
  /** They could not be written. */
  why?: string | undefined;
}

async function keep({ phase, events, again }: Sending, session: Session): Promise<Kept> {
  if (phase === 'running' || !session.config.undeliveredDir) return {};
  try {
    // Loaded late: most jobs have none.
    const { openSpool } = await import('./spool.js');
    const spool = await openSpool(session);
    return again ? { spool } : { spool, ...spool.add([...events]) };
  } catch (error) {
    return { why: toCauseChain(error) };
  }
}

/** Nothing of what was written is left; where it could not be, an outage would show it too late. */
function settle({ held, why }: Kept, log: Log): void {
  held?.remove();
  if (why)
    log.notice(
      `Datadog: \`undelivered-dir\` can't be used (${why}), so what is not delivered stands in the job's log alone.`,
    );
}

/** Sends what earlier jobs left on the runner's disk, for a job that sends no events of its own, or many times. */
export async function sendLeft(session: Session): Promise<void> {
  const { config, log } = session;
  if (config.dryRun) return;
  const { spool, why } = await keep({ phase: 'final', events: [], invalid: [], again: 'None are its own.' }, session);
  settle({ why }, log);
  const connection = spool && (await connect(session));
  if (!connection || 'why' in connection) return;
  await resend(spool, connection.intake, { ...session, time: undefined });
  await connection.close();
}

async function resend(
  spool: Spool,
  intake: Intake,
  { deadline, runner, log, time }: Session & Pick<Delivery, 'time'>,
): Promise<void> {
  const seconds = Math.min(RESENDING, deadline.remaining() / 1000);
  try {
    const resent = await spool.resend({ intake, deadline: createDeadline(seconds, runner.clock), time });
    const words = toWords(resent);
    if (words) log.info(`Datadog: undelivered events of earlier jobs: ${words}.`);
  } catch (error) {
    const why = toCauseChain(error);
    log.notice(
      `Datadog: undelivered events of earlier jobs are not sent, as \`undelivered-dir\` can't be read (${why}).`,
    );
  }
}

/** Files by what became of them. */
function toWords({ sent, refused, expired, left, foreign }: Resent): string {
  return [
    [sent, 'sent'],
    [refused, 'refused and removed'],
    [expired, 'older than 18 hours and removed'],
    [left, 'left for the next job'],
    [foreign, 'not written with this key for this intake and left alone'],
  ]
    .filter(([count]) => count)
    .map((words) => words.join(' '))
    .join(', ');
}

/** Whatever becomes of job logs, the events go out. */
async function runBefore({ before }: Sending, log: Log): Promise<void> {
  try {
    await before?.();
  } catch (error) {
    const what = 'Job logs did not reach Datadog, or only a part of them';
    log.warn({ what, why: toCauseChain(error), fix: 'Please report it.' });
  }
}

/** Each of the first few, and how many more there are; what was told before is not repeated. */
function warnInvalid({ phase, invalid }: Sending, log: Log): void {
  const fix = 'Check the values that this step and the server give it; if they are right, please report it.';
  for (const { name, why, sent } of invalid.slice(0, FEW)) {
    const what = sent
      ? `A part of the ${phase} event of ${name} was left out`
      : `The ${phase} event of ${name} was not sent`;
    log.warn({ what, why: `it is not valid (${why})`, fix });
  }
  if (invalid.length > FEW) {
    log.warn({
      what: `${invalid.length - FEW} more ${phase} events were sent in part or not at all`,
      why: 'they are not valid either',
      fix,
    });
  }
}

function warnRefused(refused: Delivery['refused'], phase: string, log: Log): void {
  if (refused.length === 0) return;
  const names = refused.slice(0, FEW).map(({ event }) => toName(event));
  log.warn({
    what: `Datadog refused the ${phase} event of ${names.join(', ')}${toMore(refused.length - names.length)}`,
    why: [...new Set(refused.map(({ why }) => why))].slice(0, FEW).join('; '),
    fix: 'Check the values this step adds (tags, measures, names); if they are right, please report it.',
  });
}

function warnUndelivered(
  { undelivered, rest, reason }: Pick<Delivery, 'undelivered' | 'rest' | 'reason'>,
  { phase, again }: Sending,
  { config, log, kept }: Session & { kept: Kept },
): void {
  const why = reason?.why ?? 'no reason is known';
  const fix = reason?.fix ?? '';
  if (again)
    return log.warn({
      what: `The ${phase} ${toNames(undelivered) || 'events'}, and all after them, did not reach Datadog`,
      why,
      fix: `${fix} ${again}`,
    });
  const all = [...undelivered, ...rest];
  const what = `The ${phase} ${toNames(all)} did not reach Datadog`;
  if (phase === 'running') return log.warn({ what, why, fix });
  const path = kept.held?.release();
  const inLog = 'The payload stands below with the command that sends it.';
  const inFile = path ? ` It is also in ${path}, from where the next job with this key sends it.` : '';
  const unkept = kept.why ? `; \`undelivered-dir\` can't be used (${kept.why})` : '';
  log.warn({ what, why: `${why}${unkept}`, fix: `${fix} ${inLog}${inFile}` });
  log.group(
    'Datadog: the undelivered payload, and the command that sends it within 18 hours',
    toCurl(all, config.intake),
  );
}

function toNames(events: readonly Event[], count = events.length): string {
  const names = events.slice(0, FEW).map(toName);
  return `${names.join(' and ')}${toMore(count - names.length)}`;
}

function toMore(count: number): string {
  return count > 0 ? ` and ${count} more` : '';
}

function toName({ attributes: { resource } }: Event): string {
  return `${resource.level} "${resource.name}"`;
}
