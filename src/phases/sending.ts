import { parseBatch, toBatches } from '../delivery/batches.js';
import { send, type Sending, type Sent, type Spooled } from '../delivery/send.js';
import type { Resent } from '../delivery/spool.js';
import { toCurl } from '../delivery/undelivered.js';
import type { Events } from '../events/event.js';
import type { Event } from '../events/schema.js';
import type { Delivered } from '../model/delivered.js';
import { type Reason, toCauseChain } from '../model/problem.js';
import { FEW, toFew, toInertJson } from '../model/text.js';
import type { Log } from '../runner/log.js';
import type { Session } from '../runner/session.js';

/** What a phase sends, with what of it can't be sent. */
export interface Reporting extends Sending {
  /** Complete when all events have been made. */
  invalid: Events['invalid'];
  /** Hears why events are left undelivered. */
  onUndelivered?: ((reason: Reason) => void) | undefined;
}

/** Sends a phase's events, says what became of them, and returns it. */
export async function reportEvents(reporting: Reporting, session: Session): Promise<Delivered> {
  const { phase, invalid, onUndelivered } = reporting;
  const { log } = session;
  warnInvalid(reporting, log);
  if (session.config.dryRun) return showEvents(reporting, log);
  const sent = await send({ ...reporting, before: () => runBefore(reporting, log) }, session);
  const { accepted, refused, reason } = sent;
  warnInvalid(reporting, log);
  warnRefused(refused, phase, log);
  if (reason) {
    onUndelivered?.(reason);
    warnUndelivered({ ...sent, ...reason }, reporting, session);
  } else warnUnkept(sent, log);
  tellAccepted(sent, phase, log);
  tellResent(await sent.finish(), log);
  const isAll = refused.length === 0 && !reason && invalid.every((one) => one.sent);
  return {
    events: accepted.count === 0 ? 'none' : isAll ? 'all' : 'some',
    pipeline: accepted.first.some(({ attributes }) => attributes.resource.level === 'pipeline'),
  };
}

/** The events in the log, and not sent. */
async function showEvents(reporting: Reporting, log: Log): Promise<Delivered> {
  await runBefore(reporting, log);
  for (const batch of toBatches(reporting.events)) {
    const data = parseBatch(batch);
    log.group(`Datadog (dry run): ${toNames(data)}, nothing is sent`, toInertJson({ data }));
  }
  warnInvalid(reporting, log);
  return { events: 'dry run', pipeline: false };
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

function tellAccepted({ accepted, failed }: Sent, phase: string, log: Log): void {
  if (failed) {
    const { tries, why } = failed;
    log.info(`Datadog: accepted after ${tries} failed ${tries === 1 ? 'try' : 'tries'} (${why}).`);
  }
  if (accepted.count > 0) log.info(`Datadog: ${phase} ${toNames(accepted.first, accepted.count)} reported.`);
}

/** Says what was found of `undelivered-dir`, for a job that sends no events of its own. */
export function tellSpooled(spooled: Spooled, log: Log): void {
  warnUnkept(spooled, log);
  tellResent(spooled.resent, log);
}

/** An outage would show too late that nothing could be kept. */
function warnUnkept({ unkept }: Pick<Spooled, 'unkept'>, log: Log): void {
  if (!unkept) return;
  log.notice(
    `Datadog: \`undelivered-dir\` can't be used (${unkept}), so what is not delivered stands in the job's log alone.`,
  );
}

function tellResent(resent: Spooled['resent'], log: Log): void {
  if (!resent) return;
  if ('why' in resent)
    return log.notice(
      `Datadog: undelivered events of earlier jobs are not sent, as \`undelivered-dir\` can't be read (${resent.why}).`,
    );
  const words = toWords(resent);
  if (words) log.info(`Datadog: undelivered events of earlier jobs: ${words}.`);
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

/** Each of the first few, and how many more there are. */
function warnInvalid({ phase, invalid }: Reporting, log: Log): void {
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

function warnRefused(refused: Sent['refused'], phase: string, log: Log): void {
  if (refused.length === 0) return;
  log.warn({
    what: `Datadog refused the ${phase} event of ${toFew(refused.map(({ event }) => toName(event)))}`,
    why: [...new Set(refused.map(({ why }) => why))].slice(0, FEW).join('; '),
    fix: 'Check the values this step adds (tags, measures, names); if they are right, please report it.',
  });
}

function warnUndelivered(
  { undelivered, rest, why, fix, keptIn, unkept }: Sent & Reason,
  { phase, again }: Sending,
  { config, log }: Session,
): void {
  if (again)
    return log.warn({
      what: `The ${phase} ${toNames(undelivered) || 'events'}, and all after them, did not reach Datadog`,
      why,
      fix: `${fix} ${again}`,
    });
  const all = [...undelivered, ...rest];
  const what = `The ${phase} ${toNames(all)} did not reach Datadog`;
  if (phase === 'running') return log.warn({ what, why, fix });
  const inLog = 'The payload stands below with the command that sends it.';
  const inFile = keptIn ? ` It is also in ${keptIn}, from where the next job with this key sends it.` : '';
  const unusable = unkept ? `; \`undelivered-dir\` can't be used (${unkept})` : '';
  log.warn({ what, why: `${why}${unusable}`, fix: `${fix} ${inLog}${inFile}` });
  log.group(
    'Datadog: the undelivered payload, and the command that sends it within 18 hours',
    toCurl(all, config.intake),
  );
}

function toNames(events: readonly Event[], count = events.length): string {
  return toFew(events.slice(0, FEW).map(toName), { count, by: ' and ' });
}

function toName({ attributes: { resource } }: Event): string {
  return `${resource.level} "${resource.name}"`;
}
