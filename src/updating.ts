import { createDeadline } from './deadline.js';
import { toEvents } from './events/event.js';
import { readConfig } from './inputs.js';
import { openLog } from './log.js';
import type { Ports } from './ports.js';
import { toRuntimeLines } from './runtime-file.js';
import { send } from './send.js';
import { tellLeft } from './tags-left.js';
import { parseUpdatable, RUNNING_EVENTS, RUNTIME_FILE, toUpdated } from './updatable.js';

/** Seconds that an update may spend on the network where the input `timeout` says nothing: the job waits for them. */
const DEFAULT_TIMEOUT = 5;

/** `update/`: adds tags, measures and parameters to what main started, now, and by the run-time file also to the final events. */
export async function reportUpdate(ports: Ports): Promise<void> {
  const { config, problems } = readConfig(ports.input, ports.env);
  const log = openLog(config, ports);
  problems.forEach((problem) => log.warn(problem));
  const started = parseUpdatable(ports.env[RUNNING_EVENTS]);
  if (!started) {
    return log.warn({
      what: 'Nothing is updated in Datadog',
      why: 'no earlier step of this job started a pipeline there',
      fix: 'Put the action itself, which takes `api-key` too, before this step; its own output says what it did.',
    });
  }
  const file = ports.env[RUNTIME_FILE];
  if (!file || !ports.appendFile(file, toRuntimeLines(config))) {
    log.warn({
      what: 'What this step adds is missing in the final events',
      why: file ? `${RUNTIME_FILE} can't be written` : `${RUNTIME_FILE} is not set`,
      fix: `Leave ${RUNTIME_FILE} and its file as the action made them.`,
    });
  }
  if (!config.dryRun && !config.apiKey) {
    return log.notice('Datadog: no API key, so no update is sent now; what this step adds goes out with the final events.');
  }
  if (!config.dryRun && !config.intake) return;
  const { resources, left } = toUpdated(started, config);
  tellLeft(left, log);
  const { env, service, provider_name: providerName } = started[0]!.attributes;
  const events = toEvents(resources, { env, service, providerName }, log.redact);
  const deadline = createDeadline(config.timeout ?? DEFAULT_TIMEOUT, ports.clock);
  await send({ phase: 'running', ...events }, config, { ports, log, deadline });
}
