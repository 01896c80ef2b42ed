import type { Unread } from '../server/client.js';
import { parseRepositories, parseRepository, readList, type Repository } from '../server/listing.js';
import type { Server } from '../server/server.js';
import { isSameRepository, toNamed } from './listed-run.js';

/** A repository whose runs are meant. */
export interface MeantRepository extends Repository {
  /** What the log may call it: the line that names it. */
  shown: string;
  /** It is the one of this job. */
  isOwn: boolean;
}

/** Hears which line's repositories can't be read, and why. */
type OnUnreadable = (shown: string, unread: Unread) => void;

/** The repositories of these lines, each once, without those that have no new runs; no line means this one. */
export async function readRepositories(
  lines: readonly string[],
  server: Server,
  onUnreadable: OnUnreadable,
): Promise<MeantRepository[]> {
  const own = server.ref.repository;
  const { names, owners } = lines.length > 0 ? toNamed(lines) : { names: [own], owners: [] };
  const read = await Promise.all([
    ...names.map((name) => readOne(name, server, onUnreadable)),
    ...owners.map((owner) => readAll(owner, server, onUnreadable)),
  ]);
  const byName = new Map<string, MeantRepository>();
  for (const one of read.flat()) {
    const isOwn = isSameRepository(one.name, own);
    const key = one.name.toLowerCase();
    if (!one.isIdle && !byName.has(key)) byName.set(key, { ...one, isOwn });
  }
  return [...byName.values()];
}

async function readOne(
  name: string,
  server: Server,
  onUnreadable: OnUnreadable,
): Promise<Omit<MeantRepository, 'isOwn'>[]> {
  const where = server.platform.lists.repository(name);
  const read = await server.read({ ...where, parse: parseRepository }, (unread) => onUnreadable(name, unread));
  return read ? [{ ...read, shown: name }] : [];
}

async function readAll(
  owner: string,
  server: Server,
  onUnreadable: OnUnreadable,
): Promise<Omit<MeantRepository, 'isOwn'>[]> {
  const shown = `${owner}/*`;
  const read = await readList(
    server,
    {
      at: (page) => server.platform.lists.repositories(owner, page),
      parse: parseRepositories,
      toKey: ({ name }: Repository) => name,
    },
    (unread) => onUnreadable(shown, unread),
  );
  return (read ?? []).map((one) => ({ ...one, shown }));
}
