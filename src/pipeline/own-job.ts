import { parseStatus } from '../model/status.js';
import type { OnMiss, Unread } from '../server/client.js';
import { type JobEndSources, hasOpenSteps, needsServer } from './job-end.js';
import type { PostSession } from './post-session.js';
import type { Report } from './report.js';

/** What the server shows of this job when post runs: how it goes, and what tells of a cancel. */
interface OwnJob extends Pick<JobEndSources, 'job' | 'run' | 'refusal' | 'isSettled'> {
  /** Why a read of it failed. */
  unread?: Unread | undefined;
}

/** Milliseconds until a step without a conclusion is looked at again, and then once more: runners tell of them late. */
const LAGS = [2_000, 6_000];

/** A wait may take this share of what is left, for the events are still to be sent. */
const SHARE = 0.5;

/** This job as the server lists it, or the run where it lists no single job; nothing where nobody has to ask. */
export async function readOwnJob({ config, job }: Report, words: JobEndSources, session: PostSession): Promise<OwnJob> {
  const { server, openClient } = session;
  const { platform, ref } = server;
  const asksForJob = platform.reads.job !== undefined && job.serverId !== undefined;
  const failed = parseStatus(words.status || words.written || words.jobStatus) === 'error';
  const isWanted = asksForJob && (config.steps || failed);
  if (!isWanted && !platform.cancel && !needsServer(words)) return {};
  const heard: Unread[] = [];
  const hear = (unread: Unread): void => void heard.push(unread);
  const seen = asksForJob ? await readSettledJob(job.serverId!, hear, session) : { run: await server.run(hear) };
  // A token of the job's own that is accepted is not that of a cancelled job; the run may have been cancelled before it
  // was run again.
  if (config.isJobToken && 'run' in seen) seen.run = seen.run && { ...seen.run, conclusion: undefined };
  const isRefused = config.isJobToken && heard.some(({ refusesToken }) => refusesToken);
  if (!isRefused || !platform.cancel) return { ...seen, unread: heard[0] };
  const { of, read } = platform.cancel.openly;
  const told = await openClient.read(read(ref, job.serverId));
  // How a run of several jobs ended is this one's word only after a cancel, which ends them all.
  const isOwnWord = of === 'job' || config.level === 'pipeline' || parseStatus(told) === 'canceled';
  return { refusal: { told: isOwnWord ? told : undefined } };
}

/** The job, read again while it has steps without a conclusion and there is time. */
async function readSettledJob(id: string, hear: OnMiss, { server, runner, deadline }: PostSession) {
  let job = await server.job(id, hear);
  let isSettled = false;
  for (const lag of server.platform.cancel?.leavesOpenSteps ? LAGS : []) {
    if (!hasOpenSteps(job) || lag > deadline.remaining() * SHARE) break;
    await runner.sleep(lag);
    const again = await server.job(id, hear);
    isSettled = again !== undefined;
    // Nothing more is to be had in a while either.
    if (!again) break;
    job = again;
  }
  return { job, isSettled };
}
