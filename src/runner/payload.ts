import * as s from '../model/shape.js';
import { parseJson } from '../model/json.js';
import type { Commit, Person } from '../model/run.js';
import { number, soft, text, time } from '../model/soft.js';

const Who = soft(s.object({ name: text, email: text, date: time }));

/** A commit as payloads and answers tell it. */
export const HeadCommit = soft(s.object({ id: text, message: text, timestamp: time, author: Who, committer: Who }));
export type HeadCommit = NonNullable<s.Shaped<typeof HeadCommit>>;

/** A repository as payloads and answers tell it. */
export const Repository = soft(
  s.object({
    full_name: text,
    html_url: text,
    default_branch: text,
    private: soft(s.boolean),
    pushed_at: s.optional(s.unknown),
    owner: soft(s.object({ login: text })),
  }),
);
const End = soft(s.object({ ref: text, label: text, sha: text, repo: Repository }));

/** A pull request as payloads and answers tell it. */
export const PullRequest = soft(s.object({ number, head: End, updated_at: text }));

const Payload = s.object({
  ref: text,
  repository: Repository,
  sender: soft(s.object({ login: text, email: text })),
  head_commit: HeadCommit,
  pull_request: PullRequest,
  merge_group: soft(s.object({ head_commit: HeadCommit })),
  workflow_run: soft(
    s.object({
      id: number,
      run_attempt: number,
      run_started_at: text,
      started_at: text,
      html_url: text,
      head_commit: HeadCommit,
    }),
  ),
  action: text,
  inputs: soft(s.record(s.unknown)),
  /** `workflow_dispatch`: the workflow's file. */
  workflow: text,
});

/** The parts of an event payload that are read; all servers' payloads have the same names. */
export type Payload = s.Shaped<typeof Payload>;

/** The payload in the text of the event file; a missing or broken file is a payload without parts. */
export function parsePayload(file: string | undefined): Payload {
  return parseJson(file, Payload) ?? {};
}

/** The commit in the model's words; who has no time of their own has the commit's. */
export function toCommit(sha: string, { message, timestamp, author, committer }: Omit<HeadCommit, 'id'>): Commit {
  const person = (who: HeadCommit['author']): Person => ({
    name: who?.name,
    email: who?.email,
    time: who?.date ?? timestamp,
  });
  return { sha, message, author: person(author), committer: person(committer) };
}
