import { groupBy } from '../model/group-by.js';
import { isSameRepository } from '../pipeline/revision.js';
import type { OnMiss, Unread } from '../server/client.js';
import { parseRepositories, parseRepository, readList, type Repository } from '../server/listing.js';
import type { Server } from '../server/server.js';

/** A repository whose runs are meant. */
export interface MeantRepository extends Repository {
  /** What the log may call it: the line that names it. */
  shown: string;
  /** It is the one of this job. */
  isOwn: boolean;
}

/**
 * The repositories of these lines, `owner/name` or `owner/*`, each once, without those that have no new runs; no line
 * means this one. Hears which line's repositories can't be read, and why.
 */
export async function readRepositories(
  lines: readonly string[],
  server: Server,
  onUnreadable: (shown: string, unread: Unread) => void,
): Promise<MeantRepository[]> {
  const own = server.ref.repository;
  const read = async (shown: string): Promise<Omit<MeantRepository, 'isOwn'>[]> => {
    const found = await readLine(shown, server, (unread) => onUnreadable(shown, unread));
    return (found ?? []).filter(({ isIdle }) => !isIdle).map((one) => ({ ...one, shown }));
  };
  // Of a repository that stands in several lines the one that names it counts.
  const named = [...lines.filter((line) => !isOwner(line)), ...lines.filter(isOwner)];
  const all = (await Promise.all([...new Set(lines.length > 0 ? named : [own])].map(read))).flat();
  const groups = [...groupBy(all, ({ name }) => name.toLowerCase()).values()];
  return groups.map(([one]) => ({ ...one!, isOwn: isSameRepository(one!.name, own) }));
}

function isOwner(line: string): boolean {
  return line.endsWith('/*');
}

async function readLine(line: string, server: Server, onMiss: OnMiss): Promise<Repository[] | undefined> {
  const { lists } = server.platform;
  if (!isOwner(line)) {
    const one = await server.read({ ...lists.repository(line), parse: parseRepository }, onMiss);
    return one && [one];
  }
  const owner = line.slice(0, -'/*'.length);
  const toKey = ({ name }: Repository): string => name;
  return readList(server, { at: (page) => lists.repositories(owner, page), parse: parseRepositories, toKey }, onMiss);
}
