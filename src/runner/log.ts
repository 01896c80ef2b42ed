import { type Problem, toSentence } from '../model/problem.js';
import { createHider, createRedactor, toInert } from '../model/text.js';
import type { Config } from './inputs.js';
import type { LogWriter } from './runner.js';

/** What the phases say; nothing said here holds a credential, starts a workflow command, or is said twice. */
export interface Log extends Pick<LogWriter, 'debug' | 'info' | 'notice'> {
  warn(problem: Problem): void;
  /** Fails the step whatever the inputs say. */
  fail(problem: Problem): void;
  /** A folded group; the body is printed as it is but for the secrets, so it has to be inert already. */
  group(title: string, body: string): void;
  /** Takes every credential out of a text; what leaves by another way than the log needs it too. */
  redact(text: string): string;
  /** The notices and warnings so far, for the state: what main said, post does not repeat. */
  readonly logged: readonly string[];
}

/** What a log hides, and how it writes. */
export interface LogOptions extends Pick<Config, 'failOnError' | 'debug'> {
  secrets: readonly string[];
  logged: readonly string[];
}

/** A log that writes to `sink`. */
export function createLog(sink: LogWriter, { secrets, failOnError, debug, logged }: LogOptions): Log {
  const redact = createRedactor(secrets);
  const hide = createHider(secrets);
  const clean = (text: string): string => toInert(redact(text));
  const all = [...logged];
  const once = (write: (text: string) => void, text: string): void => {
    const words = clean(text);
    if (all.includes(words)) return;
    all.push(words);
    write(words);
  };
  return {
    debug: (text) => (debug ? sink.info(`Datadog debug: ${clean(text)}`) : sink.debug(clean(text))),
    info: (text) => sink.info(clean(text)),
    notice: (text) => once(sink.notice, text),
    warn: (problem) => once(failOnError ? sink.fail : sink.warning, toSentence(problem)),
    fail: (problem) => once(sink.fail, toSentence(problem)),
    group: (title, body) => sink.group(clean(title), hide(body)),
    redact,
    logged: all,
  };
}
