import { isTooOld } from './age.js';
import { createServer, type RateLimit, type Server, toGet } from './api/server.js';
import { type Context, readContext } from './context.js';
import { createDeadline } from './deadline.js';
import { toDatadogUrl } from './delivery/site.js';
import { toEvents } from './events/event.js';
import { toRunningPipeline } from './events/pipeline.js';
import { type Config, readConfig } from './inputs.js';
import { type Log, openLog } from './log.js';
import { tellNoKey, toMissing } from './obstacles.js';
import { reportEnded } from './observed/ended.js';
import { type Edges, type ObservedRun, readRun } from './observed/read-run.js';
import { createPatientGet } from './observed/patience.js';
import { readOptions, toTarget } from './observed/target.js';
import { tellNoAttempts, tellNoRun } from './observed/tell.js';
import { parsePayload } from './payload.js';
import { detectPlatform, type Platform } from './platform.js';
import type { Ports } from './ports.js';
import { toRunTags } from './report.js';
import { send } from './send.js';

/** Seconds that observing may spend on the network where the input `timeout` says nothing: no job waits for it. */
const DEFAULT_TIMEOUT = 60;

/** Reads may take this share of the time; the rest is for sending. */
const READING = 0.6;

/** Seconds for a running event: it may be lost, but must not come after the final one. */
const RUNNING_TIMEOUT = 5;

/** Details are tried so often: without them there is still a pipeline. */
const FEW_TRIES = 3;

/** `observe/`: reports a whole run, this one or another, from what the server's API tells of it. */
export async function reportObserved(ports: Ports): Promise<void> {
  const { input, env } = ports;
  const { config: given, problems } = readConfig(input, env);
  const { options, problems: others } = readOptions(input, env);
  const log = openLog(given, ports);
  [...problems, ...others].forEach((problem) => log.warn(problem));
  const platform = detectPlatform(env);
  const eventFile = ports.readFile(env['GITHUB_EVENT_PATH'] ?? '');
  const context = readContext(env, parsePayload(eventFile), platform, given);
  if ('missing' in context) return log.warn(toMissing(context.missing));
  if (!given.dryRun && !given.apiKey) return tellNoKey(context, given, log);
  // What is unusable was named with the other inputs.
  if (!options || (!given.dryRun && !given.intake)) return;

  const config = toFullConfig(given, context, platform);
  const deadline = createDeadline(config.timeout ?? DEFAULT_TIMEOUT, ports.clock);
  const edges: Edges = { ports, log, config, options, platform, context, ...openServers(config, ports, log) };
  const target = toTarget(options, context, eventFile);
  if (!target) return tellNoRun(log);
  if (options.attempt !== undefined && platform.attemptsCount(env) === 'job') return tellNoAttempts(log);
  const observed = await readRun(target, edges);
  if (!observed) return;
  ports.output('pipeline-id', observed.pipelineId);
  ports.output('datadog-url', config.app ? toDatadogUrl(config, observed.run.url) : '');
  const isRunning = !observed.isOwn && !observed.hasEnded;
  const sent = await (isRunning ? reportRunningRun(observed, edges) : reportEnded(observed, edges, deadline));
  if (sent && config.app) log.info(`Datadog: ${toDatadogUrl(config, observed.run.url)}`);
}

function toFullConfig(config: Config, { identity }: Context, platform: Platform): Config {
  return { ...config, service: config.service ?? identity.host, providerName: config.providerName ?? platform.id };
}

/** The server twice, by the patience that is had with it. */
function openServers(config: Config, ports: Ports, log: Log): Pick<Edges, 'patient' | 'server' | 'reading'> {
  const deadline = createDeadline((config.timeout ?? DEFAULT_TIMEOUT) * READING, ports.clock);
  const limit: RateLimit = { spent: false };
  const get = toGet(config.token, ports.env['GITHUB_API_URL'] ?? '', ports.createGet);
  const { sleep, now, random } = ports;
  const open = (mostTries: number): Server => {
    const patience = { deadline, mostTries, sleep, now, random, limit, debug: (text: string) => log.debug(text) };
    return createServer(get && createPatientGet(get, patience), deadline, log, { limit, isJobToken: config.isJobToken });
  };
  return { patient: open(Infinity), server: open(FEW_TRIES), reading: deadline };
}

/** A run that goes on: what stays the same until its end. */
async function reportRunningRun(observed: ObservedRun, { ports, log, config }: Edges): Promise<boolean> {
  const { run, pipelineId: id, start, partialRetry } = observed;
  if (!partialRetry.certain || isTooOld(start, ports.now())) {
    log.info(
      'Datadog: this run goes on, and is reported when it has ended: it is a retry of unknown extent, or has been running for long.',
    );
    return false;
  }
  const tags = toRunTags({ run }, log);
  const pipeline = {
    run,
    id,
    start,
    partialRetry: partialRetry.partial,
    previous: observed.previous,
    tags,
    measures: [],
    parameters: run.parameters,
  };
  const deadline = createDeadline(Math.min(config.timeout ?? RUNNING_TIMEOUT, RUNNING_TIMEOUT), ports.clock);
  return send({ phase: 'running', ...toEvents([toRunningPipeline(pipeline)], config, log.redact) }, config, { ports, log, deadline });
}
