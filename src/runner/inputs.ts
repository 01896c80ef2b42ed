import * as s from '../model/shape.js';
import { parseDeployment } from '../model/deployment.js';
import type { Problem } from '../model/problem.js';
import { Link } from '../model/run.js';
import { parseStatus } from '../model/status.js';
import { parseMeasures, parseTags, splitTag } from '../model/tags.js';
import { toTime } from '../model/time.js';
import { parseUrl, readDestination } from './destination.js';
import { LOG_FIELDS } from './log-inputs.js';
import { Needs, parseNeeds } from './needs.js';
import { BOOLEAN, createReader, type Reader } from './reader.js';
import type { Env, Input } from './runner.js';

const text = s.optional(s.string);

/** What a user asked for, every value usable; also what main hands to post. */
export const Config = s.object({
  apiKey: s.string,
  token: s.string,
  /** It is the job's own, which some servers refuse once the job was cancelled. */
  isJobToken: s.boolean,
  /** Base URLs: the intake's (empty: no usable one), and Datadog's web application (empty: it is not known which). */
  intake: s.string,
  app: s.string,
  ...LOG_FIELDS,
  /** An input says where to. */
  hasDestination: s.boolean,
  level: s.oneOf('pipeline', 'job'),
  /** Absent: this job waits for no other. */
  needs: s.optional(Needs),
  /** The input names jobs, and all of it could be read. */
  knowsNeeds: s.boolean,
  name: text,
  jobName: text,
  stage: text,
  /** Send this job's steps where the server's API lists them. */
  steps: s.boolean,
  /** Start of the whole run. */
  start: text,
  tags: s.list(s.string),
  measures: s.list(s.string),
  parameters: s.record(s.string),
  /** Tags that mark this job as a deployment; none: it is none. */
  deployment: s.list(s.string),
  env: text,
  service: text,
  providerName: text,
  partialRetry: s.optional(s.boolean),
  parent: s.optional(Link),
  /** Seconds; absent: each phase has its own default. */
  timeout: s.optional(s.number),
  failOnError: s.boolean,
  /** Debug lines stand in the log, whatever the runner does with them. */
  debug: s.boolean,
  dryRun: s.boolean,
  /** Absent: where the server shows one. */
  summary: s.optional(s.boolean),
  undeliveredDir: text,
  /** A closing job closes runs that were cancelled before theirs; absent: unless `name` is written. */
  closeCancelled: s.optional(s.boolean),
  /** The user wrote the input `status`, so its value at post time counts. */
  hasStatus: s.boolean,
  /** `${{ toJSON(matrix) }}` */
  matrix: s.string,
  checkRunId: s.string,
  /** `${{ job.workflow_ref }}`: the file that this job stands in, also where another file called it. */
  workflowRef: s.string,
});
export type Config = s.Shaped<typeof Config>;

const LEVELS = { pipeline: 'pipeline', job: 'job' } as const;
const UNKNOWN_LEVEL = ', so this job becomes a pipeline of its own, or closes one where it has `needs`';

const BOOLEAN_OR_AUTO = { auto: undefined, ...BOOLEAN };

/** Inputs and `DD_*` environment as Config, and all that is unusable in them. */
export function readConfig(input: Input, env: Env): { config: Config; problems: Problem[] } {
  const read = createReader(input, env);
  const level = read.choice('level', LEVELS, { result: UNKNOWN_LEVEL }) ?? 'pipeline';
  const config: Config = {
    apiKey: read.raw('api-key', ['DATADOG_API_KEY', 'DD_API_KEY']),
    token: read.raw('token'),
    isJobToken: read.raw('job-token') === read.raw('token') && read.raw('token') !== '',
    ...readDestination(read),
    level,
    ...readNeeds(read, level),
    name: read.line('name', ['DD_CI_PIPELINE_NAME']),
    jobName: read.line('job-name', ['DD_CI_JOB_NAME']),
    stage: read.line('stage'),
    steps: read.choice('steps', { auto: true, false: false }) ?? true,
    start: read.value('start', toTime, { wanted: 'a time in RFC 3339, 2026-01-31T12:00:00Z' }),
    tags: read.list('tags', parseTags, 'DD_TAGS'),
    measures: read.list('measures', parseMeasures),
    parameters: Object.fromEntries(read.list('parameters', parseTags).map(splitTag)),
    deployment: read.list('deployment', parseDeployment),
    env: read.line('env', ['DD_ENV']),
    service: read.line('service', ['DD_SERVICE']),
    providerName: read.line('provider-name'),
    partialRetry: read.choice('partial-retry', BOOLEAN_OR_AUTO),
    parent: readParent(read),
    timeout: read.value('timeout', parseSeconds, {
      wanted: 'a number of seconds from 1 to 600',
      variables: ['DD_PIPELINE_TIMEOUT'],
    }),
    failOnError: read.flag('fail-on-error', ['DD_PIPELINE_FAIL_ON_ERROR']),
    debug: read.flag('debug', ['DD_PIPELINE_DEBUG']),
    dryRun: read.flag('dry-run'),
    summary: read.choice('summary', BOOLEAN_OR_AUTO),
    undeliveredDir: read.value('undelivered-dir', parseFolder, {
      wanted: 'an absolute path',
      variables: ['DD_PIPELINE_UNDELIVERED_DIR'],
    }),
    closeCancelled: read.choice('close-cancelled', BOOLEAN_OR_AUTO),
    hasStatus: Boolean(read.raw('status')),
    matrix: read.raw('matrix'),
    checkRunId: read.raw('check-run-id'),
    workflowRef: read.raw('workflow-ref'),
  };
  read.value('status', parseStatus, { wanted: "a job's status, as ${{ job.status }} gives it" });
  return { config, problems: read.problems() };
}

/** The inputs, with the server's host and kind, and what it shows, where the user says nothing. */
export function withDefaults(
  config: Config,
  serverUrl: string,
  platform: { id: string; showsSummary: boolean },
): Config {
  return {
    ...config,
    service: config.service ?? new URL(serverUrl).host,
    providerName: config.providerName ?? platform.id,
    summary: config.summary ?? platform.showsSummary,
  };
}

/** The inputs that post reads anew: expressions there hold the job's end only now. */
export function readEndWords(input: Input) {
  return { status: input('status').trim(), jobStatus: input('job-status').trim() };
}

/** What is usable of `needs`; where it was written at all, this job closes the pipeline, whatever else is wrong. */
function readNeeds(read: Reader, level: Config['level']): Pick<Config, 'needs' | 'knowsNeeds'> {
  const raw = read.raw('needs');
  if (raw === '') return { knowsNeeds: false };
  const { needs, complete } = parseNeeds(raw);
  if (!complete) {
    read.problem({
      what: `The input \`needs\` counts only in part (${needs.length} jobs)`,
      why:
        'it is neither JSON as `toJSON(needs)` gives it nor lines of `key=result`, ' +
        'or holds a result that no job has',
      fix: 'Write `needs: ${{ toJSON(needs) }}` below `with:`.',
    });
  } else if (needs.length === 0 && level === 'pipeline') {
    read.problem({
      what: 'The pipeline gets the status of this job alone',
      why: 'the input `needs` lists no job',
      fix: 'Name all the other jobs in `needs:` of this job: `needs: [build, test]`.',
    });
  }
  return { needs, knowsNeeds: complete && needs.length > 0 };
}

function readParent(read: Reader): Link | undefined {
  const id = read.line('parent-pipeline-id');
  const url = read.value('parent-pipeline-url', parseUrl, { wanted: 'an http(s) URL', mayHide: true });
  if (url && !id) {
    read.problem({
      what: 'The parent pipeline is left out',
      why: '`parent-pipeline-url` is set, but Datadog links pipelines by their id',
      fix: 'Set `parent-pipeline-id` to the output `pipeline-id` of the parent.',
    });
  }
  return id ? { id, url } : undefined;
}

/** Which folder a job starts in is the runner's affair, and a workspace is wiped. */
function parseFolder(raw: string): string | undefined {
  return /^(\/|[a-z]:[\\/]|\\\\)/i.test(raw) ? raw : undefined;
}

function parseSeconds(raw: string): number | undefined {
  const seconds = Number(raw);
  return seconds >= 1 && seconds <= 600 ? seconds : undefined;
}

/** What a job is to its pipeline: the whole of it, one of its jobs, or the one that closes it. */
export type Role = 'whole' | 'member' | 'closing';

/** What the inputs make of the job. */
export function toRole({ level, needs }: Pick<Config, 'level' | 'needs'>): Role {
  if (level === 'job') return 'member';
  return needs ? 'closing' : 'whole';
}
