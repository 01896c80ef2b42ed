import { describe, expect, test } from '@jest/globals';
import { parsePayload } from '../../../src/runner/payload.js';
import { toEventTime, toStart } from '../../../src/pipeline/start.js';
import { toRole } from '../../../src/runner/inputs.js';

const NOW = '2026-11-20T10:00:00.000Z';
const SERVER = { start: '2026-11-20T09:00:00.000Z' };
const INPUT = '2026-11-20T09:10:00.000Z';
const needs = [
  { key: 'a', result: 'success', pipelineStart: '2026-11-20T09:20:00.000Z', jobStart: '2026-11-20T09:40:00.000Z' },
  { key: 'b', result: 'success', pipelineStart: undefined, jobStart: '2026-11-20T09:30:00.000Z' },
];
const withoutPipelineStart = needs.map((need) => ({ ...need, pipelineStart: undefined }));
const EVENT = '2026-11-20T09:50:00.000Z';
const bare = [{ key: 'a', result: 'success' }];

test.each([
  ['whole', { level: 'pipeline' as const }],
  ['closing', { level: 'pipeline' as const, needs: [] }],
  ['member', { level: 'job' as const }],
  ['member', { level: 'job' as const, needs: [] }],
])('a job is %s with %j', (role, config) => {
  expect(toRole(config)).toBe(role);
});

describe('the start of a run is', () => {
  test.each([
    ["main's own for a job that is the pipeline", 'whole', SERVER, { start: INPUT }, NOW, 'main', true],
    ["the server's word", 'member', SERVER, { start: INPUT }, SERVER.start, 'server', true],
    ["the server's word for a closing job", 'closing', SERVER, { start: INPUT, needs }, SERVER.start, 'server', true],
    ['the input where there is no API', 'closing', undefined, { start: INPUT, needs }, INPUT, 'start', true],
    [
      'the earliest pipeline-start handed over',
      'closing',
      undefined,
      { needs },
      '2026-11-20T09:20:00.000Z',
      'pipeline-start',
      true,
    ],
    [
      'else the earliest job-start',
      'closing',
      undefined,
      { needs: withoutPipelineStart },
      '2026-11-20T09:30:00.000Z',
      'job-start',
      false,
    ],
    ["else the event's own time", 'closing', undefined, { needs: bare, eventTime: EVENT }, EVENT, 'event', false],
    ['but not in a retry', 'closing', undefined, { needs: bare, eventTime: EVENT, attempt: 2 }, NOW, 'own', false],
    [
      'nor of an event of hours ago',
      'closing',
      undefined,
      { needs: bare, eventTime: '2026-11-20T08:59:59.000Z' },
      NOW,
      'own',
      false,
    ],
    [
      'nor of one that is still to come',
      'closing',
      undefined,
      { needs: bare, eventTime: '2026-11-20T10:00:01.000Z' },
      NOW,
      'own',
      false,
    ],
    ["else the closing job's own", 'closing', undefined, { needs: bare }, NOW, 'own', false],
    [
      'not one of more than a year ago',
      'closing',
      { start: '2024-01-01T00:00:00.000Z' },
      { needs: bare },
      NOW,
      'own',
      false,
    ],
  ] as const)('%s', (_name, role, server, config, time, source, certain) => {
    expect(
      toStart(role, NOW, { serverRun: server, ...config, needs: 'needs' in config ? [...config.needs] : undefined }),
    ).toEqual({
      time,
      source,
      certain,
    });
  });

  test('in a retry not that of an earlier attempt, which required jobs that were not run again hand over', () => {
    const carried = {
      key: 'c',
      result: 'success',
      pipelineStart: '2026-11-17T09:00:00.000Z',
      jobStart: '2026-11-17T09:00:00.000Z',
    };
    const start = toStart('closing', NOW, { needs: [carried, ...needs], attempt: 2 });
    expect(start).toEqual({ time: '2026-11-20T09:20:00.000Z', source: 'pipeline-start', certain: false });
    expect(toStart('closing', NOW, { needs: [{ ...carried, pipelineStart: undefined }], attempt: 2 })?.time).toBe(NOW);
  });

  test('not known to one of several jobs without API and input', () => {
    expect(toStart('member', NOW, { needs: [...needs] })).toBeUndefined();
    expect(toStart('member', NOW, { serverRun: {} })).toBeUndefined();
  });
});

test.each<[string, string, unknown, string | undefined]>([
  ['a push, in seconds', 'push', { repository: { pushed_at: 1_795_168_200 } }, '2026-11-20T09:50:00.000Z'],
  ['a push, as a text', 'push', { repository: { pushed_at: EVENT } }, EVENT],
  ['a push whose server does not say', 'push', { head_commit: { timestamp: EVENT } }, undefined],
  [
    'a pull request that got commits',
    'pull_request',
    { action: 'synchronize', pull_request: { updated_at: EVENT } },
    EVENT,
  ],
  ['the same on Gitea', 'pull_request', { action: 'synchronized', pull_request: { updated_at: EVENT } }, EVENT],
  [
    'a pull request that was labelled',
    'pull_request',
    { action: 'labeled', pull_request: { updated_at: EVENT } },
    undefined,
  ],
  ['another run', 'workflow_run', { workflow_run: { run_started_at: EVENT } }, EVENT],
  ['a schedule', 'schedule', { repository: { pushed_at: 1_795_168_200 } }, undefined],
])("the event's own time: %s", (_, event, payload, expected) => {
  expect(toEventTime(event, parsePayload(JSON.stringify(payload)))).toBe(expected);
});
