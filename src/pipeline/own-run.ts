import { toPipelineId } from '../model/identity.js';
import type { Link, Run, RunRef } from '../model/run.js';
import { toLine, toPlain } from '../model/text.js';
import { toTime } from '../model/time.js';
import { toBaseUrl, toServerUrl } from '../model/url.js';
import type { Config } from '../runner/inputs.js';
import type { Payload } from '../runner/payload.js';
import type { Env } from '../runner/runner.js';
import { toOwnFile } from '../server/own-file.js';
import type { Platform } from '../server/platforms/platform.js';
import { toAttemptId, toOriginTags } from './attempt.js';
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
  // Runners may know the server by an internal address.
  const serverUrl = toServerUrl(payload.repository) ?? toBaseUrl(env['GITHUB_SERVER_URL']);
  const missing = [...ESSENTIAL.filter((name) => !env[name]), ...(serverUrl ? [] : ['GITHUB_SERVER_URL'])];
  if (missing.length > 0 || !serverUrl) return { missing };
  const ref = toRef(env, serverUrl);
  const revision = toRevision(env, payload, serverUrl);
  // GitHub puts the file's path there for an unnamed workflow, Gitea and Forgejo leave it empty.
  const names = [config.name, env['GITHUB_WORKFLOW'], toOwnFile(env['GITHUB_WORKFLOW_REF']), payload.workflow];
  const { name, nameTags } = toName(names, ref);
  const event = env['GITHUB_EVENT_NAME'] ?? '';
  const actor = env['GITHUB_ACTOR'] ?? '';
  const number = env['GITHUB_RUN_NUMBER'] ?? '';
  return {
    ...ref,
    attemptId: `${ref.attempt}`,
    isPrivate: payload.repository?.private,
    event,
    actor,
    actorId: env['GITHUB_ACTOR_ID'],
    actorEmail: toHiddenEmail(actor, payload.sender?.email),
    name,
    url: platform.runPage(ref),
    ...toDispatch(event, payload.inputs),
    parent: config.parent ?? toTrigger(payload, ref, platform),
    revision,
    commit: findCommit(payload, revision.sha),
    tags: [...toOriginTags({ ...ref, event, actor, number }, payload.pull_request?.number, platform), ...nameTags],
  };
}

/** Whether who started the run can't have been given secrets: a fork's pull request, or Dependabot. */
export function lacksSecrets(env: Env, payload: Payload): boolean {
  return isFromFork(env, payload) || env['GITHUB_ACTOR'] === 'dependabot[bot]';
}

/** act-type runners put the whole address of a remote there that is not on the server they were told of. */
function toEnv(env: Env): Env {
  const address = toBaseUrl(env['GITHUB_REPOSITORY']);
  if (!address) return env;
  const { origin, pathname } = new URL(address);
  return { ...env, GITHUB_SERVER_URL: origin, GITHUB_REPOSITORY: pathname.slice(1).replace(/\.git$/, '') };
}

function toRef(env: Env, serverUrl: string): RunRef {
  const id = env['GITHUB_RUN_ID'] ?? '';
  const attempt = env['GITHUB_RUN_ATTEMPT'] ?? '';
  return {
    serverUrl,
    repository: env['GITHUB_REPOSITORY'] ?? '',
    id,
    number: env['GITHUB_RUN_NUMBER'] || id,
    // Empty on act_runner up to 0.3.0 (go-gitea/gitea#33135).
    attempt: /^[1-9]\d{0,8}$/.test(attempt) ? Number(attempt) : 1,
  };
}

/** The first of the names that a pipeline may have, else its repository's, with the tag that says so. */
export function toName(
  names: readonly (string | undefined)[],
  { repository }: RunRef,
): { name: string; nameTags: string[] } {
  const name = names.map((text) => toLine(text ?? '')).find(Boolean);
  return name ? { name, nameTags: [] } : { name: repository, nameTags: ['name_source:repository'] };
}

/** Whether a run was started by hand, and with what. */
export function toDispatch(event: string, inputs: Payload['inputs'] = {}): Pick<Run, 'manual' | 'parameters'> {
  if (event !== 'workflow_dispatch') return { manual: false, parameters: {} };
  const text = (value: unknown): string =>
    typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
  const parameters = Object.entries(inputs).map(([key, value]) => [toLine(key), toPlain(text(value))] as const);
  return { manual: true, parameters: Object.fromEntries(parameters) };
}

/** The run that a `workflow_run` event tells of: the id that a pipeline of several jobs carries, and its page. */
function toTrigger({ workflow_run: trigger }: Payload, ref: RunRef, platform: Platform): Link | undefined {
  if (!trigger?.id) return undefined;
  const start = toTime(trigger.run_started_at) ?? toTime(trigger.started_at);
  const attempt = trigger.run_attempt || 1;
  const { attemptId, isCertain } = toAttemptId({ attempt }, { role: 'member', platform, serverRun: { start } });
  if (!isCertain) return undefined;
  return {
    id: toPipelineId({ ...ref, id: `${trigger.id}`, attemptId }),
    url: /^https?:\/\//.test(trigger.html_url ?? '') ? trigger.html_url : undefined,
  };
}
