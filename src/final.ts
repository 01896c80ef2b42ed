import { createServer, type Server, toGet } from './api/server.js';
import { readCommit, toAssumedCommit } from './commit.js';
import { createDeadline } from './deadline.js';
import { toDatadogUrl } from './delivery/site.js';
import type { End } from './events/event.js';
import { readEndWords } from './inputs.js';
import { type Log, openLog } from './log.js';
import { type Place, type Platform, PLATFORMS } from './platform.js';
import type { Ports } from './ports.js';
import { toFinalEvents } from './report.js';
import type { Commit, Failure } from './run.js';
import { send } from './send.js';
import { parseParts, type Reported } from './state.js';
import { type Ending, needsServer, toEnding } from './status.js';
import { toSummary } from './summary.js';
import { latest, toIso } from './time.js';

/** Seconds that post may spend on the network where the input `timeout` says nothing: a lost final event costs more than a lost running one. */
const DEFAULT_TIMEOUT = 20;

/** A clock that went back by more than this since main is worth a word. */
const SKEW = 5_000;

/** What the end of a job is found out with. */
interface Edges {
  ports: Ports;
  log: Log;
  server: Server;
  platform: Platform;
  place: Place;
}

/** Post: reports how the pipeline and its job ended. */
export async function reportFinal(ports: Ports): Promise<void> {
  const now = toIso(ports.now());
  const state = parseParts(loadParts(ports));
  if (!state) return ports.sink.info('Datadog: main left nothing to end; its own output says why.');
  if (!state.reported) return;
  const { config } = state.reported;
  const log = openLog(config, ports, state.said);
  const deadline = createDeadline(config.timeout ?? DEFAULT_TIMEOUT, ports.clock);
  const server = createServer(toGet(config.token, state.reported.apiUrl, ports.createGet), deadline, log);
  const { reported, end, tags } = await finish(state.reported, now, toEdges(state.reported, ports, log, server));
  const sent = await send({ phase: 'final', ...toFinalEvents(reported, end, tags, log) }, config, { ports, log, deadline });
  if (sent) log.info(`Datadog: ${toDatadogUrl(config, reported.run.url)}`);
  if (config.summary) writeSummary(reported, end, ports, log);
}

/** What only the end tells: how it ended, and the commit, which a checkout may have brought since main ran. */
async function finish(reported: Reported, now: string, edges: Edges): Promise<{ reported: Reported; end: End; tags: string[] }> {
  const [ending, commit] = await Promise.all([readEnding(reported, edges), readLateCommit(reported, edges)]);
  if (Date.parse(reported.start) - Date.parse(now) > SKEW) {
    edges.log.notice('Datadog: the clock of this machine went back while the job ran, so the end is sent as equal to the start.');
  }
  return {
    reported: { ...reported, run: { ...reported.run, commit: commit.commit } },
    end: { time: latest(now, reported.start), status: ending.status, failure: toFailure(ending, reported) },
    tags: [...toEndingTags(ending), ...commit.tags],
  };
}

async function readEnding({ job, config }: Reported, { ports, log, server, platform, place }: Edges): Promise<Ending> {
  const { status, jobStatus } = readEndWords(ports.input);
  // An explicit status counts only where main saw one too: on GitHub the post of a nested composite action gets wrong inputs.
  const words = { platform, inComposite: job.inComposite, status: config.hasStatus ? status : '', jobStatus };
  const asked = needsServer(words);
  const [own, run] = await Promise.all([
    asked && job.serverId && platform.reads.job ? server.read(platform.reads.job(place, job.serverId)) : undefined,
    asked && !platform.jobStatus.tellsCancel ? server.read(platform.reads.run(place)) : undefined,
  ]);
  const ending = toEnding({ ...words, job: own, run });
  log.debug(`status ${ending.status} from ${ending.source}`);
  if (ending.source === 'assumed') {
    log.warn({
      what: `How this job ended is not known for certain, so it is reported as ${ending.status} with the tag status_source:assumed`,
      why: "this server's runner hands post an old or partial `job.status`, and its API could not be asked",
      fix: 'Write `status: ${{ job.status }}` below `with:` (outside of composite actions), or let the token read actions (`permissions: actions: read`).',
    });
  }
  return ending;
}

async function readLateCommit(
  { run }: Reported,
  { ports, platform, place }: Edges,
): Promise<{ commit: Commit | undefined; tags: string[] }> {
  if (run.commit) return { commit: run.commit, tags: [] };
  // Main has asked the API already; only the work tree may know more by now.
  const nobody: Server = { read: () => Promise.resolve(undefined) };
  const commit = await readCommit(run.revision.sha, { ports, server: nobody, platform, place });
  if (commit?.author.email) return { commit, tags: [] };
  return { commit: toAssumedCommit(run, platform), tags: ['git_author_source:actor'] };
}

function toEndingTags({ conclusion, source, certain, tolerated }: Ending): string[] {
  return [
    `conclusion:${conclusion}`,
    ...(certain ? [] : [`status_source:${source}`]),
    ...(tolerated[0] ? [`continue_on_error:${tolerated[0]}`] : []),
  ];
}

function toFailure({ status }: Ending, { job }: Reported): Failure | undefined {
  return status === 'error' ? { type: 'Job failed', message: `Job "${job.name}" failed`, domain: 'unknown' } : undefined;
}

function writeSummary(reported: Reported, end: End, { env, appendFile }: Ports, log: Log): void {
  const file = env['GITHUB_STEP_SUMMARY'];
  if (!file || !appendFile(file, toSummary(reported, end))) log.debug('the runner takes no job summary');
}

function toEdges({ platform: id, run }: Reported, ports: Ports, log: Log, server: Server): Edges {
  const { server: address, repository, id: runId, number: runNumber, attempt } = run;
  const platform = PLATFORMS.find((candidate) => candidate.id === id)!;
  return { ports, log, server, platform, place: { env: ports.env, server: address, repository, runId, runNumber, attempt } };
}

function loadParts({ loadState }: Ports): string[] {
  const parts: string[] = [];
  for (let part = loadState('state_0'); part; part = loadState(`state_${parts.length}`)) parts.push(part);
  return parts;
}
