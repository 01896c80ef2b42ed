import { sendLeft } from '../delivery/send.js';
import { toCauseChain } from '../model/problem.js';
import { createLanes } from '../model/side-by-side.js';
import { parseStatus } from '../model/status.js';
import { HOUR, toIso } from '../model/time.js';
import { type EndedRun, readEndedRuns } from '../observed/ended-runs.js';
import { readLastLook } from '../observed/last-look.js';
import { toListedTarget } from '../observed/listed-run.js';
import { type SentRun, toLookSummary } from '../observed/look-summary.js';
import { isSameWorkflow, readOwnRun, type WorkflowName } from '../observed/own-workflow.js';
import { readRun } from '../observed/read-run.js';
import { type MeantRepository, readRepositories } from '../observed/repositories.js';
import type { ObservedRun, ObserveSession } from '../observed/run.js';
import { selects, type Selection, toSelection } from '../observed/selection.js';
import { reportsItself } from '../observed/self-reporting.js';
import { createTally, note, type Tally } from '../observed/tally.js';
import { toWindow, type Window } from '../observed/window.js';
import { toRunIn } from '../pipeline/address.js';
import { createDeadline } from '../runner/deadline.js';
import { withDefaults } from '../runner/inputs.js';
import type { Unread } from '../server/client.js';
import { toOwnFile } from '../server/own-file.js';
import { bindServer, type Server } from '../server/server.js';
import { shareReads } from '../server/share-reads.js';
import { writeSummary } from './announcement.js';
import { type LookSession, openLook } from './look-session.js';
import { failLeft, failLook, hush, tellLook, warnCut } from './look-warnings.js';
import { hasGaps } from './observe-warnings.js';
import { tellSpooled } from './sending.js';

/** Repositories, and runs of all of them, that are read side by side. */
const REPOSITORIES = 4;
const RUNS = 8;

/** Seconds for one run's events, so that an intake that is silent is not asked for all of them. */
const SENDING = 60;

/** How far back the last look is looked for: one that is too old tells still that this is not the first. */
const LOOKED_BACK = 7 * 24 * HOUR;

/** Reports a run that has ended; true when all of it was accepted. */
type Report = (observed: ObservedRun, session: ObserveSession) => Promise<boolean>;

/** What is the same for all runs of a look. */
interface Look extends LookSession {
  window: Window;
  lastLook?: string | undefined;
  /** The workflow that looks: its own runs are none of those that are meant. */
  own: WorkflowName;
  selection: Selection;
  tally: Tally;
  /** The runs of this repository that were sent. */
  runs: SentRun[];
  report: Report;
  inRunLane: ReturnType<typeof createLanes>;
}

/** Reports all runs that ended since the last look, of this repository or of those that the inputs name. */
export async function look(given: ObserveSession, report: Report): Promise<void> {
  const { session, ...opened } = openLook(given);
  const { runner, log, options, platform, ownRun } = session;
  const { config } = given;
  const server = bindServer(session.server, platform, ownRun);
  const begin = await findWindow(server, session);
  if (begin.unread) return failLook(begin.unread, log);
  if (begin.window.isCut) warnCut(begin.window, log);
  const tally = createTally();
  const repositories = await readRepositories(options.repositories, server, (shown, unread) =>
    noteRepository(tally, shown, unread),
  );
  const shared: Look = {
    ...{ ...opened, session, ...begin, tally, report, runs: [] },
    selection: toSelection(options.workflows),
    inRunLane: createLanes(RUNS),
  };
  await lookIntoAll(repositories, shared);
  // Where the runs were not delivered, neither would they be.
  if (tally.undelivered === 0 && !config.dryRun) tellSpooled(await sendLeft({ ...session, config }), log);
  await opened.close();
  runner.output('runs', `${tally.sent.here + tally.sent.elsewhere}`);
  tellLook(tally, begin.window, log);
  const summary = { tally, since: begin.window.since };
  if (config.summary ?? platform.showsSummary) writeSummary(toLookSummary(shared.runs, summary, log.redact), session);
  failLeft(tally, log);
}

/** Reports the runs of repositories, so many side by side; one that breaks is no reason to leave out the others. */
async function lookIntoAll(repositories: readonly MeantRepository[], look: Look): Promise<void> {
  const { tally, session } = look;
  const inLane = createLanes(REPOSITORIES);
  const readOne = async (one: MeantRepository): Promise<void> => {
    if (session.reading.remaining() === 0) return noteRepository(tally, one.shown);
    await lookInto(one, look).catch((error: unknown) => noteRepository(tally, one.shown, toBroken(one, error)));
  };
  await Promise.all(repositories.map((one) => inLane(() => readOne(one))));
}

/** Keeps that a line's repositories can't be read, or not all of them. */
function noteRepository(tally: Tally, shown: string, unread?: Unread): void {
  tally.unreadable.add(shown);
  if (unread) note(tally, unread);
}

/** Since when runs are meant, and the workflow that looks; or why that can't be known. */
async function findWindow(server: Server, { runner, options: { since } }: ObserveSession) {
  let unread: Unread = { why: 'the answer does not name its workflow' };
  const onMiss = (one: Unread): void => void (unread = one);
  const run = await readOwnRun(server, onMiss);
  const file = toOwnFile(runner.env['GITHUB_WORKFLOW_REF']) ?? run?.file;
  if (!run || !file) return { unread };
  const own = { file, name: runner.env['GITHUB_WORKFLOW'] || undefined };
  // The server's clock, from its answer.
  const now = runner.now();
  if (since !== undefined) return { own, window: toWindow({ since }, now) };
  const last = await readLastLook({ ...run, file }, { oldest: toIso(now - LOOKED_BACK), server, onMiss });
  if (last === undefined) return { unread };
  const lastLook = last?.start ?? last?.created;
  return { own, window: toWindow({ lastLook }, now), lastLook };
}

/** Reports the runs of one repository. */
async function lookInto(repository: MeantRepository, look: Look): Promise<void> {
  const { tally, window, own, selection, inRunLane } = look;
  const session = openSessionOf(repository, look);
  const { platform, ownRun } = session;
  const listing = bindServer(session.server, platform, ownRun);
  const onMiss = (unread: Unread): void => noteRepository(tally, repository.shown, unread);
  const runs = await readEndedRuns({ window, server: listing, onMiss });
  const meant = runs.filter(
    ({ details: { file, name } }) =>
      !(repository.isOwn && isSameWorkflow(own, { file, name })) && selects(selection, { file }) !== false,
  );
  // Where tasks tell the times of jobs, those of all runs stand on the same pages.
  const tasks = platform.reads.tasks?.(ownRun, 1).path.split('?')[0];
  const client = tasks === undefined ? session.server : shareReads(session.server, `${tasks}?`, onMiss);
  const inside = { ...look, session: { ...session, server: client, patient: client } };
  const report = (run: EndedRun): Promise<void> =>
    reportListed(run, repository, inside).catch((error: unknown) => noteRun(tally, toBroken(repository, error)));
  await Promise.all(meant.map((run) => inRunLane(() => report(run))));
}

/** What broke on one run must neither keep the others back nor end the look as if it had left nothing out. */
function toBroken({ isOwn }: MeantRepository, error: unknown): Unread {
  // The error may name a run.
  return { why: `this action failed${isOwn ? ` (${toCauseChain(error)})` : ''}`, fix: 'Please report it.' };
}

/** The session for one repository, which may have to be silent about its runs. */
function openSessionOf(repository: MeantRepository, { session, open, tally }: Look): ObserveSession {
  const ownRun = toRunIn(session.ownRun, repository);
  const log = repository.isOwn ? session.log : hush(session.log, () => (tally.hidden += 1));
  const server = repository.isOwn ? session.server : open(log);
  const config = withDefaults(session.config, ownRun.serverUrl, session.platform);
  return { ...session, ownRun, log, config, server, patient: server };
}

/** Reports one run that was listed, and counts what became of it. */
async function reportListed(listed: EndedRun, { isOwn }: MeantRepository, look: Look): Promise<void> {
  const { tally, selection, runs, session } = look;
  const { ownRun, platform, options, reading, runner } = session;
  // Where one was not delivered, the others would not be either.
  if (tally.undelivered > 0 || reading.remaining() === 0) return void (tally.left += 1);
  const observed = await readRun(toListedTarget(listed, ownRun, platform), session);
  // One that has not begun will end later.
  if ('reason' in observed) return observed.reason === 'unread' ? noteRun(tally, observed.unread) : undefined;
  const { list, workflow, details, hasEnded } = observed;
  const name = workflow?.file.name ?? details.name ?? '';
  if (!hasEnded || selects(selection, { file: details.file, name }) === false) return;
  if (options.jobs && reportsItself(observed, runner.env['GITHUB_ACTION_REPOSITORY']))
    return void (tally.passedOver += 1);
  if (options.jobs && list && hasGaps(list, platform)) noteRun(tally, list.why);
  if (!(await sendRun(observed, look))) return;
  tally.sent[isOwn ? 'here' : 'elsewhere'] += 1;
  if (isOwn) runs.push(toSentRun(observed));
}

/** Sends a run's events within a time of their own; true when all of them were accepted. */
function sendRun(observed: ObservedRun, { session, tally, report, lastLook }: Look): Promise<boolean> {
  const seconds = Math.min(SENDING, session.deadline.remaining() / 1000);
  const onUndelivered = (reason: Unread): void => {
    tally.undelivered += 1;
    note(tally, reason);
  };
  return report(observed, {
    ...session,
    deadline: createDeadline(seconds, session.runner.clock),
    look: { onUndelivered, lastLook },
  });
}

function toSentRun({ details, run, start }: ObservedRun): SentRun {
  const status = parseStatus(details.conclusion) ?? 'error';
  return { name: run.name, status, start, end: details.end ?? start, url: run.url };
}

/** Keeps that something of a run is missing. */
function noteRun(tally: Tally, unread: Unread | undefined): void {
  tally.unread += 1;
  if (unread) note(tally, unread);
}
