import * as z from 'zod/mini';
import { parseJson } from '../model/json.js';
import type { Commit, Person } from '../model/run.js';
import { number, soft, text, time } from '../model/shapes.js';

const Who = soft(z.object({ name: text, email: text, date: time }));

/** A commit as payloads and answers tell it. */
export const HeadCommit = soft(z.object({ id: text, message: text, timestamp: time, author: Who, committer: Who }));
export type HeadCommit = NonNullable<z.infer<typeof HeadCommit>>;

/** A repository as payloads and answers tell it. */
export const Repository = soft(
  z.object({
    full_name: text,
    html_url: text,
    default_branch: text,
    private: soft(z.boolean()),
    pushed_at: z.optional(z.unknown()),
    owner: soft(z.object({ login: text })),
  }),
);
const End = soft(z.object({ ref: text, label: text, sha: text, repo: Repository }));

/** A pull request as payloads and answers tell it. */
export const PullRequest = soft(z.object({ number, head: End, updated_at: text }));

const Payload = z.object({
  ref: text,
  repository: Repository,
  sender: soft(z.object({ login: text, email: text })),
  head_commit: HeadCommit,
  pull_request: PullRequest,
  merge_group: soft(z.object({ head_commit: HeadCommit })),
  workflow_run: soft(
    z.object({
      id: number,
      run_attempt: number,
      run_started_at: text,
      started_at: text,
      html_url: text,
      head_commit: HeadCommit,
    }),
  ),
  action: text,
  inputs: soft(z.record(z.string(), z.unknown())),
  /** `workflow_dispatch`: the workflow's file. */
  workflow: text,
});

/** The parts of an event payload that are read; all servers' payloads have the same names. */
export type Payload = z.infer<typeof Payload>;

/** The payload in the text of the event file; a missing or broken file is a payload without parts. */
export function parsePayload(file: string | undefined): Payload {
  return parseJson(file, Payload) ?? Payload.parse({});
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
