import type { Deadline } from './deadline.js';
import { deliver, type Delivery } from './delivery/intake.js';
import { toCurl } from './delivery/undelivered.js';
import type { Events } from './events/event.js';
import type { Event } from './events/schema.js';
import type { Config } from './inputs.js';
import type { Log } from './log.js';
import type { Ports } from './ports.js';
import { toCauseChain } from './problem.js';
import { toInertJson } from './text.js';

/** What a phase sends, and how it is spoken of. */
export interface Sending extends Events {
  /** `running` events may be lost, `final` ones are kept for later where they can't be delivered. */
  phase: 'running' | 'final';
}

/** Sends a phase's events and says what became of them; true when all were accepted. */
export async function send(
  sending: Sending,
  config: Config,
  { ports, log, deadline }: { ports: Ports; log: Log; deadline: Deadline },
): Promise<boolean> {
  const { phase, events, invalid } = sending;
  for (const { name, why, sent } of invalid) {
    log.warn({
      what: sent ? `A part of the ${phase} event of ${name} was left out` : `The ${phase} event of ${name} was not sent`,
      why: `it is not valid (${why})`,
      fix: 'Check the values that this step and the server give it; if they are right, please report it.',
    });
  }
  if (config.dryRun) {
    log.group(`Datadog (dry run): ${toNames(events)}, nothing is sent`, toInertJson({ data: events }));
    return true;
  }
  const delivery = await deliverTo(events, config, { ports, log, deadline });
  tellRefused(delivery, phase, log);
  if (delivery.undelivered.length > 0) tellUndelivered(delivery, phase, config, { ports, log });
  if (delivery.accepted.length > 0) log.info(`Datadog: ${phase} ${toNames(delivery.accepted)} reported.`);
  return delivery.accepted.length === events.length;
}

async function deliverTo(
  events: readonly Event[],
  config: Config,
  { ports, log, deadline }: { ports: Ports; log: Log; deadline: Deadline },
): Promise<Delivery> {
  const { sleep, now, random } = ports;
  let http;
  try {
    http = ports.createHttp(ports.env);
  } catch (error) {
    const why = `the proxy in HTTPS_PROXY or HTTP_PROXY can't be used (${toCauseChain(error)})`;
    return { accepted: [], refused: [], undelivered: [...events], reason: { why, fix: 'Set it to a URL, http://host:port.' }, requests: 0 };
  }
  const intake = { post: http.post, base: config.intake, key: config.apiKey, sleep, now, random, debug: (text: string) => log.debug(text) };
  const delivery = await deliver(events, intake, deadline);
  await http.close();
  return delivery;
}

function tellRefused({ refused }: Delivery, phase: string, log: Log): void {
  if (refused.length === 0) return;
  log.warn({
    what: `Datadog refused the ${phase} event of ${refused.map(({ event }) => toName(event)).join(', ')}`,
    why: [...new Set(refused.map(({ why }) => why))].join('; '),
    fix: 'Check the values this step adds (tags, measures, names); if they are right, please report it.',
  });
}

function tellUndelivered(
  { undelivered, reason }: Delivery,
  phase: Sending['phase'],
  config: Config,
  { ports, log }: { ports: Ports; log: Log },
): void {
  const what = `The ${phase} ${toNames(undelivered)} did not reach Datadog`;
  const why = reason?.why ?? 'no reason is known';
  const fix = reason?.fix ?? '';
  if (phase === 'running') return log.warn({ what, why, fix });
  const kept = keep(undelivered, config, ports);
  log.warn({ what, why: kept.why ? `${why}; ${kept.why}` : why, fix: `${fix} ${kept.where}` });
  log.group('Datadog: the undelivered payload, and the command that sends it within 18 hours', toCurl(undelivered, config.intake));
}

/** Where the events stand for later; runners wipe their temporary folder, so without `undelivered-dir` that is the log alone. */
function keep(events: readonly Event[], { undeliveredDir }: Config, ports: Ports): { where: string; why?: string } {
  const inLog = 'The payload stands below with the command that sends it.';
  if (!undeliveredDir) return { where: inLog };
  try {
    const name = `datadog-${ports.uuid()}.json`;
    const text = `${toInertJson({ data: events })}\n`;
    return { where: `${inLog} It is also in ${ports.writeFile(undeliveredDir, name, text)}.` };
  } catch (error) {
    return { where: inLog, why: `\`undelivered-dir\` can't be written (${toCauseChain(error)})` };
  }
}

function toNames(events: readonly Event[]): string {
  return events.map(toName).join(' and ');
}

function toName({ attributes: { resource } }: Event): string {
  return `${resource.level} "${resource.name}"`;
}
