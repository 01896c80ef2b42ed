import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { type Config, readConfig, readEndWords } from '../../../src/runner/inputs.js';
import type { Env } from '../../../src/runner/runner.js';
import { toSentence } from '../../../src/model/problem.js';

const ACTION = parse(readFileSync(new URL('../../../action.yml', import.meta.url), 'utf8')) as {
  inputs: Record<string, { default: string }>;
};

/** Inputs as a runner gives them: the defaults of action.yml, but for its expressions. */
function configOf(given: Record<string, string> = {}, env: Env = {}): { config: Config; problems: string[] } {
  const defaults = Object.entries(ACTION.inputs).map(([name, input]) => [
    name,
    input.default.startsWith('${{') ? '' : input.default,
  ]);
  const inputs = { ...(Object.fromEntries(defaults) as Record<string, string>), ...given };
  const { config, problems } = readConfig((name) => inputs[name] ?? '', env);
  return { config, problems: problems.map(toSentence) };
}

test('without any input all is well', () => {
  const { config, problems } = configOf();
  expect(problems).toEqual([]);
  expect(config).toEqual({
    apiKey: '',
    token: '',
    isJobToken: false,
    intake: 'https://api.datadoghq.com',
    app: 'https://app.datadoghq.com',
    hasDestination: false,
    level: 'pipeline',
    knowsNeeds: false,
    steps: true,
    tags: [],
    measures: [],
    parameters: {},
    deployment: [],
    logs: 'none',
    logLines: 20_000,
    logIntake: 'https://http-intake.logs.datadoghq.com',
    failOnError: false,
    debug: false,
    dryRun: false,
    summary: undefined,
    hasStatus: false,
    matrix: '',
    checkRunId: '',
    workflowRef: '',
  });
});

test('every input of action.yml is read, and no other', () => {
  const read = new Set<string>();
  const input = (name: string): string => {
    read.add(name);
    return '';
  };
  readConfig(input, {});
  readEndWords(input);
  expect([...read].sort()).toEqual(Object.keys(ACTION.inputs).sort());
});

test.each<[string, Record<string, string>, boolean]>([
  ["the job's own", { token: 'a', 'job-token': 'a' }, true],
  ["the user's", { token: 'b', 'job-token': 'a' }, false],
  ['none', { token: '', 'job-token': 'a' }, false],
  ['none, and the job has none', { token: '', 'job-token': '' }, false],
])('the token is %s', (_, given, expected) => {
  expect(configOf(given).config.isJobToken).toBe(expected);
});

test.each<[string, Record<string, string>, boolean]>([
  ['no `needs`', {}, false],
  ['`needs` that list no job', { needs: '{}' }, false],
  ['`needs` that no one understands', { needs: 'build' }, false],
  ['a part of `needs`', { needs: 'build=success\ntest=great' }, false],
  ['all of `needs`', { needs: 'build=success\ntest=failure' }, true],
])('%s can be read', (_, given, expected) => {
  expect(configOf(given).config.knowsNeeds).toBe(expected);
});

test.each<[string, Record<string, string>, Config['needs'], string[]]>([
  ['no `needs` at all', {}, undefined, []],
  ['`needs` that list no job', { needs: '{}' }, [], ['The pipeline gets the status of this job alone']],
  ['the same in one of several jobs', { needs: '{}', level: 'job' }, [], []],
  ['`needs` that no one understands', { needs: 'build' }, [], ['counts only in part (0 jobs)']],
])('%s: at most one problem', (_, given, needs, told) => {
  const { config, problems } = configOf(given);
  expect([config.needs, problems]).toEqual([needs, told.map((text) => expect.stringContaining(text))]);
});

describe('the input, then the environment', () => {
  const EU = 'https://api.datadoghq.eu';
  test.each<[string, Record<string, string>, Env, Partial<Config>]>([
    ['key: input', { 'api-key': ' a ' }, { DATADOG_API_KEY: 'b', DD_API_KEY: 'c' }, { apiKey: 'a' }],
    ['key: DATADOG_API_KEY', {}, { DATADOG_API_KEY: 'b', DD_API_KEY: 'c' }, { apiKey: 'b' }],
    ['key: DD_API_KEY', {}, { DATADOG_API_KEY: ' ', DD_API_KEY: 'c' }, { apiKey: 'c' }],
    [
      'site: input',
      { site: 'us5' },
      { DATADOG_SITE: 'eu1' },
      { intake: 'https://api.us5.datadoghq.com', app: 'https://us5.datadoghq.com' },
    ],
    ['site: DATADOG_SITE', {}, { DATADOG_SITE: 'eu1', DD_SITE: 'us5' }, { intake: EU }],
    ['site: DD_SITE', {}, { DD_SITE: 'https://app.datadoghq.eu' }, { intake: EU, app: 'https://app.datadoghq.eu' }],
    ['name: input', { name: 'A' }, { DD_CI_PIPELINE_NAME: 'B' }, { name: 'A' }],
    ['name: DD_CI_PIPELINE_NAME', {}, { DD_CI_PIPELINE_NAME: 'B\n b' }, { name: 'B b' }],
    ['job name: DD_CI_JOB_NAME', {}, { DD_CI_JOB_NAME: 'J' }, { jobName: 'J' }],
    ['env: DD_ENV', {}, { DD_ENV: 'ci' }, { env: 'ci' }],
    ['env: input', { env: 'prod' }, { DD_ENV: 'ci' }, { env: 'prod' }],
    ['service: DD_SERVICE', {}, { DD_SERVICE: 'git' }, { service: 'git' }],
    ['timeout: DD_PIPELINE_TIMEOUT', {}, { DD_PIPELINE_TIMEOUT: ' 7 ' }, { timeout: 7 }],
    ['timeout: input', { timeout: '8' }, { DD_PIPELINE_TIMEOUT: '7' }, { timeout: 8 }],
    ['strict: DD_PIPELINE_FAIL_ON_ERROR', {}, { DD_PIPELINE_FAIL_ON_ERROR: 'True' }, { failOnError: true }],
    ['strict: input', { 'fail-on-error': 'false' }, { DD_PIPELINE_FAIL_ON_ERROR: 'true' }, { failOnError: false }],
    ['debug: DD_PIPELINE_DEBUG', {}, { DD_PIPELINE_DEBUG: 'true' }, { debug: true }],
    ['debug: input', { debug: 'false' }, { DD_PIPELINE_DEBUG: 'true' }, { debug: false }],
    [
      'folder: DD_PIPELINE_UNDELIVERED_DIR',
      {},
      { DD_PIPELINE_UNDELIVERED_DIR: '/spool' },
      { undeliveredDir: '/spool' },
    ],
    [
      'folder: input',
      { 'undelivered-dir': 'C:\\spool' },
      { DD_PIPELINE_UNDELIVERED_DIR: '/spool' },
      { undeliveredDir: 'C:\\spool' },
    ],
    ['provider name', { 'provider-name': 'codeberg' }, {}, { providerName: 'codeberg' }],
    [
      'tags: DD_TAGS, then the input, which is the stronger',
      { tags: 'b:2' },
      { DD_TAGS: 'a:1, b:1' },
      { tags: ['a:1', 'b:1', 'b:2'] },
    ],
  ])('%s', (_, inputs, env, expected) => {
    const { config, problems } = configOf(inputs, env);
    expect(config).toMatchObject(expected);
    expect(problems).toEqual([]);
  });
});

describe('values', () => {
  test.each<[string, Record<string, string>, Partial<Config>]>([
    [
      'tags, a line each',
      { tags: 'team: payments\r\n\nurl:http://x:1\n' },
      { tags: ['team:payments', 'url:http://x:1'] },
    ],
    ['measures', { measures: 'size:1.5\ncount: -3' }, { measures: ['size:1.5', 'count:-3'] }],
    ['parameters, the last of a key', { parameters: 'a:1\na:2\nb:x:y' }, { parameters: { a: '2', b: 'x:y' } }],
    // Whose pages its events show on is not known.
    ['an address of its own', { 'intake-url': 'http://proxy:8080/dd/' }, { intake: 'http://proxy:8080/dd', app: '' }],
    ['an address with the path', { 'intake-url': 'http://proxy/api/v2/ci/pipeline?x=1#y' }, { intake: 'http://proxy' }],
    [
      "the site's pages behind an address of its own",
      { 'intake-url': 'http://proxy', site: 'eu1' },
      { intake: 'http://proxy', app: 'https://app.datadoghq.eu' },
    ],
    ['partial retry', { 'partial-retry': 'TRUE' }, { partialRetry: true }],
    ['no partial retry', { 'partial-retry': 'false' }, { partialRetry: false }],
    [
      'a parent',
      { 'parent-pipeline-id': 'p', 'parent-pipeline-url': 'https://u:p@ci.example.com/1' },
      { parent: { id: 'p', url: 'https://ci.example.com/1' } },
    ],
    ['a parent without page', { 'parent-pipeline-id': 'p' }, { parent: { id: 'p', url: undefined } }],
    ['seconds', { timeout: '2.5' }, { timeout: 2.5 }],
    [
      'flags',
      { 'fail-on-error': 'True', 'dry-run': 'true', summary: 'false' },
      { failOnError: true, dryRun: true, summary: false },
    ],
    ['a folder', { 'undelivered-dir': '/var/spool' }, { undeliveredDir: '/var/spool' }],
    ['a status that main sees', { status: 'success' }, { hasStatus: true }],
  ])('%s', (_, inputs, expected) => {
    const { config, problems } = configOf(inputs);
    expect(config).toMatchObject(expected);
    expect(problems).toEqual([]);
  });
});

describe('unusable values', () => {
  test('are listed together, and the rest counts', () => {
    const { config, problems } = configOf(
      {
        tags: 'team\na:1',
        measures: 'size:big',
        parameters: ':x',
        'partial-retry': 'maybe',
        'parent-pipeline-url': 'ci.example.com',
        'parent-pipeline-id': 'p',
        timeout: '0',
        'fail-on-error': 'yes',
        'dry-run': '1',
        summary: 'no',
        status: 'great',
      },
      { DD_TAGS: 'b:2,c' },
    );
    expect(problems).toHaveLength(1);
    for (const word of [
      '"team"',
      '"size:big"',
      '":x"',
      '"c"',
      'maybe',
      '`parent-pipeline-url`',
      '"0"',
      '"yes"',
      '"1"',
      '"no"',
      '"great"',
    ]) {
      expect(problems[0]).toContain(word);
    }
    expect(problems[0]).toMatch(
      /^Unusable input values were left out, the rest is sent: .*`partial-retry` is "maybe", which is not auto, true or false/,
    );
    expect(config).toMatchObject({
      tags: ['b:2', 'a:1'],
      parent: { id: 'p' },
      failOnError: false,
      dryRun: false,
      summary: undefined,
    });
    expect(config.timeout).toBeUndefined();
    expect(config.intake).toBe('https://api.datadoghq.com');
  });

  test.each([
    [{ level: 'jobs' }, 'pipeline'],
    [{ level: 'Job' }, 'job'],
    [{}, 'pipeline'],
  ])('a level, %p, with what becomes of the job', (inputs, level) => {
    const { config, problems } = configOf(inputs);
    expect(config.level).toBe(level);
    expect(problems).toEqual(
      'level' in inputs && inputs.level === 'jobs'
        ? [
            'Unusable input values were left out, the rest is sent: `level` is "jobs", which is not pipeline or job, ' +
              'so this job becomes a pipeline of its own, or closes one where it has `needs`. ' +
              'Correct the `with:` block of this step (or the DD_* variable for it).',
          ]
        : [],
    );
  });

  test.each(['-1', '0.5', '601', 'soon', 'NaN', 'Infinity'])('a timeout of %s seconds', (timeout) => {
    const { config, problems } = configOf({ timeout });
    expect(config.timeout).toBeUndefined();
    expect(problems[0]).toContain(`"${timeout}"`);
  });

  test.each(['spool', './spool', '~/spool', '$HOME/spool'])(
    'a folder %s, which depends on where a job runs',
    (folder) => {
      const { config, problems } = configOf({}, { DD_PIPELINE_UNDELIVERED_DIR: folder });
      expect(config.undeliveredDir).toBeUndefined();
      expect(problems).toEqual([
        expect.stringContaining(`\`undelivered-dir\` is "${folder}", which is not an absolute path`),
      ]);
    },
  );

  test('an unknown site sends nothing, and the valid ones are named', () => {
    const { config, problems } = configOf({ site: 'datadog.com' });
    expect(config.intake).toBe('');
    expect(problems).toEqual([expect.stringMatching(/^Nothing is sent: `site` is "datadog\.com".*datadoghq\.eu/)]);
  });

  test.each(['api.datadoghq.eu', 'ftp://proxy', 'http://'])(
    'an address %s sends nothing, not even to the site',
    (url) => {
      const { config, problems } = configOf({ 'intake-url': url, site: 'eu1' });
      expect(config.intake).toBe('');
      expect(problems).toEqual([expect.stringMatching(/^Nothing is sent: `intake-url`/)]);
    },
  );

  // The address decides where the events go; they are sent.
  test('an unknown site beside an address does not claim that nothing is sent', () => {
    const { config, problems } = configOf({ 'intake-url': 'http://proxy', site: 'datadog.com' });
    expect(config.intake).toBe('http://proxy');
    expect(problems.join('\n')).toContain('datadog.com');
    expect(problems.join('\n')).not.toContain('Nothing is sent');
  });

  test('the page of a parent whose id is not given has no effect, which is said', () => {
    expect(configOf({ 'parent-pipeline-url': 'https://ci.example.com/1' }).problems).toEqual([
      expect.stringContaining('parent-pipeline-id'),
    ]);
  });

  test('user and password in an address are not used, and that is said without them', () => {
    const { config, problems } = configOf({ 'intake-url': 'https://alice:pa55word@proxy.example.com/dd' });
    expect(config.intake).toBe('https://proxy.example.com/dd');
    expect(problems).toEqual([expect.stringContaining('are not used')]);
    expect(problems.join()).not.toContain('pa55word');
  });

  test('a value is shown in part, on one line', () => {
    const [problem] = configOf({
      tags: `no\u0007thing ${'x'.repeat(1000)}`,
      summary: `a\n${'y'.repeat(1000)}`,
    }).problems;
    expect(problem!.length).toBeLessThan(600);
    expect(problem).not.toMatch(/\p{Cc}/u);
  });
});

test('a government site is used, with a word of doubt', () => {
  const { config, problems } = configOf({ site: 'ddog-gov.com' });
  expect(config.intake).toBe('https://api.ddog-gov.com');
  expect(problems).toEqual([expect.stringContaining('does not support')]);
});

test("the job's end is read as it stands now", () => {
  const inputs: Record<string, string> = { status: ' failure ', 'job-status': ' success\n' };
  expect(readEndWords((name) => inputs[name] ?? '')).toEqual({ status: 'failure', jobStatus: 'success' });
});

describe('job logs', () => {
  test.each<[string, Record<string, string>, Partial<Config>]>([
    ['of failed jobs', { logs: 'Failed' }, { logs: 'failed', logLines: 20_000 }],
    ['of all jobs, so many lines', { logs: 'all', 'log-lines': '5' }, { logs: 'all', logLines: 5 }],
    ['to the site', { site: 'us5' }, { logIntake: 'https://http-intake.logs.us5.datadoghq.com' }],
    ['to an intake proxy', { 'intake-url': 'https://dd.example.com/x/' }, { logIntake: 'https://dd.example.com/x' }],
    ['by its path', { 'intake-url': 'https://dd.example.com/api/v2/cilogs' }, { intake: 'https://dd.example.com' }],
  ])('%s', (_, given, expected) => {
    const { config, problems } = configOf(given);
    expect(config).toMatchObject(expected);
    expect(problems).toEqual([]);
  });

  test.each<[string, Record<string, string>]>([
    ['`logs` is "some", which is not none, failed or all', { logs: 'some' }],
    ['`log-lines` is "0", which is not a number of lines from 1 to 2000000', { 'log-lines': '0' }],
    ['`log-lines` is "2000001"', { 'log-lines': '2000001' }],
    ['No job log is sent: Datadog takes no logs of CI jobs at ddog-gov.com', { logs: 'all', site: 'ddog-gov.com' }],
  ])('%s: told', (told, given) => {
    const { config, problems } = configOf(given);
    expect(problems).toContainEqual(expect.stringContaining(told));
    expect(config.logs === 'none' || config.logIntake === '' || config.logLines === 20_000).toBe(true);
  });

  test('a government site is not blamed for logs that nobody wants', () => {
    expect(configOf({ site: 'ddog-gov.com' }).problems).toEqual([expect.stringContaining('may show nothing')]);
  });
});
