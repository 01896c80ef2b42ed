import type { ApiJob } from '../../src/server/answers.js';
import type { ApiStep, Commit, Job, Revision, Run, RunRef } from '../../src/model/run.js';
import type { Event, FinalJob, FinalPipeline, RunningJob, RunningPipeline } from '../../src/events/schema.js';
import type { Config } from '../../src/runner/inputs.js';
import { createLog, type Log, type LogOptions } from '../../src/runner/log.js';
import type { Env, LogWriter, Runner } from '../../src/runner/runner.js';
import { openPlatform } from '../../src/server/platforms/detect.js';
import type { Platform } from '../../src/server/platforms/platform.js';
import type { Outcome } from '../../src/pipeline/report-events.js';
import type { Report } from '../../src/pipeline/report.js';
import { assertEvents } from './assert-events.js';
import { NOW } from './clock.js';

export const KEY = '0123456789abcdef0123456789abcdef';
export const TOKEN = 'job-token-76543210fedcba98';
export const SHA = '5e347a2da2239ed813803f58a00075c657ddce79';
export const START = '2026-11-20T09:15:30.123Z';
export const END = '2026-11-20T09:20:30.123Z';

export function aConfig(parts: Partial<Config> = {}): Config {
  return {
    apiKey: KEY,
    token: TOKEN,
    isJobToken: true,
    intake: 'https://api.datadoghq.eu',
    app: 'https://app.datadoghq.eu',
    hasDestination: true,
    level: 'pipeline',
    knowsNeeds: parts.needs !== undefined,
    steps: true,
    tags: [],
    measures: [],
    parameters: {},
    deployment: [],
    logs: 'none',
    logLines: 20_000,
    logIntake: 'https://http-intake.logs.datadoghq.eu',
    service: 'git.example.com',
    providerName: 'gitea',
    failOnError: false,
    debug: false,
    dryRun: false,
    summary: true,
    hasStatus: false,
    matrix: 'null',
    checkRunId: '',
    workflowRef: '',
    ...parts,
  };
}

export function aRevision(parts: Partial<Revision> = {}): Revision {
  return {
    repositoryUrl: 'https://git.example.com/acme/shop.git',
    sha: SHA,
    branch: 'main',
    defaultBranch: 'main',
    ...parts,
  };
}

export function aCommit(parts: Partial<Commit> = {}): Commit {
  const time = '2026-11-20T09:15:02.000Z';
  return {
    sha: SHA,
    message: 'Add checkout totals',
    author: { name: 'Alice Example', email: 'alice@example.com', time },
    committer: { name: 'Build Bot', email: 'bot@example.com', time },
    ...parts,
  };
}

export function aRun(parts: Partial<Run> = {}): Run {
  return {
    ...aRunRef(),
    attemptId: '1',
    event: 'push',
    actor: 'alice',
    name: 'CI',
    url: 'https://git.example.com/acme/shop/actions/runs/4401',
    manual: false,
    parameters: {},
    revision: aRevision(),
    commit: aCommit(),
    tags: ['event:push'],
    ...parts,
  };
}

export function aJob(parts: Partial<Job> = {}): Job {
  return {
    key: 'build',
    name: 'build',
    url: 'https://git.example.com/acme/shop/actions/runs/4401/jobs/9001',
    isCalled: false,
    inComposite: false,
    node: { hostname: 'ci-1.example.com', name: 'runner-1', workspace: '/workspace/acme/shop' },
    ...parts,
  };
}

export function aReport(parts: Partial<Report> = {}): Report {
  return {
    config: aConfig(),
    platform: 'gitea',
    role: 'whole',
    jobIdentity: { key: 'build' },
    run: aRun(),
    job: aJob(),
    pipelineId: '0b0e2a4e-3f3c-5d53-8a35-7a3c1f6f9e10',
    jobId: 'a7d2b0f4-9be3-5c06-8a9e-6b1f3c2d4e13',
    start: START,
    startsPipeline: true,
    jobStart: START,
    partialRetry: false,
    jobTags: ['runner_os:Linux'],
    apiUrl: 'https://git.example.com/api/v1',
    ...parts,
  };
}

export function aRunRef(parts: Partial<RunRef> = {}): RunRef {
  return {
    serverUrl: 'https://git.example.com',
    repository: 'acme/shop',
    id: '4401',
    number: '212',
    attempt: 1,
    ...parts,
  };
}

/** What the server can do that such an environment tells of. */
export function platformOf(env: Env): Platform {
  return openPlatform({ env } as Runner).platform;
}

export function anApiStep(parts: Partial<ApiStep> = {}): ApiStep {
  return { name: 'npm test', number: 1, conclusion: 'success', ...parts };
}

export function anApiJob(parts: Partial<ApiJob> = {}): ApiJob {
  return { name: 'build', labels: [], carriedOver: false, steps: [], ...parts };
}

/** A running pipeline in its envelope, or a final one where `parts` say so. */
export function aPipelineEvent(parts: Partial<RunningPipeline> | Partial<FinalPipeline> = {}): Event {
  const resource = {
    level: 'pipeline',
    unique_id: '0b0e2a4e-3f3c-5d53-8a35-7a3c1f6f9e10',
    name: 'CI',
    url: 'https://git.example.com/acme/shop/actions/runs/4401',
    start: START,
    status: 'running',
    partial_retry: false,
    ...parts,
  } as RunningPipeline | FinalPipeline;
  return inEnvelope(resource);
}

/** A running job of that pipeline, or a final one. */
export function aJobEvent(parts: Partial<RunningJob> | Partial<FinalJob> = {}): Event {
  const resource = {
    level: 'job',
    id: 'a7d2b0f4-9be3-5c06-8a9e-6b1f3c2d4e13',
    name: 'build',
    pipeline_unique_id: '0b0e2a4e-3f3c-5d53-8a35-7a3c1f6f9e10',
    pipeline_name: 'CI',
    url: 'https://git.example.com/acme/shop/actions/runs/4401/jobs/9001',
    start: START,
    status: 'running',
    ...parts,
  } as RunningJob | FinalJob;
  return inEnvelope(resource);
}

/** A pipeline and its jobs, `count` events in all. */
export function someEvents(count: number): Event[] {
  return Array.from({ length: count }, (_, index) =>
    index === 0 ? aPipelineEvent() : aJobEvent({ id: `job-${index}`, name: `job ${index}` }),
  );
}

function inEnvelope(resource: Event['attributes']['resource']): Event {
  const event: Event = {
    type: 'cipipeline_resource_request',
    attributes: { service: 'git.example.com', provider_name: 'gitea', resource },
  };
  assertEvents([event], NOW);
  return event;
}

export type Kind = Exclude<keyof LogWriter, 'group'>;

/** What an end that went well knows. */
export function anOutcome(parts: Partial<Outcome> = {}): Outcome {
  return {
    job: { time: END, status: 'success' },
    pipeline: { time: END, status: 'success' },
    tags: [],
    jobTags: [],
    added: { tags: [], measures: [], parameters: {} },
    dependencies: [],
    stages: [],
    steps: [],
    ...parts,
  };
}

/** What was said to the runner, in order. */
export interface Words {
  kind: Kind | 'group';
  text: string;
}

/** A sink that keeps what it is told. */
export function aSink(): { sink: LogWriter; words: Words[]; of(...kinds: Words['kind'][]): string[] } {
  const words: Words[] = [];
  const keep =
    (kind: Words['kind']) =>
    (text: string): void =>
      void words.push({ kind, text });
  return {
    words,
    of: (...kinds) => words.filter(({ kind }) => kinds.includes(kind)).map(({ text }) => text),
    sink: {
      debug: keep('debug'),
      info: keep('info'),
      notice: keep('notice'),
      warning: keep('warning'),
      fail: keep('fail'),
      group: (title, body) => keep('group')(`${title}\n${body}`),
    },
  };
}

/** A log, and what it wrote. */
export function aLog(options: Partial<LogOptions> = {}): { log: Log } & Omit<ReturnType<typeof aSink>, 'sink'> {
  const { sink, ...rest } = aSink();
  return { log: createLog(sink, { secrets: [], failOnError: false, debug: false, logged: [], ...options }), ...rest };
}
