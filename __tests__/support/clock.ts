/** When the fixtures' runs take place. */
export const NOW = Date.parse('2026-11-20T09:15:30.123Z');

export type Clock = ReturnType<typeof aClock>;

/** A clock that stands still until somebody sleeps or a test lets time pass. */
export function aClock(start = NOW) {
  let wall = start;
  // Far from the wall clock, so that mixing the two up shows.
  let steady = 5_000;
  const sleeps: number[] = [];
  const pass = (milliseconds: number): void => {
    wall += milliseconds;
    steady += milliseconds;
  };
  return {
    now: () => wall,
    clock: () => steady,
    /** Every sleep that was asked for; it is over at once, and time has passed. */
    sleeps,
    sleep: (milliseconds: number): Promise<void> => {
      sleeps.push(milliseconds);
      pass(milliseconds);
      return Promise.resolve();
    },
    pass,
    /** Somebody sets the wall clock; the steady one does not notice. */
    setWall: (milliseconds: number) => {
      wall = milliseconds;
    },
  };
}
