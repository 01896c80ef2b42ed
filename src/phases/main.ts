import type { Event } from '../events/schema.js';
import { toJobId, toMark, toPipelineId } from '../model/identity.js';
import type { Run } from '../model/run.js';
import { toDatadogUrl } from '../model/site.js';
import { toIso } from '../model/time.js';
import { toAttemptId, toPrevious } from '../pipeline/attempt.js';
import { lacksAddress, readAddress } from '../pipeline/address.js';
import { capMessage, readCommit } from '../pipeline/commit.js';
import { readJob, toJobIdentity, toJobTags } from '../pipeline/job.js';
import { toOwnRun } from '../pipeline/own-run.js';
import { findOwnRow, toListedJob } from '../pipeline/own-row.js';
import { readPartialRetry } from '../pipeline/partial-retry.js';
import { toRunningEvents } from '../pipeline/report-events.js';
import type { Report } from '../pipeline/report.js';
import { toEventTime, toStart } from '../pipeline/start.js';
import { toTestsUrl } from '../pipeline/tests-link.js';
import { toRole, withDefaults } from '../runner/inputs.js';
import type { Runner } from '../runner/runner.js';
import { RUNTIME_FILE } from '../runner/runtime-file.js';
import type { Session } from '../runner/session.js';
import type { Unread } from '../server/client.js';
import { readOwnFile } from '../server/own-file.js';
import { PLATFORMS } from '../server/platforms/detect.js';
import type { Platform } from '../server/platforms/platform.js';
import { bindServer, type Server } from '../server/server.js';
import { shareReads } from '../server/share-reads.js';
import { openApi } from './api.js';
import { leave, readLeft, toParts, toUpdatable } from './handover.js';
import { warnNoStart, warnSetUp, warnUnknownStart } from './main-warnings.js';
import { reportEvents } from './sending.js';
import { tellPage } from './announcement.js';
import { openPhase, readTold } from './opening.js';
import { warnDropped, warnForeignSha } from './warnings.js';

/** Seconds that main may spend on the network where the input `timeout` says nothing: a job waits for them. */
const DEFAULT_TIMEOUT = 5;

/** Main: reports the job, and its pipeline where that is known, as running, and hands over to post. */
export async function main(raw: Runner, platforms = PLATFORMS): Promise<void> {
  const now = toIso(raw.now());
  const { session, platform } = openPhase(raw, platforms, DEFAULT_TIMEOUT);
  const { runner, config, log } = session;
  const report = await begin(now, platform, session);
  const save = (): void =>
    toParts({ report, logged: [...log.logged] }).forEach((part, index) => runner.saveState(`state_${index}`, part));
  if (!report) return save();
  const events = toRunningEvents(report, log.redact);
  warnForeignSha(report.run, log);
  warnDropped(events.dropped, log);
  // Before sending: should that be cut off, post still ends what may have begun.
  save();
  setOutputs(report, toTestsUrl(config.app, raw.env), runner);
  exportForSteps(report, events.events, session);
  const delivered = await reportEvents({ phase: 'running', ...events }, session);
  tellPage(report.run.url, delivered.pipeline, session);
}

/** By it Datadog's test libraries (dd-trace, ddtrace) know the job that they run in; GitHub gives steps no variable. */
const CHECK_RUN_ID = 'JOB_CHECK_RUN_ID';

type Known = NonNullable<ReturnType<typeof prepare>>;
type Asked = Awaited<ReturnType<typeof ask>>;

/** Everything that stays the same until the end; undefined where nothing is to be reported, which is said. */
async function begin(now: string, platform: Platform, session: Session): Promise<Report | undefined> {
  const { config, log } = session;
  const known = prepare(platform, session);
  if (!known) return undefined;
  const { payload, role } = known;
  const asked = await ask(known, session);
  const { retry, serverRun, unread } = asked;
  const { attemptId, isCertain } = toAttemptId(asked.run, { role, platform, serverRun });
  const run = { ...asked.run, attemptId };
  if (!isCertain) warnUnknownStart(unread, log);
  const eventTime = platform.attemptsCount === 'run' ? toEventTime(run.event, payload) : undefined;
  const start = toStart(role, now, { ...config, serverRun, attempt: run.attempt, eventTime });
  if (start?.source === 'own') warnNoStart(unread, log);
  const startsPipeline = role === 'whole' || (Boolean(start?.certain) && retry.tags.length === 0);
  const tags = [...run.tags, ...retry.tags, ...(start && !start.certain ? [`start_source:${start.source}`] : [])];
  const commit = asked.commit && capMessage(asked.commit, log.redact);
  const fixed = createReport(known, { ...asked, run: { ...run, commit, tags } }, session);
  const report = { ...fixed, start: start?.time, startsPipeline, jobStart: now };
  warnSetUp(report, { ...platform, listed: retry.listed }, log);
  return report;
}

/** What a job reports whenever it begins. */
function createReport(
  { platform, role, runtimeFile, apiUrl }: Known,
  { run, job, retry, serverRun }: Asked,
  { runner, config }: Session,
) {
  const jobIdentity = toJobIdentity(job, { run, platform }, runner.uuid());
  const ownJob = role === 'whole' ? jobIdentity : undefined;
  const random = platform.repeatsRunId;
  const own = role === 'member' ? { ...config, summary: config.summary ?? false } : config;
  return {
    config: withDefaults(own, run.serverUrl, platform),
    platform: platform.id,
    role,
    jobIdentity,
    run,
    job,
    pipelineId: random ? runner.uuid() : toPipelineId(run, ownJob),
    jobId: random ? runner.uuid() : toJobId(run, jobIdentity),
    serverRun: serverRun && { created: serverRun.created, start: serverRun.start },
    partialRetry: retry.partial,
    previous: random ? undefined : toPrevious(run, platform, ownJob),
    jobTags: toJobTags(runner.env, jobIdentity),
    runtimeFile,
    apiUrl,
  };
}

/** This job and its run by what the runner tells; undefined where nothing is to be reported, which is said. */
function prepare(platform: Platform, session: Session) {
  const { runner, config, log } = session;
  const { env } = runner;
  const told = readTold(platform, session);
  if (!told?.canSend) return undefined;
  const { payload, run } = told;
  const job = readJob(runner, config, { run, platform });
  const mark = toMark(run, { key: env['GITHUB_JOB'] ?? '' }, config.dryRun ? 'dry run' : config.intake);
  const { marks } = readLeft(runner);
  if (marks.includes(mark)) {
    return void log.info('Datadog: an earlier step of this job reports it already, so this one does nothing.');
  }
  // An earlier use in this job, for another destination, has made one.
  const runtimeFile = marks.length > 0 ? env[RUNTIME_FILE] : makeRuntimeFile(runner);
  if (runtimeFile) leave({ mark }, runtimeFile, runner);
  const apiUrl = env['GITHUB_API_URL'] ?? '';
  return { platform, payload, run, role: toRole(config), job, runtimeFile, apiUrl };
}

/** What the server and the work tree tell of the run, side by side. */
async function ask(known: Known, session: Session) {
  const { platform, run: shown, role, job } = known;
  const { runner, config } = session;
  let unread: Unread | undefined;
  const server = bindServer(shareReads(openApi(known, session), ''), platform, shown);
  const isInner = job.isCalled && !platform.tellsCaller;
  const asksForRun = role !== 'whole' || isInner || lacksAddress(known.payload);
  const runRead = asksForRun ? server.run((one) => (unread = one)) : Promise.resolve(undefined);
  const told = isInner ? await readOfCaller(known, server, session) : shown;
  const run = await readAddress(told, known.payload, server);
  const [commit, retry, serverRun] = await Promise.all([
    run.commit ?? readCommit(run.revision.sha, runner, server),
    readPartialRetry({ ...config, role }, server, runRead),
    runRead,
  ]);
  // The page of a run with one job shows that job, so that its first attempt need not be looked for.
  const isPlaced = role !== 'whole' || job.inComposite || run.attempt > 1;
  const list = platform.pagesByPlace && isPlaced ? (retry.listed ?? (await server.jobs())) : undefined;
  const listed = toListedJob(job, findOwnRow(job, list), { run, platform, config });
  return { run, job: listed, commit, retry, serverRun, unread };
}

/** The run in the words of its own jobs, where a job of a reusable workflow is shown that workflow's. */
async function readOfCaller(
  { payload, platform, run }: Known,
  server: Server,
  { runner: { env }, config }: Session,
): Promise<Run> {
  const event = (await server.run())?.event;
  const file = config.name ? undefined : await readOwnFile(env, server);
  const own = {
    ...env,
    GITHUB_EVENT_NAME: event ?? env['GITHUB_EVENT_NAME'],
    GITHUB_WORKFLOW: file ? file.name : env['GITHUB_WORKFLOW'],
  };
  const found = toOwnRun({ env: own, payload: { ...payload, inputs: undefined } }, platform, config);
  return 'missing' in found ? run : found;
}

/** An empty run-time file under a short name, which every later step carries in its environment. */
function makeRuntimeFile({ env, uuid, makeFile }: Runner): string | undefined {
  const folder = env['RUNNER_TEMP'];
  return folder ? makeFile(folder, `dd-${uuid()}`) : undefined;
}

function setOutputs(
  { config, run, pipelineId, jobId, start, jobStart, partialRetry }: Report,
  testsUrl: string,
  runner: Runner,
): void {
  const outputs = {
    'pipeline-id': pipelineId,
    'pipeline-start': start ?? '',
    'job-id': jobId,
    'job-start': jobStart,
    'partial-retry': `${partialRetry}`,
    'datadog-url': toDatadogUrl(config, run.url),
    'tests-url': testsUrl,
  };
  Object.entries(outputs).forEach(([name, value]) => runner.output(name, value));
}

/** What later steps need: the run-time file, and for `update/` what it repeats. Neither holds a credential. */
function exportForSteps(
  { runtimeFile, role, config }: Report,
  events: readonly Event[],
  { runner, log }: Session,
): void {
  if (/^\d+$/.test(config.checkRunId) && !runner.env[CHECK_RUN_ID]) runner.export(CHECK_RUN_ID, config.checkRunId);
  if (!runtimeFile) return log.debug('RUNNER_TEMP takes no file, so there is no DD_PIPELINE_FILE');
  // What a step adds to one of several jobs is that job's alone.
  const updatable = role === 'member' ? events.filter(({ attributes }) => attributes.resource.level === 'job') : events;
  // A path may hold what only the action is to know.
  const intake = URL.canParse(config.intake) ? new URL(config.intake).origin : '';
  leave({ intake, events: toUpdatable(updatable) }, runtimeFile, runner);
  runner.export(RUNTIME_FILE, runtimeFile);
}
