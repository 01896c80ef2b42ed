import { isTooOld, tellOldSteps, toOldest } from '../age.js';
import type { ApiJob } from '../api/answers.js';
import { toAssumedCommit } from '../commit.js';
import type { Deadline } from '../deadline.js';
import { type Events, toEventStream } from '../events/event.js';
import type { Pipeline } from '../events/pipeline.js';
import { toFailure } from '../failure.js';
import { toLine } from '../text.js';
import { NOTHING_ADDED, toExtras, toRunTags } from '../report.js';
import type { Status } from '../run.js';
import { send } from '../send.js';
import { tellSkew } from '../skew.js';
import { writeSummary } from '../summary.js';
import { toIso, toQueueTime } from '../time.js';
import { toOwnJobs } from './attempt.js';
import { type EndingFacts, toEndTime, toRunEnd, toRunStatus } from './ending.js';
import { type Final, toResources } from './events.js';
import { createGraph } from './graph.js';
import { hasTime, type ObservedJob, toObservedJobs } from './jobs.js';
import type { Edges, ObservedRun } from './read-run.js';
import { toCallStages } from './stages.js';
import { toObservedSummary } from './summary.js';
import { tellMissing, tellOldJobs, tellTimeless, tellTooOld, tellUnended, tellUnknownEnd, toAgain } from './tell.js';

/** For so many failed jobs the server is asked what it noted about them. */
const MOST_ASKED = 10;

/** Reports a run that has ended, or that this job closes; true when all of it was accepted. */
export async function reportEnded(found: ObservedRun, edges: Edges, deadline: Deadline): Promise<boolean> {
  const { ports, log, config, options, platform } = edges;
  const observed = withCommit(found, edges);
  const { list, place, details, isOwn, start, attempt } = observed;
  const isCut = list !== undefined && (options.jobs || isOwn) && tellMissing(list, observed, platform, log);
  const { own, ended, goingOn, carried } = sortJobs(observed, edges);
  // A run can be told as ended before all of its jobs are.
  const lagsBehind = !isOwn && goingOn.length > 0;
  const isIncomplete = isCut || (lagsBehind && options.jobs);
  const isWhole = list?.missing === 0 && !list.unread && !lagsBehind && ended.every(hasTime);
  const facts: EndingFacts = { details, jobs: ended, isWhole, isOwn, start, now: toIso(ports.now()) };
  const status = toRunStatus({ ...facts, jobs: [...ended, ...carried] });
  if (!status) {
    tellUnknownEnd(list, platform, log);
    return false;
  }
  const time = toEndTime(facts);
  if (!config.dryRun && isTooOld(time, ports.now())) {
    tellTooOld(place, time, log);
    return false;
  }
  const graph = observed.workflow && createGraph(observed.workflow);
  const countsPerJob = attempt.number === undefined;
  const all = toObservedJobs(ended, { identity: observed.identity, countsPerJob, start, end: time, graph, listed: own });
  const jobs = options.jobs ? all.filter(({ end }) => config.dryRun || !isTooOld(end, ports.now())) : [];
  if (isOwn || isIncomplete) tellUnended(goingOn, log);
  if (isOwn) tellSkew([start, ...ended.map(({ completedAt }) => completedAt ?? start)], facts.now, log);
  if (options.jobs) tellLeftOut({ timeless: ended.filter((job) => !hasTime(job)).length, old: all.length - jobs.length, start }, edges);
  const explain = await readFailures(all, observed, edges);
  const failed = all.filter((job) => job.status === 'error').map((job) => ({ job, failure: explain(job) }));
  const end = toRunEnd(status, time, { conclusion: details.conclusion, failed });
  const tags = toRunTags(observed, log);
  const pipelineTags = [...tags, ...toEndTags(observed, status, isIncomplete)];
  const pipeline = toPipeline(observed, ended, pipelineTags, edges);
  const oldest = config.dryRun ? undefined : toOldest(ports.now());
  const final: Final = { observed, pipeline, end, stages: toCallStages(jobs), jobs, toFailure: explain, tags, graph, oldest };
  const invalid: Events['invalid'] = [];
  const events = toEventStream(toResources(final, edges), config, log.redact, invalid);
  const sent = await send({ phase: 'final', events, invalid, again: toAgain(place, platform) }, config, { ports, log, deadline });
  if (config.summary) writeSummary(toObservedSummary(observed, end, jobs, edges), ports, log);
  return sent;
}

/** Says what of the jobs can't be sent. */
function tellLeftOut(left: { timeless: number; old: number; start: string }, { ports, log, config }: Edges): void {
  tellTimeless(left.timeless, log);
  tellOldJobs(left.old, log);
  if (config.steps && !config.dryRun) tellOldSteps(left.start, ports.now(), log);
}

/** Whoever started the run as the author of a commit that nobody describes. */
function withCommit(observed: ObservedRun, { platform }: Edges): ObservedRun {
  const { run } = observed;
  if (run.commit?.author.email) return observed;
  const assumed = toAssumedCommit(run, platform);
  return { ...observed, run: { ...run, commit: assumed, tags: [...run.tags, ...(assumed ? ['git_author_source:actor'] : [])] } };
}

/** The jobs of this attempt, and those by whether they have ended; the one that observes its own run is in neither. */
function sortJobs({ list, attempt, isOwn }: ObservedRun, edges: Edges): Record<'own' | 'ended' | 'goingOn' | 'carried', readonly ApiJob[]> {
  const all = list?.jobs ?? [];
  const { own } = toOwnJobs(all, attempt);
  const others = isOwn ? own.filter((job) => !isThisJob(job, edges)) : own;
  const isOwnJob = new Set(own);
  return {
    own,
    ended: others.filter(({ conclusion }) => conclusion !== undefined),
    goingOn: others.filter(({ conclusion }) => conclusion === undefined),
    // A retry has their results too.
    carried: all.filter((job) => !isOwnJob.has(job) && job.conclusion !== undefined),
  };
}

/** By the server's number of it; where the runner does not know that, by the runner that runs it. */
function isThisJob({ id, conclusion, runnerName }: ApiJob, { platform, context, config }: Edges): boolean {
  const { env } = context.place;
  const own = platform.jobId(env, config.checkRunId);
  return own === undefined ? conclusion === undefined && runnerName === env['RUNNER_NAME'] : id === own;
}

/** Why a job failed, with what the server noted about the first failed ones. */
async function readFailures(
  jobs: readonly ObservedJob[],
  { place }: ObservedRun,
  { platform, server }: Edges,
): Promise<Final['toFailure']> {
  const noted = new Map<string, string[]>();
  const { annotations } = platform.reads;
  const asked = annotations ? jobs.filter(({ status, api }) => status === 'error' && api.id !== undefined).slice(0, MOST_ASKED) : [];
  await Promise.all(
    asked.map(async ({ id, api }) => {
      const texts = await server.read(annotations!(place, api.id!));
      if (texts) noted.set(id, texts);
    }),
  );
  return ({ id, api }) => toFailure({ job: api.name, steps: api.steps, annotations: noted.get(id) ?? [], told: {} });
}

function toPipeline(observed: ObservedRun, ended: readonly ApiJob[], tags: readonly string[], { config, platform, log }: Edges): Pipeline {
  const { run, pipelineId: id, start, partialRetry, previous, details, attempt } = observed;
  const extras = toExtras({ config }, tags, NOTHING_ADDED, log);
  // A run keeps its creation through all its retries.
  const isFirst = attempt.number === 1 || (ended.length > 0 && ended.every((job) => job.attempt === 1));
  return {
    run,
    id,
    start,
    partialRetry: partialRetry.partial,
    previous,
    queueTime: platform.wholeRun.startsWithFirstJob && isFirst ? toQueueTime(details.created, start) : undefined,
    ...extras,
    parameters: { ...run.parameters, ...extras.parameters },
  };
}

function toEndTags({ details, partialRetry, isOwn }: ObservedRun, status: Status, isIncomplete: boolean): string[] {
  return [
    // The server has no word yet for the run that its closing job ends.
    ...(isOwn ? [] : [`conclusion:${toLine(details.conclusion ?? '')}`]),
    ...(partialRetry.certain ? [] : ['partial_retry_source:assumed']),
    ...(isIncomplete ? ['incomplete:jobs'] : []),
    // A closing job does not know how those ended that it could not read.
    ...(isIncomplete && isOwn && status !== 'error' ? ['status_source:assumed'] : []),
  ];
}
