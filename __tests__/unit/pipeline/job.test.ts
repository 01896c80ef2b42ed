import { describe, expect, test } from '@jest/globals';
import { readJob, toJobIdentity, toJobKey, toJobQueueTime, toJobTags } from '../../../src/pipeline/job.js';
import type { Platform } from '../../../src/server/platforms/platform.js';
import type { Job, RunRef } from '../../../src/model/run.js';
import { aConfig, aJob, aRunRef, platformOf } from '../../support/builders.js';

const GITHUB = platformOf({});
const AT = { run: aRunRef(), platform: GITHUB };
const GITEA_OLD = platformOf({ GITEA_ACTIONS: 'true' });

describe('job key and matrix values', () => {
  test.each<[string, string, string]>([
    ['no matrix', 'null', 'build'],
    ['no input', '', 'build'],
    ['broken JSON', '{"os":', 'build'],
    ['an empty matrix', '{}', 'build'],
    ['text and number', '{"node":20,"os":"ubuntu"}', 'build (20, ubuntu)'],
    ["the matrix's own order", '{"os":"ubuntu","node":20}', 'build (ubuntu, 20)'],
    ['booleans and fractions', '{"a":true,"b":1.5,"c":0}', 'build (true, 1.5, 0)'],
    ['values in values', '{"target":{"os":"linux","flags":["-a",{"b":"-c"}]},"n":1}', 'build (linux, -a, -c, 1)'],
    ['no value', '{"a":null,"b":"x"}', 'build (x)'],
    ['several lines', '{"script":"a\\n  b"}', 'build (a b)'],
  ])('%s', (_, matrix, expected) => {
    expect(toJobKey('build', matrix)).toBe(expected);
  });
});

describe('the job that runs here', () => {
  const env = { GITHUB_JOB: 'build', RUNNER_NAME: 'runner-1', GITHUB_WORKSPACE: '/w' };

  test('is called like its key and values', () => {
    const job = readJob({ env, hostname: 'host-1' }, aConfig({ matrix: '{"n":20}', checkRunId: '9001' }), AT);
    expect(job).toEqual({
      key: 'build (20)',
      name: 'build (20)',
      url: 'https://git.example.com/acme/shop/actions/runs/4401/job/9001',
      serverId: '9001',
      isCalled: false,
      inComposite: false,
      node: { hostname: 'host-1', name: 'runner-1', workspace: '/w' },
    });
  });

  test('keeps its key where it is given another name', () => {
    expect(readJob({ env, hostname: '' }, aConfig({ jobName: 'Build all' }), AT)).toMatchObject({
      key: 'build',
      name: 'Build all',
    });
  });

  test('tells of its machine only what it knows', () => {
    expect(readJob({ env: { GITHUB_JOB: 'build' }, hostname: '' }, aConfig(), AT).node).toEqual({});
  });

  test.each<[string | undefined, boolean]>([
    ['/actions/one', true],
    ['', false],
    [undefined, false],
  ])('an action path of %j means inside of a composite: %j', (path, expected) => {
    const job = readJob({ env: { ...env, GITHUB_ACTION_PATH: path }, hostname: '' }, aConfig(), AT);
    expect(job.inComposite).toBe(expected);
  });
});

describe("the job's identity", () => {
  const second = aRunRef({ attempt: 2 });
  const composite = aJob({ key: 'build', serverId: '9001', inComposite: true });

  test.each<[string, [Job, RunRef, Platform], ReturnType<typeof toJobIdentity>]>([
    ['key and values', [aJob({ key: 'build (20)', serverId: '9001' }), second, GITHUB], { key: 'build (20)' }],
    ['the name does not matter', [aJob({ key: 'build', name: 'Build all' }), second, GITHUB], { key: 'build' }],
    ['a composite that sees the matrix', [composite, second, GITHUB], { key: 'build' }],
    [
      "a composite that does not: the server's number joins in",
      [composite, second, GITEA_OLD],
      { key: 'build', unique: '9001', attempt: '2' },
    ],
    [
      'a composite that does not, without a number: chance joins in',
      [aJob({ inComposite: true }), second, platformOf({ ACT: 'true' })],
      { key: 'build', unique: 'random' },
    ],
    [
      "attempts that count per job: the job's own joins in",
      [aJob(), second, GITEA_OLD],
      { key: 'build', attempt: '2' },
    ],
  ])('%s', (_, [job, run, platform], expected) => {
    expect(toJobIdentity(job, { run, platform }, 'random')).toEqual(expected);
  });
});

test.each<[Record<string, string>, string[]]>([
  [{ RUNNER_OS: 'Linux', RUNNER_ARCH: 'X64' }, ['runner_os:Linux', 'runner_arch:X64']],
  [{ RUNNER_OS: '', RUNNER_ARCH: 'ARM64' }, ['runner_arch:ARM64']],
  [{}, []],
])('tags of the machine %j', (env, expected) => {
  expect(toJobTags(env, { key: 'build' })).toEqual(expected);
  // Attempts of its own.
  expect(toJobTags(env, { key: 'build', attempt: '3' })).toEqual(['run_attempt:3', ...expected]);
});

describe('the wait for a runner', () => {
  const times = { createdAt: '2026-11-20T10:00:00.000Z', startedAt: '2026-11-20T10:00:07.000Z' };
  type Row = [string, Platform, { attempt?: string; needsNone: boolean }, number | undefined];

  test.each<Row>([
    ['begins with the creation of a job that is created when it is ready', GITHUB, { needsNone: false }, 7000],
    ['of one that is created with its run is known where it needs no other', GITEA_OLD, { needsNone: true }, 7000],
    ['of one that needs others is not known there', GITEA_OLD, { needsNone: false }, undefined],
    ['is known in the first of its own attempts', GITEA_OLD, { attempt: '1', needsNone: true }, 7000],
    ['is not known in a later one of its own', GITEA_OLD, { attempt: '2', needsNone: true }, undefined],
  ])('%s', (_, platform, job, expected) => {
    expect(toJobQueueTime(times, job, platform)).toBe(expected);
  });
});
