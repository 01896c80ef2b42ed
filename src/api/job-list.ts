import type { Place, Platform } from '../platform.js';
import type { ApiJob } from './answers.js';
import type { Server, Unread } from './server.js';
import { type JobPage, parseJobPage } from './whole-run.js';

/** The jobs of a run, and how many of them could not be read. */
export interface JobList {
  /** Each once, in the server's order. */
  jobs: ApiJob[];
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
export async function listJobs(server: Server, platform: Platform, place: Place, atOnce = AT_ONCE): Promise<JobList> {
  let why: Unread | undefined;
  const read = (page: number): Promise<JobPage | undefined> =>
    server.read(
      { ...platform.wholeRun.jobs(place, page), parse: (body) => parseJobPage(body, place.attempt) },
      (unread) => (why ??= unread),
    );
  const first = await read(1);
  if (!first) return { jobs: [], missing: 0, unread: true, why };
  const total = first.total ?? first.jobs.length;
  // A server may give less on a page than it was asked for.
  const last = first.jobs.length === 0 ? 1 : Math.min(MOST_PAGES, Math.ceil(total / first.jobs.length));
  const pages = [first.jobs];
  let next = 2;
  const work = async (): Promise<void> => {
    while (next <= last) {
      const page = next;
      next += 1;
      pages[page - 1] = (await read(page))?.jobs ?? [];
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, last - 1) }, work));
  const jobs = toDistinct(pages.flat());
  return { jobs, missing: Math.max(0, total - jobs.length), unread: false, why };
}

/** While a run goes on, its list grows, and a job may move to the next page between two reads. */
function toDistinct(jobs: readonly ApiJob[]): ApiJob[] {
  const known = new Set<string>();
  return jobs.filter(({ id }) => {
    if (id === undefined) return true;
    const isNew = !known.has(id);
    known.add(id);
    return isNew;
  });
}
