import type { Config } from './inputs.js';
import { createLog, type Log } from './log.js';
import type { Runner } from './runner.js';

/** The log of a phase; what it must not show is masked with the runner too. */
export function openLog(
  { apiKey, token, failOnError }: Config,
  { env, sink, mask }: Runner,
  said: readonly string[] = [],
): Log {
  const secrets = [apiKey, token, env['ACTIONS_RUNTIME_TOKEN'] ?? ''].filter(Boolean);
  secrets.forEach(mask);
  return createLog(sink, { secrets, failOnError, said });
}
