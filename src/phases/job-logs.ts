import { createLogSender, type LogSender } from '../delivery/logs.js';
import { connect } from '../delivery/send.js';
import type { End } from '../events/event.js';
import type { Final } from '../observed/events.js';
import type { ObserveSession } from '../observed/run.js';
import { createLogHider } from '../model/log-secrets.js';
import { toCauseChain } from '../model/problem.js';
import type { RunRef, Status } from '../model/run.js';
import { createLanes } from '../model/side-by-side.js';
import { createLineReader, toLastTime } from '../pipeline/log-lines.js';
import { createSkipper, createTail, type LogTail } from '../pipeline/log-tail.js';
import type { PostSession } from '../pipeline/post-session.js';
import type { Report } from '../pipeline/report.js';
import { createDeadline } from '../runner/deadline.js';
import type { Config } from '../runner/inputs.js';
import { type Session, readSecrets } from '../runner/session.js';
import type { Unread } from '../server/client.js';
import { type LogReading, openLog } from '../server/logs.js';
import type { Endpoint, Platform } from '../server/platforms/platform.js';
import { type LogResult, warnLogs, warnNoLog } from './job-log-warnings.js';

/** Logs may take this share of what is left of the phase: the events are worth more. */
const SHARE = 0.4;

/** Logs that are read side by side. */
const AT_ONCE = 3;

/** A job whose log is sent. */
interface LoggedJob {
  /** The id in its event. */
  id: string;
  name: string;
  /** The server's number of it. */
  serverId: string;
  attempt?: number | undefined;
  /** The job's end, in milliseconds since the epoch; the log is read again until it has a line from then on. */
  until?: number | undefined;
}

/** Whether the log of a job that ended like this is wanted. */
function wantsLog({ logs }: Config, status: Status): boolean {
  return logs === 'all' ? status !== 'skipped' : logs === 'failed' && status === 'error';
}

/** Sends the log of the job that runs here, as far as its server has it: before the final event, which ends it. */
export async function sendOwnLog(
  { job, jobId: id, pipelineId, apiUrl }: Report,
  { time, status }: End,
  session: PostSession,
): Promise<void> {
  const { config, log, server } = session;
  if (!wantsLog(config, status)) return;
  const { platform, ref } = server;
  if (!platform.log?.whileRunning || job.serverId === undefined) return warnNoLog(platform, log);
  // The runner hands on its lines in parcels: once this one has arrived, all before it have.
  if (config.logIntake && !config.dryRun) log.info('Datadog: the log of this job is sent, too.');
  const own = { id, name: job.name, serverId: job.serverId, until: Date.parse(time) };
  await sendLogs([own], { pipelineId, ref, platform, apiUrl }, session);
}

/** Sends the logs of a run's jobs, the failed ones first; before their final events, which end them. */
export async function sendRunLogs({ observed, jobs }: Final, session: ObserveSession): Promise<void> {
  const { config, platform, runner, log } = session;
  const { pipelineId, run: ref, attempt } = observed;
  const wanted = jobs.filter(({ status }) => wantsLog(config, status));
  if (wanted.length === 0) return;
  if (!platform.log) return warnNoLog(platform, log);
  const failedFirst = [...wanted].sort((a, b) => Number(b.status === 'error') - Number(a.status === 'error'));
  const logged = failedFirst.flatMap(({ id, api }) =>
    api.id === undefined
      ? []
      : { id, name: api.name, serverId: api.id, attempt: attempt.number === undefined ? api.attempt : undefined },
  );
  const apiUrl = runner.env['GITHUB_API_URL'] ?? '';
  await sendLogs(logged, { pipelineId, ref, platform, apiUrl }, session);
}

async function sendLogs(
  jobs: readonly LoggedJob[],
  run: Pick<Shipment, 'pipelineId' | 'ref' | 'platform' | 'apiUrl'>,
  session: Session,
): Promise<void> {
  const { runner, config, log } = session;
  // What is unusable was named with the other inputs.
  if (!config.logIntake || jobs.length === 0) return;
  if (config.dryRun) return log.info(`Datadog (dry run): the log of ${jobs.length} job(s) is not sent.`);
  const connection = await connect(config.logIntake, session);
  // Whoever sends the events says why.
  if ('why' in connection) return;
  const { intake, get, close } = connection;
  const deadline = createDeadline((session.deadline.remaining() * SHARE) / 1000, runner.clock);
  const sender = createLogSender(intake, deadline);
  const hide = createLogHider(readSecrets(config, runner));
  const reading = { ...intake, get, token: config.token, deadline, limit: { spent: false } };
  const shipment = { ...run, ...reading, config, sender, hide };
  const inLane = createLanes(AT_ONCE);
  const results = await Promise.all(jobs.map((job) => inLane(() => sendLog(job, shipment))));
  await sender.flush();
  await close();
  warnLogs(results, sender.delivery, session);
}

/** What a log is read and sent with. */
interface Shipment extends LogReading {
  pipelineId: string;
  ref: RunRef;
  platform: Platform;
  config: Config;
  sender: LogSender;
  hide(lines: string): string;
}

/** No time is left, or nobody takes what is sent. */
function isOver({ sender, deadline }: Shipment): boolean {
  return sender.delivery.stopped !== undefined || deadline.remaining() === 0;
}

async function sendLog(job: LoggedJob, shipment: Shipment): Promise<LogResult> {
  const { platform, ref, pipelineId, config, sender, hide } = shipment;
  const { name } = job;
  if (isOver(shipment)) return { name, unread: undefined };
  const where = platform.log!.of(ref, { id: job.serverId, attempt: job.attempt });
  const tail = await readWhole(where, job, shipment);
  if ('why' in tail) {
    // What has no log may be a server that is too old.
    const fix = (tail.status === 404 && platform.log!.since) || tail.fix;
    return { name, unread: { ...tail, fix } };
  }
  const owner = { jobId: job.id, pipelineId, providerName: config.providerName };
  const reader = createLineReader(hide, tail.first());
  try {
    for await (const bytes of tail.bytes() ?? readFrom(where, tail.first(), shipment)) {
      await sender.send(reader.read(bytes), owner);
      if (isOver(shipment)) break;
    }
    await sender.send(reader.end(), owner);
  } catch (error) {
    return { name, unread: { why: toCauseChain(error) } };
  }
  return { name, total: tail.total(), sent: Math.min(config.logLines, tail.total()) };
}

/** Waits until the runner has handed on what it holds, in milliseconds. */
const LAGS = [1_000, 2_000, 2_000];

/** The log's end; of the job that runs here it is read again until it has all lines up to now. */
async function readWhole(where: Endpoint, { until }: LoggedJob, shipment: Shipment): Promise<LogTail | Unread> {
  const { deadline, sleep } = shipment;
  let tail = await readTail(where, shipment);
  for (const lag of until === undefined ? [] : LAGS) {
    if ('why' in tail || toLastTime(tail.last()) >= until! || lag > deadline.remaining() / 2) break;
    await sleep(lag);
    const again = await readTail(where, shipment);
    if (!('why' in again)) tail = again;
  }
  return tail;
}

async function readTail(where: Endpoint, shipment: Shipment): Promise<LogTail | Unread> {
  const body = await openLog(where, shipment);
  if ('why' in body) return body;
  const tail = createTail(shipment.config.logLines);
  try {
    for await (const chunk of body) tail.push(chunk);
    return tail;
  } catch (error) {
    return { why: toCauseChain(error), fix: '`timeout` gives it more seconds.' };
  }
}

/** The log once more, from a line on: its end is larger than what is held. */
async function* readFrom(where: Endpoint, first: number, reading: LogReading): AsyncGenerator<Buffer> {
  const body = await openLog(where, reading);
  if ('why' in body) throw new Error(body.why);
  const skip = createSkipper(first - 1);
  for await (const chunk of body) yield skip(chunk);
}
