/** The time that a phase may still spend on the network: one deadline covers reads, sending and all retries. */
export interface Deadline {
  /** Milliseconds left, never negative. */
  remaining(): number;
}

/** A deadline `seconds` from now, by a clock in milliseconds that never jumps. */
export function createDeadline(seconds: number, clock: () => number): Deadline {
  const end = clock() + seconds * 1000;
  return { remaining: () => Math.max(0, end - clock()) };
}
