/** Something that went wrong, as a user needs to hear it: what did not happen, why, and what to do. */
export interface Problem {
  what: string;
  why: string;
  fix: string;
}

/** Why something did not happen, and what to do. */
export type Reason = Omit<Problem, 'what'>;

/** One paragraph in the order what, why, fix. */
export function toSentence({ what, why, fix }: Problem): string {
  return `${what}: ${why}. ${fix}`;
}

/**
 * The messages of an error and of all its causes, outermost first: undici says "fetch failed" and keeps the reason in
 * `cause`, Node keeps the reasons of several addresses in `errors`.
 */
export function toCauseChain(error: unknown): string {
  const messages: string[] = [];
  const seen = new Set<unknown>();
  const visit = (value: unknown): void => {
    if (value === undefined || value === null || seen.has(value) || seen.size > 10) return;
    seen.add(value);
    if (!(value instanceof Error)) return void messages.push(toText(value));
    const code = 'code' in value && typeof value.code === 'string' ? value.code : '';
    const text = value.message || code || value.name;
    messages.push(code && !text.includes(code) ? `${text} (${code})` : text);
    if (value instanceof AggregateError) value.errors.forEach(visit);
    visit(value.cause);
  };
  visit(error);
  return [...new Set(messages)].join(', because: ') || 'unknown error';
}

/** What was thrown that is no error; not everything has JSON. */
function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    const json: unknown = JSON.stringify(value);
    return typeof json === 'string' ? json : typeof value;
  } catch {
    return Object.prototype.toString.call(value);
  }
}
