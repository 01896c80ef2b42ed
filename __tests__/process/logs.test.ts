import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { startIntake } from '../../viewer/intake/intake.js';
import type { Failures } from '../../viewer/intake/failure.js';
import type { LogLine } from '../../viewer/intake/request.js';
import { KEY } from '../support/process.js';
import { type Change, replayJobs } from '../support/replay.js';

/** Python with `datadog-api-client` 2.62.0, the one of Datadog's clients that knows CI job logs; `.ci/run` installs it. */
const PYTHON = process.env['TEST_LOGS_PYTHON'];
const MODEL = fileURLToPath(new URL('../support/log-model.py', import.meta.url));

const recording = (name: string): string =>
  readFileSync(new URL(`../fixtures/live/logs/${name}.txt`, import.meta.url), 'utf8');

/** A line of the future: the runner has handed on everything. */
const LAST = 'the runner has handed on all of it';
const withLast = (log: string): string =>
  `${log}${log.endsWith('\n') ? '' : '\n'}${new Date(Date.now() + 60_000).toISOString()} ${LAST}\n`;

const PATHS = { events: '/api/v2/ci/pipeline', logs: '/api/v2/cilogs' };

/** What is left of a recorded log once its times are gone. */
const textsOf = (log: string): string[] =>
  log
    .split('\n')
    .map((line) => line.replace(/^\S+Z ?/, ''))
    .filter((text) => text.trim() !== '');

/** Runs the recorded job with its log, against an intake that takes logs, or fails them. */
async function play(situation: string, path: string, log: string, failLogs?: Failures) {
  const intake = await startIntake({ key: KEY, ...(failLogs === undefined ? {} : { failLogs }) });
  const change: Change = {
    intake,
    answers: { [path]: [200, withLast(log)] },
    inputs: { logs: 'failed' },
    jobStatus: 'failure',
  };
  const { jobs } = await replayJobs(situation, change);
  const final = jobs[0]!.post.events.map(({ attributes }) => attributes.resource);
  return {
    job: final.find(({ level }) => level === 'job')!,
    statuses: final.filter(({ level }) => level !== 'step').map(({ level, status }) => `${level} ${status}`),
    order: intake.requests.map((request) => request.path),
    lines: intake.requests.filter(({ isAccepted }) => isAccepted).flatMap(({ logs }) => logs),
    post: jobs[0]!.post,
  };
}

/** Each section once for each run of lines in it. */
const sectionsOf = (lines: readonly LogLine[]): string[] =>
  lines
    .map(({ section_name }) => section_name ?? '-')
    .filter((section, index, all) => section !== all[index - 1])
    .map((section) => section.replace(/http:\S+\//, ''));

const FORGEJO = ['forgejo/scenario-a2-failing-step', 'forgejo-failing-step', 7] as const;
const GITEA = ['gitea/push.failed', 'gitea-failed', 4] as const;

describe.each<[string, readonly [string, string, number], string, string[], string[]]>([
  [
    'Forgejo',
    FORGEJO,
    '/repos/acme/shop/actions/jobs/7/logs',
    ['-', 'Run datadog-pipeline-events@main', 'Run Post datadog-pipeline-events@main', '-'],
    ['⚙️ [runner]: RUN exit status 3'],
  ],
  [
    'Gitea',
    GITEA,
    '/repos/acme/app/actions/jobs/4/logs',
    [
      '-',
      'Run datadog-pipeline-events@main',
      'Run probe@main',
      'Run exit 3',
      'Run Post probe@main',
      'Run Post datadog-pipeline-events@main',
      '-',
    ],
    ['##[error]Process completed with exit code 3.'],
  ],
])('the log of a job that failed on a live server of %s', (_, [situation, name], path, sections, errors) => {
  test('arrives whole, in order, in sections, before the final event', async () => {
    const { job, statuses, order, lines } = await play(situation, path, recording(name));
    expect(order).toEqual([PATHS.events, PATHS.logs, PATHS.events]);
    expect(statuses).toEqual(['pipeline error', 'job error']);
    expect(lines.map(({ message }) => message)).toEqual([...textsOf(recording(name)), LAST]);
    expect(lines.map(({ line_number }) => line_number)).toEqual([...lines.keys()].map((index) => index + 1));
    expect(sectionsOf(lines)).toEqual(sections);
    expect(lines.filter(({ status }) => status === 'error').map(({ message }) => message)).toEqual(errors);
    expect(new Set(lines.map(({ job_id }) => job_id))).toEqual(new Set([job.id]));
    expect(new Set(lines.map(({ pipeline_unique_id }) => pipeline_unique_id))).toEqual(
      new Set([job.pipeline_unique_id]),
    );
    expectModel(lines);
  });

  test.each([503, 403, 'silent'] as const)(
    'with its intake down (%s) the events arrive all the same',
    async (failLogs) => {
      const { statuses, lines, post } = await play(situation, path, recording(name), failLogs);
      expect([statuses, lines]).toEqual([['pipeline error', 'job error'], []]);
      expect(post.stdout).toMatch(/^::warning::Job logs did not reach Datadog, or only a part of them: /m);
    },
  );
});

/** Datadog's own model takes every line, where its client is installed. */
function expectModel(lines: readonly LogLine[]): void {
  if (!PYTHON) return;
  const { status, stdout, stderr } = spawnSync(PYTHON, [MODEL], { input: JSON.stringify(lines), encoding: 'utf8' });
  expect([status, stderr, stdout.trim()]).toEqual([0, '', `${lines.length} lines`]);
}

// Otherwise the model might take anything.
(PYTHON ? describe : describe.skip)("Datadog's model of a line", () => {
  const LINE: LogLine = { job_id: 'a', pipeline_unique_id: 'b', message: 'c', line_number: 1 };
  test.each<[string, Record<string, unknown>]>([
    ['an empty message', { message: '' }],
    ['a negative number', { line_number: -1 }],
    ['a time that is none', { timestamp: 'yesterday' }],
    ['a field that is an object', { other: { a: [] } }],
    ['a number for a word', { status: 3 }],
  ])('takes no %s', (_, wrong) => {
    const input = JSON.stringify([LINE, { ...LINE, ...wrong }]);
    expect(spawnSync(PYTHON!, [MODEL], { input, encoding: 'utf8' }).status).toBe(1);
  });
});
