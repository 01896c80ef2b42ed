import * as s from '../../src/model/shape.js';
import type { Commit, RunRef } from '../../src/model/run.js';
import { type ApiJob, type ApiJobs, type ApiRun, parseJob } from '../../src/server/answers.js';
import { github } from '../../src/server/platforms/github.js';
import type { Endpoint, Platform, PlatformKind } from '../../src/server/platforms/platform.js';

const project = ({ repository }: RunRef): string => `/projects/${encodeURIComponent(repository)}`;
const pathOf = (run: RunRef): string => `${project(run)}/runs/${run.id}`;
const tryOf = (run: RunRef): string => `${pathOf(run)}/tries/${run.attempt}`;

const actions = (path: string): Endpoint => ({ path, permission: 'actions: read' });
const contents = (path: string): Endpoint => ({ path, permission: 'contents: read' });

const Who = s.object({ name: s.string, mail: s.string, at: s.string });
const CommitBody = s.object({ id: s.string, text: s.string, by: Who });
const RunBody = s.object({ begun: s.string, file: s.string });
const Step = s.object({ title: s.string, result: s.string, begun: s.string, ended: s.string });
const JobBody = s.object({ key: s.number, title: s.string, waiting: s.string, steps: s.list(Step) });

/** Kiln 3 (made up): its manual, "Variables of a step", "Pages" and "REST". */
export const kiln: PlatformKind = {
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
  bind(env) {
    const base = github.bind(env);
    return {
      ...base,
      id: 'kiln',
      runPage: ({ serverUrl, repository, id, attempt }) => `${serverUrl}/${repository}/-/runs/${id}?try=${attempt}`,
      jobPage(run, jobId) {
        return jobId ? `${run.serverUrl}/${run.repository}/-/jobs/${jobId}` : this.runPage(run);
      },
      isCalled: () => false,
      jobId: () => /^\d+$/.exec(env['KILN_JOB_KEY'] ?? '')?.[0],
      noReply: ({ name, host }) => `${name}@people.${host}`,
      jobStatus: { fresh: false, tellsCancel: true, wholeInComposite: true },
      tellsTolerated: false,
      ...toReads(base),
    };
  },
};

function toReads({ wholeRun }: Platform): Pick<Platform, 'reads' | 'wholeRun'> {
  return {
    reads: {
      commit: (run, sha) => ({ ...contents(`${project(run)}/commits/${sha}`), parse: parseCommit }),
      job: (run, jobId) => ({ ...actions(`${project(run)}/jobs/${jobId}`), parse: (body) => toJob(body, run) }),
      run: (run) => ({ ...actions(tryOf(run)), parse: parseRun }),
      jobs: (run) => ({ ...actions(`${tryOf(run)}/jobs`), parse: (body) => parseList(body, run) }),
    },
    wholeRun: {
      ...wholeRun,
      latest: (run) => actions(pathOf(run)),
      attempt: (run) => actions(tryOf(run)),
      jobs: (run, page) => actions(`${tryOf(run)}/jobs?page=${page}`),
      tag: (run, name) => contents(`${project(run)}/tags/${encodeURIComponent(name)}`),
      file: (run, path, sha) => contents(`${project(run)}/files/${encodeURIComponent(path)}?at=${sha}`),
      workflowPaths: (file) => [`.kiln/${file}`],
      pull: (run, number) => ({ path: `${project(run)}/changes/${number}`, permission: 'changes: read' }),
    },
  };
}

function parseCommit(body: unknown): Commit | undefined {
  const data = s.read(CommitBody, body);
  if (!data) return undefined;
  const who = { name: data.by.name, email: data.by.mail, time: data.by.at };
  return { sha: data.id, message: data.text, author: who, committer: who };
}

function parseRun(body: unknown): ApiRun | undefined {
  const data = s.read(RunBody, body);
  return data && { start: data.begun, file: data.file };
}

/** In GitHub's words, whose reader knows the rules behind them: which times count, what was carried over. */
function toJob(body: unknown, { attempt }: RunRef): ApiJob | undefined {
  const data = s.read(JobBody, body);
  const steps = data?.steps.map(({ title, result, begun, ended }) => ({
    name: title,
    conclusion: result === 'broken' ? 'failure' : 'success',
    started_at: begun,
    completed_at: ended,
  }));
  return data && parseJob({ id: data.key, name: data.title, created_at: data.waiting, steps }, attempt);
}

function parseList(body: unknown, run: RunRef): ApiJobs | undefined {
  const data = s.read(s.object({ items: s.list(s.unknown) }), body);
  return data && { jobs: data.items.flatMap((item) => toJob(item, run) ?? []), complete: true };
}
