import { send } from '../delivery/send.js';
import { toSentence } from '../model/problem.js';
import type { Run } from '../model/run.js';
import { toDatadogUrl } from '../model/site.js';
import { latest, toIso, toQueueTime } from '../model/time.js';
import { readLateCommit } from '../pipeline/commit.js';
import type { PostSession } from '../pipeline/post-session.js';
import { readFailure } from '../pipeline/failure.js';
import {
  type JobEndSources,
  type Ending,
  findFailedStep,
  toEnding,
  toEndingTags,
  toWords,
} from '../pipeline/job-end.js';
import { toNeededId, toNeededJobs } from '../pipeline/needed-jobs.js';
import { readOwnJob } from '../pipeline/own-job.js';
import { readList } from '../pipeline/partial-retry.js';
import { toPipelineEnd, toPipelineStatus } from '../pipeline/pipeline-end.js';
import { type Finish, toFinalEvents } from '../pipeline/report-events.js';
import type { Report } from '../pipeline/report.js';
import { readReporting } from '../pipeline/reporting.js';
import { toStages } from '../pipeline/stages.js';
import { toSummary, writeSummary } from '../pipeline/summary.js';
import { toTestsUrl } from '../pipeline/tests-link.js';
import { readTolerated } from '../pipeline/tolerated.js';
import { toWrittenSteps } from '../pipeline/written-steps.js';
import type { Config } from '../runner/inputs.js';
import type { Runner } from '../runner/runner.js';
import { readAdditions } from '../runner/runtime-file.js';
import { resumeSession, type Session } from '../runner/session.js';
import type { ApiJob, ApiJobs } from '../server/answers.js';
import { createClient, toGet } from '../server/client.js';
import { readOwnFile } from '../server/own-file.js';
import { PLATFORMS, translateEnv } from '../server/platforms/detect.js';
import { bindServer } from '../server/server.js';
import type { Platform } from '../server/platforms/platform.js';
import { parseParts } from './handover.js';
import { warnDropped, warnEnding, warnForeignSha, warnOldSteps, warnSkew } from './warnings.js';

/**
 * Seconds that post may spend on the network where the input `timeout` says nothing: a lost final event costs more than
 * a lost running one.
 */
const DEFAULT_TIMEOUT = 20;

const UNREADABLE = {
  what: 'The end of this job is not reported to Datadog, which goes on showing it as running',
  why: 'the state that main left for post is not what main writes',
  fix: 'Check whether another step or the runner changed STATE_ variables.',
};

/** Post: reports how this job, and the pipeline where this job is the one to say so, ended. */
export async function post(raw: Runner, platforms = PLATFORMS): Promise<void> {
  const runner = translateEnv(raw, platforms);
  const now = toIso(runner.now());
  const parts = loadParts(runner);
  if (parts.length === 0) return runner.sink.info('Datadog: main left nothing to end; its own output says why.');
  const state = parseParts(parts);
  if (!state) return runner.sink.warning(toSentence(UNREADABLE));
  if (!state.reported) return;
  const { config } = state.reported;
  const opened = resumeSession(runner, DEFAULT_TIMEOUT, { config, logged: state.said });
  const platform = platforms.find(({ id }) => id === state.reported?.platform)!;
  const session = openServer(state.reported, platform, opened);
  const { log } = session;
  const { run, finish } = await readFinish(state.reported, now, session);
  const reported = { ...state.reported, run };
  const events = toFinalEvents(reported, finish, log.redact);
  warnForeignSha(run, log);
  warnDropped(events.dropped, log);
  // Loaded late: most jobs send no log. Before the final event, for that ends the log.
  if (config.logs !== 'none') {
    const { sendOwnLog, wantsLog } = await import('./job-logs.js');
    if (wantsLog(config, finish.job.status)) await sendOwnLog(reported, now, session);
  }
  const sent = await send({ phase: 'final', ...events }, session);
  if (sent && config.app) log.info(`Datadog: ${toDatadogUrl(config, run.url)}`);
  const tests = toTestsUrl(config.app, raw.env);
  const end = { ...(finish.pipeline ?? finish.job), tests };
  if (config.summary) writeSummary(toSummary(reported, end, log.redact), runner, log);
}

/** The session with this run's server, as the job's token sees it and as anybody does. */
function openServer({ config, run, apiUrl }: Report, platform: Platform, session: Session): PostSession {
  const { runner } = session;
  const place = { ...run, env: runner.env, runId: run.id, runNumber: run.number };
  const { isJobToken } = config;
  const expectsRefusal = isJobToken && platform.cancel !== undefined;
  const get = toGet(config.token, apiUrl, runner.createGet);
  const server = bindServer(createClient(get, { ...session, isJobToken, expectsRefusal }), platform, place);
  const openGet = apiUrl ? runner.createGet('', apiUrl) : undefined;
  const openClient = createClient(openGet, { ...session, expectsRefusal: true });
  let file: ReturnType<typeof readOwnFile> | undefined;
  return { ...session, server, openClient, readFileJobs: async () => (await (file ??= readOwnFile(server)))?.jobs };
}

function loadParts({ loadState }: Runner): string[] {
  const parts: string[] = [];
  for (let part = loadState('state_0'); part; part = loadState(`state_${parts.length}`)) parts.push(part);
  return parts;
}

/**
 * What only the end tells: how it ended and why, what ran before it, what steps added, and the commit, which a checkout
 * may have brought.
 */
async function readFinish(reported: Report, now: string, session: PostSession): Promise<{ run: Run; finish: Finish }> {
  const { role, identity, jobStart, config, job } = reported;
  const { log, server } = session;
  const { platform } = server;
  const needs = config.needs ?? [];
  const added = readAdditions(reported.runtimeFile, session);
  const words = toWords(reported, added, session);
  const [seen, commit, list] = await Promise.all([
    readOwnJob(reported, words, session),
    readLateCommit(reported, session),
    needs.length > 0 ? readList(reported, server) : undefined,
  ]);
  const { ending, own } = await readEnding({ ...words, ...seen }, reported, session);
  warnEnding(ending, { inComposite: job.inComposite, hours: (Date.parse(now) - Date.parse(jobStart)) / HOUR }, log);
  const end = { time: latest(now, jobStart), status: ending.status };
  const listedSteps = own?.steps ?? [];
  const written = toWrittenSteps(added, end);
  const steps = written.length > 0 ? written : listedSteps;
  const failed = findFailedStep(written) ? written : listedSteps;
  const failure =
    ending.status === 'error' ? await readFailure(reported, { steps: failed, added }, session) : undefined;
  const listed = own ?? list?.jobs.find(({ id }) => id !== undefined && id === job.serverId);
  const start = reported.start ?? jobStart;
  warnSkew([start, jobStart], now, log);
  if (steps.length > 0 && config.steps) warnOldSteps(jobStart, session.runner.now(), log);
  return {
    run: { ...reported.run, commit: commit.commit },
    finish: {
      job: { ...end, failure },
      pipeline:
        role === 'member'
          ? undefined
          : toPipelineEnd(reported, { time: latest(now, start), status: ending.status, failure }, added.error),
      tags: commit.tags,
      jobTags: toEndingTags(ending),
      pipelineTags: role === 'closing' ? toClosingTags(config, ending) : [],
      labels: listed?.labels,
      added,
      dependencies: await readDependencies(reported, { list, own: listed }, session),
      stages: role === 'closing' ? toStages(identity, needs, list) : [],
      steps: config.steps ? steps : [],
      queueTime: tellsQueue(reported, platform) ? toQueueTime(listed?.createdAt, listed?.startedAt) : undefined,
    },
  };
}

/**
 * Whether a job's creation begins its wait for a runner: not where it waited for other jobs, and not where a retry
 * keeps the first one's.
 */
function tellsQueue({ config, jobIdentity }: Report, { createsJobsWhenReady }: Platform): boolean {
  return createsJobsWhenReady || (!config.needs && Number(jobIdentity.attempt ?? 1) <= 1);
}

/**
 * How the job ended; where its failed steps decide, the workflow's file is asked which of them were allowed to fail.
 */
async function readEnding(
  facts: JobEndSources,
  { job }: Report,
  session: PostSession,
): Promise<{ ending: Ending; own: ApiJob | undefined }> {
  const ending = toEnding(facts);
  if (ending.source !== 'steps' || ending.certain || ending.status === 'canceled') return { ending, own: facts.job };
  const own = await readTolerated(facts.job!, job.isCalled, session);
  return { ending: toEnding({ ...facts, job: own }), own };
}

const HOUR = 3_600_000;

/** Ids of the jobs that this one waited for, as far as it is known under which they report themselves. */
async function readDependencies(
  reported: Report,
  { list, own }: { list: ApiJobs | undefined; own: ApiJob | undefined },
  session: PostSession,
): Promise<string[]> {
  const { config, job } = reported;
  // What is used inside of a composite action here is used so elsewhere too, and there some runners hide the matrix.
  const isHidden = job.inComposite && !session.server.platform.jobStatus.wholeInComposite;
  // Jobs that count their own attempts find each other by the run's start, and without it nobody knows who was run
  // again.
  const isStartUnknown = reported.jobIdentity.attempt !== undefined && reported.serverRun?.start === undefined;
  if (!list || isHidden || isStartUnknown) return [];
  const needed = toNeededJobs(config.needs ?? [], list, { job: own, isCalled: job.isCalled });
  const ids = (await readReporting(needed, session)).map((one) => toNeededId(one, reported));
  return [...new Set(ids)];
}

/**
 * Where the pipeline's status is not certain: jobs that can't be read may have failed, and this job's own end may be
 * assumed.
 */
function toClosingTags({ needs = [], knowsNeeds }: Config, { status, source, certain }: Ending): string[] {
  // A failure that is known can't become anything else.
  if (toPipelineStatus(needs, 'success') === 'error') return [];
  if (!knowsNeeds && status !== 'error') return ['status_source:own-job'];
  return certain ? [] : [`status_source:${source}`];
}
