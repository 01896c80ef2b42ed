import { type RunIdentity, toPipelineId } from '../model/identity.js';
import type { Link, Run } from '../model/run.js';
import { toTags } from '../model/tags.js';
import { toLine, toPlain } from '../model/text.js';
import { toTime } from '../model/time.js';
import type { Config } from '../runner/inputs.js';
import type { Payload } from '../runner/payload.js';
import type { Env } from '../runner/runner.js';
import type { Place, Platform } from '../server/platforms/platform.js';
import { toAttemptTags } from './attempt.js';
import { findCommit } from './commit.js';
import { isFromFork, toRevision } from './revision.js';

/** What is known of the run and its server before anything is asked. */
export interface Context {
  run: Run;
  place: Place;
  /** The run's identity by its attempt number. */
  identity: RunIdentity;
  /** Whoever started this can't have been given secrets: a fork's pull request, or Dependabot. */
  withoutSecrets: boolean;
}

/** The variables without which nothing can be told apart from anything else. */
const ESSENTIAL = ['GITHUB_REPOSITORY', 'GITHUB_RUN_ID', 'GITHUB_JOB'] as const;

/** Environment and event payload as a run; the names of what is missing where there is none. */
export function readContext(
  { env: raw, payload }: { env: Env; payload: Payload },
  platform: Platform,
  config: Config,
): Context | { missing: string[] } {
  const env = toEnv(raw);
  const server = toServer(env, payload);
  const missing = [...ESSENTIAL.filter((name) => !env[name]), ...(server ? [] : ['GITHUB_SERVER_URL'])];
  if (missing.length > 0 || !server) return { missing };
  const place = toPlace(env, server);
  const revision = toRevision(env, payload, server);
  const { name, tag } = toName(env, payload, config);
  const identity = {
    host: new URL(server).host,
    repository: place.repository,
    runId: place.runId,
    attempt: `${place.attempt}`,
  };
  const run: Run = {
    server,
    repository: place.repository,
    id: place.runId,
    number: place.runNumber,
    attempt: place.attempt,
    event: env['GITHUB_EVENT_NAME'] ?? '',
    actor: env['GITHUB_ACTOR'] ?? '',
    actorId: env['GITHUB_ACTOR_ID'],
    name,
    url: platform.runPage(place),
    manual: env['GITHUB_EVENT_NAME'] === 'workflow_dispatch',
    parameters: toParameters(env, payload),
    parent: config.parent ?? toTrigger(payload, identity, platform.attemptsCount(env)),
    revision,
    commit: findCommit(payload, revision.sha),
    tags: [...toEventTags(env, payload), ...toAttemptTags(place, platform), ...tag],
  };
  return { run, place, identity, withoutSecrets: isFromFork(env, payload) || run.actor === 'dependabot[bot]' };
}

/**
 * The server's public address: that of the repository in the payload, since runners may know the server by an internal
 * one.
 */
function toServer(env: Env, payload: Payload): string | undefined {
  const page = payload.repository?.html_url?.replace(/\/+$/, '');
  const name = payload.repository?.full_name;
  const fromPayload =
    page && name && page.toLowerCase().endsWith(`/${name.toLowerCase()}`) ? page.slice(0, -name.length - 1) : undefined;
  return [fromPayload, env['GITHUB_SERVER_URL']].map(toBaseUrl).find((url) => url !== undefined);
}

function toEventTags(env: Env, payload: Payload): string[] {
  return toTags({
    event: env['GITHUB_EVENT_NAME'],
    actor: env['GITHUB_ACTOR'],
    run_number: env['GITHUB_RUN_NUMBER'],
    pull_request: payload.pull_request?.number?.toString(),
  });
}

/** act-type runners put the whole address of a remote there that is not on the server they were told of. */
function toEnv(env: Env): Env {
  const repository = env['GITHUB_REPOSITORY'] ?? '';
  if (!/^https?:/.test(repository) || !URL.canParse(repository)) return env;
  const { origin, pathname } = new URL(repository);
  return { ...env, GITHUB_SERVER_URL: origin, GITHUB_REPOSITORY: pathname.slice(1).replace(/\.git$/, '') };
}

function toBaseUrl(raw: string | undefined): string | undefined {
  if (!raw || !URL.canParse(raw)) return undefined;
  const { protocol, host, pathname } = new URL(raw);
  return /^https?:$/.test(protocol) ? `${protocol}//${host}${pathname.replace(/\/+$/, '')}` : undefined;
}

function toPlace(env: Env, server: string): Place {
  return {
    env,
    server,
    repository: env['GITHUB_REPOSITORY'] ?? '',
    runId: env['GITHUB_RUN_ID'] ?? '',
    runNumber: env['GITHUB_RUN_NUMBER'] || (env['GITHUB_RUN_ID'] ?? ''),
    // Empty on act_runner up to 0.3.0 (go-gitea/gitea#33135).
    attempt: /^[1-9]\d{0,8}$/.test(env['GITHUB_RUN_ATTEMPT'] ?? '') ? Number(env['GITHUB_RUN_ATTEMPT']) : 1,
  };
}

/** The pipeline's name, and the tag that says so where it was assumed. */
function toName(env: Env, payload: Payload, config: Config): { name: string; tag: string[] } {
  // GitHub puts the file's path there for an unnamed workflow, Gitea and Forgejo leave it empty.
  const file = /^[^/]+\/[^/]+\/(.+?)@/.exec(env['GITHUB_WORKFLOW_REF'] ?? '')?.[1] ?? payload.workflow;
  const name = [config.name, env['GITHUB_WORKFLOW'], file].map((text) => toLine(text ?? '')).find(Boolean);
  return name ? { name, tag: [] } : { name: env['GITHUB_REPOSITORY'] ?? '', tag: ['name_source:repository'] };
}

function toParameters(env: Env, payload: Payload): Record<string, string> {
  if (env['GITHUB_EVENT_NAME'] !== 'workflow_dispatch') return {};
  const text = (value: unknown): string =>
    typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
  return Object.fromEntries(
    Object.entries(payload.inputs ?? {}).map(([key, value]) => [toLine(key), toPlain(text(value))]),
  );
}

/**
 * The run that a `workflow_run` event tells of: its run-level id, which a pipeline of several jobs carries, and its
 * page.
 */
function toTrigger({ workflow_run: trigger }: Payload, identity: RunIdentity, counts: 'run' | 'job'): Link | undefined {
  if (!trigger?.id) return undefined;
  const started = toTime(trigger.run_started_at) ?? toTime(trigger.started_at);
  // Where attempts count per job, a run is identified by its start.
  const attempt = counts === 'run' ? `${trigger.run_attempt || 1}` : started && `started:${started}`;
  return attempt
    ? {
        id: toPipelineId({ ...identity, runId: `${trigger.id}`, attempt }),
        url: /^https?:\/\//.test(trigger.html_url ?? '') ? trigger.html_url : undefined,
      }
    : undefined;
}
