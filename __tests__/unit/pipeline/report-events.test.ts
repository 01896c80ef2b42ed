import { describe, expect, test } from '@jest/globals';
import type { End, Events } from '../../../src/events/event.js';
import { toFinalEvents, toRunningEvents } from '../../../src/pipeline/report-events.js';
import { VERSION } from '../../../src/model/version.js';
import { aConfig, anOutcome, aJob, aReport, aRevision, aRun, END } from '../../support/builders.js';
import { NOW } from '../../support/clock.js';
import { assertEvents } from '../../support/assert-events.js';

const FAILED: End = { time: END, status: 'error', failure: { type: 'Job failed', message: 'no', domain: 'unknown' } };

const redact = (text: string) => text;

const failed = (jobTags: string[] = []) => anOutcome({ job: FAILED, pipeline: FAILED, jobTags });

const resources = ({ events, invalid }: Events) => {
  expect(invalid).toEqual([]);
  assertEvents(events, NOW);
  return events.map(({ attributes }) => attributes.resource);
};

test('pipeline and job, running and final, agree in everything that must not change', () => {
  const report = aReport();
  const running = resources(toRunningEvents(report, redact));
  const final = resources(toFinalEvents(report, failed(['conclusion:failure']), redact));
  expect(running.map(({ level, status }) => `${level} ${status}`)).toEqual(['pipeline running', 'job running']);
  expect(final.map(({ level, status }) => `${level} ${status}`)).toEqual(['pipeline error', 'job error']);
  final.forEach((end, index) =>
    expect(end).toMatchObject({ ...running[index], status: 'error', tags: expect.any(Array) as unknown as string[] }),
  );
});

describe('tags', () => {
  test('are those of the run, of the machine, of the end and of this version; a value of the user wins', () => {
    const report = aReport({ config: aConfig({ tags: ['event:mine', 'team:payments'] }) });
    const [pipeline, job] = resources(toFinalEvents(report, failed(['conclusion:failure']), redact));
    const expected = [
      'conclusion:failure',
      'event:mine',
      `reporter_version:${VERSION}`,
      'runner_os:Linux',
      'team:payments',
    ];
    expect([...pipeline!.tags!].sort()).toEqual(expected);
    expect(job!.tags).toEqual(pipeline!.tags);
  });

  test('and measures are on both, and the last value of each counts', () => {
    const report = aReport({ config: aConfig({ measures: ['size:1', 'size:2'] }) });
    expect(resources(toRunningEvents(report, redact)).map(({ metrics }) => metrics)).toEqual([['size:2'], ['size:2']]);
  });

  test('over the limits are left out and named, never those of the user before ours', () => {
    const tags = [...Array.from({ length: 100 }, (_, index) => `user${index}:v`), `long:${'v'.repeat(300)}`];
    const events = toRunningEvents(aReport({ config: aConfig({ tags }) }), redact);
    const [pipeline] = resources(events);
    expect([...pipeline!.tags!].sort()).toEqual(tags.slice(0, 100).sort());
    const dropped = [tags.at(-1), 'event:push', `reporter_version:${VERSION}`, 'runner_os:Linux'];
    expect(events.dropped).toEqual([dropped, dropped]);
  });
});

describe('a commit id that is none for Datadog', () => {
  const sha = 'ab'.repeat(32);
  const report = aReport({ run: aRun({ revision: aRevision({ sha }) }) });

  test('leaves git out, and sends its parts as tags', () => {
    const [pipeline, job] = resources(toRunningEvents(report, redact));
    expect([pipeline!.git, job!.git]).toEqual([undefined, undefined]);
    expect(pipeline!.tags).toEqual(
      expect.arrayContaining([`git.commit.sha:${sha}`, 'git.branch:main', 'git.default_branch:main']),
    );
  });

  test.each<[string, Parameters<typeof aRun>[0]]>([
    ['a commit that is not known yet', { commit: undefined }],
    ['no commit at all', { commit: undefined, revision: aRevision({ sha: undefined }) }],
  ])('is not %s', (_, parts) => {
    const [pipeline] = resources(toRunningEvents(aReport({ run: aRun(parts) }), redact));
    expect(pipeline!.tags!.filter((tag) => tag.startsWith('git.'))).toEqual([]);
  });
});

test('machine and runner stand on both events', () => {
  const events = resources(
    toRunningEvents(aReport({ job: aJob({ node: { hostname: 'h', name: 'n', workspace: '/w' } }) }), redact),
  );
  expect(events.map(({ node }) => node)).toEqual([
    { hostname: 'h', name: 'n', workspace: '/w' },
    { hostname: 'h', name: 'n', workspace: '/w' },
  ]);
});
