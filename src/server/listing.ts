import * as s from '../model/shape.js';
import { soft, text } from '../model/soft.js';
import { toServerUrl } from '../model/url.js';
import type { Client, OnMiss, Unread } from './client.js';
import { growList, type Page, parsePage } from './list-page.js';
import type { Endpoint } from './platforms/platform.js';
import { parseRunDetails, type RunDetails } from './run-details.js';

/** A repository as a server lists it. */
export interface Repository {
  /** `owner/name`. */
  name: string;
  /** The server's public address, without a slash at its end; absent where it is not told. */
  serverUrl?: string | undefined;
  defaultBranch?: string | undefined;
  /** Archived, empty, or without actions: it has no new runs. */
  isIdle: boolean;
}

const flag = soft(s.boolean);
const RepositoryBody = s.object({
  full_name: s.string,
  html_url: text,
  default_branch: text,
  archived: flag,
  empty: flag,
  has_actions: flag,
});

/** A repository (REST docs of GitHub, "Get a repository"; Gitea and Forgejo also tell `empty` and `has_actions`). */
export function parseRepository(body: unknown): Repository | undefined {
  const data = s.read(RepositoryBody, body);
  if (!data) return undefined;
  const { full_name: name, default_branch, archived, empty, has_actions } = data;
  return {
    name,
    serverUrl: toServerUrl(data),
    defaultBranch: default_branch,
    isIdle: archived === true || empty === true || has_actions === false,
  };
}

/** A page of repositories, which no server counts. */
export function parseRepositories(body: unknown): Page<Repository> | undefined {
  if (!Array.isArray(body)) return undefined;
  return { items: body.map(parseRepository).filter((one) => one !== undefined) };
}

/** A page of runs; servers may give a single one where a list was asked for. */
export function parseRuns(body: unknown): Page<RunDetails> | undefined {
  const page = parsePage(body, parseRunDetails);
  const items = (page?.items ?? [parseRunDetails(body)]).filter((run) => run?.id !== undefined) as RunDetails[];
  return page || items.length > 0 ? { items, total: page?.total } : undefined;
}

/** More pages than that are a mistake. */
const MOST_PAGES = 400;

/** What a list is read with. */
interface ListReader<T> {
  /** Where a page is; a later place is tried where the first one is not there. */
  at(page: number): Endpoint | readonly Endpoint[];
  parse(body: unknown): Page<T> | undefined;
  toKey(item: T): unknown;
  /** Whether older items tell nothing more. */
  isEnough?(all: readonly T[]): boolean;
}

/** All of a list, or as much of it as tells enough; undefined where a page can't be read. */
export async function readList<T>(client: Client, reader: ListReader<T>, onMiss: OnMiss): Promise<T[] | undefined> {
  const read = (page: number) => readPage(client, reader, { page, onMiss });
  for await (const { items, isAll } of growList(read, reader.toKey)) {
    if (isAll || reader.isEnough?.(items)) return items;
  }
  return undefined;
}

/** The runs of such a list. */
export async function readRuns(
  client: Client,
  reader: Pick<ListReader<RunDetails>, 'at' | 'isEnough'>,
  onMiss: OnMiss,
): Promise<RunDetails[] | undefined> {
  return readList(client, { ...reader, parse: parseRuns, toKey: ({ id }) => id }, onMiss);
}

async function readPage<T>(
  client: Client,
  { at, parse }: ListReader<T>,
  { page, onMiss }: { page: number; onMiss: OnMiss },
): Promise<Page<T> | undefined> {
  if (page > MOST_PAGES) return void onMiss({ why: `the list has more than ${MOST_PAGES} pages` });
  const places = [at(page)].flat();
  for (const [index, place] of places.entries()) {
    const missed: Unread[] = [];
    const read = await client.read({ ...place, parse }, (unread) => missed.push(unread));
    const [unread] = missed;
    if (unread?.status === 404 && index < places.length - 1) continue;
    if (unread) onMiss(unread);
    return read;
  }
  return undefined;
}
