import { describe, expect, test } from '@jest/globals';
import { checkModel } from '../support/datadog-model.js';

type Fields = Record<string, unknown>;

const git = {
  repository_url: 'https://git.example.com/acme/shop.git',
  sha: '4b1d7f0c2a9e8d3b5f6071829304a5b6c7d8e9f0',
  branch: 'main',
  default_branch: 'main',
  author_name: 'Alice Example',
  author_email: 'alice@example.com',
  author_time: '2026-11-20T09:15:02.000Z',
  committer_name: 'Alice Example',
  committer_email: 'alice@example.com',
  commit_time: '2026-11-20T09:15:02.000Z',
  message: 'Add checkout totals',
};
const node = {
  hostname: 'ci-1.example.com',
  name: 'ci-1',
  labels: ['ubuntu-latest'],
  workspace: '/workspace/acme/shop',
};
const lists = { tags: ['team:payments', 'url:https://example.com'], metrics: ['bundle_kb:812.5', 'delta:-3'] };

const runningPipeline = {
  level: 'pipeline',
  unique_id: '0b0e2a4e-3f3c-5d53-8a35-7a3c1f6f9e10',
  pipeline_id: '4711',
  name: 'CI',
  url: 'https://git.example.com/acme/shop/actions/runs/4711/attempts/2',
  start: '2026-11-20T09:15:30.123Z',
  status: 'running',
  partial_retry: false,
  previous_attempt: {
    id: '6a9cd8c8-2b3e-5b52-8a3b-2f7f5a9ecb11',
    url: 'https://git.example.com/acme/shop/actions/runs/4711',
  },
  parent_pipeline: { id: '77a1f2de-52ab-5f59-9be1-90b2f7a0cc12' },
  is_manual: true,
  queue_time: 0,
  git,
  node,
  parameters: { environment: 'staging' },
  ...lists,
};
const finalPipeline = {
  ...runningPipeline,
  status: 'error',
  end: '2026-11-20T09:20:30.123Z',
  error: { type: 'StepFailed', message: 'Quota exceeded', stack: 'at deploy', domain: 'user' },
};
const stage = {
  level: 'stage',
  id: 'build',
  name: 'build',
  pipeline_unique_id: runningPipeline.unique_id,
  pipeline_name: 'CI',
  start: '2026-11-20T09:15:30Z',
  end: '2026-11-20T09:16:30Z',
  status: 'skipped',
  queue_time: 1200,
  dependencies: ['prepare'],
};
const runningJob = {
  level: 'job',
  id: 'a7d2b0f4-9be3-5c06-8a9e-6b1f3c2d4e13',
  name: 'build (20, ubuntu)',
  pipeline_unique_id: runningPipeline.unique_id,
  pipeline_name: 'CI',
  stage_id: 'build',
  stage_name: 'build',
  url: 'https://git.example.com/acme/shop/actions/runs/4711/jobs/9001',
  start: '2026-11-20T10:15:31.000+01:00',
  status: 'running',
  queue_time: 900,
  dependencies: ['b1'],
  git,
  node,
};
const finalJob = { ...runningJob, end: '2026-11-20T10:16:31.000+01:00', status: 'canceled', ...lists };
const step = {
  level: 'step',
  id: 'c3f4a5b6-1d2e-5f70-8a81-9b0c1d2e3f14',
  name: 'npm test',
  pipeline_unique_id: runningPipeline.unique_id,
  pipeline_name: 'CI',
  stage_id: 'build',
  stage_name: 'build',
  job_id: runningJob.id,
  job_name: runningJob.name,
  url: 'https://git.example.com/acme/shop/actions/runs/4711/jobs/9001',
  start: '2026-11-20T09:15:40.000Z',
  end: '2026-11-20T09:15:59.000Z',
  status: 'success',
};

const envelope = (resource: unknown): Fields => ({
  type: 'cipipeline_resource_request',
  attributes: { env: 'ci', service: 'git.example.com', provider_name: 'gitea', resource },
});
const without = (resource: Fields, ...keys: string[]): Fields =>
  Object.fromEntries(Object.entries(resource).filter(([key]) => !keys.includes(key)));
const only = (resource: Fields, keys: string): Fields =>
  Object.fromEntries(Object.entries(resource).filter(([key]) => keys.split(' ').includes(key)));

describe('what Datadog understands', () => {
  test.each<[string, unknown]>([
    ['a running pipeline', runningPipeline],
    ['a final pipeline', finalPipeline],
    ['a blocked pipeline', { ...finalPipeline, status: 'blocked' }],
    ['a stage', stage],
    ['a running job', runningJob],
    ['a final job', finalJob],
    ['a step', step],
    ['a pipeline on a tag', { ...runningPipeline, git: { ...without(git, 'branch'), tag: 'v1.2.0' } }],
    ['the least of a pipeline', only(runningPipeline, 'level unique_id name url start status partial_retry')],
    ['the least of a step', without(step, 'stage_id', 'stage_name', 'job_id', 'job_name', 'url')],
    ['a value that is undefined and so never sent', { ...runningPipeline, git: undefined }],
  ])('%s', (_, resource) => {
    expect(checkModel(envelope(resource))).toEqual([]);
  });

  test('an envelope without the optional names', () => {
    expect(checkModel({ type: 'cipipeline_resource_request', attributes: { resource: step } })).toEqual([]);
  });
});

describe('what it refuses, by path', () => {
  const at = 'attributes.resource';
  test.each<[string, unknown, string]>([
    ['a field that is missing', without(runningPipeline, 'unique_id'), 'uniqueId'],
    ['partial_retry that is missing', without(runningPipeline, 'partial_retry'), 'partialRetry'],
    ['a final pipeline without end', without(finalPipeline, 'end'), "missing required property 'end'"],
    ['a final job without end', without(finalJob, 'end'), "missing required property 'end'"],
    ['a stage without end', without(stage, 'end'), "missing required property 'end'"],
    ['a job without its pipeline', without(runningJob, 'pipeline_unique_id'), 'pipelineUniqueId'],
    ['a running pipeline with end', { ...runningPipeline, end: finalPipeline.end }, `${at}.end: unknown field`],
    ['a field that Datadog does not know', { ...finalJob, trace_id: '1' }, `${at}.trace_id: unknown field`],
    ['a field of another level', { ...step, queue_time: 5 }, `${at}.queue_time: unknown field`],
    ['an unknown field inside', { ...step, git: { ...git, user: 'a' } }, `${at}.git.user: unknown field`],
    ['git without author_email', { ...step, git: without(git, 'author_email') }, 'authorEmail'],
    ["a server's word for the status", { ...finalPipeline, status: 'cancelled' }, `${at}.status: not understood`],
    ['a status of another level', { ...step, status: 'skipped' }, `${at}.status: not understood`],
    ['a running stage', { ...stage, status: 'running' }, `${at}.status: not understood`],
    ['an unknown level', { ...step, level: 'task' }, `${at}: not understood`],
    ['an unknown error domain', { ...finalJob, error: { domain: 'runner' } }, `${at}.error.domain: not understood`],
    ['a number for text', { ...runningPipeline, pipeline_id: 4711 }, `unknown type 'string'`],
    ['text for a number', { ...finalJob, queue_time: '900' }, `unknown type 'number'`],
    ['text for a boolean', { ...runningPipeline, is_manual: 'true' }, `unknown type 'boolean'`],
    ['text for a list', { ...finalJob, tags: 'a:b' }, 'mismatch types'],
    ['a number among the tags', { ...finalJob, tags: ['a:b', 1] }, `unknown type 'string'`],
    ['a list for a map', { ...runningPipeline, parameters: ['a:b'] }, `${at}.parameters: ["a:b"] became`],
    ['a parameter that is no text', { ...runningPipeline, parameters: { dry: true } }, `unknown type 'string'`],
    ['a time as a number', { ...step, start: 1795165530123 }, `${at}.start: 1795165530123 became`],
    ['a time that is none', { ...step, end: 'soon' }, `${at}.end: not a time`],
    ['a time that no calendar has', { ...step, end: '2026-13-45T09:15:59.000Z' }, `${at}.end: not a time`],
    ['null for a required field', { ...runningPipeline, name: null }, `${at}.name: null`],
    ['null for an optional field', { ...finalJob, git: { ...git, message: null } }, `${at}.git.message: null`],
    ['no resource', undefined, "missing required property 'resource'"],
    ['a resource that is no object', 'pipeline', `${at}: not understood`],
  ])('%s', (_, resource, reason) => {
    expect(checkModel(envelope(resource)).join('\n')).toContain(reason);
  });

  test.each<[string, unknown, string]>([
    ['an unknown type', { ...envelope(step), type: 'pipeline' }, 'type: not understood'],
    ['no type', without(envelope(step), 'type'), 'type: missing'],
    ['no attributes', { type: 'cipipeline_resource_request' }, 'attributes: missing'],
    ['a field beside the attributes', { ...envelope(step), id: '1' }, 'id: unknown field'],
    [
      'a number for the service',
      { type: 'cipipeline_resource_request', attributes: { service: 1, resource: step } },
      'string',
    ],
    ['a whole request', { data: envelope(step) }, 'data: unknown field'],
    ['a list', [envelope(step)], 'not an object'],
    ['text', 'event', 'not an object'],
    ['nothing', undefined, 'not an object'],
  ])('in the envelope: %s', (_, element, reason) => {
    expect(checkModel(element).join('\n')).toContain(reason);
  });

  test.each<[string, unknown, string]>([
    ['a time without zone', { ...step, start: '2026-11-20T09:15:40' }, `${at}.start: not RFC 3339`],
    ['a date', { ...step, git: { ...git, author_time: '2026-11-20' } }, `${at}.git.author_time: not RFC 3339`],
    ['a SHA-256 object', { ...step, git: { ...git, sha: 'ab'.repeat(32) } }, `${at}.git.sha: not 40 hex digits`],
    ['a short sha', { ...step, git: { ...git, sha: '4b1d7f0' } }, `${at}.git.sha: not 40 hex digits`],
    ['branch and tag', { ...step, git: { ...git, tag: 'v1' } }, `${at}.git: branch and tag together`],
    ['a negative queue', { ...finalJob, queue_time: -1 }, `${at}.queue_time: not whole milliseconds from 0`],
    ['half a millisecond', { ...finalJob, queue_time: 0.5 }, `${at}.queue_time: not whole milliseconds from 0`],
    ['a long error type', { ...finalJob, error: { type: 'x'.repeat(101) } }, `${at}.error.type: over 100 characters`],
    [
      'a long message',
      { ...finalJob, error: { message: 'x'.repeat(5001) } },
      `${at}.error.message: over 5000 characters`,
    ],
    ['a tag without value', { ...finalJob, tags: ['payments'] }, `${at}.tags: not all key:value`],
    ['a measure that is no number', { ...finalJob, metrics: ['size:big'] }, `${at}.metrics: not all key:number`],
  ])('beyond the model, as documented: %s', (_, resource, reason) => {
    expect(checkModel(envelope(resource))).toEqual([reason]);
  });

  test('everything that is wrong, once', () => {
    expect(checkModel(envelope({ ...finalJob, a: 1, status: 'failure', git: { ...git, b: 2 } }))).toEqual(
      expect.arrayContaining([
        expect.stringContaining('.a: unknown field'),
        expect.stringContaining('.git.b: unknown field'),
        expect.stringContaining('.status: not understood: "failure"'),
      ]),
    );
  });
});
