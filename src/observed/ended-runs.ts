import type { OnMiss } from '../server/client.js';
import { parseRuns, readList, readRuns } from '../server/listing.js';
import { parseRunDetails, type RunDetails } from '../server/run-details.js';
import type { Server } from '../server/server.js';
import { type ApiTask, parseTasks } from '../server/tasks.js';
import { isBefore } from './last-look.js';
import { endedSince, toHorizon, type Window } from './window.js';

/** A run that ended within a window. */
export interface EndedRun {
  id: string;
  details: RunDetails;
  /** The attempt, where the server counts those of runs. */
  attempt?: number | undefined;
}

/** What a repository's ended runs are read with. */
interface RunsReading {
  window: Window;
  server: Server;
  /** Hears why something is missing. */
  onMiss: OnMiss;
}

/**
 * The runs of a repository that ended within a window: the newest ones by their list, those that were run again by
 * their new tasks where the server has such, else by their attempts.
 */
export async function readEndedRuns(reading: RunsReading): Promise<EndedRun[]> {
  const { window, server } = reading;
  const { lists, attemptsCount } = server.platform;
  const horizon = toHorizon(window, lists.reach);
  const tasks = await readEndedTasks(horizon, reading);
  const listed = await listRuns(reading, (run) => isBefore(run, horizon));
  const known = new Set(listed.map(({ number }) => number));
  const older = [...tasks.values()].filter(({ runNumber }) => !known.has(runNumber));
  const runs = [...listed, ...(await readOlderRuns(older, reading))];
  if (attemptsCount === 'run') return readAttempts(runs, reading);
  return runs
    .filter(({ conclusion, number = '', end }) => conclusion && (tasks.has(number) || endedSince(end, window)))
    .map((details) => ({ id: details.id!, details }));
}

/** One of the tasks that ended within the window, by the number of its run. */
async function readEndedTasks(
  horizon: string,
  { window, server, onMiss }: RunsReading,
): Promise<ReadonlyMap<string, ApiTask>> {
  const { tasks } = server.platform.lists;
  if (!tasks) return new Map();
  const { ref } = server;
  const list = {
    at: (page: number) => tasks(ref, page),
    parse: parseTasks,
    toKey: ({ id }: ApiTask) => id,
    isEnough: (all: readonly ApiTask[]) => all.some(({ createdAt }) => createdAt !== undefined && createdAt < horizon),
  };
  const all = (await readList(server, list, onMiss)) ?? [];
  const ended = all.filter(({ runNumber, endedAt }) => runNumber && endedAt && endedSince(endedAt, window));
  return new Map(ended.map((task) => [task.runNumber!, task]));
}

/** The runs of tasks, which are older than those that were listed. */
async function readOlderRuns(tasks: readonly ApiTask[], reading: RunsReading): Promise<RunDetails[]> {
  const { server, onMiss } = reading;
  const { platform, ref } = server;
  const found: RunDetails[] = [];
  const missing = new Set<string>();
  for (const task of tasks) {
    const where = platform.lists.runOfTask?.(ref, task);
    // What is not there is another server's way to number, or was deleted.
    const read = where && (await server.read({ ...where, parse: parseRuns }, unlessAbsent(onMiss)));
    const run = read?.items.find(({ number }) => number === task.runNumber);
    if (run) found.push(run);
    else missing.add(task.runNumber!);
  }
  return missing.size === 0 ? found : [...found, ...(await searchRuns(missing, reading))];
}

/** Runs by their numbers, which grow with time. */
async function searchRuns(numbers: ReadonlySet<string>, reading: RunsReading): Promise<RunDetails[]> {
  const lowest = Math.min(...[...numbers].map(Number));
  const all = await listRuns(reading, ({ number }) => Number(number) <= lowest);
  return all.filter(({ number = '' }) => numbers.has(number));
}

/** The newest runs, back to one of which this is true. */
async function listRuns({ server, onMiss }: RunsReading, isLast: (run: RunDetails) => boolean): Promise<RunDetails[]> {
  const { platform, ref } = server;
  const list = {
    at: (page: number) => platform.lists.runs(ref, page),
    isEnough: (all: readonly RunDetails[]) => all.some(isLast),
  };
  return (await readRuns(server, list, onMiss)) ?? [];
}

/** What is not there is no loss. */
function unlessAbsent(onMiss: OnMiss): OnMiss {
  return (unread) => unread.status === 404 || onMiss(unread);
}

/** The attempts that ended within the window; one begins when the one before has ended. */
async function readAttempts(runs: readonly RunDetails[], { window, server, onMiss }: RunsReading): Promise<EndedRun[]> {
  const { platform, ref } = server;
  const ended: EndedRun[] = [];
  for (const run of runs) {
    const id = run.id!;
    let details: RunDetails | undefined = run;
    for (let attempt = run.attempt ?? 1; details && attempt >= 1; attempt -= 1) {
      const hasEnded = details.conclusion !== undefined;
      if (hasEnded && !endedSince(details.end, window)) break;
      if (hasEnded) ended.push({ id, details, attempt });
      if (attempt === 1 || !endedSince(details.start, window)) break;
      const before = platform.wholeRun.attempt({ ...ref, id, attempt: attempt - 1 });
      // A server that was updated in between has none of before.
      details = await server.read({ ...before, parse: parseRunDetails }, unlessAbsent(onMiss));
    }
  }
  return ended;
}
