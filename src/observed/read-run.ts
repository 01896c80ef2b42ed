import { toPipelineId } from '../model/identity.js';
import { parseStatus } from '../model/status.js';
import { toPrevious, toRunIdentity } from '../pipeline/attempt.js';
import { capMessage, readCommit } from '../pipeline/commit.js';
import { toPartialRetry } from '../pipeline/partial-retry.js';
import { listAttemptJobs } from '../server/attempt-jobs.js';
import type { Unread } from '../server/client.js';
import type { JobList } from '../server/job-list.js';
import type { Place, Platform } from '../server/platforms/platform.js';
import { bindServer } from '../server/server.js';
import { parsePull, parseRunDetails, type RunDetails } from '../server/run-details.js';
import { readWorkflow } from '../server/workflow.js';
import { isSameWorkflow, readOwnWorkflow, toToldWorkflow, type WorkflowName } from './own-workflow.js';
import { type ObservedRun, type ObserveSession, toDoubtfulTag, toRun } from './run.js';
import type { Target } from './target.js';

/** Why nothing can be sent of a run. */
export type Unobserved =
  | { reason: 'own workflow'; workflow: WorkflowName }
  | { reason: 'not started' }
  | { reason: 'unread'; unread: Unread | undefined };

/** A run as far as it is found, before its jobs are read. */
interface FoundRun {
  details: RunDetails;
  start: string;
  /** The server tells only of a later attempt. */
  isGone: boolean;
}

/** The run that is meant, with its jobs where they are wanted; or why nothing can be sent of it. */
export async function readRun(target: Target, edges: ObserveSession): Promise<ObservedRun | Unobserved> {
  const found = await findRun(target, edges);
  return 'reason' in found ? found : readAround(target, found, edges);
}

async function findRun(target: Target, edges: ObserveSession): Promise<FoundRun | Unobserved> {
  const own = target.isFollowed ? await readOwnWorkflow(edges.context.place, edges) : undefined;
  const other = toToldWorkflow(target);
  // A name may be another workflow's too, so the run is read where only that tells the file.
  if (own && (other.file || !own.file) && isSameWorkflow(own, other)) return { reason: 'own workflow', workflow: own };
  const found = await readDetails(target, edges);
  if ('reason' in found) return found;
  const { details, isGone } = found;
  if (own && isSameWorkflow(own, { ...other, file: other.file ?? details.file })) {
    return { reason: 'own workflow', workflow: own };
  }
  // One that was cancelled before its first job has ended without a start.
  const start = details.start ?? (details.conclusion === undefined ? undefined : (details.created ?? details.end));
  return start === undefined ? { reason: 'not started' } : { details, isGone, start };
}

async function readAround(
  target: Target,
  { details, isGone, start }: FoundRun,
  edges: ObserveSession,
): Promise<ObservedRun> {
  const { isOwn } = target;
  const { platform, context, log, config, options, runner } = edges;
  const hasEnded = details.conclusion !== undefined;
  const place = toPlace(target, details);
  const patient = bindServer(edges.patient, platform, place);
  const server = bindServer(edges.server, platform, place);
  const { identity } = toRunIdentity(
    { identity: { ...context.identity, runId: place.runId, attempt: `${place.attempt}` }, place },
    { role: 'closing', platform, serverRun: { ...details, start } },
  );
  const attempt = { number: platform.attemptsCount(place.env) === 'run' ? place.attempt : undefined, start };
  // Where jobs report themselves, the list still tells when and why the run ended.
  const wantsJobs = isOwn || hasEnded || (attempt.number ?? 2) > 1;
  const wantsFile = options.jobs || options.workflows.length > 0 || !(isOwn || config.name || target.workflow);
  const readJobs = () => (wantsJobs ? listAttemptJobs({ ...details, start }, patient) : undefined);
  const [list, workflow, isTag, pull] = await Promise.all([
    isGone ? NO_LIST : readJobs(),
    wantsFile ? readWorkflow(details.file, details.sha, server) : undefined,
    isOwn ? false : readIsTag(details, place, edges),
    isOwn ? undefined : readPull(details, place, edges),
  ]);
  const names = [config.name, target.workflow, workflow?.file.name, workflow?.path, details.name, details.file];
  const run = isOwn ? context.run : toRun({ details: { ...details, ...pull }, place, platform, context, names, isTag });
  const commit = run.commit ?? (await readCommit(run.revision.sha, runner, server));
  return {
    isOwn,
    place,
    details,
    hasEnded,
    run: { ...run, commit: commit && capMessage(commit, log.redact) },
    identity,
    pipelineId: toPipelineId(identity),
    start,
    attempt,
    partialRetry: toPartialRetry(list, attempt, !isOwn && !hasEnded),
    previous: toPrevious({ place, platform }, identity),
    list,
    workflow,
  };
}

/** What stands in place of the jobs of an attempt that the server lists no more. */
const NO_LIST: JobList = {
  jobs: [],
  missing: 0,
  unread: true,
  why: {
    why: 'the run has begun again since, and this server lists the jobs of the latest attempt only',
    fix: 'Let the observing workflow start sooner, on a runner that is free.',
  },
};

/** Waits for a server whose answers lag behind its events, in milliseconds. */
const LAGS = [1_000, 2_000, 4_000];

/**
 * The run as the server tells it now, but its end as the event told it; gone where the server tells only of a later
 * attempt.
 */
async function readDetails(
  target: Target,
  { patient, platform, runner, reading }: ObserveSession,
): Promise<Omit<FoundRun, 'start'> | Unobserved> {
  if (target.details) return { details: target.details, isGone: false };
  let why: Unread | undefined;
  const { latest, attempt } = platform.wholeRun;
  const where = (target.isAttemptKnown ? attempt : latest)(target.place);
  const parse = (body: unknown): RunDetails | undefined => toMeant(parseRunDetails(body), target, platform);
  const read = (): Promise<RunDetails | undefined> => patient.read({ ...where, parse }, (unread) => (why = unread));
  const told = parse(target.told);
  // What waits for an approval goes on after it.
  const isOver = told?.conclusion !== undefined && parseStatus(told.conclusion) !== 'blocked';
  let details = await read();
  if (isOver && details && platform.attemptsCount(target.place.env) === 'job' && details.start !== told.start) {
    return { details: told, isGone: true };
  }
  for (const wait of isOver ? LAGS : []) {
    // The jobs are still to be read, and the end is known.
    if (!details || details.conclusion || wait > reading.remaining() / 3) break;
    await runner.sleep(wait);
    const again = await read();
    if (!again) break;
    details = again;
  }
  if (details && (details.conclusion !== undefined || !isOver)) return { details, isGone: false };
  if (told?.conclusion !== undefined) return { details: { ...details, ...toKnown(told) }, isGone: false };
  return { reason: 'unread', unread: why };
}

/** What is told, over what was read. */
function toKnown<T extends object>(facts: T): T {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as T;
}

/** Another run or attempt than the one that was asked for is worse than none. */
function toMeant(
  details: RunDetails | undefined,
  { place, isAttemptKnown }: Target,
  platform: Platform,
): RunDetails | undefined {
  const { id = place.runId, attempt = place.attempt } = details ?? {};
  const isComparable = isAttemptKnown && platform.attemptsCount(place.env) === 'run';
  return id === place.runId && (attempt === place.attempt || !isComparable) ? details : undefined;
}

function toPlace({ place, isOwn, isAttemptKnown }: Target, details: RunDetails): Place {
  if (isOwn) return place;
  return {
    ...place,
    attempt: isAttemptKnown ? place.attempt : (details.attempt ?? 1),
    runNumber: details.number ?? place.runId,
  };
}

/** Where a server does not name a pull request's branch with its run. */
async function readPull(
  { branch, pullRequest }: RunDetails,
  place: Place,
  { server, platform }: ObserveSession,
): Promise<ReturnType<typeof parsePull>> {
  if (branch !== undefined || pullRequest === undefined) return undefined;
  return server.read({ ...platform.wholeRun.pull(place, pullRequest), parse: parsePull });
}

async function readIsTag(
  details: RunDetails,
  place: Place,
  { server, platform, context }: ObserveSession,
): Promise<boolean> {
  const name = toDoubtfulTag(details, context.run.revision.defaultBranch);
  return Boolean(name && (await server.read({ ...platform.wholeRun.tag(place, name), parse: () => true })));
}
