import * as s from '../model/shape.js';
import { parseJson } from '../model/json.js';
import type { Commit, Person } from '../model/run.js';
import { id, number, soft, time, word as text } from '../model/soft.js';
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
  /** The workflow's file, and the ref that it was taken from where that is told. */
  file?: string | undefined;
  ref?: string | undefined;
  event?: string | undefined;
  actor?: { name: string; id?: string | undefined; email?: string | undefined } | undefined;
  /** What `workflow_dispatch` was given, where the server keeps it with the run. */
  inputs?: Record<string, unknown> | undefined;
  sha?: string | undefined;
  branch?: string | undefined;
  head?: Head | undefined;
  pullRequest?: number | undefined;
  commit?: Commit | undefined;
  defaultBranch?: string | undefined;
  /** The server's public address, without a slash at its end. */
  serverUrl?: string | undefined;
}

/** The repository that a run's commit is in, and its owner. */
interface Head {
  repository: string;
  owner?: string | undefined;
}

const Actor = soft(s.object({ login: s.string, id: number, email: text }));
const Repository = soft(
  s.object({ full_name: text, html_url: text, default_branch: text, owner: soft(s.object({ login: text })) }),
);
const Who = soft(s.object({ name: text, email: text }));
const PullRequest = soft(
  s.object({ number, head: soft(s.object({ ref: text, label: text, sha: text, repo: Repository })) }),
);

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
  event: text,
  trigger_event: text,
  actor: Actor,
  trigger_user: Actor,
  head_sha: text,
  commit_sha: text,
  head_branch: text,
  prettyref: text,
  head_repository: Repository,
  repository: Repository,
  pull_requests: soft(s.list(PullRequest)),
  head_commit: soft(s.object({ id: s.string, message: text, timestamp: time, author: Who, committer: Who })),
  event_payload: text,
});
type RunBody = s.Shaped<typeof RunBody>;

/** The payload that a server keeps with the run. */
const Kept = s.object({ ref: text, pull_request: PullRequest, inputs: soft(s.record(s.unknown)) });

/**
 * A run: in GitHub's words (REST docs, "Workflow runs"), which Gitea shares but for a few, or in Forgejo's, which keeps
 * the event's payload with it instead of most of them.
 */
export function parseRunDetails(body: unknown): RunDetails | undefined {
  const run = parseRun(body);
  const data = s.read(RunBody, body);
  if (!run || !data) return undefined;
  const kept = parseJson(data.event_payload, Kept);
  const [file, ref] = (data.path ?? '').split('@');
  const pull = kept?.pull_request;
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
    file: file || data.workflow_id,
    ref: ref ?? kept?.ref,
    event: data.trigger_event ?? data.event,
    actor: actor && { name: actor.login, id: actor.id?.toString(), email: actor.email },
    inputs: kept?.inputs,
    sha: data.head_sha ?? pull?.head?.sha ?? data.commit_sha,
    branch: data.head_branch ?? pull?.head?.ref ?? data.prettyref,
    head: toHead(data.head_repository ?? pull?.head?.repo),
    pullRequest: data.pull_requests?.[0]?.number ?? pull?.number ?? toPullNumber(ref),
    commit: data.head_commit && toCommit(data.head_commit),
    defaultBranch: data.repository?.default_branch,
    serverUrl: toServerUrl(data.repository?.html_url, data.repository?.full_name),
  };
}

/**
 * Gitea tells of a pull request's run by this ref alone, and its `head_branch` is empty (services/convert/convert.go).
 */
function toPullNumber(ref: string | undefined): number | undefined {
  const [, number] = /^refs\/pull\/(\d+)\//.exec(ref ?? '') ?? [];
  return number === undefined ? undefined : Number(number);
}

/**
 * A pull request's branch and repository (REST docs, "Get a pull request"). Of a branch that is gone Gitea keeps the
 * name in `label` only, and of a repository that is gone nothing (services/convert/pull.go): that was a fork.
 */
export function parsePull(body: unknown): Pick<RunDetails, 'branch' | 'head'> | undefined {
  const head = s.read(PullRequest, body)?.head;
  const branch = head?.ref?.startsWith('refs/') ? head.label : head?.ref;
  return branch === undefined ? undefined : { branch, head: toHead(head?.repo) ?? { repository: '' } };
}

/** The address that a repository's page stands below. */
export function toServerUrl(page = '', name = ''): string | undefined {
  return name && page.endsWith(`/${name}`) && URL.canParse(page) ? page.slice(0, -name.length - 1) : undefined;
}

function toHead(repository: RunBody['repository']): RunDetails['head'] {
  if (!repository?.full_name) return undefined;
  return { repository: repository.full_name, owner: repository.owner?.login ?? repository.full_name.split('/')[0] };
}

function toCommit({ id, message, timestamp, author, committer }: NonNullable<RunBody['head_commit']>): Commit {
  const person = (who: s.Shaped<typeof Who>): Person => ({ name: who?.name, email: who?.email, time: timestamp });
  return { sha: id, message, author: person(author), committer: person(committer) };
}
