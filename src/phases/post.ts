import { memoize } from '../model/memoize.js';
import { toSentence } from '../model/problem.js';
import type { ApiStep, Job } from '../model/run.js';
import { HOUR, latest, toIso } from '../model/time.js';
import { readLateCommit } from '../pipeline/commit.js';
import { withCalledJobs } from '../pipeline/called-jobs.js';
import type { PostSession } from '../pipeline/post-session.js';
import { readFailure } from '../pipeline/failure.js';
import {
  findFailedStep,
  type JobEnd,
  type JobEndSources,
  toJobEnd,
  toJobEndTags,
  readWords,
} from '../pipeline/job-end.js';
import { toJobQueueTime } from '../pipeline/job.js';
import { readDependencies } from '../pipeline/dependencies.js';
import { readOwnJob } from '../pipeline/own-job.js';
import { findOwnRow } from '../pipeline/own-row.js';
import { readRunJobs } from '../pipeline/partial-retry.js';
import { toClosingTags, toPipelineEnd } from '../pipeline/pipeline-end.js';
import { toFinalEvents } from '../pipeline/report-events.js';
import type { Report } from '../pipeline/report.js';
import { toStages } from '../pipeline/stages.js';
import { toEnded } from '../pipeline/run-jobs.js';
import { toTestsUrl } from '../pipeline/tests-link.js';
import { readTolerated } from '../pipeline/tolerated.js';
import { toWrittenSteps } from '../pipeline/written-steps.js';
import type { Env, Runner } from '../runner/runner.js';
import { readAdditions } from '../runner/runtime-file.js';
import { openSession, type Session } from '../runner/session.js';
import type { ApiJob, ApiJobs } from '../server/answers.js';
import { createClient } from '../server/client.js';
import { readOwnFile } from '../server/own-file.js';
import { openPlatform, PLATFORMS } from '../server/platforms/detect.js';
import { bindServer, type Server } from '../server/server.js';
import { readCalled } from '../server/workflow.js';
import type { Platform } from '../server/platforms/platform.js';
import { openApi } from './api.js';
import { parseParts } from './handover.js';
import { warnAdditions, warnJobEnd } from './post-warnings.js';
import { reportEvents } from './sending.js';
import { tellOutcome } from './announcement.js';
import { warnDropped, warnForeignSha, warnOldSteps, warnSkew } from './warnings.js';

/** Seconds for the network where the input `timeout` says nothing: a lost final event costs more than a running one. */
const DEFAULT_TIMEOUT = 20;

const UNREADABLE = {
  what: 'The end of this job is not reported to Datadog, which goes on showing it as running',
  why: 'the state that main left for post is not what main writes',
  fix: 'Check whether another step or the runner changed STATE_ variables.',
};

/** Post: reports how this job, and the pipeline where this job is the one to say so, ended. */
export async function post(raw: Runner, platforms = PLATFORMS): Promise<void> {
  const state = loadState(raw);
  if (!state?.report) return;
  const now = toIso(raw.now());
  const { config } = state.report;
  const { runner, platform } = openPlatform(raw, platforms, state.report.platform);
  const opened = openSession(runner, DEFAULT_TIMEOUT, { config, logged: state.logged });
  const session = openServer(state.report, platform, opened);
  const { log } = session;
  const { report, outcome, list } = await readOutcome(state.report, now, session);
  const events = toFinalEvents(report, outcome, log.redact);
  warnForeignSha(report.run, log);
  warnDropped(events.dropped, log);
  // Loaded late: most jobs send no log. Before the final event, for that ends the log.
  const sendLog = async (): Promise<void> => (await import('./job-logs.js')).sendOwnLog(report, outcome.job, session);
  const before = config.logs === 'none' ? undefined : sendLog;
  const delivered = await reportEvents({ phase: 'final', ...events, before }, session);
  // One of several jobs shows in its pipeline where that was reported as running.
  const isShown = delivered.pipeline || (report.role === 'member' && report.startsPipeline);
  const ended = { ...toEnded(report, { ...outcome, list }, platform), tests: toTestsUrl(config.app, raw.env) };
  await tellOutcome(ended, { ...delivered, isShown: isShown && ['all', 'some'].includes(delivered.events) }, session);
  if (report.role !== 'closing' || !platform.lists.cancelled || config.closeCancelled === false) return;
  // Loaded late: only closing jobs also end earlier runs that the server cancelled.
  const { closeCancelled } = await import('./close-cancelled.js');
  await closeCancelled(report, session);
}

/** The session with this run's server, as the job's token sees it and as anybody does. */
function openServer({ config, run, apiUrl }: Report, platform: Platform, session: Session): PostSession {
  const { runner } = session;
  const expectsRefusal = config.isJobToken && platform.cancel !== undefined;
  const server = bindServer(openApi({ run, platform, apiUrl, expectsRefusal }, session), platform, run);
  // No permission helps who reads without a token, so that what it is refused is not said.
  const openClient = createClient(apiUrl ? runner.createGet('', apiUrl) : undefined, session);
  return { ...session, server, openClient, ...openFiles(runner.env, server) };
}

/** The workflow's files, each read once. */
function openFiles(env: Env, server: Server) {
  const readFile = memoize(() => readOwnFile(env, server));
  const readWorkflow = memoize(async () => {
    const file = await readFile();
    return file && { file, called: await readCalled(file, env['GITHUB_SHA'] ?? '', server) };
  });
  return { readFileJobs: async () => (await readFile())?.jobs, readWorkflow };
}

/** What main left; undefined where that is nothing, or nothing that can be read, which is said. */
function loadState({ loadState: load, sink }: Runner) {
  const parts: string[] = [];
  for (let part = load('state_0'); part; part = load(`state_${parts.length}`)) parts.push(part);
  if (parts.length === 0) return void sink.info('Datadog: main left nothing to end; its own output says why.');
  const state = parseParts(parts);
  if (!state) sink.warning(toSentence(UNREADABLE));
  return state;
}

/** How the job ended, the report with the commit that a checkout may have brought, and the run's jobs where read. */
async function readOutcome(report: Report, now: string, session: PostSession) {
  const { role, jobStart, start = jobStart, config, job } = report;
  const { log, runner } = session;
  const added = readAdditions(report.runtimeFile, session);
  warnAdditions(added, log);
  const words = readWords(report, added, session);
  const [seen, commit, list] = await ask(report, words, session);
  const { jobEnd, own } = await readJobEnd({ ...words, ...seen }, job, session);
  const hours = (Date.parse(now) - Date.parse(jobStart)) / HOUR;
  warnJobEnd(jobEnd, { inComposite: job.inComposite, hours, unread: seen.unread }, log);
  const end = { time: latest(now, jobStart), status: jobEnd.status };
  const { steps, telling } = chooseSteps(toWrittenSteps(added, end), own?.steps ?? []);
  const failure = end.status === 'error' ? await readFailure(report, { steps: telling, added }, session) : undefined;
  const listed = own ?? findOwnRow(job, list);
  warnSkew([start, jobStart], now, log);
  if (steps.length > 0 && config.steps) warnOldSteps(jobStart, runner.now(), log);
  const whole = { ...end, time: latest(now, start), failure };
  const outcome = {
    job: { ...end, failure },
    pipeline: role === 'member' ? undefined : toPipelineEnd(report, whole, added.error),
    tags: commit.tags,
    jobTags: toJobEndTags(jobEnd),
    added,
    dependencies: await readDependencies(report, { list, own: listed }, session),
    steps: config.steps ? steps : [],
    ...(listed && toListed(listed, report, session.server.platform)),
    ...toClosing(report, jobEnd, list),
  };
  return { report: { ...report, run: { ...report.run, commit: commit.commit } }, list, outcome };
}

/** What the server and the work tree tell, side by side. */
function ask(report: Report, words: ReturnType<typeof readWords>, session: PostSession) {
  return Promise.all([
    readOwnJob(report, words, session),
    readLateCommit(report, session),
    report.config.needs?.length ? readNamedList(report, session) : undefined,
  ]);
}

/** What the server's list adds to the job. */
function toListed(listed: ApiJob, { config, jobIdentity: { attempt } }: Report, platform: Platform) {
  const queueTime = toJobQueueTime(listed, { attempt, needsNone: !config.needs }, platform);
  return { labels: listed.labels, runnerName: listed.runnerName, queueTime };
}

/** What a closing job adds to the pipeline. */
function toClosing({ role, config, run }: Report, jobEnd: JobEnd, list: ApiJobs | undefined) {
  if (role !== 'closing') return { stages: [] };
  return { pipelineTags: toClosingTags(config, jobEnd), stages: toStages(run, config.needs ?? [], list) };
}

/** The jobs of this attempt, inner ones of reusable workflows by their full names. */
async function readNamedList(report: Report, session: PostSession): Promise<ApiJobs | undefined> {
  const { calls } = session.server.platform;
  const list = await readRunJobs(report, session.server);
  return list && withCalledJobs(list, () => session.readWorkflow(), calls);
}

/** How the job ended; where its failed steps decide, the workflow's file tells which of them were allowed to fail. */
async function readJobEnd(sources: JobEndSources, { isCalled }: Job, session: PostSession) {
  const jobEnd = toJobEnd(sources);
  const { source, certain, status } = jobEnd;
  if (source !== 'steps' || certain || status === 'canceled') return { jobEnd, own: sources.job };
  const own = await readTolerated(sources.job!, isCalled, session);
  return { jobEnd: toJobEnd({ ...sources, job: own }), own };
}

/** The steps to send, and those that tell why the job failed: what the job wrote comes before what the server lists. */
function chooseSteps(written: ApiStep[], listed: ApiStep[]) {
  return { steps: written.length > 0 ? written : listed, telling: findFailedStep(written) ? written : listed };
}
