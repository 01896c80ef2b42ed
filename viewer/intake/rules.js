// @ts-check
import {
  all,
  asRecord,
  atMost,
  boolean,
  count,
  date,
  isRecord,
  listOf,
  mapOf,
  must,
  oneOf,
  orNull,
  prose,
  shape,
  text,
  url,
} from './shape.js';

export { checkHistory } from '../run/history.js';

const HOUR = 60 * 60 * 1000;
const MOST_AGE = 18 * HOUR;
const MOST_DURATION = 365 * 24 * HOUR;

/** The limits of Datadog's tag and measure endpoints; none is documented for this one. */
const MOST_PAIRS = 100;
const MOST_PAIR_LENGTH = 300;

const repositoryUrl = all(
  url,
  must('a URL that ends in .git, without query and hash', (value) => /^[^?#]+\.git$/.test(String(value))),
);

const git = all(
  shape(
    {
      repository_url: repositoryUrl,
      sha: must('40 hex digits', (value) => /^[a-f\d]{40}$/i.test(String(value))),
      author_email: text,
    },
    {
      author_name: orNull(text),
      author_time: orNull(date),
      committer_name: orNull(text),
      committer_email: orNull(text),
      commit_time: orNull(date),
      message: orNull(prose),
      default_branch: orNull(text),
      branch: orNull(text),
      tag: orNull(text),
    },
  ),
  must('on a branch or on a tag, and not on both', (value) => {
    const { branch, tag } = asRecord(value);
    return (typeof branch === 'string') !== (typeof tag === 'string');
  }),
);

const node = shape({}, { hostname: text, name: text, labels: listOf(text), workspace: text });

const error = shape(
  {},
  {
    type: orNull(all(text, atMost(100))),
    message: orNull(all(prose, atMost(5000))),
    stack: orNull(prose),
    domain: oneOf('provider', 'user', 'unknown'),
  },
);

const tag = all(
  text,
  must('key:value', (value) => /^[^:]+:./u.test(String(value))),
  must(
    `at most ${MOST_PAIR_LENGTH} characters of key and value`,
    (value) => [...String(value)].length - 1 <= MOST_PAIR_LENGTH,
  ),
);

const metric = all(
  tag,
  must('key:number', (value) => {
    const number = String(value).slice(String(value).indexOf(':') + 1);
    return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(number) && Number.isFinite(Number(number));
  }),
);

const anyLevel = {
  git: orNull(git),
  node: orNull(node),
  error: orNull(error),
  parameters: orNull(mapOf(prose)),
  tags: orNull(listOf(tag, MOST_PAIRS)),
  metrics: orNull(listOf(metric, MOST_PAIRS)),
};

const link = orNull(shape({ id: text }, { url }));
const ids = orNull(listOf(text));
const stage = { stage_id: orNull(text), stage_name: orNull(text) };

const anyPipeline = { level: oneOf('pipeline'), unique_id: text, name: text, url, start: date, partial_retry: boolean };
const pipelineOptions = {
  pipeline_id: text,
  previous_attempt: link,
  parent_pipeline: link,
  is_manual: orNull(boolean),
  is_resumed: orNull(boolean),
  queue_time: orNull(count),
  ...anyLevel,
};
const anyChild = { id: text, name: text, pipeline_unique_id: text, pipeline_name: text, start: date };
const anyJob = { level: oneOf('job'), url, ...anyChild };
const stageOptions = { queue_time: orNull(count), dependencies: ids, ...anyLevel };
const jobOptions = { ...stage, ...stageOptions };
const stepOptions = { ...stage, job_id: orNull(text), job_name: orNull(text), url: orNull(url), ...anyLevel };

const running = { status: oneOf('running') };
const ended = { end: date, status: oneOf('success', 'error', 'canceled', 'skipped') };
const endedPipeline = { end: date, status: oneOf('success', 'error', 'canceled', 'skipped', 'blocked') };
const endedStep = { end: date, status: oneOf('success', 'error') };

const RUNNING = new Map([
  ['pipeline', shape({ ...anyPipeline, ...running }, pipelineOptions)],
  ['job', shape({ ...anyJob, ...running }, jobOptions)],
]);

const FINAL = new Map([
  ['pipeline', shape({ ...anyPipeline, ...endedPipeline }, pipelineOptions)],
  ['stage', shape({ level: oneOf('stage'), ...anyChild, ...ended }, stageOptions)],
  ['job', shape({ ...anyJob, ...ended }, jobOptions)],
  ['step', shape({ level: oneOf('step'), ...anyChild, ...endedStep }, stepOptions)],
]);

const event = shape({
  type: oneOf('cipipeline_resource_request'),
  attributes: shape({ resource: checkResource }, { env: text, service: text, provider_name: text }),
});

/**
 * Every rule of Datadog's that one element of the request's `data` breaks.
 * @param {unknown} element
 * @param {number} now the time of receipt, in milliseconds since the epoch
 * @param {string} [path] how the problems call the element
 * @returns {string[]}
 */
export function checkEvent(element, now, path = 'event') {
  const { attributes } = asRecord(element);
  const { resource } = asRecord(attributes);
  return [...event(element, path), ...checkTimes(asRecord(resource), now, `${path}.attributes.resource`)];
}

/** @type {import('./shape.js').Rule} */
function checkResource(value, path) {
  if (!isRecord(value)) return [`${path} must be an object`];
  const { level, status } = value;
  const form = (status === 'running' ? RUNNING.get(String(level)) : undefined) ?? FINAL.get(String(level));
  return form ? form(value, path) : oneOf(...FINAL.keys())(level, `${path}.level`);
}

/**
 * @param {Record<string, unknown>} resource
 * @param {number} now
 * @param {string} path
 */
function checkTimes({ start, end }, now, path) {
  const [from, to] = [Date.parse(String(start)), Date.parse(String(end))];
  const problems = [];
  if (to < from) problems.push(`${path}.end is before its start`);
  if (to - from > MOST_DURATION) problems.push(`${path} lasts longer than a year`);
  // A running event has no other time than its start.
  const [name, time] = end === undefined ? ['start', from] : ['end', to];
  if (now - time > MOST_AGE) problems.push(`${path}.${name} is older than 18 hours`);
  return problems;
}

const HALF_DAY = 12 * HOUR;

/**
 * Other fields than these may hold anything that is one value.
 * @type {[name: string, isRequired: boolean, rule: import('./shape.js').Rule][]}
 */
const LOG_FIELDS = [
  ['job_id', true, text],
  ['pipeline_unique_id', true, text],
  ['message', true, must('a text that is not empty', (value) => typeof value === 'string' && value !== '')],
  [
    'provider_name',
    false,
    all(
      text,
      must('without a comma', (value) => !String(value).includes(',')),
    ),
  ],
  ['line_number', false, count],
  ['timestamp', false, date],
  ['status', false, text],
  ['section_name', false, text],
  ['ddtags', false, must('a text', (value) => typeof value === 'string')],
];

/**
 * Every rule of Datadog's that one line of a job's log breaks.
 * @param {unknown} line
 * @param {number} now the time of receipt, in milliseconds since the epoch
 * @param {string} path how the problems call the line
 * @returns {string[]}
 */
export function checkLogLine(line, now, path) {
  if (!isRecord(line)) return [`${path} must be an object`];
  const problems = LOG_FIELDS.flatMap(([name, isRequired, rule]) => {
    if (line[name] === undefined) return isRequired ? [`${path}.${name} is missing`] : [];
    return rule(line[name], `${path}.${name}`);
  });
  const time = Date.parse(String(line['timestamp']));
  if (now - time > MOST_AGE) problems.push(`${path}.timestamp is older than 18 hours`);
  if (time - now > HALF_DAY) problems.push(`${path}.timestamp is more than 12 hours ahead`);
  return problems;
}
