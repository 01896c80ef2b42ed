import { toPipelineId } from '../model/identity.js';
import type { RunRef } from '../model/run.js';
import { parseStatus } from '../model/status.js';
import { toAttemptId, toPrevious } from '../pipeline/attempt.js';
import { withCalledJobs } from '../pipeline/called-jobs.js';
import { capMessage, readCommit } from '../pipeline/commit.js';
import { toPartialRetry } from '../pipeline/partial-retry.js';
import { listAttemptJobs } from '../server/attempt-jobs.js';
import type { Unread } from '../server/client.js';
import type { JobList } from '../server/job-list.js';
import type { Platform } from '../server/platforms/platform.js';
import { bindServer } from '../server/server.js';
import { parsePull, parseRunDetails, type RunDetails } from '../server/run-details.js';
import { readWorkflow } from '../server/workflow.js';
import { isSameWorkflow, readOwnWorkflow, toToldWorkflow, type WorkflowName } from './own-workflow.js';
import { type ObservedRun, type ObserveSession, toRun } from './run.js';
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
export async function readRun(target: Target, session: ObserveSession): Promise<ObservedRun | Unobserved> {
  const found = await findRun(target, session);
  return 'reason' in found ? found : readAround(target, found, session);
}

async function findRun(target: Target, session: ObserveSession): Promise<FoundRun | Unobserved> {
  const own = target.isFollowed
    ? await readOwnWorkflow(session.runner.env, bindServer(session.server, session.platform, session.ownRun))
    : undefined;
  const other = toToldWorkflow(target);
  // A name may be another workflow's too, so the run is read where only that tells the file.
  if (own && (other.file || !own.file) && isSameWorkflow(own, other)) return { reason: 'own workflow', workflow: own };
  const found = await readDetails(target, session);
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
  session: ObserveSession,
): Promise<ObservedRun> {
  const { isOwn } = target;
  const { platform, ownRun, log, config, options, runner } = session;
  const hasEnded = details.conclusion !== undefined;
  const ref = toRef(target, details);
  const patient = bindServer(session.patient, platform, ref);
  const server = bindServer(session.server, platform, ref);
  const { attemptId } = toAttemptId(ref, { role: 'closing', platform, serverRun: { ...details, start } });
  const attempt = { number: platform.attemptsCount === 'run' ? ref.attempt : undefined, start };
  // Where jobs report themselves, the list still tells when and why the run ended.
  const wantsJobs = isOwn || hasEnded || (attempt.number ?? 2) > 1;
  const wantsFile = options.jobs || options.workflows.length > 0 || !(isOwn || config.name || target.workflow);
  const [listed, workflow, isTag, pull] = await Promise.all([
    isGone ? NO_LIST : wantsJobs ? listAttemptJobs({ ...details, start }, patient) : undefined,
    wantsFile ? readWorkflow(details.file, details.sha, server) : undefined,
    isOwn ? false : readIsTag(details, ref, session),
    isOwn ? undefined : readPull(details, ref, session),
  ]);
  const list = listed && (await withCalledJobs(listed, () => workflow, platform.calls));
  const names = [config.name, target.workflow, workflow?.file.name, workflow?.path, details.name, details.file];
  const sources = { details: { ...details, ...pull }, ref: { ...ref, attemptId }, platform, ownRun, names, isTag };
  const found = isOwn ? { ...ownRun, attemptId } : toRun(sources);
  const commit = found.commit ?? (await readCommit(found.revision.sha, runner, server));
  const run = { ...found, commit: commit && capMessage(commit, log.redact) };
  return {
    isOwn,
    details,
    hasEnded,
    run,
    pipelineId: toPipelineId(run),
    start,
    attempt,
    partialRetry: toPartialRetry(list, attempt, !isOwn && !hasEnded),
    previous: toPrevious(run, platform),
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

/** The run as the server tells it now, but its end as the event told it; gone: the server tells of a later attempt. */
async function readDetails(
  target: Target,
  { patient, platform, runner, reading }: ObserveSession,
): Promise<Omit<FoundRun, 'start'> | Unobserved> {
  if (target.details) return { details: target.details, isGone: false };
  let why: Unread | undefined;
  const { latest, attempt } = platform.wholeRun;
  const where = (target.isAttemptKnown ? attempt : latest)(target.ref);
  const parse = (body: unknown): RunDetails | undefined => toMeant(parseRunDetails(body), target, platform);
  const read = (): Promise<RunDetails | undefined> => patient.read({ ...where, parse }, (unread) => (why = unread));
  const told = parse(target.told);
  // What waits for an approval goes on after it.
  const isOver = told?.conclusion !== undefined && parseStatus(told.conclusion) !== 'blocked';
  let details = await read();
  if (isOver && details && platform.attemptsCount === 'job' && details.start !== told.start) {
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
  if (told?.conclusion === undefined) return { reason: 'unread', unread: why };
  const known = Object.entries(told).filter(([, value]) => value !== undefined);
  return { details: { ...details, ...Object.fromEntries(known) }, isGone: false };
}

/** Another run or attempt than the one that was asked for is worse than none. */
function toMeant(
  details: RunDetails | undefined,
  { ref, isAttemptKnown }: Target,
  platform: Platform,
): RunDetails | undefined {
  const { id = ref.id, attempt = ref.attempt } = details ?? {};
  const isComparable = isAttemptKnown && platform.attemptsCount === 'run';
  return id === ref.id && (attempt === ref.attempt || !isComparable) ? details : undefined;
}

function toRef({ ref, isOwn, isAttemptKnown }: Target, details: RunDetails): RunRef {
  if (isOwn) return ref;
  return {
    ...ref,
    attempt: isAttemptKnown ? ref.attempt : (details.attempt ?? 1),
    number: details.number ?? ref.id,
  };
}

/** Where a server does not name a pull request's branch with its run. */
async function readPull({ branch, pullRequest }: RunDetails, ref: RunRef, { server, platform }: ObserveSession) {
  if (branch !== undefined || pullRequest === undefined) return undefined;
  return server.read({ ...platform.wholeRun.pull(ref, pullRequest), parse: parsePull });
}

/** Events whose ref may be a tag, which GitHub's answer shows like a branch. */
const MAYBE_TAG = ['push', 'create', 'workflow_dispatch'];

/** Whether the name of a run's branch is a tag's; the server is asked where the run does not tell. */
async function readIsTag(
  { event = '', branch, ref }: RunDetails,
  run: RunRef,
  { server, platform, ownRun: { revision } }: ObserveSession,
): Promise<boolean> {
  const isClear = ref?.startsWith('refs/') || !MAYBE_TAG.includes(event) || branch === revision.defaultBranch;
  if (isClear || !branch) return false;
  return Boolean(await server.read({ ...platform.wholeRun.tag(run, branch), parse: () => true }));
}
