import * as s from '../model/shape.js';
import type { Commit } from '../model/run.js';
import { id, number, soft, time, word as text } from '../model/soft.js';
import { toServerUrl } from '../model/url.js';
import { HeadCommit, parsePayload, type Payload, PullRequest, Repository, toCommit } from '../runner/payload.js';
import { type ApiRun, parseRun } from './answers.js';

/** A run as the server's API tells it to those who know nothing else of it. */
export interface RunDetails extends ApiRun {
  id?: string | undefined;
  /** When it ended; before that, nothing. */
  end?: string | undefined;
  /** Absent where attempts count per job. */
  attempt?: number | undefined;
  number?: string | undefined;
  /** The workflow's name, or what `run-name` made of it (actions/runner#4141). */
  name?: string | undefined;
  /** What the workflow's file was taken from, where that is told. */
  ref?: string | undefined;
  actor?: { name: string; id?: string | undefined; email?: string | undefined } | undefined;
  /** What `workflow_dispatch` was given, where the server keeps it with the run. */
  inputs?: Record<string, unknown> | undefined;
  sha?: string | undefined;
  branch?: string | undefined;
  /** The repository that its commit is in, and whose that is. */
  head?: { repository: string; owner?: string | undefined } | undefined;
  pullRequest?: number | undefined;
  commit?: Commit | undefined;
  defaultBranch?: string | undefined;
  /** The server's public address, without a slash at its end. */
  serverUrl?: string | undefined;
}

const Actor = soft(s.object({ login: s.string, id: number, email: text }));

const RunBody = s.object({
  id,
  completed_at: time,
  updated: time,
  stopped: time,
  updated_at: time,
  run_attempt: number,
  run_number: number,
  index_in_repo: number,
  name: text,
  path: text,
  workflow_id: soft(s.string),
  actor: Actor,
  trigger_user: Actor,
  head_sha: text,
  commit_sha: text,
  head_branch: text,
  prettyref: text,
  head_repository: Repository,
  pull_requests: soft(s.list(PullRequest)),
  head_commit: HeadCommit,
  event_payload: text,
});

/**
 * A run in GitHub's words (REST docs, "Workflow runs"), most of which are Gitea's too, or in Forgejo's, which keeps the
 * event's payload instead.
 */
export function parseRunDetails(body: unknown): RunDetails | undefined {
  const run = parseRun(body);
  const data = s.read(RunBody, body);
  if (!run || !data) return undefined;
  const kept = parsePayload(data.event_payload);
  const pull = kept.pull_request;
  const ref = data.path?.split('@')[1];
  const commit = data.head_commit;
  const actor = data.actor ?? data.trigger_user;
  return {
    ...run,
    id: data.id,
    // Forgejo's `stopped` last: after a retry it may lie before the start, and seconds early after a failure (seen on
    // 16).
    end:
      run.conclusion === undefined ? undefined : (data.completed_at ?? data.updated ?? data.updated_at ?? data.stopped),
    // 0: from a time when the server did not count them.
    attempt: data.run_attempt || undefined,
    number: (data.run_number ?? data.index_in_repo)?.toString(),
    name: data.name,
    file: run.file || data.workflow_id,
    ref: ref ?? kept.ref,
    actor: actor && { name: actor.login, id: actor.id?.toString(), email: actor.email },
    inputs: kept.inputs,
    sha: data.head_sha ?? pull?.head?.sha ?? data.commit_sha,
    branch: data.head_branch ?? pull?.head?.ref ?? data.prettyref,
    head: toHead(data.head_repository ?? pull?.head?.repo),
    pullRequest: data.pull_requests?.[0]?.number ?? pull?.number ?? toPullNumber(ref),
    commit: commit?.id === undefined ? undefined : toCommit(commit.id, commit),
    defaultBranch: run.repository?.default_branch,
    serverUrl: toServerUrl(run.repository),
  };
}

/** Of a pull request's run Gitea has this ref alone, and no `head_branch` (services/convert/convert.go). */
function toPullNumber(ref: string | undefined): number | undefined {
  return Number(/^refs\/pull\/(\d+)\//.exec(ref ?? '')?.[1]) || undefined;
}

/**
 * A pull request's branch and repository (REST docs, "Get a pull request"). Of a branch that is gone Gitea keeps the
 * name in `label`, of a repository that is gone nothing (services/convert/pull.go): that was a fork.
 */
export function parsePull(body: unknown): Pick<RunDetails, 'branch' | 'head'> | undefined {
  const head = s.read(PullRequest, body)?.head;
  const branch = head?.ref?.startsWith('refs/') ? head.label : head?.ref;
  return branch ? { branch, head: toHead(head?.repo) ?? { repository: '' } } : undefined;
}

function toHead(repository: Payload['repository']): RunDetails['head'] {
  if (!repository?.full_name) return undefined;
  return { repository: repository.full_name, owner: repository.owner?.login ?? repository.full_name.split('/')[0] };
}
