import { toGitTags } from '../events/git.js';
import type { Reason } from '../model/problem.js';
import type { Link, Revision, Run, RunRef } from '../model/run.js';
import { toLine } from '../model/text.js';
import { toOriginTags } from '../pipeline/attempt.js';
import { toHiddenEmail } from '../pipeline/commit.js';
import { toDispatch, toName } from '../pipeline/own-run.js';
import type { AttemptSpan } from '../pipeline/partial-retry.js';
import { isSameRepository, parseRef, toForkBranch } from '../pipeline/revision.js';
import type { Deadline } from '../runner/deadline.js';
import type { Session } from '../runner/session.js';
import type { Client } from '../server/client.js';
import type { JobList } from '../server/job-list.js';
import type { Platform } from '../server/platforms/platform.js';
import type { RunDetails } from '../server/run-details.js';
import type { FoundWorkflow } from '../server/workflow.js';
import type { Options } from './target.js';

/** What is known of a run that is not this one. */
interface RunSources {
  details: RunDetails;
  ref: RunRef & Pick<Run, 'attemptId'>;
  platform: Platform;
  /** The run that observes: the same server and repository. */
  ownRun: Run;
  /** The names that the pipeline may have, the best one first. */
  names: readonly (string | undefined)[];
  /** What the run's branch is called is a tag, as far as the server was asked. */
  isTag: boolean;
}

/** Another run than this one, in the words that its own jobs use for it, as far as the server tells. */
export function toRun({ details, ref, platform, ownRun, names, isTag }: RunSources): Run {
  const { event = '', actor: { name: actor = '', id: actorId, email } = {}, sha, commit } = details;
  const { repositoryUrl, defaultBranch = details.defaultBranch } = ownRun.revision;
  const revision = { sha, ...toRef(details, ownRun.repository, isTag), repositoryUrl, defaultBranch };
  const { name, nameTags } = toName(names, ref);
  return {
    ...ref,
    event,
    actor,
    actorId,
    actorEmail: toHiddenEmail(actor, email),
    name,
    url: platform.runPage(ref),
    ...toDispatch(event, details.inputs),
    revision,
    commit: commit?.sha === sha ? commit : undefined,
    tags: [
      ...toOriginTags({ ...ref, event, actor }, details.pullRequest, platform),
      ...nameTags,
      // Datadog takes no git object without a branch or tag.
      ...(revision.branch || revision.tag ? [] : toGitTags(revision)),
    ],
  };
}

function toRef(
  { branch, ref, event, head }: RunDetails,
  repository: string,
  isTag: boolean,
): Pick<Revision, 'branch' | 'tag'> {
  const named = parseRef(ref);
  if (named?.tag) return named;
  const shown = toLine(branch ?? named?.branch ?? '');
  if (!shown) return {};
  if (event === 'release' || isTag) return { tag: shown };
  const isFork = head !== undefined && !isSameRepository(head.repository, repository);
  return { branch: isFork ? toForkBranch(head.owner, shown) : shown };
}

/** A run as far as the server tells it. */
export interface ObservedRun {
  isOwn: boolean;
  details: RunDetails;
  hasEnded: boolean;
  run: Run;
  pipelineId: string;
  start: string;
  attempt: AttemptSpan;
  partialRetry: { partial: boolean; certain: boolean };
  previous?: Link | undefined;
  /** Absent where nobody asks for them. */
  list?: JobList | undefined;
  workflow?: FoundWorkflow | undefined;
}

/** How a run is sent that is one of many. */
interface LookSend {
  /** When the last look began that left nothing out: the logs of what ended before have been sent. */
  lastLook?: string | undefined;
  /** Hears why they are left undelivered. */
  onUndelivered(reason: Reason): void;
}

/** What a run is read with. */
export interface ObserveSession extends Session {
  options: Options;
  platform: Platform;
  /** The run that observes. */
  ownRun: Run;
  /** For what everything hangs on: tried until there is no time left. */
  patient: Client;
  /** For details. */
  server: Client;
  /** Until when all of it has to be read. */
  reading: Deadline;
  /** The run is one of many. */
  look?: LookSend | undefined;
}
