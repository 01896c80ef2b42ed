import * as z from 'zod/mini';
import { parseJson } from '../model/json.js';
import type { Commit, Person } from '../model/run.js';
import { number, soft, text } from '../model/shapes.js';
import { toTime } from '../model/time.js';

const Person = soft(z.object({ name: text, email: text, date: text }));
const HeadCommit = soft(z.object({ id: text, message: text, timestamp: text, author: Person, committer: Person }));
const Repository = soft(
  z.object({
    full_name: text,
    html_url: text,
    default_branch: text,
    private: soft(z.boolean()),
    pushed_at: z.optional(z.unknown()),
    owner: soft(z.object({ login: text })),
  }),
);
const End = soft(z.object({ ref: text, sha: text, repo: Repository }));

const Payload = z.object({
  repository: Repository,
  sender: soft(z.object({ login: text, email: text })),
  head_commit: HeadCommit,
  pull_request: soft(z.object({ number, head: End, updated_at: text })),
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

/** The parts of an event payload that we read; the servers' payloads have the same names. */
export type Payload = z.infer<typeof Payload>;

/** A commit in the words of payloads. */
export function toCommit({
  id = '',
  message,
  timestamp,
  author,
  committer,
}: NonNullable<Payload['head_commit']>): Commit {
  const toPerson = (who: typeof author): Person => ({
    name: who?.name,
    email: who?.email,
    time: toTime(who?.date) ?? toTime(timestamp),
  });
  return { sha: id, message, author: toPerson(author), committer: toPerson(committer) };
}

/** The payload in the text of the event file; a missing or broken file is a payload without parts. */
export function parsePayload(file: string | undefined): Payload {
  return parseJson(file, Payload) ?? Payload.parse({});
}
