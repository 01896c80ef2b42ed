import type { Run } from '../model/run.js';
import { lacksSecrets, toOwnRun } from '../pipeline/own-run.js';
import { parsePayload, type Payload } from '../runner/payload.js';
import type { Session } from '../runner/session.js';
import type { Platform } from '../server/platforms/platform.js';
import { toMissing, warnNoKey } from './warnings.js';

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
