import { describe, expect, test } from '@jest/globals';
import type { EventRecord } from '../../viewer/run/record.js';
import type { Resource } from '../../viewer/run/event.js';
import { toAdvice } from '../../viewer/run/advice.js';
import { toChanges } from '../../viewer/run/changes.js';
import { toCriticalPath } from '../../viewer/run/critical-path.js';
import { findProblems } from '../../viewer/run/problems.js';
import { type Run, toRun } from '../../viewer/run/run.js';
import { aJob, aPipeline, aStep, at, RUN } from '../support/viewer.js';

const NOW = Date.parse(at(600));

const aRecord = (resource: Resource, index = 0, parts: Partial<EventRecord> = {}): EventRecord => ({
  kind: 'event',
  n: index + 1,
  time: NOW,
  status: 202,
  isAccepted: true,
  problems: [],
  event: { type: 'cipipeline_resource_request', attributes: { resource } },
  ...parts,
});

const aRun = (...resources: Resource[]): Run =>
  toRun(
    RUN,
    resources.map((resource, index) => aRecord(resource, index)),
  );

const titles = (run: Run, now = NOW): string[] => findProblems(run, now).map(({ title }) => title);

describe('a run', () => {
  test('adds up running events, and takes the last final one as it stands', () => {
    const running = aRun(aPipeline({ tags: ['a:b'] }), aPipeline({ metrics: ['kb:1'] })).pipeline!;
    expect(running.resource).toMatchObject({ status: 'running', tags: ['a:b'], metrics: ['kb:1'] });
    const ended = aRun(aPipeline({ tags: ['a:b'] }), aPipeline({ end: at(9) }), aPipeline()).pipeline!;
    expect([ended.resource.status, ended.resource.tags]).toEqual(['success', undefined]);
  });

  test('shows nothing of an event that was refused, unless there is no other', () => {
    const records = [aRecord(aPipeline()), aRecord(aPipeline({ end: at(9) }), 1, { isAccepted: false, status: 400 })];
    expect(toRun(RUN, records)).toMatchObject({ status: 'running', isRunning: true });
    expect(toRun(RUN, records.slice(1)).pipeline).toMatchObject({ isRefused: true });
  });

  test('puts steps below their jobs, jobs below their stages, the earlier first', () => {
    const stage: Resource = { ...aJob('deploy', [50, 90]), level: 'stage', id: 'stage deploy' };
    const run = aRun(
      aStep('b', 'two', [60, 70]),
      aStep('b', 'one', [50, 60]),
      aJob('b', [50, 70], { stage_id: 'stage deploy' }),
      stage,
      aJob('a', [5, 40]),
    );
    const tree = (parts: Run['roots']): unknown[] =>
      parts.map(({ resource, children }) => [resource.name, ...tree(children)]);
    expect(tree(run.roots)).toEqual([['a'], ['deploy', ['b', ['one'], ['two']]]]);
  });

  test.each<[string, Partial<Resource>, number]>([
    ['the tag of this action', { tags: ['run_attempt:3'], url: 'https://a.b/attempts/2' }, 3],
    ['the address of its page', { url: 'https://a.b/actions/runs/7/attempts/2' }, 2],
    ['nothing', {}, 1],
  ])('takes its attempt from %s', (_, parts, attempt) => {
    expect(aRun(aPipeline(parts)).attempt).toBe(attempt);
  });

  test.each<[string, unknown]>([
    ['lists that are none', { tags: 'x', dependencies: 7, metrics: {} }],
    ['texts that are none', { name: { a: 1 }, url: [], git: 'x', error: 'y', start: null }],
    ['nothing', {}],
  ])('stands %s', (_, parts) => {
    const resource = { ...aPipeline({ end: at(3) }), ...(parts as Resource) };
    const job = { ...aJob('a', [1, 2], { status: 'error' }), ...(parts as Resource) };
    const run = aRun(resource, job);
    expect(() => [findProblems(run, NOW), toCriticalPath(run)]).not.toThrow();
  });
});

describe('the critical path', () => {
  const path = (...resources: Resource[]): string[] =>
    toCriticalPath(aRun(...resources)).map(({ resource }) => resource.name);

  test('goes back from the job that ended last to what it waited for longest', () => {
    expect(
      path(
        aJob('build', [0, 50]),
        aJob('lint', [0, 60]),
        aJob('test', [50, 90], { dependencies: ['job build'] }),
        aJob('report', [91, 99], { dependencies: ['job lint', 'job test'] }),
      ),
    ).toEqual(['build', 'test', 'report']);
  });

  test('leaves out skipped jobs, and ends with what still runs', () => {
    const skipped = aJob('deploy', [95, 95], { dependencies: ['job b'], status: 'skipped' });
    const running = aJob('c', [50], { dependencies: ['job a'] });
    expect(path(aJob('a', [0, 50]), aJob('b', [50, 90], { dependencies: ['job a'] }), running, skipped)).toEqual([
      'a',
      'c',
    ]);
  });

  test('takes the dependencies of stages where jobs tell none', () => {
    const aStage = (name: string, times: [number, number], needs: string[]): Resource => ({
      ...aJob(name, times, { dependencies: needs }),
      level: 'stage',
      id: name,
    });
    expect(
      path(
        aStage('one', [0, 50], []),
        aStage('two', [50, 90], ['one']),
        aJob('a', [0, 40], { stage_id: 'one' }),
        aJob('b', [0, 50], { stage_id: 'one' }),
        aJob('c', [50, 90], { stage_id: 'two' }),
      ),
    ).toEqual(['b', 'c']);
  });

  test.each<[string, Resource[]]>([
    ['nothing waited', [aJob('a', [0, 9]), aJob('b', [0, 8])]],
    ['there are no jobs', [aPipeline()]],
    ['a job waits for itself', [aJob('a', [0, 9], { dependencies: ['job a'] })]],
  ])('is empty where %s', (_, resources) => expect(path(...resources)).toEqual([]));

  test('comes to an end where jobs wait for each other', () => {
    expect(
      path(aJob('a', [0, 9], { dependencies: ['job b'] }), aJob('b', [0, 8], { dependencies: ['job a'] })),
    ).toEqual(['b', 'a']);
  });
});

describe('what changed', () => {
  test.each<[string, unknown, unknown, unknown[]]>([
    [
      'a value',
      { status: 'running' },
      { status: 'success' },
      [{ path: 'status', before: 'running', after: 'success' }],
    ],
    ['a field that came', {}, { end: 'x' }, [{ path: 'end', after: 'x' }]],
    ['a field that went', { node: { name: 'a' } }, {}, [{ path: 'node.name', before: 'a' }]],
    ['an entry of a list', { tags: ['a:1'] }, { tags: ['b:2', 'a:1'] }, [{ path: 'tags', after: 'b:2' }]],
    ['the order of a list', { tags: ['a', 'b'] }, { tags: ['b', 'a'] }, []],
    ['nothing', { a: { b: [1, null] } }, { a: { b: [1, null] } }, []],
  ])('names %s', (_, before, after, changes) => expect(toChanges(before, after)).toEqual(changes));
});

describe('problems', () => {
  const ended = aPipeline({ end: at(100) });

  test('are none in a run that is right', () => {
    const job = aJob('a', [1], {});
    const failed = aJob('b', [20, 90], { status: 'error', error: { message: 'why' }, dependencies: ['job a'] });
    expect(titles(aRun(aPipeline(), job, aJob('a', [1, 20]), aStep('a', 'x', [2, 3]), failed, ended))).toEqual([]);
  });

  test.each<[string, Resource[], string]>([
    ['another start', [aPipeline(), aPipeline({ start: at(1), end: at(9) })], 'The start changed between events'],
    ['another name', [aPipeline(), aPipeline({ name: 'C', end: at(9) })], 'The name changed between events'],
    ['running after the end', [ended, aPipeline()], 'A running event came after the final one'],
    ['two ends', [ended, aPipeline({ end: at(101) })], 'Two final events with different ends'],
    [
      'an unknown dependency',
      [ended, aJob('a', [1, 2], { dependencies: ['x'] })],
      'A dependency that no event tells of',
    ],
    ['an unknown stage', [ended, aJob('a', [1, 2], { stage_id: 'x' })], 'A stage that no event tells of'],
    ['an unknown job', [ended, aStep('a', 'x', [1, 2])], 'A job that no event tells of'],
    ['a later job', [ended, aJob('a', [1, 102])], 'The pipeline is shorter than its jobs'],
    ['an earlier job', [ended, aJob('a', [-5, 9])], 'The pipeline is shorter than its jobs'],
    [
      'a job that did not wait',
      [ended, aJob('a', [1, 50]), aJob('b', [20, 60], { dependencies: ['job a'] })],
      'A job starts before a job that it waits for has ended',
    ],
    ['a job without an end', [ended, aJob('a', [1])], 'A job has no final event'],
    [
      'another pipeline name',
      [ended, aJob('a', [1, 2], { pipeline_name: 'x' })],
      'Another pipeline name than the pipeline’s own',
    ],
    [
      'no default branch',
      [aPipeline({ end: at(9), git: { ...ended.git!, default_branch: null } })],
      'The default branch is not told',
    ],
    ['no reason', [ended, aJob('a', [1, 2], { status: 'error' })], 'A failure without a reason'],
  ])('name %s, with what to do', (_, resources, title) => {
    const problems = findProblems(aRun(...resources), NOW);
    expect(problems.map((problem) => problem.title)).toEqual([title]);
    expect(problems[0]!.fix.length).toBeGreaterThan(20);
  });

  test('leave a run time to end, and its jobs time to come', () => {
    const waiting = aRun(aPipeline(), aJob('a', [1, 50], { dependencies: ['job b'] }));
    expect(titles(waiting, NOW + 59_000)).toEqual([]);
    expect(titles(waiting, NOW + 60_000)).toEqual(['The pipeline has no final event']);
    expect(titles(aRun(aPipeline(), aJob('a', [1])), NOW + 60_000)).toEqual([]);
    expect(titles(aRun(aJob('a', [1, 50])), NOW + 60_000)).toEqual(['No event of the pipeline itself']);
  });

  test('tell what was refused from what was refused with it, and forget what was delivered in the end', () => {
    const late = { isAccepted: false, status: 400 };
    const bad = aRecord(aJob('a', [5, 1]), 0, {
      ...late,
      problems: ['data[0].attributes.resource.end is before its start'],
    });
    const mate = aRecord(aJob('b', [1, 2]), 1, late);
    const again = aRecord(aJob('b', [1, 2]), 2);
    const lost = aRecord(aJob('c', [1, 2]), 3, { isAccepted: false, status: undefined });
    expect(titles(toRun(RUN, [bad, mate, lost]))).toEqual([
      'end is before its start',
      'Refused because of others in its request',
      'The last event was not taken',
    ]);
    expect(titles(toRun(RUN, [bad, mate, again]))).toEqual(['end is before its start']);
  });

  test('are one with many cases where many parts have it', () => {
    const jobs = ['a', 'b', 'c'].map((name) => aJob(name, [1, 2], { status: 'error' }));
    expect(findProblems(aRun(ended, ...jobs), NOW).map(({ cases }) => cases.length)).toEqual([3]);
  });
});

test.each([
  [
    "data[3].attributes.resource.git.sha must be 40 hex digits, not 'abc'",
    'git.sha must be 40 hex digits',
    /40 hex digits/,
  ],
  ["data[0].attributes.resource.tags[7] must be key:value, not 'x'", 'tags[] must be key:value', /key:value/],
  ['data[0].attributes.resource.name is missing', 'name is missing', /requires it/],
  ['data[0].attributes.resource.x is not a field of this form', 'x is not a field of this form', /Leave it out/],
])('the problem %s is told in three parts', (problem, title, fix) => {
  const advice = toAdvice(problem);
  expect(advice.title).toBe(title);
  expect(advice.fix).toMatch(fix);
});
