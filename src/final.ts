import { createServer, toGet } from './api/server.js';
import { createDeadline } from './deadline.js';
import { toDatadogUrl } from './delivery/site.js';
import { readFinish } from './finish.js';
import { openLog } from './log.js';
import { readOwnFile } from './own-file.js';
import { PLATFORMS } from './platform.js';
import type { Ports } from './ports.js';
import { toSentence } from './problem.js';
import { toFinalEvents } from './report.js';
import { send } from './send.js';
import { parseParts } from './state.js';
import { toSummary, writeSummary } from './summary.js';
import { toIso } from './time.js';

/** Seconds that post may spend on the network where the input `timeout` says nothing: a lost final event costs more than a lost running one. */
const DEFAULT_TIMEOUT = 20;

const UNREADABLE = {
  what: 'The end of this job is not reported to Datadog, which goes on showing it as running',
  why: 'the state that main left for post is not what main writes',
  fix: 'Check whether another step or the runner changed STATE_ variables.',
};

/** Post: reports how this job, and the pipeline where this job is the one to say so, ended. */
export async function reportFinal(ports: Ports): Promise<void> {
  const now = toIso(ports.now());
  const parts = loadParts(ports);
  if (parts.length === 0) return ports.sink.info('Datadog: main left nothing to end; its own output says why.');
  const state = parseParts(parts);
  if (!state) return ports.sink.warning(toSentence(UNREADABLE));
  if (!state.reported) return;
  const { config, run: begun, platform: id } = state.reported;
  const log = openLog(config, ports, state.said);
  const deadline = createDeadline(config.timeout ?? DEFAULT_TIMEOUT, ports.clock);
  const { apiUrl } = state.reported;
  const platform = PLATFORMS.find((candidate) => candidate.id === id)!;
  const place = { ...begun, env: ports.env, runId: begun.id, runNumber: begun.number };

  const get = toGet(config.token, apiUrl, ports.createGet);
  const options = { isJobToken: config.isJobToken, expectsRefusal: config.isJobToken && platform.cancel !== undefined };
  const server = createServer(get, deadline, log, options);
  const openServer = createServer(apiUrl ? ports.createGet('', apiUrl) : undefined, deadline, log, { expectsRefusal: true });
  let file: ReturnType<typeof readOwnFile> | undefined;
  const readFileJobs = async () => (await (file ??= readOwnFile({ server, platform, place })))?.jobs;
  const edges = { ports, log, deadline, server, openServer, platform, place, readFileJobs };
  const { run, finish } = await readFinish(state.reported, now, edges);
  const reported = { ...state.reported, run };
  const sent = await send({ phase: 'final', ...toFinalEvents(reported, finish, log) }, config, { ports, log, deadline });
  if (sent && config.app) log.info(`Datadog: ${toDatadogUrl(config, run.url)}`);
  if (config.summary) writeSummary(toSummary(reported, finish.pipeline ?? finish.job, log.redact), ports, log);
}

function loadParts({ loadState }: Ports): string[] {
  const parts: string[] = [];
  for (let part = loadState('state_0'); part; part = loadState(`state_${parts.length}`)) parts.push(part);
  return parts;
}
