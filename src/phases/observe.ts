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
  warnLeftOut,
  warnMissing,
  warnNoAttempts,
  warnNoRun,
  warnTooOld,
  warnUnended,
  warnUnknownEnd,
  toAgain,
} from '../observed/warnings.js';
import { withCommit } from '../pipeline/commit.js';
import { type Context, readContext } from '../pipeline/context.js';
import { readFailures } from '../pipeline/failure.js';
import { toRunEnd } from '../pipeline/pipeline-end.js';
import { toRunTags } from '../pipeline/report-events.js';
import { toCallStages } from '../pipeline/stages.js';
import { writeSummary } from '../pipeline/summary.js';
import { isTooOld, warnSkew, toOldest } from '../pipeline/time-limits.js';
import { createDeadline, type Deadline } from '../runner/deadline.js';
import { type Config, readConfig } from '../runner/inputs.js';
import type { Log } from '../runner/log.js';
import { parsePayload } from '../runner/payload.js';
import type { Runner } from '../runner/runner.js';
import { openLog } from '../runner/session.js';
import { createServer, type RateLimit, type Server, toGet } from '../server/client.js';
import { detectPlatform, PLATFORMS, translateEnv } from '../server/platforms/detect.js';
import type { Platform } from '../server/platforms/platform.js';
import { withRetries } from '../server/with-retries.js';
import { warnNoKey, toMissing } from './warnings.js';

/** Seconds that observing may spend on the network where the input `timeout` says nothing: no job waits for it. */
const DEFAULT_TIMEOUT = 60;

/** Reads may take this share of the time; the rest is for sending. */
const READING = 0.6;

/** Seconds for a running event: it may be lost, but must not come after the final one. */
const RUNNING_TIMEOUT = 5;

/** Details are tried so often: without them there is still a pipeline. */
const FEW_TRIES = 3;

/** `observe/`: reports a whole run, this one or another, from what the server's API tells of it. */
export async function observe(raw: Runner, platforms = PLATFORMS): Promise<void> {
  const runner = translateEnv(raw, platforms);
  const { input, env } = runner;
  const { config: given, problems } = readConfig(input, env);
  const { options, problems: others } = readOptions(input, env);
  const log = openLog(given, runner);
  [...problems, ...others].forEach((problem) => log.warn(problem));
  const platform = detectPlatform(raw.env, platforms);
  const eventFile = runner.readFile(env['GITHUB_EVENT_PATH'] ?? '');
  const context = readContext(env, parsePayload(eventFile), platform, given);
  if ('missing' in context) return log.warn(toMissing(context.missing));
  if (!given.dryRun && !given.apiKey) return warnNoKey(context, given, log);
  // What is unusable was named with the other inputs.
  if (!options || (!given.dryRun && !given.intake)) return;

  const config = toFullConfig(given, context, platform);
  const deadline = createDeadline(config.timeout ?? DEFAULT_TIMEOUT, runner.clock);
  const edges: ObserveEdges = { runner, log, config, options, platform, context, ...openServers(config, runner, log) };
  const target = toTarget(options, context, eventFile);
  if (!target) return warnNoRun(log);
  if (options.attempt !== undefined && platform.attemptsCount(env) === 'job') return warnNoAttempts(log);
  const observed = await readRun(target, edges);
  if (!observed) return;
  runner.output('pipeline-id', observed.pipelineId);
  runner.output('datadog-url', config.app ? toDatadogUrl(config, observed.run.url) : '');
  const isRunning = !observed.isOwn && !observed.hasEnded;
  const sent = await (isRunning ? reportRunningRun(observed, edges) : reportEnded(observed, edges, deadline));
  if (sent && config.app) log.info(`Datadog: ${toDatadogUrl(config, observed.run.url)}`);
}

function toFullConfig(config: Config, { identity }: Context, platform: Platform): Config {
  return { ...config, service: config.service ?? identity.host, providerName: config.providerName ?? platform.id };
}

/** The server twice, by the patience that is had with it. */
function openServers(config: Config, runner: Runner, log: Log): Pick<ObserveEdges, 'patient' | 'server' | 'reading'> {
  const deadline = createDeadline((config.timeout ?? DEFAULT_TIMEOUT) * READING, runner.clock);
  const limit: RateLimit = { spent: false };
  const get = toGet(config.token, runner.env['GITHUB_API_URL'] ?? '', runner.createGet);
  const { sleep, now, random } = runner;
  const open = (mostTries: number): Server => {
    const patience = { deadline, mostTries, sleep, now, random, limit, debug: (text: string) => log.debug(text) };
    return createServer(get && withRetries(get, patience), deadline, log, { limit, isJobToken: config.isJobToken });
  };
  return { patient: open(Infinity), server: open(FEW_TRIES), reading: deadline };
}

/** A run that goes on: what stays the same until its end. */
async function reportRunningRun(observed: ObservedRun, { runner, log, config }: ObserveEdges): Promise<boolean> {
  const { run, pipelineId: id, start, partialRetry } = observed;
  if (!partialRetry.certain || isTooOld(start, runner.now())) {
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
  const deadline = createDeadline(Math.min(config.timeout ?? RUNNING_TIMEOUT, RUNNING_TIMEOUT), runner.clock);
  return send({ phase: 'running', ...toEvents([toRunningPipeline(pipeline)], config, log.redact) }, config, {
    runner,
    log,
    deadline,
  });
}

/** Reports a run that has ended, or that this job closes; true when all of it was accepted. */
async function reportEnded(found: ObservedRun, edges: ObserveEdges, deadline: Deadline): Promise<boolean> {
  const { runner, log, config, options, platform } = edges;
  const observed = withCommit(found, edges);
  const { list, place, details, isOwn, start, attempt } = observed;
  const isCut = list !== undefined && (options.jobs || isOwn) && warnMissing(list, observed, platform, log);
  const { own, ended, goingOn, carried } = sortJobs(observed, edges);
  // A run can be told as ended before all of its jobs are.
  const lagsBehind = !isOwn && goingOn.length > 0;
  const isIncomplete = isCut || (lagsBehind && options.jobs);
  const isWhole = list?.missing === 0 && !list.unread && !lagsBehind && ended.every(hasTime);
  const facts: EndingFacts = { details, jobs: ended, isWhole, isOwn, start, now: toIso(runner.now()) };
  const status = toRunStatus({ ...facts, jobs: [...ended, ...carried] });
  if (!status) {
    warnUnknownEnd(list, platform, log);
    return false;
  }
  const time = toEndTime(facts);
  if (!config.dryRun && isTooOld(time, runner.now())) {
    warnTooOld(place, time, log);
    return false;
  }
  const graph = observed.workflow && createGraph(observed.workflow);
  const countsPerJob = attempt.number === undefined;
  const all = toObservedJobs(ended, {
    identity: observed.identity,
    countsPerJob,
    start,
    end: time,
    graph,
    listed: own,
  });
  const jobs = options.jobs ? all.filter(({ end }) => config.dryRun || !isTooOld(end, runner.now())) : [];
  if (isOwn || isIncomplete) warnUnended(goingOn, log);
  if (isOwn) warnSkew([start, ...ended.map(({ completedAt }) => completedAt ?? start)], facts.now, log);
  if (options.jobs)
    warnLeftOut({ timeless: ended.filter((job) => !hasTime(job)).length, old: all.length - jobs.length, start }, edges);
  const explain = await readFailures(all, observed, edges);
  const failed = all.filter((job) => job.status === 'error').map((job) => ({ job, failure: explain(job) }));
  const end = toRunEnd(status, time, { conclusion: details.conclusion, failed });
  const tags = toRunTags(observed, log);
  const pipelineTags = [...tags, ...toEndTags(observed, status, isIncomplete)];
  const pipeline = toPipeline(observed, ended, pipelineTags, edges);
  const oldest = config.dryRun ? undefined : toOldest(runner.now());
  const final: Final = {
    observed,
    pipeline,
    end,
    stages: toCallStages(jobs),
    jobs,
    toFailure: explain,
    tags,
    graph,
    oldest,
  };
  const invalid: Events['invalid'] = [];
  const events = toEventStream(toResources(final, edges), config, log.redact, invalid);
  const sent = await send({ phase: 'final', events, invalid, again: toAgain(place, platform) }, config, {
    runner,
    log,
    deadline,
  });
  if (config.summary) writeSummary(toObservedSummary(observed, end, jobs, edges), runner, log);
  return sent;
}
