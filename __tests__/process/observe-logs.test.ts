import { describe, expect, test } from '@jest/globals';
import {
  aJob,
  aRun,
  aSkippedJob,
  at,
  github,
  KEY,
  observe,
  of,
  REPO,
  type Setting,
  TOKEN,
} from '../support/observe.js';
import type { Route } from '../support/api.js';

const good = aJob('build', [10, 100]);
const bad = aJob('test', [10, 120], { conclusion: 'failure' });
const skipped = aSkippedJob('deploy', 121);
const idOf = (job: Record<string, unknown>): string => `${job['id'] as number}`;

const logOf = (...texts: string[]): string =>
  texts.map((text) => `${at(11).replace('Z', '.1234567Z')} ${text}\n`).join('');
/** As GitHub does it: the address of a file, which is read without a token. */
const redirected = (job: Record<string, unknown>, ...texts: string[]): Record<string, Route> => ({
  [`GET ${REPO}/actions/jobs/${idOf(job)}/logs`]: {
    status: 302,
    headers: { location: `/files/${idOf(job)}?sig=a%2Fb` },
  },
  [`GET /files/${idOf(job)}`]: { status: 200, body: logOf(...texts) },
});

const look = (setting: Setting, more: Record<string, Route> = {}) =>
  observe(
    github(
      aRun({ conclusion: 'failure' }),
      [good, bad, skipped],
      {},
      {
        ...redirected(good, '##[group]Run make', 'made'),
        ...redirected(
          bad,
          '##[group]Run npm test',
          `key ${KEY} ${TOKEN}`,
          '##[error]Process completed with exit code 1.',
        ),
        ...more,
      },
    ),
    setting,
  );

describe('logs of the jobs of a run', () => {
  test('that failed are sent before the events, and the file is read without the token', async () => {
    const outcome = await look({ inputs: { logs: 'failed' } });
    const job = of('job', outcome).find(({ name }) => name === 'test')!;
    expect(outcome.order).toEqual(['/api/v2/cilogs', '/api/v2/ci/pipeline']);
    expect(outcome.logs).toEqual([
      expect.objectContaining({ message: '##[group]Run npm test', line_number: 1, section_name: 'Run npm test' }),
      expect.objectContaining({ message: 'key *** ***', section_name: 'Run npm test' }),
      expect.objectContaining({ message: '##[error]Process completed with exit code 1.', status: 'error' }),
    ]);
    expect(new Set(outcome.logs.map(({ job_id }) => job_id))).toEqual(new Set([job.id]));
    expect(new Set(outcome.logs.map((line) => line.pipeline_unique_id))).toEqual(new Set([job.pipeline_unique_id]));
    const asked = outcome.reads.map((path, index) => `${path} ${outcome.isAuthorized[index] ? 'token' : 'nobody'}`);
    expect(asked.filter((path) => /logs|files/.test(path))).toEqual([
      `${REPO}/actions/jobs/${idOf(bad)}/logs token`,
      `/files/${idOf(bad)}?sig=a%2Fb nobody`,
    ]);
    expect(outcome.warnings).toEqual([]);
  });

  test.each<[string, Setting, number]>([
    ['of all jobs that ran', { inputs: { logs: 'all' } }, 5],
    ['cut to their last lines', { inputs: { logs: 'all', 'log-lines': '1' } }, 2],
    ['of none, without being asked', {}, 0],
    ['of none where the jobs report themselves', { inputs: { logs: 'all', jobs: 'false' } }, 0],
  ])('%s', async (_, setting, count) => {
    const { logs, warnings, resources } = await look(setting);
    expect([logs.length, warnings]).toEqual([count, []]);
    expect(resources.length).toBeGreaterThan(0);
  });

  test('that are gone are named once, and cost no event', async () => {
    const gone = { status: 410, body: { message: 'Gone' } };
    const { warnings, order, logs } = await look(
      { inputs: { logs: 'all' } },
      { [`GET ${REPO}/actions/jobs/${idOf(bad)}/logs`]: gone },
    );
    expect(warnings).toEqual([
      expect.stringContaining('The log of job "test" is not sent to Datadog: the server answered 410'),
    ]);
    expect([logs.length, order.at(-1)]).toEqual([2, '/api/v2/ci/pipeline']);
  });

  test('whose intake refuses the key cost no event', async () => {
    const outcome = await look({ inputs: { logs: 'all' }, failLogs: 403 });
    expect(outcome.warnings).toEqual([expect.stringContaining('Job logs did not reach Datadog')]);
    expect(of('job', outcome)).toHaveLength(3);
  });
});
