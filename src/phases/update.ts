import { toEvents } from '../events/event.js';
import type { Event, RunningJob, RunningPipeline } from '../events/schema.js';
import type { Problem } from '../model/problem.js';
import { parseSite } from '../model/site.js';
import { mergeTags } from '../model/tags.js';
import { cut } from '../model/text.js';
import type { Config } from '../runner/inputs.js';
import type { Log } from '../runner/log.js';
import type { Runner } from '../runner/runner.js';
import { type Added, isWritable, readAdditions, RUNTIME_FILE, toRuntimeLines } from '../runner/runtime-file.js';
import type { Session } from '../runner/session.js';
import { PLATFORMS } from '../server/platforms/detect.js';
import { readLeft } from './handover.js';
import { openPhase } from './opening.js';
import { reportEvents } from './sending.js';
import { warnDropped } from './warnings.js';

/** Seconds that an update may spend on the network where the input `timeout` says nothing: the job waits for them. */
const DEFAULT_TIMEOUT = 5;

/** `update/`: adds tags, measures and parameters to what main started, now, and by the run-time file for the end. */
export async function update(raw: Runner, platforms = PLATFORMS): Promise<void> {
  const { session } = openPhase(raw, platforms, DEFAULT_TIMEOUT);
  const { runner, config, log } = session;
  const { running: started } = readLeft(runner);
  const noKey = !config.dryRun && !config.apiKey;
  if (!started && noKey)
    return log.notice('Datadog: no API key, so nothing is updated; forks and Dependabot are given no secrets.');
  if (!started) return log.warn(NOT_STARTED);
  const added = keep(session);
  if (noKey)
    return log.notice(
      'Datadog: no API key, so no update is sent now; what this step adds goes out with the final events.',
    );
  const intake = config.dryRun ? config.intake : toUpdateIntake(config, started.intake);
  if (intake === undefined) return warnElsewhere(started.intake, log);
  if (!config.dryRun && !intake) return;
  const { resources, dropped } = toUpdated(started.events, added);
  warnDropped([dropped], log);
  const { env, service, provider_name: providerName } = started.events[0]!.attributes;
  const events = toEvents(resources, { env, service, providerName }, log.redact);
  await reportEvents({ phase: 'running', ...events }, { ...session, config: { ...config, intake } });
}

const NOT_STARTED: Problem = {
  what: 'Nothing is updated in Datadog',
  why: 'no earlier step of this job started a pipeline there',
  fix: 'Put the action itself, which takes `api-key` too, before this step; its own output says what it did.',
};

function warnElsewhere(intake: string, log: Log): void {
  log.warn({
    what: 'No update is sent to Datadog now',
    why: `the action reported to ${intake}, and this step is not told to`,
    fix: 'Give it the same `intake-url`; what it adds goes out with the final events all the same.',
  });
}

/** Leaves what this step adds for the final events; returns it with what earlier ones added, which is sent again. */
function keep(session: Session): Added {
  const { runner, config, log } = session;
  const file = runner.env[RUNTIME_FILE];
  const pairs = [...config.tags, ...config.measures, ...Object.keys(config.parameters)];
  const unwritable = pairs.filter((pair) => !isWritable(pair)).map((pair) => cut(log.redact(pair), 40));
  const isKept = file !== undefined && runner.appendFile(file, toRuntimeLines(config));
  if (!isKept || unwritable.length > 0) {
    log.warn({
      what: 'What this step adds is missing in the final events',
      why: isKept
        ? `there is = or << in the key of ${unwritable.join(', ')}`
        : `${RUNTIME_FILE} is not set, or can't be written`,
      fix: `Use other keys; leave ${RUNTIME_FILE} and its file as the action made them.`,
    });
  }
  const before = readAdditions(isKept ? file : undefined, session);
  return {
    tags: [...before.tags, ...config.tags],
    measures: [...before.measures, ...config.measures],
    parameters: { ...before.parameters, ...config.parameters },
  };
}

/**
 * Where an update goes, and its key with it: where its own inputs say, else to the site that main reported to.
 * Undefined where that is no site's address, for any step of the job can write that.
 */
export function toUpdateIntake({ intake, hasDestination }: Config, told: string): string | undefined {
  if (hasDestination || !told) return intake;
  return parseSite(told)?.api === told ? told : undefined;
}

/** The resources of running events with what a step adds. */
export function toUpdated(events: readonly Event[], { tags, measures, parameters }: Added) {
  const dropped: string[] = [];
  const merge = (before: string[] = [], added: readonly string[]): string[] | undefined => {
    const merged = mergeTags(before, added);
    dropped.push(...merged.dropped);
    return merged.tags.length > 0 ? merged.tags : undefined;
  };
  const resources = events.map(({ attributes: { resource } }) => {
    const all = { ...resource.parameters, ...parameters };
    return {
      ...(resource as RunningPipeline | RunningJob),
      tags: merge(resource.tags, tags),
      metrics: merge(resource.metrics, measures),
      parameters: Object.keys(all).length > 0 ? all : undefined,
    };
  });
  return { resources, dropped: [...new Set(dropped)] };
}
