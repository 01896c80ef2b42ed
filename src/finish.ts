import { tellOldSteps } from './age.js';
import type { ApiJob, ApiJobs } from './api/answers.js';
import { readAttemptJobs } from './api/attempt-jobs.js';
import type { Server } from './api/server.js';
import type { Deadline } from './deadline.js';
import { toReporting } from './api/tasks.js';
import type { FileJob } from './api/workflow-file.js';
import { readCommit, toAssumedCommit } from './commit.js';
import { toFailure } from './failure.js';
import { capMessage } from './git.js';
import { toJobId } from './identity.js';
import { type Config, readEndWords } from './inputs.js';
import type { Log } from './log.js';
import { type NeededJob, toNeededJobs, toPipelineStatus } from './needs.js';
import { readOwnJob } from './own-job.js';
import type { Place, Platform } from './platform.js';
import type { Ports } from './ports.js';
import type { Finish } from './report.js';
import { readReporting } from './reporting.js';
import type { Commit, Failure, Run } from './run.js';
import { type Additions, LONGEST_RUNTIME_FILE, parseRuntimeFile } from './runtime-file.js';
import { toStages } from './stages.js';
import { tellSkew } from './skew.js';
import type { Reported } from './state.js';
import { type EndFacts, type Ending, parseStatus, toEnding } from './status.js';
import { latest, toQueueTime } from './time.js';
import { readTolerated } from './tolerated.js';

/** What the end of a job is found out with. */
interface Edges {
  ports: Ports;
  log: Log;
  deadline: Deadline;
  server: Server;
  /** The same server, as anybody sees it. */
  openServer: Server;
  platform: Platform;
  place: Place;
  /** The jobs of the run's workflow, by its file. */
  readFileJobs(): Promise<FileJob[] | undefined>;
}

/** What only the end tells: how it ended and why, what ran before it, what steps added, and the commit, which a checkout may have brought. */
export async function readFinish(reported: Reported, now: string, edges: Edges): Promise<{ run: Run; finish: Finish }> {
  const { role, identity, jobStart, config, job } = reported;
  const { platform, log } = edges;
  const needs = config.needs ?? [];
  const added = readAdditions(reported, edges);
  const words = toWords(reported, added, edges);
  const [seen, commit, list] = await Promise.all([
    readOwnJob(reported, words, { ...edges, sleep: edges.ports.sleep }),
    readLateCommit(reported, edges),
    needs.length > 0 ? readList(reported, edges) : undefined,
  ]);
  const { ending, own } = await readEnding({ ...words, ...seen }, reported, edges);
  tellEnding(ending, { inComposite: job.inComposite, hours: (Date.parse(now) - Date.parse(jobStart)) / HOUR }, log);
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

/** Whether a job's creation begins its wait for a runner: not where it waited for other jobs, and not where a retry keeps the first one's. */
function tellsQueue({ config, jobIdentity }: Reported, { createsJobsWhenReady }: Platform): boolean {
  return createsJobsWhenReady || (!config.needs && Number(jobIdentity.attempt ?? 1) <= 1);
}

/** The jobs of this attempt; where attempts count per job, its start tells who ran before it. */
async function readList({ serverRun, role, config }: Reported, { server, platform, place }: Edges): Promise<ApiJobs | undefined> {
  // Stages are made of times, which some servers tell elsewhere.
  const wantsTimes = role === 'closing' && config.needs?.some(({ stage }) => stage !== undefined);
  const list = await readAttemptJobs(() => serverRun, { server, platform, place, wantsTimes });
  return list && platform.reads.tasks ? toReporting(list) : list;
}

/** The words that the runner evaluates anew for post, and the one that a step wrote. */
function toWords({ job, config }: Reported, { status: written = '' }: Additions, { ports, platform }: Edges): EndFacts {
  const { status, jobStatus } = readEndWords(ports.input);
  // An explicit status counts only where main saw one too: on GitHub the post of a nested composite action gets wrong inputs.
  return { platform, inComposite: job.inComposite, status: config.hasStatus ? status : '', written, jobStatus };
}

/** How the job ended; where its failed steps decide, the workflow's file is asked which of them were allowed to fail. */
async function readEnding(facts: EndFacts, { job }: Reported, edges: Edges): Promise<{ ending: Ending; own: ApiJob | undefined }> {
  const ending = toEnding(facts);
  if (ending.source !== 'steps' || ending.certain || ending.status === 'canceled') return { ending, own: facts.job };
  const own = await readTolerated(facts.job!, job.isCalled, edges);
  return { ending: toEnding({ ...facts, job: own }), own };
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
      fix: 'Write one `tag.<key>=<value>`, `measure.<key>=<number>`, `parameter.<key>=<value>`, `error.message=<text>` or `status=<word>` a line.',
    });
  }
  return additions;
}

/** Why an end is not certain, by where its word comes from; a refused token is a cancel's, but for jobs that ran very long. */
const DOUBTS: Partial<Record<Ending['source'], string>> = {
  assumed: "this server's runner hands post an old or partial `job.status`, and its API could not be asked",
  steps: "a step failed, and neither this server's API nor the workflow's file tells whether it was `continue-on-error`",
  'token-refused': 'the server refuses the token of this job, as it does after a cancel, but also when a job has run for over three hours',
};

/** An open step that could not be looked at again. */
const UNENDED = {
  why: "a step of this job has no end yet in the server's API, which a cancel leaves so and a slow runner for some seconds",
  fix: 'Give `timeout` more seconds, so that post can look again.',
};

/** Hours after which Gitea and Forgejo end a job as failed, and refuse its token as after a cancel (setting ENDLESS_TASK_TIMEOUT). */
const ENDLESS = 3;
const HOUR = 3_600_000;

function tellEnding({ status, source, certain }: Ending, { inComposite, hours }: { inComposite: boolean; hours: number }, log: Log): void {
  log.debug(`status ${status} from ${source}`);
  const isRefused = source === 'token-refused' && hours < ENDLESS;
  if (isRefused) log.info("Datadog: the server refuses this job's token, as it does after a cancel, so the job is reported as canceled.");
  const why = DOUBTS[source];
  if (certain || isRefused || !why) return;
  const what = `How this job ended is not known for certain, so it is reported as ${status} with the tag status_source:${source}`;
  if (source === 'steps' && status === 'canceled') log.warn({ what, ...UNENDED });
  else log.warn({ what, why, fix: toStatusFix(source, inComposite) });
}

function toStatusFix(source: Ending['source'], inComposite: boolean): string {
  if (source === 'token-refused') return "Give the job a `timeout-minutes` below the server's limit.";
  if (inComposite) {
    return 'Let the last step of the job itself, with `if: always()`, write it: `echo "status=${{ job.status }}" >> "$DD_PIPELINE_FILE"`.';
  }
  return 'Write `status: ${{ job.status }}` below `with:`, or let the token read actions and contents (`permissions:` of this workflow).';
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

/** Ids of the jobs that this one waited for, as far as it is known under which they report themselves. */
async function readDependencies(reported: Reported, list: ApiJobs | undefined, own: ApiJob | undefined, edges: Edges): Promise<string[]> {
  const { config, job } = reported;
  // What is used inside of a composite action here is used so elsewhere too, and there some runners hide the matrix.
  const isHidden = job.inComposite && !edges.platform.jobStatus.wholeInComposite;
  // Jobs that count their own attempts find each other by the run's start, and without it nobody knows who was run again.
  const isStartUnknown = reported.jobIdentity.attempt !== undefined && reported.serverRun?.start === undefined;
  if (!list || isHidden || isStartUnknown) return [];
  const needed = toNeededJobs(config.needs ?? [], list, { job: own, isCalled: job.isCalled });
  const ids = (await readReporting(needed, edges)).map((one) => toNeededId(one, reported));
  return [...new Set(ids)];
}

/** The id under which a needed job reports itself. */
function toNeededId({ key, called, listed }: NeededJob, { identity, jobIdentity, job }: Reported): string {
  const attempt = jobIdentity.attempt && `${listed.attempt ?? jobIdentity.attempt}`;
  // A server that does not tell this job its number does not tell the others theirs.
  return toJobId(identity, { key, unique: called && job.serverId ? listed.id : undefined, attempt });
}

function toEndingTags({ conclusion, source, certain, tolerated }: Ending): string[] {
  return [
    `conclusion:${conclusion}`,
    ...(certain ? [] : [`status_source:${source}`]),
    ...(tolerated[0] ? [`continue_on_error:${tolerated[0]}`] : []),
  ];
}

/** Where the pipeline's status is not certain: jobs that can't be read may have failed, and this job's own end may be assumed. */
function toClosingTags({ needs = [], knowsNeeds }: Config, { status, source, certain }: Ending): string[] {
  // A failure that is known can't become anything else.
  if (toPipelineStatus(needs, 'success') === 'error') return [];
  if (!knowsNeeds && status !== 'error') return ['status_source:own-job'];
  return certain ? [] : [`status_source:${source}`];
}
