import { type ApiJob, type ApiJobs, parseJob, parseJobPage, parseSteps } from './answers.js';
import type { Unread } from './client.js';
import { attemptOf, type Server } from './server.js';

/** The jobs of a run, each once, in the server's order, and how many of them could not be read. */
export interface JobList extends Omit<ApiJobs, 'complete'> {
  missing: number;
  /** Nothing at all could be read, so that it is not even known how many are missing. */
  unread: boolean;
  /** The first reason why something is missing. */
  why?: Unread | undefined;
}

/** Pages that are read side by side; GitHub's secondary limit begins at 100 requests at once. */
const AT_ONCE = 10;

/** More pages than that are no run but a mistake. */
const MOST_PAGES = 1_000;

/** All jobs of an attempt: the first page tells how many there are, the others are read side by side. */
export async function listJobs(server: Server): Promise<JobList> {
  const { platform, ref } = server;
  const attempt = attemptOf(platform, ref);
  const pages: ApiJob[][] = [];
  const known = new Set<string>();
  let why: Unread | undefined;
  // A server may give less on a page than it was asked for.
  let [size, total, next, last, failed] = [0, 0, 1, 1, 0];
  const readNext = async (): Promise<void> => {
    const number = next;
    next += 1;
    const where = platform.wholeRun.jobs(ref, number);
    if (!where) return;
    const page = await server.read(
      { ...where, parse: (body) => parseJobPage(body, attempt, parseCompact) },
      (unread) => (why ??= unread),
    );
    if (!page) failed += 1;
    // While a run goes on, its list grows, and a job may move to the next page between two reads.
    const jobs = (page?.items ?? []).filter(({ id }) => id === undefined || known.size < known.add(id).size);
    pages[number - 1] = jobs;
    size = Math.max(size, page?.items.length ?? 0);
    total = Math.max(total, page?.total ?? 0);
    // What the server counts may be less than what it lists.
    const goesOn = known.size > total && jobs.length === size;
    last = Math.min(MOST_PAGES, Math.max(last, Math.ceil(total / (size || 1)), goesOn ? number + 1 : 0));
  };
  const work = async (): Promise<void> => {
    while (next <= last) await readNext();
  };
  await readNext();
  while (next <= last) await Promise.all(Array.from({ length: Math.min(AT_ONCE, last - next + 1) }, work));
  const jobs = pages.flat();
  const missing = Math.max(total - jobs.length, failed > 0 ? 1 : 0);
  return { jobs, missing, unread: size === 0 && failed > 0, why };
}

/** What is kept of a step. */
const STEP_FIELDS = ['name', 'number', 'conclusion', 'started_at', 'completed_at'];

/**
 * A job in little memory: until they are asked for, its steps are bytes outside of the heap, whose size decides how
 * much garbage the engine lets lie.
 */
export function parseCompact(body: unknown, attempt: number | undefined): ApiJob | undefined {
  if (!body || typeof body !== 'object') return undefined;
  const { steps, ...rest } = body as { steps?: unknown };
  const job = parseJob(rest, attempt);
  if (!job) return undefined;
  const packed = Buffer.from(JSON.stringify(steps ?? [], STEP_FIELDS));
  return Object.defineProperty(job, 'steps', { get: () => parseSteps(JSON.parse(packed.toString())) });
}
