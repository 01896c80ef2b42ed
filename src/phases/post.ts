import { send } from '../delivery/send.js';
import { toSentence } from '../model/problem.js';
import type { Run } from '../model/run.js';
import { toDatadogUrl } from '../model/site.js';
import { latest, toIso, toQueueTime } from '../model/time.js';
import { readLateCommit } from '../pipeline/commit.js';
import type { EndEdges } from '../pipeline/edges.js';
import { readFailure } from '../pipeline/failure.js';
import { type EndFacts, type Ending, warnEnding, toEnding, toEndingTags, toWords } from '../pipeline/job-end.js';
import { toNeededId, toNeededJobs } from '../pipeline/needed-jobs.js';
import { readOwnJob } from '../pipeline/own-job.js';
import { readList } from '../pipeline/partial-retry.js';
import { toPipelineEnd, toPipelineStatus } from '../pipeline/pipeline-end.js';
import { type Finish, toFinalEvents } from '../pipeline/report-events.js';
import type { Report } from '../pipeline/report.js';
import { readReporting } from '../pipeline/reporting.js';
import { toStages } from '../pipeline/stages.js';
import { toSummary, writeSummary } from '../pipeline/summary.js';
import { warnOldSteps, warnSkew } from '../pipeline/time-limits.js';
import { readTolerated } from '../pipeline/tolerated.js';
import { createDeadline } from '../runner/deadline.js';
import type { Config } from '../runner/inputs.js';
import type { Runner } from '../runner/runner.js';
import { readAdditions } from '../runner/runtime-file.js';
import { openLog } from '../runner/session.js';
import type { ApiJob, ApiJobs } from '../server/answers.js';
import { createServer, toGet } from '../server/client.js';
import { readOwnFile } from '../server/own-file.js';
import { PLATFORMS, translateEnv } from '../server/platforms/detect.js';
import type { Platform } from '../server/platforms/platform.js';
import { parseParts } from './handover.js';

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
export async function reportFinal(raw: Runner, platforms = PLATFORMS): Promise<void> {
  const runner = translateEnv(raw, platforms);
  const now = toIso(runner.now());
  const parts = loadParts(runner);
  if (parts.length === 0) return runner.sink.info('Datadog: main left nothing to end; its own output says why.');
  const state = parseParts(parts);
  if (!state) return runner.sink.warning(toSentence(UNREADABLE));
  if (!state.reported) return;
  const { config, run: begun, platform: id } = state.reported;
  const log = openLog(config, runner, state.said);
  const deadline = createDeadline(config.timeout ?? DEFAULT_TIMEOUT, runner.clock);
  const { apiUrl } = state.reported;
  const platform = platforms.find((candidate) => candidate.id === id)!;
  const place = { ...begun, env: runner.env, runId: begun.id, runNumber: begun.number };

  const get = toGet(config.token, apiUrl, runner.createGet);
  const options = { isJobToken: config.isJobToken, expectsRefusal: config.isJobToken && platform.cancel !== undefined };
  const server = createServer(get, deadline, log, options);
  const openServer = createServer(apiUrl ? runner.createGet('', apiUrl) : undefined, deadline, log, {
    expectsRefusal: true,
  });
  let file: ReturnType<typeof readOwnFile> | undefined;
  const readFileJobs = async () => (await (file ??= readOwnFile({ server, platform, place })))?.jobs;
  const edges = { runner, log, deadline, server, openServer, platform, place, readFileJobs };
  const { run, finish } = await readFinish(state.reported, now, edges);
  const reported = { ...state.reported, run };
  const sent = await send({ phase: 'final', ...toFinalEvents(reported, finish, log) }, config, {
    runner,
    log,
    deadline,
  });
  if (sent && config.app) log.info(`Datadog: ${toDatadogUrl(config, run.url)}`);
  if (config.summary) writeSummary(toSummary(reported, finish.pipeline ?? finish.job, log.redact), runner, log);
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
async function readFinish(reported: Report, now: string, edges: EndEdges): Promise<{ run: Run; finish: Finish }> {
  const { role, identity, jobStart, config, job } = reported;
  const { platform, log } = edges;
  const needs = config.needs ?? [];
  const added = readAdditions(reported.runtimeFile, edges);
  const words = toWords(reported, added, edges);
  const [seen, commit, list] = await Promise.all([
    readOwnJob(reported, words, { ...edges, sleep: edges.runner.sleep }),
    readLateCommit(reported, edges),
    needs.length > 0 ? readList(reported, edges) : undefined,
  ]);
  const { ending, own } = await readEnding({ ...words, ...seen }, reported, edges);
  warnEnding(ending, { inComposite: job.inComposite, hours: (Date.parse(now) - Date.parse(jobStart)) / HOUR }, log);
  const failure = ending.status === 'error' ? await readFailure(reported, own, added, edges) : undefined;
  const listed = own ?? list?.jobs.find(({ id }) => id !== undefined && id === job.serverId);
  const start = reported.start ?? jobStart;
  warnSkew([start, jobStart], now, log);
  if (own?.steps.length && config.steps) warnOldSteps(jobStart, edges.runner.now(), log);
  return {
    run: { ...reported.run, commit: commit.commit },
    finish: {
      job: { time: latest(now, jobStart), status: ending.status, failure },
      pipeline: role === 'member' ? undefined : toPipelineEnd(reported, ending, latest(now, start), failure, added),
      tags: commit.tags,
      jobTags: toEndingTags(ending),
      pipelineTags: role === 'closing' ? toClosingTags(config, ending) : [],
      labels: listed?.labels,
      added,
      dependencies: await readDependencies(reported, list, listed, edges),
      stages: role === 'closing' ? toStages(identity, needs, list) : [],
      steps: config.steps ? (own?.steps ?? []) : [],
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
  facts: EndFacts,
  { job }: Report,
  edges: EndEdges,
): Promise<{ ending: Ending; own: ApiJob | undefined }> {
  const ending = toEnding(facts);
  if (ending.source !== 'steps' || ending.certain || ending.status === 'canceled') return { ending, own: facts.job };
  const own = await readTolerated(facts.job!, job.isCalled, edges);
  return { ending: toEnding({ ...facts, job: own }), own };
}

const HOUR = 3_600_000;

/** Ids of the jobs that this one waited for, as far as it is known under which they report themselves. */
async function readDependencies(
  reported: Report,
  list: ApiJobs | undefined,
  own: ApiJob | undefined,
  edges: EndEdges,
): Promise<string[]> {
  const { config, job } = reported;
  // What is used inside of a composite action here is used so elsewhere too, and there some runners hide the matrix.
  const isHidden = job.inComposite && !edges.platform.jobStatus.wholeInComposite;
  // Jobs that count their own attempts find each other by the run's start, and without it nobody knows who was run
  // again.
  const isStartUnknown = reported.jobIdentity.attempt !== undefined && reported.serverRun?.start === undefined;
  if (!list || isHidden || isStartUnknown) return [];
  const needed = toNeededJobs(config.needs ?? [], list, { job: own, isCalled: job.isCalled });
  const ids = (await readReporting(needed, edges)).map((one) => toNeededId(one, reported));
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
