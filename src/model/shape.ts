/** Where a value does not fit its shape, and why. */
export interface Issue {
  path: (string | number)[];
  message: string;
}

/**
 * Takes from a value of unknown origin what it is to hold, and adds to the issues what does not fit; what it returns is
 * of no use then. Functions, for every job sets them up: a library's schemas took it 9 ms on Node 20.
 */
export type Shape<T> = (value: unknown, issues: Issue[]) => T;

/** What a shape takes from a value. */
export type Shaped<S> = S extends Shape<infer T> ? T : never;

/** What the shape takes from a value; undefined where that does not fit. */
export function read<T>(shape: Shape<T>, value: unknown): T | undefined {
  const issues: Issue[] = [];
  const found = shape(value, issues);
  return issues.length === 0 ? found : undefined;
}

/** All of a value that does not fit the shape. */
export function check(shape: Shape<unknown>, value: unknown): Issue[] {
  const issues: Issue[] = [];
  shape(value, issues);
  return issues;
}

/** Values that pass a test, as they are. */
export function are<T>(test: (value: unknown) => value is T): Shape<T> {
  return where((value) => value as T, test);
}

/** Values of a shape that also pass a test. */
export function where<T>(
  shape: Shape<T>,
  test: (found: T, value: unknown) => boolean,
  message = 'Invalid input',
): Shape<T> {
  return (value, issues) => {
    const before = issues.length;
    const found = shape(value, issues);
    if (issues.length === before && !test(found, value)) issues.push({ path: [], message });
    return found;
  };
}

/** Anything. */
export const unknown: Shape<unknown> = (value) => value;
/** A text. */
export const string = are((value) => typeof value === 'string');
/** A number; JSON may hold one that is infinite, `1e999`. */
export const number = are((value): value is number => Number.isFinite(value));
/** Yes or no. */
export const boolean = are((value) => typeof value === 'boolean');

/** One of some words. */
export function oneOf<T extends string>(...words: T[]): Shape<T> {
  return are((value): value is T => words.includes(value as T));
}

/** A text that the pattern matches. */
export function matching(pattern: RegExp): Shape<string> {
  return where(string, (text) => pattern.test(text));
}

/** The shape, or nothing. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value, issues) => (value === undefined ? undefined : shape(value, issues));
}

/** A list whose parts all have the shape. */
export function list<T>(shape: Shape<T>): Shape<T[]> {
  return holding(isList, (all, part) => all.map((one, index) => part(index, shape, one)));
}

/** An object with any keys, whose values all have the shape. */
export function record<T>(shape: Shape<T>): Shape<Record<string, T>> {
  return holding(isObject, (whole, part) =>
    Object.fromEntries(Object.entries(whole).map(([key, value]) => [key, part(key, shape, value)])),
  );
}

type Fields = Record<string, Shape<unknown>>;
type Parts<F> = { [K in keyof F]: Shaped<F[K]> };
type Absent<P> = { [K in keyof P]: undefined extends P[K] ? K : never }[keyof P];
type Optional<P> = Omit<P, Absent<P>> & Partial<Pick<P, Absent<P>>>;
type Merged<T> = { [K in keyof T]: T[K] };

/** These fields, whatever else there is. */
export function object<F extends Fields>(fields: F): Shape<Merged<Optional<Parts<F>>>> {
  const entries = Object.entries(fields);
  return holding(isObject, (whole, part) => {
    const found: Record<string, unknown> = {};
    for (const [key, shape] of entries) {
      const value = part(key, shape, whole[key]);
      if (value !== undefined) found[key] = value;
    }
    return found as Merged<Optional<Parts<F>>>;
  });
}

/** These fields and no others. */
export function strictObject<F extends Fields>(fields: F): ReturnType<typeof object<F>> {
  const isKnown = (key: string): boolean => Object.hasOwn(fields, key);
  return where(object(fields), (_, value) => Object.keys(value as object).every(isKnown));
}

type Part = <T>(key: string | number, shape: Shape<T>, value: unknown) => T;

/** What has parts, whose issues tell where they are. */
function holding<W, T>(isWhole: (value: unknown) => value is W, take: (whole: W, part: Part) => T): Shape<T> {
  const whole = are(isWhole);
  return (value, issues) => {
    const before = issues.length;
    const found = whole(value, issues);
    const part: Part = (key, shape, value) => {
      const known = issues.length;
      const found = shape(value, issues);
      for (let index = known; index < issues.length; index += 1) issues[index]!.path.unshift(key);
      return found;
    };
    return issues.length > before ? (found as never) : take(found, part);
  };
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
