import { send } from '../delivery/send.js';
import type { Event } from '../events/schema.js';
import { type JobIdentity, toJobId, toMark, toPipelineId } from '../model/identity.js';
import { toDatadogUrl } from '../model/site.js';
import { toIso } from '../model/time.js';
import { toPrevious, toRunIdentity } from '../pipeline/attempt.js';
import { capMessage, readCommit } from '../pipeline/commit.js';
import { type Context, readContext } from '../pipeline/context.js';
import { readJob, toJobIdentity, toJobTags } from '../pipeline/job.js';
import { readPartialRetry } from '../pipeline/partial-retry.js';
import { toRunningEvents } from '../pipeline/report-events.js';
import type { Reported } from '../pipeline/report.js';
import { toEventTime, toStart } from '../pipeline/start.js';
import { createDeadline, type Deadline } from '../runner/deadline.js';
import { type Config, readConfig, toRole } from '../runner/inputs.js';
import type { Log } from '../runner/log.js';
import { parsePayload, type Payload } from '../runner/payload.js';
import type { Env, Ports } from '../runner/runner.js';
import { RUNTIME_FILE } from '../runner/runtime-file.js';
import { openLog } from '../runner/session.js';
import type { ApiRun } from '../server/answers.js';
import { createServer, type Server, toGet, type Unread } from '../server/client.js';
import { readOwnFile } from '../server/own-file.js';
import { detectPlatform } from '../server/platforms/detect.js';
import type { Platform } from '../server/platforms/platform.js';
import { INTAKE, RUNNING_EVENTS, toParts, toUpdatable } from './handover.js';
import { tellNoKey, tellNoStart, tellSetUp, toMissing } from './warnings.js';

/** Seconds that main may spend on the network where the input `timeout` says nothing: a job waits for them. */
const DEFAULT_TIMEOUT = 5;

/** Environment variable in which main leaves its marks for a second use in the same job. */
const MARKS = 'DD_PIPELINE_REPORTED';

/** Main: reports the job, and its pipeline where that is known, as running, and hands over to post. */
export async function reportRunning(ports: Ports): Promise<void> {
  const now = toIso(ports.now());
  const { config, problems } = readConfig(ports.input, ports.env);
  const log = openLog(config, ports);
  problems.forEach((problem) => log.warn(problem));
  const deadline = createDeadline(config.timeout ?? DEFAULT_TIMEOUT, ports.clock);

  const reported = await begin(now, config, { ports, log, deadline });
  const events = reported && toRunningEvents(reported, log);
  // Before sending: should that be cut off, post still ends what may have begun.
  toParts({ reported, said: [...log.said] }).forEach((part, index) => ports.saveState(`state_${index}`, part));
  if (!reported || !events) return;
  setOutputs(reported, ports);
  exportForSteps(reported, events.events, ports, log);
  const sent = await send({ phase: 'running', ...events }, config, { ports, log, deadline });
  if (sent && config.app) log.info(`Datadog: ${toDatadogUrl(config, reported.run.url)}`);
}

/** Everything that stays the same until the end; undefined where nothing is to be reported, which is said. */
async function begin(now: string, config: Config, edges: { ports: Ports; log: Log; deadline: Deadline }): Promise<Reported | undefined> {
  const { ports, log, deadline } = edges;
  const { env } = ports;
  const platform = detectPlatform(env);
  const payload = parsePayload(ports.readFile(env['GITHUB_EVENT_PATH'] ?? ''));
  const context = readContext(env, payload, platform, config);
  if ('missing' in context) return void log.warn(toMissing(context.missing));
  const { place } = context;
  if (!config.dryRun) {
    if (!config.apiKey) return void tellNoKey(context, config, log);
    // An unusable address was named with the other inputs.
    if (!config.intake) return undefined;
  }
  const job = readJob(place, platform, config, ports.hostname);
  const jobIdentity = toJobIdentity(job, place, platform, ports.uuid);
  const sharedFile = env[MARKS] ? env[RUNTIME_FILE] : undefined;
  if (isSecondUse(context, { key: env['GITHUB_JOB'] ?? '' }, config, ports)) {
    return void log.info('Datadog: an earlier step of this job reports it already, so this one does nothing.');
  }
  const role = toRole(config);
  const apiUrl = env['GITHUB_API_URL'] ?? '';
  const server = createServer(toGet(config.token, apiUrl, ports.createGet), deadline, log, config);
  let unread: Unread | undefined;
  const isInner = job.isCalled && !platform.tellsCaller;
  const asksForRun = role !== 'whole' || isInner;
  const runRead = asksForRun ? server.read(platform.reads.run(place), (one) => (unread = one)) : Promise.resolve(undefined);
  const { run } = isInner ? await readOfCaller(context, runRead, { env, payload, platform, config, server }) : context;
  const [commit, retry, serverRun] = await Promise.all([
    run.commit ?? readCommit(run.revision.sha, { ports, server, platform, place }),
    readPartialRetry(config, { server, platform, place, role, serverRun: runRead }),
    runRead,
  ]);
  const random = platform.repeatsRunId(env);
  const identity = toRunIdentity(context, { role, platform, serverRun, log });
  const eventTime = platform.attemptsCount(env) === 'run' ? toEventTime(run.event, payload) : undefined;
  const start = toStart(role, now, serverRun, { ...config, attempt: place.attempt, eventTime });
  if (start?.source === 'own') tellNoStart(unread, log);
  const startsPipeline = role === 'whole' || (Boolean(start?.certain) && retry.tags.length === 0);
  tellSetUp({ role, config, random, startsPipeline, listed: retry.listed }, log);
  return {
    config: { ...config, service: config.service ?? identity.host, providerName: config.providerName ?? platform.id },
    platform: platform.id,
    role,
    identity,
    jobIdentity,
    run: {
      ...run,
      commit: commit && capMessage(commit, log.redact),
      tags: [...run.tags, ...retry.tags, ...(start && !start.certain ? [`start_source:${start.source}`] : [])],
    },
    job,
    pipelineId: random ? ports.uuid() : toPipelineId(identity, role === 'whole' ? jobIdentity : undefined),
    jobId: random ? ports.uuid() : toJobId(identity, jobIdentity),
    start: start?.time,
    serverRun: serverRun && { created: serverRun.created, start: serverRun.start },
    startsPipeline,
    jobStart: now,
    partialRetry: retry.partial,
    previous: random ? undefined : toPrevious(context, identity, platform, role === 'whole' ? jobIdentity : undefined),
    jobTags: toJobTags(place, platform),
    // A second destination in the same job shares the first one's file.
    runtimeFile: sharedFile ?? ports.makeFile(env['RUNNER_TEMP'] ?? '', `datadog-${ports.uuid()}.txt`),
    apiUrl,
  };
}

/** The run in the words of its own jobs, where a job of a called workflow is shown that workflow's. */
async function readOfCaller(
  context: Context,
  runRead: Promise<ApiRun | undefined>,
  edges: { env: Env; payload: Payload; platform: Platform; config: Config; server: Server },
): Promise<Context> {
  const { env, payload, platform, config } = edges;
  const event = (await runRead)?.event;
  const file = config.name ? undefined : await readOwnFile({ ...edges, place: context.place }, () => runRead);
  const own = { ...env, GITHUB_EVENT_NAME: event ?? env['GITHUB_EVENT_NAME'], ...(file ? { GITHUB_WORKFLOW: file.name } : {}) };
  const read = readContext(own, { ...payload, inputs: undefined }, platform, config);
  return 'missing' in read ? context : read;
}

/** Whether this job reports itself to this intake already; leaves the mark that tells the next use. */
function isSecondUse({ identity }: Context, job: JobIdentity, config: Config, { env, export: exportVariable }: Ports): boolean {
  const mark = toMark(identity, job, config.dryRun ? 'dry run' : config.intake);
  const marks = (env[MARKS] ?? '').split(' ').filter(Boolean);
  if (marks.includes(mark)) return true;
  exportVariable(MARKS, [...marks, mark].join(' '));
  return false;
}

function setOutputs({ config, run, pipelineId, jobId, start, jobStart, partialRetry }: Reported, ports: Ports): void {
  const outputs = {
    'pipeline-id': pipelineId,
    'pipeline-start': start ?? '',
    'job-id': jobId,
    'job-start': jobStart,
    'partial-retry': `${partialRetry}`,
    'datadog-url': config.app ? toDatadogUrl(config, run.url) : '',
  };
  Object.entries(outputs).forEach(([name, value]) => ports.output(name, value));
}

/** What later steps need: the run-time file, and for `update/` what it repeats. Neither holds a credential. */
function exportForSteps({ runtimeFile, role, config }: Reported, events: readonly Event[], ports: Ports, log: Log): void {
  // What a step adds to one of several jobs is that job's alone.
  const updatable = role === 'member' ? events.filter(({ attributes }) => attributes.resource.level === 'job') : events;
  ports.export(RUNNING_EVENTS, toUpdatable(updatable));
  // A path may hold what only the action is to know.
  ports.export(INTAKE, URL.canParse(config.intake) ? new URL(config.intake).origin : '');
  if (runtimeFile) ports.export(RUNTIME_FILE, runtimeFile);
  else log.debug('RUNNER_TEMP takes no file, so there is no DD_PIPELINE_FILE');
}
