import { parseStatus } from '../model/status.js';
import type { Deadline } from '../runner/deadline.js';
import type { ApiJob } from '../server/answers.js';
import type { Server, Unread } from '../server/client.js';
import type { Place, Platform } from '../server/platforms/platform.js';
import { type EndFacts, hasOpenSteps, needsServer } from './job-end.js';
import type { Report } from './report.js';

/** What the server shows of this job when post runs: how it goes, and what tells of a cancel. */
type OwnJob = Pick<EndFacts, 'job' | 'run' | 'refusal' | 'isSettled'>;

/** What it is read with. */
interface Edges {
  server: Server;
  /** The same server, as anybody sees it. */
  openServer: Server;
  platform: Platform;
  place: Place;
  deadline: Deadline;
  sleep(milliseconds: number): Promise<void>;
}

/**
 * Runners tell of their steps late, so a step without a conclusion is looked at again: after so many milliseconds, and
 * then after so many more.
 */
const LAGS = [2_000, 6_000];

/** A wait may take this share of what is left, for the events are still to be sent. */
const SHARE = 0.5;

/** This job as the server lists it, or the run where it lists no single job; nothing where nobody has to ask. */
export async function readOwnJob({ config, job }: Report, words: EndFacts, edges: Edges): Promise<OwnJob> {
  const { server, openServer, platform, place } = edges;
  const asksForJob = platform.reads.job !== undefined && job.serverId !== undefined;
  const failed = parseStatus(words.status || words.written || words.jobStatus) === 'error';
  const isWanted = asksForJob && (config.steps || failed);
  if (!isWanted && !platform.cancel && !needsServer(words)) return {};
  const heard: Unread[] = [];
  const hear = (unread: Unread): void => void heard.push(unread);
  const seen = asksForJob
    ? await readJob(job.serverId!, hear, edges)
    : { run: await server.read(platform.reads.run(place), hear) };
  // A token of the job's own that is accepted is not that of a cancelled job; the run may have been cancelled before it
  // was run again.
  if (config.isJobToken && 'run' in seen) seen.run = seen.run && { ...seen.run, conclusion: undefined };
  const isRefused = config.isJobToken && heard.some(({ refusesToken }) => refusesToken);
  if (!isRefused || !platform.cancel) return seen;
  const { of, read } = platform.cancel.openly;
  const told = await openServer.read(read(place, job.serverId));
  // How a run of several jobs ended is this one's word only after a cancel, which ends them all.
  const isOwnWord = of === 'job' || config.level === 'pipeline' || parseStatus(told) === 'canceled';
  return { refusal: { told: isOwnWord ? told : undefined } };
}

/** The job, read again while it has steps without a conclusion and there is time. */
async function readJob(
  id: string,
  hear: (unread: Unread) => void,
  edges: Edges,
): Promise<{ job?: ApiJob | undefined; isSettled?: boolean }> {
  const { server, platform, place, deadline, sleep } = edges;
  const read = (): Promise<ApiJob | undefined> => server.read(platform.reads.job!(place, id), hear);
  let job = await read();
  let isSettled = false;
  for (const lag of platform.cancel?.leavesOpenSteps ? LAGS : []) {
    if (!hasOpenSteps(job) || lag > deadline.remaining() * SHARE) break;
    await sleep(lag);
    const again = await read();
    isSettled = again !== undefined;
    // Nothing more is to be had in a while either.
    if (!again) break;
    job = again;
  }
  return { job, isSettled };
}
