import { tellOldSteps } from './age.js';
import type { ApiJob, ApiJobs } from './api/answers.js';
import { readAttemptJobs } from './api/attempt-jobs.js';
import type { Server } from './api/server.js';
import { toReporting } from './api/tasks.js';
import { readCommit, toAssumedCommit } from './commit.js';
import { toFailure } from './failure.js';
import { capMessage } from './git.js';
import { toJobId } from './identity.js';
import { readEndWords } from './inputs.js';
import type { Log } from './log.js';
import { type NeededJob, toNeededJobs, toPipelineStatus } from './needs.js';
import type { Place, Platform } from './platform.js';
import type { Ports } from './ports.js';
import type { Finish } from './report.js';
import type { Commit, Failure, Run } from './run.js';
import { type Additions, LONGEST_RUNTIME_FILE, parseRuntimeFile } from './runtime-file.js';
import { toStages } from './stages.js';
import { tellSkew } from './skew.js';
import type { Reported } from './state.js';
import { type EndFacts, type Ending, needsServer, parseStatus, toEnding } from './status.js';
import { latest, toQueueTime } from './time.js';

/** What the end of a job is found out with. */
interface Edges {
  ports: Ports;
  log: Log;
  server: Server;
  platform: Platform;
  place: Place;
}

/** What only the end tells: how it ended and why, what ran before it, what steps added, and the commit, which a checkout may have brought. */
export async function readFinish(reported: Reported, now: string, edges: Edges): Promise<{ run: Run; finish: Finish }> {
  const { role, identity, jobStart, config, job } = reported;
  const { server, platform, place, log } = edges;
  const needs = config.needs ?? [];
  const added = readAdditions(reported, edges);
  const words = toWords(reported, edges);
  const [own, run, commit, list] = await Promise.all([
    readOwnJob(reported, words, edges),
    needsServer(words) && !platform.jobStatus.tellsCancel ? server.read(platform.reads.run(place)) : undefined,
    readLateCommit(reported, edges),
    needs.length > 0 ? readList(reported, edges) : undefined,
  ]);
  const ending = toEnding({ ...words, job: own, run });
  tellEnding(ending, job.inComposite, log);
  const failure = ending.status === 'error' ? await readFailure(reported, own, added, edges) : undefined;
  const listed = own ?? list?.jobs.find(({ id }) => id !== undefined && id === job.serverId);
  const start = reported.start ?? jobStart;
  tellSkew([start, jobStart], now, log);
  if (own?.steps.length && config.steps) tellOldSteps(jobStart, edges.ports.now(), log);
  return {
    run: { ...reported.run, commit: commit.commit },
    finish: {
      job: { time: latest(now, jobStart), status: ending.status, failure },
      pipeline: role === 'member' ? undefined : toPipelineEnd(reported, ending, latest(now, start), failure, added),
      tags: commit.tags,
      jobTags: toEndingTags(ending),
      labels: listed?.labels,
      added,
      dependencies: toNeededJobs(needs, list, { job: listed, isCalled: job.isCalled }).map((needed) => toNeededId(needed, reported)),
      stages: role === 'closing' ? toStages(identity, needs, list) : [],
      steps: config.steps ? (own?.steps ?? []) : [],
      queueTime: platform.createsJobsWhenReady || !config.needs ? toQueueTime(listed?.createdAt, listed?.startedAt) : undefined,
    },
  };
}

/** The jobs of this attempt; where attempts count per job, its start tells who ran before it. */
async function readList({ serverRun }: Reported, { server, platform, place }: Edges): Promise<ApiJobs | undefined> {
  const list = await readAttemptJobs(() => serverRun, { server, platform, place });
  return list && platform.reads.tasks ? toReporting(list) : list;
}

/** The words that the runner evaluates anew for post. */
function toWords({ job, config }: Reported, { ports, platform }: Edges): EndFacts {
  const { status, jobStatus } = readEndWords(ports.input);
  // An explicit status counts only where main saw one too: on GitHub the post of a nested composite action gets wrong inputs.
  return { platform, inComposite: job.inComposite, status: config.hasStatus ? status : '', jobStatus };
}

/** This job as the server lists it, where that is needed for its steps, its status, or why it failed. */
async function readOwnJob({ config, job }: Reported, words: EndFacts, { server, platform, place }: Edges): Promise<ApiJob | undefined> {
  const failed = parseStatus(words.status || words.jobStatus) === 'error';
  if (!platform.reads.job || !job.serverId || !(config.steps || failed || needsServer(words))) return undefined;
  return server.read(platform.reads.job(place, job.serverId));
}

async function readFailure(
  { job }: Reported,
  own: ApiJob | undefined,
  added: Additions,
  { server, platform, place, log }: Edges,
): Promise<Failure> {
  const asks = platform.reads.annotations && job.serverId;
  const annotations = asks ? await server.read(platform.reads.annotations!(place, job.serverId!)) : undefined;
  return toFailure({ job: job.name, steps: own?.steps ?? [], annotations: (annotations ?? []).map(log.redact), told: added.error });
}

/** How the pipeline ended: as its one job, or as the worst of the jobs that a closing job waited for. */
function toPipelineEnd(
  reported: Reported,
  ending: Ending,
  time: string,
  failure: Failure | undefined,
  added: Additions,
): Finish['pipeline'] {
  const { role, config, job } = reported;
  if (role === 'whole') return { time, status: ending.status, failure };
  const needs = config.needs ?? [];
  const status = toPipelineStatus(needs, ending.status);
  if (status !== 'error') return { time, status };
  const failed = needs.filter(({ result }) => parseStatus(result) === 'error').map(({ key }) => key);
  if (ending.status === 'error') failed.push(job.name);
  return { time, status, failure: toFailure({ job: failed.join('", "'), steps: [], annotations: [], told: added.error }) };
}

/** What steps wrote into the run-time file. */
function readAdditions({ runtimeFile }: Reported, { ports, log }: Edges): Additions {
  const read = runtimeFile === undefined ? { text: '' } : ports.readRegularFile(runtimeFile, LONGEST_RUNTIME_FILE);
  // Redacted before anything is cut to Datadog's lengths, or half a secret could stay.
  const additions = parseRuntimeFile('text' in read ? log.redact(read.text) : '');
  if ('why' in read) {
    log.warn({
      what: 'What steps wrote into DD_PIPELINE_FILE is not sent',
      why: read.why,
      fix: 'Append lines to the file with `>>`; leave the file itself in its place.',
    });
  }
  if (additions.unusable.length > 0) {
    log.warn({
      what: 'A part of what steps wrote into DD_PIPELINE_FILE is not sent',
      why: additions.unusable.slice(0, 20).join('; '),
      fix: 'Write one `tag.<key>=<value>`, `measure.<key>=<number>`, `parameter.<key>=<value>` or `error.message=<text>` a line.',
    });
  }
  return additions;
}

function tellEnding({ status, source }: Ending, inComposite: boolean, log: Log): void {
  log.debug(`status ${status} from ${source}`);
  if (source !== 'assumed') return;
  log.warn({
    what: `How this job ended is not known for certain, so it is reported as ${status} with the tag status_source:assumed`,
    why: "this server's runner hands post an old or partial `job.status`, and its API could not be asked",
    fix: inComposite
      ? 'Use the action as a step of the job itself, not inside a composite action.'
      : 'Write `status: ${{ job.status }}` below `with:`, or let the token read actions (`permissions: actions: read`).',
  });
}

async function readLateCommit(
  { run }: Reported,
  { ports, log, platform, place }: Edges,
): Promise<{ commit: Commit | undefined; tags: string[] }> {
  if (run.commit) return { commit: run.commit, tags: [] };
  // Main has asked the API already; only the work tree may know more by now.
  const nobody: Server = { read: () => Promise.resolve(undefined) };
  const commit = await readCommit(run.revision.sha, { ports, server: nobody, platform, place });
  if (commit?.author.email) return { commit: capMessage(commit, log.redact), tags: [] };
  const assumed = toAssumedCommit(run, platform);
  return { commit: assumed, tags: assumed ? ['git_author_source:actor'] : [] };
}

/** The id under which a needed job reports itself. */
function toNeededId({ key, called, listed }: NeededJob, { identity, jobIdentity, job }: Reported): string {
  const attempt = jobIdentity.attempt && `${listed?.attempt ?? jobIdentity.attempt}`;
  // A server that does not tell this job its number does not tell the others theirs.
  return toJobId(identity, { key, unique: called && job.serverId ? listed?.id : undefined, attempt });
}

function toEndingTags({ conclusion, source, certain, tolerated }: Ending): string[] {
  return [
    `conclusion:${conclusion}`,
    ...(certain ? [] : [`status_source:${source}`]),
    ...(tolerated[0] ? [`continue_on_error:${tolerated[0]}`] : []),
  ];
}
