import { createDeadline, type Deadline } from './deadline.js';
import type { Config } from './inputs.js';
import { createLog, type Log } from './log.js';
import type { Runner } from './runner.js';

/** What must not show, wherever it may turn up: the log, events, job logs. */
export function readSecrets({ apiKey, token }: Config, { input, env }: Pick<Runner, 'input' | 'env'>): string[] {
  const all = [apiKey, token, input('job-token'), env['ACTIONS_RUNTIME_TOKEN'] ?? ''];
  return [...new Set(all.filter(Boolean))];
}

/** What a phase works with from its first line to its last. */
export interface Session {
  runner: Runner;
  config: Config;
  log: Log;
  /** For all that the phase does on the network. */
  deadline: Deadline;
}

/** A phase's session; `seconds` count where `timeout` is empty, and what an earlier phase `logged` is not repeated. */
export function openSession(
  runner: Runner,
  seconds: number,
  { config, logged = [] }: { config: Config; logged?: readonly string[] },
): Session {
  const secrets = readSecrets(config, runner);
  // What the log must not show is masked with the runner too.
  secrets.forEach(runner.mask);
  const log = createLog(runner.sink, { ...config, secrets, logged });
  return { runner, config, log, deadline: createDeadline(config.timeout ?? seconds, runner.clock) };
}
