import { send } from '../delivery/send.js';
import { type Events, toEvents, toEventStream } from '../events/event.js';
import { toRunningPipeline } from '../events/pipeline.js';
import { toDatadogUrl } from '../model/site.js';
import { toIso } from '../model/time.js';
import { type EndingFacts, toEndTags, toEndTime, toRunStatus } from '../observed/ending.js';
import { type Final, toPipeline, toResources } from '../observed/events.js';
import { createGraph } from '../observed/graph.js';
import { hasTime, sortJobs, toObservedJobs } from '../observed/jobs.js';
import { readRun } from '../observed/read-run.js';
import type { ObservedRun, ObserveEdges } from '../observed/run.js';
import { toObservedSummary } from '../observed/summary.js';
import { readOptions, toTarget } from '../observed/target.js';
import {
  tellLeftOut,
  tellMissing,
  tellNoAttempts,
  tellNoRun,
  tellTooOld,
  tellUnended,
  tellUnknownEnd,
  toAgain,
} from '../observed/warnings.js';
import { withCommit } from '../pipeline/commit.js';
import { type Context, readContext } from '../pipeline/context.js';
import { readFailures } from '../pipeline/failure.js';
import { toRunEnd } from '../pipeline/pipeline-end.js';
import { toRunTags } from '../pipeline/report-events.js';
import { toCallStages } from '../pipeline/stages.js';
import { writeSummary } from '../pipeline/summary.js';
import { isTooOld, tellSkew, toOldest } from '../pipeline/time-limits.js';
import { createDeadline, type Deadline } from '../runner/deadline.js';
import { type Config, readConfig } from '../runner/inputs.js';
import type { Log } from '../runner/log.js';
import { parsePayload } from '../runner/payload.js';
import type { Ports } from '../runner/runner.js';
import { openLog } from '../runner/session.js';
import { createServer, type RateLimit, type Server, toGet } from '../server/client.js';
import { detectPlatform } from '../server/platforms/detect.js';
import type { Platform } from '../server/platforms/platform.js';
import { createPatientGet } from '../server/with-retries.js';
import { tellNoKey, toMissing } from './warnings.js';

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
  const edges: ObserveEdges = { ports, log, config, options, platform, context, ...openServers(config, ports, log) };
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
function openServers(config: Config, ports: Ports, log: Log): Pick<ObserveEdges, 'patient' | 'server' | 'reading'> {
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
async function reportRunningRun(observed: ObservedRun, { ports, log, config }: ObserveEdges): Promise<boolean> {
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

/** Reports a run that has ended, or that this job closes; true when all of it was accepted. */
async function reportEnded(found: ObservedRun, edges: ObserveEdges, deadline: Deadline): Promise<boolean> {
  const { ports, log, config, options, platform } = edges;
  const observed = withCommit(found, edges);
  const { list, place, details, isOwn, start, attempt } = observed;
  const isCut = list !== undefined && (options.jobs || isOwn) && tellMissing(list, observed, platform, log);
  const { own, ended, goingOn, carried } = sortJobs(observed, edges);
  // A run can be told as ended before all of its jobs are.
  const lagsBehind = !isOwn && goingOn.length > 0;
  const isIncomplete = isCut || (lagsBehind && options.jobs);
  const isWhole = list?.missing === 0 && !list.unread && !lagsBehind && ended.every(hasTime);
  const facts: EndingFacts = { details, jobs: ended, isWhole, isOwn, start, now: toIso(ports.now()) };
  const status = toRunStatus({ ...facts, jobs: [...ended, ...carried] });
  if (!status) {
    tellUnknownEnd(list, platform, log);
    return false;
  }
  const time = toEndTime(facts);
  if (!config.dryRun && isTooOld(time, ports.now())) {
    tellTooOld(place, time, log);
    return false;
  }
  const graph = observed.workflow && createGraph(observed.workflow);
  const countsPerJob = attempt.number === undefined;
  const all = toObservedJobs(ended, { identity: observed.identity, countsPerJob, start, end: time, graph, listed: own });
  const jobs = options.jobs ? all.filter(({ end }) => config.dryRun || !isTooOld(end, ports.now())) : [];
  if (isOwn || isIncomplete) tellUnended(goingOn, log);
  if (isOwn) tellSkew([start, ...ended.map(({ completedAt }) => completedAt ?? start)], facts.now, log);
  if (options.jobs) tellLeftOut({ timeless: ended.filter((job) => !hasTime(job)).length, old: all.length - jobs.length, start }, edges);
  const explain = await readFailures(all, observed, edges);
  const failed = all.filter((job) => job.status === 'error').map((job) => ({ job, failure: explain(job) }));
  const end = toRunEnd(status, time, { conclusion: details.conclusion, failed });
  const tags = toRunTags(observed, log);
  const pipelineTags = [...tags, ...toEndTags(observed, status, isIncomplete)];
  const pipeline = toPipeline(observed, ended, pipelineTags, edges);
  const oldest = config.dryRun ? undefined : toOldest(ports.now());
  const final: Final = { observed, pipeline, end, stages: toCallStages(jobs), jobs, toFailure: explain, tags, graph, oldest };
  const invalid: Events['invalid'] = [];
  const events = toEventStream(toResources(final, edges), config, log.redact, invalid);
  const sent = await send({ phase: 'final', events, invalid, again: toAgain(place, platform) }, config, { ports, log, deadline });
  if (config.summary) writeSummary(toObservedSummary(observed, end, jobs, edges), ports, log);
  return sent;
}
