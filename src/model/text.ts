/** Values shorter than this are no credential anybody uses, and replacing them would garble innocent text. */
const SHORTEST_SECRET = 8;

/* eslint-disable-next-line no-control-regex -- these are the characters that must not leave */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** The user part of a URL, also where the scheme is lost; bounded, because the text may be anybody's and long. */
const URL_CREDENTIALS =
  /(\b[a-z][a-z0-9+.-]{0,40}:\/\/)[^\s/?#"<>`]{1,2000}@|(\/\/)[^\s/?#"<>`:]{1,1000}:[^\s/?#"<>`]{1,1000}@/gi;

/** A function that takes the given secrets out of a text. */
export function createHider(secrets: readonly string[]): (text: string) => string {
  const hidden = secrets.filter((secret) => secret.length >= SHORTEST_SECRET).sort((a, b) => b.length - a.length);
  return (text) => hidden.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

/** A function that takes the given secrets, and the user part of any URL, out of a text. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const hide = createHider(secrets);
  return (text) => hide(stripUserInfo(text));
}

/** The text without the user part of any URL in it. */
export function stripUserInfo(text: string): string {
  return text.replace(URL_CREDENTIALS, '$1$2');
}

/** Well-formed Unicode without control characters other than tab and line feed. */
export function toPlain(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(CONTROL, '').toWellFormed();
}

/** Plain text on one line, runs of white space folded, at most `max` characters. */
export function toLine(text: string, max = 500): string {
  return cut(toPlain(text).replace(/\s+/g, ' ').trim(), max);
}

/** The text itself, or its beginning and an ellipsis in `max` UTF-16 units, never half a character. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** So many things are named where there may be thousands. */
export const FEW = 5;

/** The first few of some names, and how many more there are. */
export function toFew(names: readonly string[], { count = names.length, by = ', ', most = FEW } = {}): string {
  return `${names.slice(0, most).join(by)}${count > most ? ` and ${count - most} more` : ''}`;
}

/** The value with every string in it, keys too, passed through `change` with the keys above it; undefined drops it. */
export function mapStrings<T>(value: T, change: (text: string, keys: readonly string[]) => string | undefined): T {
  const walk = (part: unknown, keys: readonly string[]): unknown => {
    if (typeof part === 'string') return change(part, keys);
    if (Array.isArray(part)) return part.map((inner) => walk(inner, keys)).filter((inner) => inner !== undefined);
    if (part && typeof part === 'object') {
      return Object.fromEntries(
        Object.entries(part).map(([key, inner]) => [change(key, []) ?? '', walk(inner, [...keys, key])]),
      );
    }
    return part;
  };
  return walk(value, []) as T;
}

/**
 * Text that a runner does not take for a workflow command: `##[` counts anywhere in a line (GitHub's
 * ActionCommand.TryParse), `::` at its start.
 */
export function toInert(text: string): string {
  return text.replaceAll('##[', '# #[').replace(/^([^\S\n]*):(?=:)/gm, '$1:\u200b');
}

/** JSON that a runner does not take for a workflow command, and that still parses to the same value. */
export function toInertJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('##[', '#\\u0023[');
}

/** A file's name without its folders. */
export function toFileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether an id, a whole number of any length, is lower than another: they grow with time. Not if one is unknown. */
export function isLower(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.length === b.length ? a < b : a.length < b.length;
}

/** A name as a part of a URL's path, with the slashes that it has. */
export function toPath(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}
