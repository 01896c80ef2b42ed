import { lacksSecrets, toOwnRun } from '../pipeline/own-run.js';
import { readConfig } from '../runner/inputs.js';
import { parsePayload } from '../runner/payload.js';
import type { Runner } from '../runner/runner.js';
import { openSession, type Session } from '../runner/session.js';
import { openPlatform } from '../server/platforms/detect.js';
import type { Platform, PlatformKind } from '../server/platforms/platform.js';
import { warnNoKey, warnNoRunner } from './warnings.js';

/** A phase's session by its inputs, and its server; what is unusable is said. `seconds` as in `openSession`. */
export function openPhase(raw: Runner, platforms: readonly PlatformKind[], seconds: number) {
  const { runner, platform } = openPlatform(raw, platforms);
  const { config, problems } = readConfig(runner.input, runner.env);
  const session = openSession(runner, seconds, { config });
  problems.forEach(session.log.warn);
  return { session, platform };
}

/**
 * This job's run by what the runner tells, and whether there is a key and an address, or a dry run; undefined where the
 * run can't be told from others. What is missing is said.
 */
export function readTold(platform: Platform, { runner, config, log }: Session) {
  const { env } = runner;
  const payload = parsePayload(readEvent(runner));
  const run = toOwnRun({ env, payload }, platform, config);
  if ('missing' in run) return void warnNoRunner(run.missing, log);
  const hasKey = config.dryRun || config.apiKey !== '';
  if (!hasKey) warnNoKey(lacksSecrets(env, payload), config, log);
  // An unusable address was named with the other inputs.
  return { payload, run, canSend: hasKey && (config.dryRun || config.intake !== '') };
}

/** The text of the event that started the run; undefined where there is none. */
export function readEvent({ env, readFile }: Runner): string | undefined {
  return readFile(env['GITHUB_EVENT_PATH'] ?? '');
}
