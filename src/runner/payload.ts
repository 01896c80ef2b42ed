import * as s from '../model/shape.js';
import { parseJson } from '../model/json.js';
import { number, soft, text } from '../model/soft.js';

const Person = soft(s.object({ name: text, email: text, date: text }));
const HeadCommit = soft(s.object({ id: text, message: text, timestamp: text, author: Person, committer: Person }));
const Repository = soft(
  s.object({
    full_name: text,
    html_url: text,
    default_branch: text,
    private: soft(s.boolean),
    pushed_at: s.optional(s.unknown),
    owner: soft(s.object({ login: text })),
  }),
);
const End = soft(s.object({ ref: text, sha: text, repo: Repository }));

const Payload = s.object({
  repository: Repository,
  sender: soft(s.object({ login: text, email: text })),
  head_commit: HeadCommit,
  pull_request: soft(s.object({ number, head: End, updated_at: text })),
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

/** The parts of an event payload that we read; the servers' payloads have the same names. */
export type Payload = s.Shaped<typeof Payload>;
export type HeadCommit = NonNullable<Payload['head_commit']>;

/** The payload in the text of the event file; a missing or broken file is a payload without parts. */
export function parsePayload(file: string | undefined): Payload {
  return parseJson(file, Payload) ?? {};
}
