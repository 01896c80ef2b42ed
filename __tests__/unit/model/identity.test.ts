import { describe, expect, test } from '@jest/globals';
import {
  type JobIdentity,
  type RunIdentity,
  toJobId,
  toMark,
  toPipelineId,
  toUuid,
} from '../../../src/model/identity.js';

const RUN: RunIdentity = { serverUrl: 'https://git.example.com', repository: 'acme/shop', id: '4401', attemptId: '1' };
const JOB: JobIdentity = { key: 'build (20, ubuntu)', unique: '9001', attempt: '2' };

/** Computed with Python's uuid.uuid5 over the namespace and the JSON of the parts: these ids are in people's Datadog already. */
describe('ids never change from one version to the next', () => {
  test('of a pipeline of several jobs', () => {
    expect(
      toPipelineId({ serverUrl: 'https://github.com', repository: 'acme/shop', id: '19200000001', attemptId: '1' }),
    ).toBe('4c614ec6-ea89-57d9-9da1-93c33b5c8470');
  });

  test('of a pipeline that is one job', () => {
    const run = { serverUrl: 'https://Git.Example.com:3000', repository: 'Acme/Shop', id: '7', attemptId: '2' };
    expect(toPipelineId(run, { key: 'build (20, ubuntu)', attempt: '2' })).toBe('b5217a85-bd2c-5f46-bf1d-d669a7c2859e');
  });

  test('of a job', () => {
    expect(toJobId(RUN, { key: 'prüfen (é, 日本)', unique: '9001' })).toBe('528d3c8e-c10e-5e75-b8d3-2ace42e6e5e5');
  });
});

test('ids are UUIDs of version 5', () => {
  const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const ids = Array.from({ length: 200 }, (_, index) => toUuid([`${index}`]));
  expect(ids.filter((id) => !shape.test(id))).toEqual([]);
});

describe('each part makes another id', () => {
  const runs: [string, RunIdentity][] = [
    ['host', { ...RUN, serverUrl: 'https://git.example.com:3000' }],
    ['repository', { ...RUN, repository: 'acme/shop2' }],
    ['run', { ...RUN, id: '4402' }],
    ['attempt', { ...RUN, attemptId: '2' }],
    ['where one part ends and the next begins', { ...RUN, repository: 'acme/shop4', id: '401' }],
  ];
  const jobs: [string, JobIdentity][] = [
    ['key and matrix values', { ...JOB, key: 'build (22, ubuntu)' }],
    ['what else tells the job from its twins', { ...JOB, unique: '9002' }],
    ["the job's own attempt", { ...JOB, attempt: '3' }],
    ['nothing of the three', { key: JOB.key }],
  ];

  test.each(runs)('of the run: %s', (_, run) => {
    expect(toPipelineId(run)).not.toBe(toPipelineId(RUN));
    expect(toPipelineId(run, JOB)).not.toBe(toPipelineId(RUN, JOB));
    expect(toJobId(run, JOB)).not.toBe(toJobId(RUN, JOB));
  });

  test.each(jobs)('of the job: %s', (_, job) => {
    expect(toPipelineId(RUN, job)).not.toBe(toPipelineId(RUN, JOB));
    expect(toJobId(RUN, job)).not.toBe(toJobId(RUN, JOB));
  });

  test('what is identified', () => {
    const ids = [
      toPipelineId(RUN),
      toPipelineId(RUN, JOB),
      toJobId(RUN, JOB),
      toMark(RUN, JOB, 'a'),
      toMark(RUN, JOB, 'b'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

test('host and repository are the same in any case, as servers see them', () => {
  const shouted = { ...RUN, host: 'GIT.EXAMPLE.COM', repository: 'Acme/SHOP' };
  expect(toPipelineId(shouted)).toBe(toPipelineId(RUN));
  expect(toJobId(shouted, JOB)).toBe(toJobId(RUN, JOB));
});
