const LINE_FEED = 10;

/** Bytes of a log that are held: what a usual job writes, and little for the runner. */
const MOST_BYTES = 16 * 1024 * 1024;

/** The end of a log that is read as a stream. */
export interface LogTail {
  push(bytes: Buffer): void;
  /** All lines of the log so far, also the last one without an end. */
  total(): number;
  /** The number of the first line that is wanted, from 1. */
  first(): number;
  /** The bytes from there on; undefined where they are more than what is held, so that they have to be read again. */
  bytes(): Buffer[] | undefined;
  /** Some bytes from the end, for a look at its last lines. */
  last(): Buffer;
}

/** Holds the last `lines` lines of a log, within a limit of bytes. */
export function createTail(lines: number, mostBytes = MOST_BYTES): LogTail {
  const chunks: { bytes: Buffer; ends: number }[] = [];
  let [ends, held, heldEnds, dropped] = [0, 0, 0, 0];
  // The log, and what was dropped of it, ends within a line.
  let [isOpen, isCutInside] = [false, false];
  const total = (): number => ends + (isOpen ? 1 : 0);
  const first = (): number => Math.max(1, total() - lines + 1);
  return {
    push(bytes) {
      if (bytes.length === 0) return;
      const chunk = { bytes, ends: countLines(bytes) };
      chunks.push(chunk);
      ends += chunk.ends;
      held += bytes.length;
      heldEnds += chunk.ends;
      isOpen = bytes.at(-1) !== LINE_FEED;
      for (let [oldest] = chunks; oldest && chunks.length > 1; [oldest] = chunks) {
        // One line more than wanted: the first chunk that stays may begin in the middle of one.
        if (heldEnds - oldest.ends <= lines && held <= mostBytes) break;
        chunks.shift();
        held -= oldest.bytes.length;
        heldEnds -= oldest.ends;
        dropped += oldest.ends;
        isCutInside = oldest.bytes.at(-1) !== LINE_FEED;
      }
    },
    total,
    first,
    bytes: () => {
      const skipped = first() - 1 - dropped;
      const isHeld = skipped > 0 || (skipped === 0 && !isCutInside);
      return isHeld ? chunks.map(({ bytes }) => bytes).map(createSkipper(skipped)) : undefined;
    },
    last: () => Buffer.concat(chunks.slice(-2).map(({ bytes }) => bytes)),
  };
}

/** Drops lines from the beginning of a stream of bytes. */
export function createSkipper(lines: number): (bytes: Buffer) => Buffer {
  let left = lines;
  return (bytes) => {
    let start = 0;
    while (left > 0) {
      const end = bytes.indexOf(LINE_FEED, start);
      if (end < 0) return bytes.subarray(bytes.length);
      start = end + 1;
      left -= 1;
    }
    return bytes.subarray(start);
  };
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}
