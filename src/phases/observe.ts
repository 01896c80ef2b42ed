import { type Events, toEvents, streamEvents } from '../events/event.js';
import { toRunningPipeline } from '../events/pipeline.js';
import { isWhole } from '../model/delivered.js';
import { toDatadogUrl } from '../model/site.js';
import { toIso } from '../model/time.js';
import { toEndTags, toEndTime, toRunStatus } from '../observed/ending.js';
import { type Final, toPipeline, streamResources } from '../observed/events.js';
import { createGraph } from '../observed/graph.js';
import { hasTime, sortJobs, toObservedJobs } from '../observed/jobs.js';
import { readRun } from '../observed/read-run.js';
import type { ObservedRun, ObserveSession } from '../observed/run.js';
import { toEnded } from '../observed/summary.js';
import { isLook, type Options, readOptions, toTarget } from '../observed/target.js';
import { openPatientApi } from './api.js';
import {
  NO_ATTEMPTS,
  NO_LOOK,
  NO_RUN,
  warnBranchless,
  warnLeftOut,
  warnMissing,
  warnTooOld,
  warnUnended,
  warnUnobserved,
  warnUnknownEnd,
  toAgain,
} from './observe-warnings.js';
import { reportEvents } from './sending.js';
import { tellOutcome, tellPage } from './announcement.js';
import { readAddress } from '../pipeline/address.js';
import { withCommit } from '../pipeline/commit.js';
import { readFailures } from '../pipeline/failure.js';
import { toRunEnd } from '../pipeline/pipeline-end.js';
import { toPipelineOfAll, toRunTags } from '../pipeline/report-events.js';
import { toCallStages } from '../pipeline/stages.js';
import { isTooOld, toOldest } from '../pipeline/time-limits.js';
import { createDeadline } from '../runner/deadline.js';
import { withDefaults } from '../runner/inputs.js';
import type { Runner } from '../runner/runner.js';
import type { Session } from '../runner/session.js';
import { PLATFORMS } from '../server/platforms/detect.js';
import type { Platform } from '../server/platforms/platform.js';
import { bindServer } from '../server/server.js';
import { openPhase, readEvent, readTold } from './opening.js';
import { warnDropped, warnForeignSha, warnSkew } from './warnings.js';

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
  const { session: given, platform } = openPhase(raw, platforms, DEFAULT_TIMEOUT);
  const opened = await prepare(platform, given);
  if (!opened) return;
  const { runner, log, options, ownRun } = opened;
  if (isLook(options, ownRun.event) && !(await isClosing(opened))) {
    // Most jobs observe one run.
    const { look } = await import('./look.js');
    return look(opened, reportEnded);
  }
  const config = withDefaults(opened.config, ownRun.serverUrl, platform);
  const session = { ...opened, config };
  const target = toTarget(options, ownRun, readEvent(runner));
  if (!target) return log.warn(NO_RUN);
  if (options.attempt !== undefined && platform.attemptsCount === 'job') return log.warn(NO_ATTEMPTS);
  const observed = await readRun(target, session);
  if ('reason' in observed) {
    return warnUnobserved(observed, target.ref.id, session);
  }
  if (!observed.isOwn) warnBranchless(observed.run, log);
  runner.output('pipeline-id', observed.pipelineId);
  runner.output('datadog-url', toDatadogUrl(config, observed.run.url));
  const isRunning = !observed.isOwn && !observed.hasEnded;
  const sent = await (isRunning ? reportRunningRun(observed, session) : reportEnded(observed, session));
  runner.output('runs', sent ? '1' : '0');
}

const NO_OPTIONS: Options = { jobs: true, repositories: [], workflows: [] };

/** What runs are observed with; undefined where nothing can be, which is said. */
async function prepare(platform: Platform, given: Session): Promise<ObserveSession | undefined> {
  const { runner, log } = given;
  const { options, problems } = readOptions(runner.input, runner.env);
  problems.forEach(log.warn);
  const told = readTold(platform, given);
  if (!told) return undefined;
  const session = { ...given, options: options ?? NO_OPTIONS, platform, ownRun: told.run, ...openServers(given) };
  const { run, payload } = told;
  if (told.canSend && options) {
    const server = bindServer(session.server, platform, run);
    return { ...session, ownRun: await readAddress(run, payload, server) };
  }
  // As a success, a scheduled look that can send nothing would be where the next one begins.
  const isScheduled = run.event === 'schedule' && isLook(session.options, run.event);
  if (isScheduled && !(await isClosing(session))) log.fail(NO_LOOK);
  return undefined;
}

/** Whether this job of a scheduled workflow has others beside it, so that it is meant to close their run. */
async function isClosing({ options, ownRun, server, platform }: ObserveSession): Promise<boolean> {
  const { since, repositories, workflows } = options;
  if (since !== undefined || repositories.length > 0 || workflows.length > 0) return false;
  const list = await bindServer(server, platform, ownRun).jobs();
  return (list?.jobs.length ?? 0) > 1;
}

/** The server twice, by the tries that it is worth. */
function openServers(session: Session) {
  const reading = createDeadline((session.config.timeout ?? DEFAULT_TIMEOUT) * READING, session.runner.clock);
  const open = openPatientApi(session, reading);
  return { patient: open(Infinity), server: open(FEW_TRIES), reading };
}

/** A run that goes on: what stays the same until its end. */
async function reportRunningRun(observed: ObservedRun, session: ObserveSession): Promise<boolean> {
  const { runner, log, config } = session;
  const { partialRetry } = observed;
  if (!partialRetry.certain || isTooOld(observed.start, runner.now())) {
    log.info(
      'Datadog: this run goes on, and is reported when it has ended: ' +
        'it is a retry of unknown extent, or has been running for long.',
    );
    return false;
  }
  warnForeignSha(observed.run, log);
  const pipeline = toPipelineOfAll({ ...observed, partialRetry: partialRetry.partial });
  const deadline = createDeadline(Math.min(config.timeout ?? RUNNING_TIMEOUT, RUNNING_TIMEOUT), runner.clock);
  const delivered = await reportEvents(
    { phase: 'running', ...toEvents([toRunningPipeline(pipeline)], config, log.redact) },
    { ...session, deadline },
  );
  tellPage(observed.run.url, delivered.pipeline, session);
  return isWhole(delivered);
}

type EndedRun = NonNullable<ReturnType<typeof decideEnd>>;

/** Reports a run that has ended, or that this job closes; true when all of it was accepted. */
async function reportEnded(found: ObservedRun, session: ObserveSession): Promise<boolean> {
  const { log, config, platform } = session;
  const observed = withCommit(found, session);
  const run = decideEnd(observed, session);
  if (!run) return false;
  const final = await readFinal(observed, run, session);
  warnForeignSha(observed.run, log);
  warnDropped([final.pipeline.dropped], log);
  // Loaded late, and before the final events, for these end the logs.
  const sendLogs = async (): Promise<void> => (await import('./job-logs.js')).sendRunLogs(final, session);
  // Lines that are sent twice show twice, as events do not.
  const isLogged = run.time < (session.look?.lastLook ?? '');
  const before = config.logs === 'none' || isLogged ? undefined : sendLogs;
  const invalid: Events['invalid'] = [];
  const dropped: string[][] = [];
  const events = streamEvents(streamResources(final, session, dropped), config, { redact: log.redact, invalid });
  const again = session.look ? 'The next look sends them again.' : toAgain(observed.run, platform);
  const { onUndelivered } = session.look ?? {};
  const delivered = await reportEvents({ phase: 'final', events, invalid, again, before, onUndelivered }, session);
  warnDropped(dropped, log);
  // A look tells of all its runs together.
  if (!session.look) await tellOutcome(toEnded(final, platform), delivered, session);
  return isWhole(delivered);
}

/** When and how the run ended, and which jobs have; undefined where nothing can be sent of that, which is said. */
function decideEnd(observed: ObservedRun, session: ObserveSession) {
  const { runner, log, config, options, platform } = session;
  const { list, run, details, isOwn, start } = observed;
  const isCut = list !== undefined && (options.jobs || isOwn) && warnMissing(list, observed, session);
  const sorted = sortJobs(observed, session);
  const { ended, goingOn, carried } = sorted;
  // A run can be told as ended before all of its jobs are.
  const lagsBehind = !isOwn && goingOn.length > 0;
  const isWhole = list?.missing === 0 && !list.unread && !lagsBehind && ended.every(hasTime);
  const sources = { details, jobs: ended, isWhole, isOwn, start, now: toIso(runner.now()) };
  const status = toRunStatus({ ...sources, jobs: [...ended, ...carried] });
  if (!status) return void warnUnknownEnd(list, platform, log);
  const time = toEndTime(sources);
  if (!config.dryRun && isTooOld(time, runner.now())) return void warnTooOld(run, time, log);
  const isIncomplete = isCut || (lagsBehind && options.jobs);
  if (isOwn || isIncomplete) warnUnended(goingOn, log);
  if (isOwn) warnSkew([start, ...ended.map(({ completedAt }) => completedAt ?? start)], sources.now, log);
  return { ...sorted, status, time, isIncomplete };
}

/** Everything that the final events are made from, with why jobs failed, which the server may be asked. */
async function readFinal(
  observed: ObservedRun,
  { own, ended, status, time, isIncomplete }: EndedRun,
  session: ObserveSession,
): Promise<Final> {
  const { runner, config, options, platform } = session;
  const { run, details, start, attempt, workflow } = observed;
  const graph = workflow && createGraph(workflow);
  const countsPerJob = attempt.number === undefined;
  const all = toObservedJobs(ended, { run, countsPerJob, start, end: time, graph, listed: own });
  const jobs = options.jobs ? all.filter(({ end }) => config.dryRun || !isTooOld(end, runner.now())) : [];
  const timeless = ended.filter((job) => !hasTime(job)).length;
  if (options.jobs) warnLeftOut({ timeless, old: all.length - jobs.length, start }, session);
  const toFailure = await readFailures(all, bindServer(session.server, platform, run), session.log.redact);
  const failed = all.filter((job) => job.status === 'error').map((job) => ({ job, failure: toFailure(job) }));
  const end = toRunEnd(status, time, { conclusion: details.conclusion, failed });
  const tags = toRunTags(run);
  const pipelineTags = [...tags, ...toEndTags(observed, status, isIncomplete)];
  const pipeline = toPipeline(observed, { ended, tags: pipelineTags }, session);
  const oldest = config.dryRun ? undefined : toOldest(runner.now());
  return { observed, pipeline, end, stages: toCallStages(jobs), jobs, toFailure, tags, graph, oldest };
}
