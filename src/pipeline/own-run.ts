import { toPipelineId } from '../model/identity.js';
import type { Link, Run, RunRef } from '../model/run.js';
import { toTags } from '../model/tags.js';
import { toLine, toPlain } from '../model/text.js';
import { toTime } from '../model/time.js';
import type { Config } from '../runner/inputs.js';
import type { Payload } from '../runner/payload.js';
import type { Env } from '../runner/runner.js';
import type { Platform } from '../server/platforms/platform.js';
import { toAttemptTags } from './attempt.js';
import { findCommit, toHiddenEmail } from './commit.js';
import { isFromFork, toRevision } from './revision.js';

/** The variables without which nothing can be told apart from anything else. */
const ESSENTIAL = ['GITHUB_REPOSITORY', 'GITHUB_RUN_ID', 'GITHUB_JOB'] as const;

/** The run that this job belongs to, by environment and event payload; the names of what is missing for one. */
export function toOwnRun(
  { env: raw, payload }: { env: Env; payload: Payload },
  platform: Platform,
  config: Config,
): Run | { missing: string[] } {
  const env = toEnv(raw);
  const serverUrl = toServerUrl(env, payload);
  const missing = [...ESSENTIAL.filter((name) => !env[name]), ...(serverUrl ? [] : ['GITHUB_SERVER_URL'])];
  if (missing.length > 0 || !serverUrl) return { missing };
  const ref = toRef(env, serverUrl);
  const revision = toRevision(env, payload, serverUrl);
  const { name, tag } = toName(env, payload, config);
  return {
    ...ref,
    attemptId: `${ref.attempt}`,
    isPrivate: payload.repository?.private,
    event: env['GITHUB_EVENT_NAME'] ?? '',
    actor: env['GITHUB_ACTOR'] ?? '',
    actorId: env['GITHUB_ACTOR_ID'],
    actorEmail:
      payload.sender?.login === env['GITHUB_ACTOR']
        ? toHiddenEmail(payload.sender?.login, payload.sender?.email)
        : undefined,
    name,
    url: platform.runPage(ref),
    manual: env['GITHUB_EVENT_NAME'] === 'workflow_dispatch',
    parameters: toParameters(env['GITHUB_EVENT_NAME'], payload.inputs),
    parent: config.parent ?? toTrigger(payload, ref, platform),
    revision,
    commit: findCommit(payload, revision.sha),
    tags: [...toEventTags(env, payload), ...toAttemptTags(ref, platform), ...tag],
  };
}

/** Whether who started the run can't have been given secrets: a fork's pull request, or Dependabot. */
export function lacksSecrets(env: Env, payload: Payload): boolean {
  return isFromFork(env, payload) || env['GITHUB_ACTOR'] === 'dependabot[bot]';
}

/**
 * The server's public address: that of the repository in the payload, since runners may know the server by an internal
 * one.
 */
function toServerUrl(env: Env, payload: Payload): string | undefined {
  return toPublicUrl(payload.repository) ?? toBaseUrl(env['GITHUB_SERVER_URL']);
}

/** The server's address in that of a repository's page. */
export function toPublicUrl(repository: Payload['repository']): string | undefined {
  const page = repository?.html_url?.replace(/\/+$/, '');
  const name = repository?.full_name;
  const isPage = page && name && page.toLowerCase().endsWith(`/${name.toLowerCase()}`);
  return isPage ? toBaseUrl(page.slice(0, -name.length - 1)) : undefined;
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

function toRef(env: Env, serverUrl: string): RunRef {
  return {
    serverUrl,
    repository: env['GITHUB_REPOSITORY'] ?? '',
    id: env['GITHUB_RUN_ID'] ?? '',
    number: env['GITHUB_RUN_NUMBER'] || (env['GITHUB_RUN_ID'] ?? ''),
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

/** What a run was started with by hand. */
export function toParameters(event: string | undefined, inputs: Payload['inputs'] = {}): Record<string, string> {
  if (event !== 'workflow_dispatch') return {};
  const text = (value: unknown): string =>
    typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [toLine(key), toPlain(text(value))]));
}

/**
 * The run that a `workflow_run` event tells of: its run-level id, which a pipeline of several jobs carries, and its
 * page.
 */
function toTrigger({ workflow_run: trigger }: Payload, ref: RunRef, { attemptsCount }: Platform): Link | undefined {
  if (!trigger?.id) return undefined;
  const started = toTime(trigger.run_started_at) ?? toTime(trigger.started_at);
  // Where attempts count per job, a run is identified by its start.
  const attemptId = attemptsCount === 'run' ? `${trigger.run_attempt || 1}` : started && `started:${started}`;
  return attemptId
    ? {
        id: toPipelineId({ ...ref, id: `${trigger.id}`, attemptId }),
        url: /^https?:\/\//.test(trigger.html_url ?? '') ? trigger.html_url : undefined,
      }
    : undefined;
}
