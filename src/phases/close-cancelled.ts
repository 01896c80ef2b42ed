import { toEvents } from '../events/event.js';
import { toFinalPipeline } from '../events/pipeline.js';
import { createLanes } from '../model/side-by-side.js';
import { isLeftOpen, toCancelled, toCancelTime } from '../observed/cancelled-run.js';
import { toEndTags } from '../observed/ending.js';
import { toPipeline } from '../observed/events.js';
import { readOwnWorkflow } from '../observed/own-workflow.js';
import { toListedTarget } from '../observed/listed-run.js';
import { readRun } from '../observed/read-run.js';
import type { ObservedRun, ObserveSession } from '../observed/run.js';
import type { Run } from '../model/run.js';
import { toRunIn } from '../pipeline/address.js';
import { withCommit } from '../pipeline/commit.js';
import { findOwnRow } from '../pipeline/own-row.js';
import type { PostSession } from '../pipeline/post-session.js';
import { toRunTags } from '../pipeline/report-events.js';
import type { Report } from '../pipeline/report.js';
import { listAttemptJobs } from '../server/attempt-jobs.js';
import { parseRuns } from '../server/listing.js';
import type { RunDetails } from '../server/run-details.js';
import { bindServer } from '../server/server.js';
import { shareReads } from '../server/share-reads.js';
import { reportEvents } from './sending.js';

/** Runs that are looked at side by side. */
const AT_ONCE = 4;

/**
 * Ends the pipelines of earlier runs of this workflow that were cancelled before their closing job, which the server
 * then never starts. Only the server's own words are sent, so that it does not matter which closing job sends them.
 */
export async function closeCancelled(report: Report, session: PostSession): Promise<void> {
  const { log, config } = session;
  if (config.name !== undefined && config.closeCancelled !== true) {
    return log.debug('cancelled runs are not closed: `name` may be another one for each run');
  }
  const cancelled = await readCancelled(session);
  if (!cancelled[0]) return;
  // The address is the same of all.
  const closing = toClosingSession(cancelled[0], report, session);
  const inLane = createLanes(AT_ONCE);
  const read = await Promise.all(cancelled.map((run) => inLane(() => readOpen(run, report, closing))));
  const pipelines = read.filter((one) => one !== undefined);
  if (pipelines.length === 0) return;
  const events = toEvents(pipelines, closing.config, log.redact);
  const again = 'The next closing job of this workflow sends it again.';
  // With its own events this job has sent what earlier ones left.
  const own = { ...session, config: { ...config, undeliveredDir: undefined } };
  await reportEvents({ phase: 'final', ...events, again }, own);
}

/** The runs of this workflow's file that were cancelled, as far as the server lists them. */
async function readCancelled({ server, runner }: PostSession): Promise<RunDetails[]> {
  const { ref, platform } = server;
  const { file } = await readOwnWorkflow(runner.env, server);
  const where = file && platform.lists.cancelled?.(ref, file);
  const list = where && (await server.read({ ...where, parse: parseRuns }));
  return list ? toCancelled(list.items, { file, runId: ref.id, now: runner.now() }) : [];
}

/** The end of a cancelled run's pipeline; undefined where it is closed, or nobody can tell. */
async function readOpen(run: RunDetails, report: Report, session: ObserveSession) {
  const { log, server, ownRun, platform } = session;
  const listed = toListedTarget({ id: run.id!, details: run, attempt: run.attempt }, ownRun, platform);
  const list = await listAttemptJobs(run, bindServer(server, platform, listed.ref));
  const skip = (why: string): undefined => void log.debug(`the cancelled run ${listed.ref.id} is not closed: ${why}`);
  if (list.omitsWaiting || list.unread || list.missing > 0) return skip('its jobs are not listed');
  const own = findOwnRow(report.job, await bindServer(server, platform, report.run).jobs());
  if (!isLeftOpen(list.jobs, [report.job.key, own?.name])) return skip('its closing job began, or no other job did');
  const observed = await readRun({ ...listed, details: run, workflow: report.run.name }, session);
  if ('reason' in observed) return skip(observed.reason);
  return toEnd(withCommit(observed, session), session) ?? skip('none of its jobs has an end');
}

/** What other runs share with this one: env, service, provider and the name, nothing that its steps or inputs add. */
function toClosingSession(run: RunDetails, { run: own }: Report, session: PostSession): ObserveSession {
  const { runner, config, deadline } = session;
  const { platform } = session.server;
  // What one run's jobs are read from tells of the others too.
  const server = shareReads(session.server, '');
  const ownRun = toRunIn(own, { ...run, name: own.repository });
  const host = (one: Run): string => new URL(one.serverUrl).host;
  const service = config.service === host(own) ? host(ownRun) : config.service;
  return {
    ...session,
    // A work tree says the same in other words.
    runner: { ...runner, readCommitObject: () => Promise.resolve(undefined) },
    config: { ...config, service, tags: [], measures: [], parameters: {} },
    options: { jobs: false, repositories: [], workflows: [] },
    platform,
    ownRun,
    patient: server,
    server,
    reading: deadline,
  };
}

function toEnd(observed: ObservedRun, session: ObserveSession) {
  const jobs = observed.list?.jobs ?? [];
  const time = toCancelTime(jobs, observed.start);
  if (time === undefined) return undefined;
  const tags = [...toRunTags(observed.run), ...toEndTags(observed, 'canceled', false)];
  const ended = jobs.filter(({ conclusion }) => conclusion !== undefined);
  return toFinalPipeline(toPipeline(observed, { ended, tags }, session), { time, status: 'canceled' });
}
