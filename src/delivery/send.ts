import type { Events } from '../events/event.js';
import type { Event } from '../events/schema.js';
import type { Delivered } from '../model/delivered.js';
import { toCauseChain } from '../model/problem.js';
import { toInertJson } from '../model/text.js';
import type { Config } from '../runner/inputs.js';
import type { Log } from '../runner/log.js';
import type { Runner } from '../runner/runner.js';
import type { Session } from '../runner/session.js';
import { parseBatch, toBatches } from './batches.js';
import { deliver, type Delivery } from './intake.js';
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
}

/** So many are named; a run may have thousands. */
const FEW = 5;

/** Sends a phase's events, says what became of them, and returns it. */
export async function send(sending: Sending, session: Session): Promise<Delivered> {
  const { config, log } = session;
  const { phase, events, invalid } = sending;
  warnInvalid(sending, log);
  if (config.dryRun) {
    for (const batch of toBatches(events)) {
      const data = parseBatch(batch);
      log.group(`Datadog (dry run): ${toNames(data)}, nothing is sent`, toInertJson({ data }));
    }
    warnInvalid(sending, log);
    return { events: 'dry run', pipeline: false };
  }
  const { accepted, refused, ...delivery } = await deliverTo(events, session);
  warnInvalid(sending, log);
  warnRefused(refused, phase, log);
  if (delivery.reason) warnUndelivered(delivery, sending, session);
  if (delivery.failed) {
    const { tries, why } = delivery.failed;
    log.info(`Datadog: accepted after ${tries} failed ${tries === 1 ? 'try' : 'tries'} (${why}).`);
  }
  if (accepted.count > 0) log.info(`Datadog: ${phase} ${toNames(accepted.first, accepted.count)} reported.`);
  const isAll = refused.length === 0 && !delivery.reason && invalid.every(({ sent }) => sent);
  return {
    events: accepted.count === 0 ? 'none' : isAll ? 'all' : 'some',
    pipeline: accepted.first.some(({ attributes }) => attributes.resource.level === 'pipeline'),
  };
}

async function deliverTo(events: Iterable<Event>, { runner, config, log, deadline }: Session): Promise<Delivery> {
  const { sleep, now, random } = runner;
  let http;
  try {
    http = await runner.createHttp(runner.env);
  } catch (error) {
    const why = `the proxy in HTTPS_PROXY or HTTP_PROXY can't be used (${toCauseChain(error)})`;
    const reason = { why, fix: 'Set it to a URL, http://host:port.' };
    return { accepted: { count: 0, first: [] }, refused: [], undelivered: [], rest: events, reason, requests: 0 };
  }
  const intake = {
    post: http.post,
    base: config.intake,
    key: config.apiKey,
    sleep,
    now,
    random,
    debug: (text: string) => log.debug(text),
  };
  const delivery = await deliver(events, intake, deadline);
  await http.close();
  return delivery;
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
  { runner, config, log }: Session,
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
  const kept = keep(all, config, runner);
  log.warn({ what, why: kept.why ? `${why}; ${kept.why}` : why, fix: `${fix} ${kept.where}` });
  log.group(
    'Datadog: the undelivered payload, and the command that sends it within 18 hours',
    toCurl(all, config.intake),
  );
}

/**
 * Where the events stand for later; runners wipe their temporary folder, so without `undelivered-dir` that is the log
 * alone.
 */
function keep(events: readonly Event[], { undeliveredDir }: Config, runner: Runner): { where: string; why?: string } {
  const inLog = 'The payload stands below with the command that sends it.';
  if (!undeliveredDir) return { where: inLog };
  try {
    const name = `datadog-${runner.uuid()}.json`;
    const text = `${toInertJson({ data: events })}\n`;
    return { where: `${inLog} It is also in ${runner.writeFile(undeliveredDir, name, text)}.` };
  } catch (error) {
    return { where: inLog, why: `\`undelivered-dir\` can't be written (${toCauseChain(error)})` };
  }
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
