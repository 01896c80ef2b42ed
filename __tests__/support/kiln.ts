import * as z from 'zod/mini';
import type { Commit } from '../../src/model/run.js';
import { type ApiJob, type ApiJobs, type ApiRun, parseJob } from '../../src/server/answers.js';
import { actions, contents, github } from '../../src/server/platforms/github.js';
import type { Place, Platform } from '../../src/server/platforms/platform.js';

const project = ({ repository }: Place): string => `/projects/${encodeURIComponent(repository)}`;
const run = (place: Place): string => `${project(place)}/runs/${place.runId}`;
const tryOf = (place: Place): string => `${run(place)}/tries/${place.attempt}`;

const Who = z.object({ name: z.string(), mail: z.string(), at: z.string() });
const CommitBody = z.object({ id: z.string(), text: z.string(), by: Who });
const RunBody = z.object({ begun: z.string(), file: z.string() });
const Step = z.object({ title: z.string(), result: z.string(), begun: z.string(), ended: z.string() });
const JobBody = z.object({ key: z.number(), title: z.string(), waiting: z.string(), steps: z.array(Step) });

/** Kiln 3 (made up): its manual, "Variables of a step", "Pages" and "REST". */
export const kiln: Platform = {
  ...github,
  id: 'kiln',
  detect: (env) => env['KILN'] === 'yes',
  env: (raw) => ({
    ...raw,
    GITHUB_ACTOR: raw['KILN_USER'],
    GITHUB_API_URL: raw['KILN_REST'],
    GITHUB_EVENT_NAME: raw['KILN_CAUSE'],
    GITHUB_JOB: raw['KILN_JOB'],
    GITHUB_REF: `refs/heads/${raw['KILN_BRANCH']}`,
    GITHUB_REPOSITORY: raw['KILN_REPOSITORY'],
    GITHUB_RUN_ATTEMPT: raw['KILN_TRY'],
    GITHUB_RUN_ID: raw['KILN_RUN'],
    GITHUB_SERVER_URL: raw['KILN_SERVER'],
    GITHUB_SHA: raw['KILN_COMMIT'],
    GITHUB_STEP_SUMMARY: raw['KILN_SUMMARY'],
    GITHUB_WORKFLOW: raw['KILN_FLOW'],
    ACTIONS_RUNTIME_TOKEN: raw['KILN_JOB_TOKEN'],
    RUNNER_NAME: raw['KILN_AGENT'],
    RUNNER_OS: raw['KILN_OS'],
    RUNNER_TEMP: raw['KILN_TEMP'],
  }),
  runPage: ({ server, repository, runId, attempt }) => `${server}/${repository}/-/runs/${runId}?try=${attempt}`,
  jobPage(place, jobId) {
    return jobId ? `${place.server}/${place.repository}/-/jobs/${jobId}` : this.runPage(place);
  },
  isCalled: () => false,
  jobId: (env) => env['KILN_JOB_KEY'],
  noReply: ({ name, host }) => `${name}@people.${host}`,
  jobStatus: { fresh: false, tellsCancel: true, wholeInComposite: true },
  tellsTolerated: false,
  reads: {
    commit: (place, sha) => ({ ...contents(`${project(place)}/commits/${sha}`), parse: parseCommit }),
    job: (place, jobId) => ({ ...actions(`${project(place)}/jobs/${jobId}`), parse: (body) => toJob(body, place) }),
    run: (place) => ({ ...actions(tryOf(place)), parse: parseRun }),
    jobs: (place) => ({ ...actions(`${tryOf(place)}/jobs`), parse: (body) => parseList(body, place) }),
  },
  wholeRun: {
    ...github.wholeRun,
    latest: (place) => actions(run(place)),
    attempt: (place) => actions(tryOf(place)),
    jobs: (place, page) => actions(`${tryOf(place)}/jobs?page=${page}`),
    tag: (place, name) => contents(`${project(place)}/tags/${encodeURIComponent(name)}`),
    file: (place, path, sha) => contents(`${project(place)}/files/${encodeURIComponent(path)}?at=${sha}`),
    workflowPaths: (file) => [`.kiln/${file}`],
    pull: (place, number) => ({ path: `${project(place)}/changes/${number}`, permission: 'changes: read' }),
  },
};

function parseCommit(body: unknown): Commit | undefined {
  const { data } = CommitBody.safeParse(body);
  if (!data) return undefined;
  const who = { name: data.by.name, email: data.by.mail, time: data.by.at };
  return { sha: data.id, message: data.text, author: who, committer: who };
}

function parseRun(body: unknown): ApiRun | undefined {
  const { data } = RunBody.safeParse(body);
  return data && { start: data.begun, file: data.file };
}

/** In GitHub's words, whose reader knows the rules behind them: which times count, what was carried over. */
function toJob(body: unknown, { attempt }: Place): ApiJob | undefined {
  const { data } = JobBody.safeParse(body);
  const steps = data?.steps.map(({ title, result, begun, ended }) => ({
    name: title,
    conclusion: result === 'broken' ? 'failure' : 'success',
    started_at: begun,
    completed_at: ended,
  }));
  return data && parseJob({ id: data.key, name: data.title, created_at: data.waiting, steps }, attempt);
}

function parseList(body: unknown, place: Place): ApiJobs | undefined {
  const { data } = z.object({ items: z.array(z.unknown()) }).safeParse(body);
  return data && { jobs: data.items.flatMap((item) => toJob(item, place) ?? []), complete: true };
}
