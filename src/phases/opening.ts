import type { Run } from '../model/run.js';
import { lacksSecrets, toOwnRun } from '../pipeline/own-run.js';
import { parsePayload, type Payload } from '../runner/payload.js';
import type { Runner } from '../runner/runner.js';
import { openSession, type Session } from '../runner/session.js';
import { openPlatform } from '../server/platforms/detect.js';
import type { Platform, PlatformKind } from '../server/platforms/platform.js';
import { toMissing, warnNoKey, warnUnusable } from './warnings.js';

/** A phase's session and its server; what is unusable in the inputs is said. `seconds` as in `openSession`. */
export function openPhase(
  raw: Runner,
  platforms: readonly PlatformKind[],
  seconds: number,
): { session: Session; platform: Platform } {
  const { runner, platform } = openPlatform(raw, platforms);
  const { problems, ...session } = openSession(runner, seconds);
  warnUnusable(problems, session.log);
  return { session, platform };
}

/** What the runner tells of this job's run. */
interface Told {
  /** The text of the event's file. */
  eventFile: string | undefined;
  payload: Payload;
  run: Run;
  /** There is a key and an address, or a dry run. */
  canSend: boolean;
}

/** This job's run by what the runner tells; undefined where it can't be told from others. What is missing is said. */
export function readTold(platform: Platform, { runner, config, log }: Session): Told | undefined {
  const { env } = runner;
  const eventFile = runner.readFile(env['GITHUB_EVENT_PATH'] ?? '');
  const payload = parsePayload(eventFile);
  const run = toOwnRun({ env, payload }, platform, config);
  if ('missing' in run) return void log.warn(toMissing(run.missing));
  const hasKey = config.dryRun || config.apiKey !== '';
  if (!hasKey) warnNoKey(lacksSecrets(env, payload), config, log);
  // An unusable address was named with the other inputs.
  return { eventFile, payload, run, canSend: hasKey && (config.dryRun || config.intake !== '') };
}
