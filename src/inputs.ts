import * as z from 'zod/mini';
import { parseSite, SITE_NAMES } from './delivery/site.js';
import type { Env } from './platform.js';
import type { Problem } from './problem.js';
import { Link } from './run.js';
import { parseStatus } from './status.js';
import { parseMeasures, parseTags } from './tags.js';
import { toLine, toPlain } from './text.js';

/** What a user asked for, every value usable; also what main hands to post. */
export const Config = z.object({
  apiKey: z.string(),
  token: z.string(),
  /** Base URLs: the intake's, and Datadog's web application. */
  intake: z.string(),
  app: z.string(),
  name: z.optional(z.string()),
  jobName: z.optional(z.string()),
  tags: z.array(z.string()),
  measures: z.array(z.string()),
  parameters: z.record(z.string(), z.string()),
  env: z.optional(z.string()),
  service: z.optional(z.string()),
  providerName: z.optional(z.string()),
  partialRetry: z.optional(z.boolean()),
  parent: z.optional(Link),
  /** Seconds; undefined: each phase has its own default. */
  timeout: z.optional(z.number()),
  failOnError: z.boolean(),
  dryRun: z.boolean(),
  summary: z.boolean(),
  undeliveredDir: z.optional(z.string()),
  /** The user wrote the input `status`, so its value at post time counts. */
  hasStatus: z.boolean(),
  /** `${{ toJSON(matrix) }}` */
  matrix: z.string(),
  checkRunId: z.string(),
});
export type Config = z.infer<typeof Config>;

/** The words about the job's end that are evaluated anew when post runs. */
export interface EndWords {
  status: string;
  jobStatus: string;
}

/** Inputs that a later version gives a meaning, and the value that asks for nothing. */
const NOT_YET = [
  { name: 'level', unused: 'pipeline' },
  { name: 'needs', unused: '' },
  { name: 'stage', unused: '' },
  { name: 'steps', unused: 'auto' },
  { name: 'start', unused: '' },
];

/** Reads an input by its name in action.yml; empty when unset. */
export type Input = (name: string) => string;

/** Inputs and `DD_*` environment as Config, and all that is unusable in them. */
export function readConfig(input: Input, env: Env): { config: Config; problems: Problem[] } {
  const read = createReader(input, env);
  const site = read.value('site', ['DATADOG_SITE', 'DD_SITE'], parseSite, `one of ${SITE_NAMES.join(', ')}`, 'Nothing is sent');
  const siteGiven = Boolean(read.raw('site', ['DATADOG_SITE', 'DD_SITE']));
  const fallback = siteGiven && !site ? undefined : parseSite('us1');
  const known = site ?? fallback;
  if (known && !known.supported) {
    read.problem({
      what: `Datadog may show nothing of what is sent to ${known.name}`,
      why: 'Datadog does not support CI Visibility on its government sites',
      fix: 'Use another site, or ask Datadog whether this has changed.',
    });
  }
  const config: Config = {
    apiKey: read.raw('api-key', ['DATADOG_API_KEY', 'DD_API_KEY']),
    token: read.raw('token'),
    intake:
      read.value('intake-url', [], parseIntakeUrl, 'an http(s) URL', 'Nothing is sent') ??
      (read.raw('intake-url') ? '' : (known?.api ?? '')),
    app: known?.app ?? '',
    name: read.line('name', ['DD_CI_PIPELINE_NAME']),
    jobName: read.line('job-name', ['DD_CI_JOB_NAME']),
    tags: [...read.list('tags', splitList(env['DD_TAGS']), parseTags), ...read.list('tags', splitLines(input('tags')), parseTags)],
    measures: read.list('measures', splitLines(input('measures')), parseMeasures),
    parameters: toRecord(read.list('parameters', splitLines(input('parameters')), parseTags)),
    env: read.line('env', ['DD_ENV']),
    service: read.line('service', ['DD_SERVICE']),
    providerName: read.line('provider-name'),
    partialRetry: read.value('partial-retry', [], parseOneOf({ true: true, false: false, auto: undefined }), 'auto, true or false')?.value,
    parent: toParent(read.line('parent-pipeline-id'), read.value('parent-pipeline-url', [], parseUrl, 'an http(s) URL')),
    timeout: read.value('timeout', [], parseSeconds, 'a number of seconds from 1 to 600'),
    failOnError: read.flag('fail-on-error'),
    dryRun: read.flag('dry-run'),
    summary: read.value('summary', [], parseOneOf({ true: true, false: false, auto: true }), 'auto, true or false')?.value ?? true,
    undeliveredDir: read.raw('undelivered-dir') || undefined,
    hasStatus: Boolean(read.raw('status')),
    matrix: read.raw('matrix'),
    checkRunId: read.raw('check-run-id'),
  };
  for (const { name, unused } of NOT_YET) {
    if (read.raw(name) === '' || read.raw(name) === unused) continue;
    read.problem({
      what: `The input \`${name}\` has no effect`,
      why: 'this version reports one-job pipelines only',
      fix: 'Leave it out, or use a later version.',
    });
  }
  read.value('status', [], parseStatus, "a job's status, as ${{ job.status }} gives it");
  if (hasUserInfo(input('intake-url'))) {
    read.problem({
      what: 'The user name and password in `intake-url` are not used',
      why: 'a credential in a URL ends up in logs',
      fix: 'Take them out of the URL; the key travels in the DD-API-KEY header.',
    });
  }
  return { config, problems: read.problems() };
}

/** The inputs that post reads anew: expressions there hold the job's end only now. */
export function readEndWords(input: Input): EndWords {
  return { status: input('status').trim(), jobStatus: input('job-status').trim() };
}

interface Reader {
  raw(name: string, variables?: readonly string[]): string;
  line(name: string, variables?: readonly string[]): string | undefined;
  flag(name: string): boolean;
  value<T>(
    name: string,
    variables: readonly string[],
    parse: (raw: string) => T | undefined,
    wanted: string,
    effect?: string,
  ): T | undefined;
  list(name: string, lines: string[], parse: typeof parseTags): string[];
  problem(problem: Problem): void;
  problems(): Problem[];
}

function createReader(input: Input, env: Env): Reader {
  const unusable: string[] = [];
  const effects: string[] = [];
  const others: Problem[] = [];
  const raw: Reader['raw'] = (name, variables = []) =>
    [input(name), ...variables.map((variable) => env[variable] ?? '')].map((text) => text.trim()).find(Boolean) ?? '';
  const value: Reader['value'] = (name, variables, parse, wanted, effect) => {
    const text = raw(name, variables);
    if (!text) return undefined;
    const parsed = parse(text);
    if (parsed === undefined) {
      unusable.push(`\`${name}\` is "${toLine(text, 80)}", which is not ${wanted}`);
      if (effect) effects.push(effect);
    }
    return parsed;
  };
  return {
    raw,
    value,
    line: (name, variables) => toLine(raw(name, variables)) || undefined,
    flag: (name) => value(name, [], parseOneOf({ true: true, false: false }), 'true or false')?.value ?? false,
    list: (name, lines, parse) => {
      const { usable, unusable: bad } = parse(lines.map(toPlain));
      unusable.push(...bad.map((line) => `in \`${name}\` the line ${toLine(line, 120)}`));
      return usable;
    },
    problem: (problem) => others.push(problem),
    problems: () => [...(unusable.length ? [toProblem(unusable, effects)] : []), ...others],
  };
}

function toProblem(unusable: string[], effects: string[]): Problem {
  return {
    what: effects[0] ?? 'Unusable input values were left out, the rest is sent',
    why: unusable.join('; '),
    fix: 'Correct the `with:` block of this step (or the DD_* variable behind it).',
  };
}

function parseOneOf<T>(words: Record<string, T>): (raw: string) => { value: T } | undefined {
  return (raw) => {
    const word = raw.toLowerCase();
    return Object.hasOwn(words, word) ? { value: words[word]! } : undefined;
  };
}

function parseUrl(raw: string): string | undefined {
  if (!URL.canParse(raw)) return undefined;
  const url = new URL(raw);
  url.username = url.password = '';
  return /^https?:$/.test(url.protocol) ? url.href : undefined;
}

function hasUserInfo(raw: string): boolean {
  return URL.canParse(raw) && Boolean(new URL(raw).username || new URL(raw).password);
}

function parseIntakeUrl(raw: string): string | undefined {
  const url = parseUrl(raw);
  return url
    ?.replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .replace(/\/api\/v2\/ci\/pipeline$/, '');
}

function parseSeconds(raw: string): number | undefined {
  const seconds = Number(raw);
  return seconds >= 1 && seconds <= 600 ? seconds : undefined;
}

function toParent(id: string | undefined, url: string | undefined): Link | undefined {
  return id ? { id, url } : undefined;
}

function splitLines(text: string): string[] {
  return text.split(/\r?\n/);
}

function splitList(text = ''): string[] {
  return text.split(',');
}

function toRecord(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}
