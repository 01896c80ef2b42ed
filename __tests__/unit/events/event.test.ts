import { describe, expect, test } from '@jest/globals';
import { type End, type Sender, toEvents } from '../../../src/events/event.js';
import { toGit, toGitTags } from '../../../src/events/git.js';
import { type JobOfRun, toFinalJob, toRunningJob } from '../../../src/events/job.js';
import { type Pipeline, toFinalPipeline, toRunningPipeline } from '../../../src/events/pipeline.js';
import type { Resource } from '../../../src/events/schema.js';
import { aCommit, aJob, aRevision, aRun, END, KEY, SHA, START, TOKEN } from '../../support/builders.js';
import { createRedactor } from '../../../src/model/text.js';
import { NOW } from '../../support/clock.js';
import { assertEvents } from '../../support/assert-events.js';

const SENDER: Sender = { env: 'ci', service: 'git.example.com', providerName: 'gitea' };
const REDACT = createRedactor([KEY, TOKEN]);
const FINE: End = { time: END, status: 'success' };

const aPipeline = (parts: Partial<Pipeline> = {}): Pipeline => ({
  run: aRun(),
  id: 'p',
  start: START,
  partialRetry: false,
  tags: ['a:1'],
  measures: [],
  parameters: {},
  dropped: [],
  ...parts,
});
const aJobOfRun = (parts: Partial<JobOfRun> = {}): JobOfRun => ({
  run: aRun(),
  job: aJob(),
  id: 'j',
  pipelineId: 'p',
  start: START,
  dependencies: [],
  tags: ['a:1'],
  measures: [],
  parameters: {},
  dropped: [],
  ...parts,
});

/** The resources as they will be sent; the model and the intake's rules check them. */
function sent(...resources: Resource[]): Resource[] {
  const { events, invalid } = toEvents(resources, SENDER, REDACT);
  expect(invalid).toEqual([]);
  assertEvents(events, NOW);
  return events.map(({ attributes }) => attributes.resource);
}

test('a pipeline, running and final', () => {
  const run = aRun({ manual: true, parent: { id: 'q', url: 'https://ci.example.com/q' } });
  const pipeline = aPipeline({
    run,
    partialRetry: true,
    previous: { id: 'o', url: 'https://ci.example.com/o' },
    node: { name: 'n' },
    measures: ['m:1'],
    parameters: { a: '1' },
  });
  const [running, final] = sent(
    toRunningPipeline(pipeline),
    toFinalPipeline(pipeline, {
      time: END,
      status: 'error',
      failure: { type: 'Job failed', message: 'no', domain: 'user' },
    }),
  );
  const { git, ...rest } = running!;
  expect(git?.sha).toBe(SHA);
  expect(rest).toEqual({
    level: 'pipeline',
    unique_id: 'p',
    pipeline_id: '4401',
    name: 'CI',
    url: 'https://git.example.com/acme/shop/actions/runs/4401',
    start: START,
    status: 'running',
    partial_retry: true,
    previous_attempt: { id: 'o', url: 'https://ci.example.com/o' },
    parent_pipeline: { id: 'q', url: 'https://ci.example.com/q' },
    is_manual: true,
    node: { name: 'n' },
    tags: ['a:1'],
    metrics: ['m:1'],
    parameters: { a: '1' },
  });
  expect(final).toEqual({
    ...running,
    status: 'error',
    end: END,
    error: { type: 'Job failed', message: 'no', domain: 'user' },
  });
});

test('a job, running and final', () => {
  const [running, final] = sent(toRunningJob(aJobOfRun()), toFinalJob(aJobOfRun(), FINE));
  const { git, node, ...rest } = running!;
  expect([git?.branch, node]).toEqual(['main', aJob().node]);
  expect(rest).toEqual({
    level: 'job',
    id: 'j',
    name: 'build',
    pipeline_unique_id: 'p',
    pipeline_name: 'CI',
    url: 'https://git.example.com/acme/shop/actions/runs/4401/jobs/9001',
    start: START,
    status: 'running',
    tags: ['a:1'],
  });
  expect(final).toEqual({ ...running, status: 'success', end: END });
});

test('blocked is a word for pipelines only', () => {
  const end: End = { time: END, status: 'blocked' };
  const [pipeline, job] = sent(toFinalPipeline(aPipeline(), end), toFinalJob(aJobOfRun(), end));
  expect([pipeline!.status, job!.status]).toEqual(['blocked', 'canceled']);
});

test('what is unknown or empty is left out', () => {
  const run = aRun({ commit: undefined });
  const [pipeline] = sent(toRunningPipeline(aPipeline({ run, node: { hostname: undefined } })));
  expect(Object.keys(pipeline!).sort()).toEqual(
    ['level', 'name', 'node', 'partial_retry', 'pipeline_id', 'start', 'status', 'tags', 'unique_id', 'url'].sort(),
  );
});

describe('git', () => {
  test('has the parts of revision and commit', () => {
    expect(toGit(aRevision(), aCommit())).toEqual({
      repository_url: 'https://git.example.com/acme/shop.git',
      sha: SHA,
      branch: 'main',
      default_branch: 'main',
      author_name: 'Alice Example',
      author_email: 'alice@example.com',
      author_time: '2026-11-20T09:15:02.000Z',
      committer_name: 'Build Bot',
      committer_email: 'bot@example.com',
      commit_time: '2026-11-20T09:15:02.000Z',
      message: 'Add checkout totals',
    });
  });

  test('is on a tag or on a branch, never on both', () => {
    const git = toGit(aRevision({ tag: 'v1' }), aCommit());
    expect([git?.tag, git && 'branch' in git]).toEqual(['v1', false]);
  });

  test.each<[string, Parameters<typeof toGit>]>([
    ['no repository', [aRevision({ repositoryUrl: undefined }), aCommit()]],
    ['no commit id', [aRevision({ sha: undefined }), aCommit()]],
    ['a commit id of 64 digits', [aRevision({ sha: 'ab'.repeat(32) }), aCommit()]],
    ['no commit', [aRevision(), undefined]],
    ['no address of the author', [aRevision(), aCommit({ author: { name: 'Alice' } })]],
    ['neither branch nor tag', [aRevision({ branch: undefined }), aCommit()]],
  ])('is left out with %s', (_, args) => {
    expect(toGit(...args)).toBeUndefined();
  });

  test('as tags has the parts that are known', () => {
    expect(
      toGitTags(aRevision({ sha: 'ab'.repeat(32), branch: undefined, tag: 'v1', defaultBranch: undefined })),
    ).toEqual([
      'git.repository_url:https://git.example.com/acme/shop.git',
      `git.commit.sha:${'ab'.repeat(32)}`,
      'git.tag:v1',
    ]);
  });

  // Commits without a name, and payloads with empty parts, do exist: what is empty is unknown.
  test.each<[string, Parameters<typeof toGit>, string]>([
    ['committer_email', [aRevision(), aCommit({ committer: { email: '' } })], 'committer_email'],
    ['committer_name', [aRevision(), aCommit({ committer: { name: '' } })], 'committer_name'],
    ['author_name', [aRevision(), aCommit({ author: { name: '', email: 'a@b' } })], 'author_name'],
    ['default_branch', [aRevision({ defaultBranch: '' }), aCommit()], 'default_branch'],
  ])('an empty %s is left out', (_, args, field) => {
    expect(JSON.parse(JSON.stringify(toGit(...args)))).not.toHaveProperty([field]);
  });
});

describe('texts', () => {
  test('are plain, and on one line but for messages and parameters', () => {
    const run = aRun({
      name: 'C\u0007I\nx',
      commit: aCommit({ message: 'a\r\nb\u001b' }),
      revision: aRevision({ branch: 'a\nb' }),
    });
    const [pipeline] = sent(
      toRunningPipeline(
        aPipeline({ run, parameters: { notes: 'a\r\nb\u0000' }, tags: ['a:b\nc\ud83d'], node: { name: 'n\n' } }),
      ),
    );
    expect(pipeline).toMatchObject({
      name: 'CI x',
      tags: ['a:b c\ufffd'],
      parameters: { notes: 'a\nb' },
      git: { message: 'a\nb', branch: 'a b' },
    });
  });

  test('are the same in the name of a pipeline and in what its jobs call it', () => {
    const run = aRun({ name: `a\n${KEY}\u0001 b` });
    const [pipeline, job] = sent(toRunningPipeline(aPipeline({ run })), toRunningJob(aJobOfRun({ run })));
    expect(job).toMatchObject({ pipeline_name: pipeline!.name });
  });

  test('hold no credential, wherever it got in', () => {
    const secret = `${KEY} ${TOKEN} https://alice:pa55word@host/x`;
    const run = aRun({
      name: secret,
      url: 'https://alice:pa55word@git.example.com/1',
      parent: { id: 'q', url: `https://x:pa55word@ci.example.com/${KEY}` },
      commit: aCommit({ message: secret, author: { name: secret, email: secret } }),
    });
    const job = aJob({ name: secret, node: { workspace: secret } });
    const failure = { type: 'x', message: secret, domain: 'user' as const };
    const text = JSON.stringify(
      sent(
        toFinalPipeline(aPipeline({ run, parameters: { a: secret }, tags: [`a:${secret}`] }), { ...FINE, failure }),
        toFinalJob(aJobOfRun({ run, job }), { ...FINE, failure }),
      ),
    );
    expect(text).not.toMatch(/pa55word|0123456789abcdef|76543210fedcba98/);
  });

  test.each<[string, Record<string, string>]>([
    ['the name of a parameter', { [KEY]: 'x' }],
    ['a URL that lost its scheme as the name of a parameter', { https: '//alice:pa55word@host/x' }],
  ])('hold no credential in %s either', (_, parameters) => {
    const { events } = toEvents([toRunningPipeline(aPipeline({ parameters }))], SENDER, REDACT);
    expect(JSON.stringify(events)).not.toMatch(/0123456789abcdef|pa55word/);
  });

  // The intake refuses control characters in names and tags, tabs among them.
  test.each<[string, Partial<Pipeline>]>([
    ['a tag', { tags: ['a:b\tc'] }],
    ['the name of a machine', { node: { name: 'a\tb' } }],
  ])('have no tab in %s', (_, parts) => {
    const { events } = toEvents([toRunningPipeline(aPipeline(parts))], SENDER, REDACT);
    expect(JSON.stringify(events)).not.toContain('\\t');
  });
});

describe('what Datadog would refuse is not sent, and does not cost the others', () => {
  const running = toRunningPipeline(aPipeline());
  const final = toFinalPipeline(aPipeline(), FINE);
  const job = toFinalJob(aJobOfRun(), FINE);
  const git = toGit(aRevision(), aCommit())!;

  test.each<[string, object, string]>([
    ['a field that is unknown', { ...running, trace_id: '1' }, ''],
    ['a field that is missing', { ...running, unique_id: undefined }, 'unique_id'],
    ['an empty name', { ...running, name: '' }, 'name'],
    ['a page that is no URL', { ...running, url: '' }, 'url'],
    ['a start that is no time', { ...running, start: 'now' }, 'start'],
    ['a start without zone', { ...running, start: '2026-11-20T09:15:30' }, 'start'],
    ['a start on a day that no month has', { ...running, start: '2026-02-30T09:15:30Z' }, 'start'],
    ['a start at an hour that no day has', { ...running, start: '2026-11-20T24:15:30Z' }, 'start'],
    ['a start in no zone', { ...running, start: '2026-11-20T09:15:30+24:00' }, 'start'],
    ['a running event with an end', { ...running, end: END }, ''],
    ['a final event without one', { ...final, end: undefined }, 'end'],
    ["a server's word", { ...final, status: 'cancelled' }, 'status'],
    ['a blocked job', { ...job, status: 'blocked' }, 'status'],
    ['a job without page', { ...job, url: undefined }, 'url'],
    ['a job of no pipeline', { ...job, pipeline_unique_id: '' }, 'pipeline_unique_id'],
    ['a parent whose page is none', { ...running, parent_pipeline: { id: 'q', url: '/1' } }, 'parent_pipeline.url'],
    ['half a millisecond in the queue', { ...running, queue_time: 0.5 }, 'queue_time'],
    ['less than no time in the queue', { ...running, queue_time: -1 }, 'queue_time'],
    ['a tag that is none', { ...running, tags: ['a'] }, 'tags.0'],
    ['a parameter that is no text', { ...running, parameters: { a: 1 } }, 'parameters.a'],
    ['branch and tag', { ...running, git: { ...git, tag: 'v1' } }, 'git'],
    ['neither branch nor tag', { ...running, git: { ...git, branch: undefined } }, 'git'],
    ['a commit id of 64 digits', { ...running, git: { ...git, sha: 'ab'.repeat(32) } }, 'git.sha'],
    ['no address of the author', { ...running, git: { ...git, author_email: undefined } }, 'git.author_email'],
    [
      'a repository without .git',
      { ...running, git: { ...git, repository_url: 'https://host/x' } },
      'git.repository_url',
    ],
    ['a kind of error too long', { ...final, error: { type: 'x'.repeat(101) } }, 'error.type'],
    ['an error too long', { ...final, error: { message: 'x'.repeat(5_001) } }, 'error.message'],
    ['an error of nobody', { ...final, error: { domain: 'runner' } }, 'error.domain'],
  ])('%s', (_, wrong, path) => {
    const { events, invalid } = toEvents([wrong as Resource, job], SENDER, REDACT);
    // A part that can be missed is left out, else the whole event is; the other one is there in any case.
    assertEvents(events, NOW);
    expect(events.at(-1)!.attributes.resource.level).toBe('job');
    expect(invalid).toEqual([
      {
        name: expect.stringMatching(/^(pipeline|job) "/),
        why: expect.stringContaining(path),
        sent: events.length === 2,
      },
    ]);
  });
});

test('the envelope says who sends, as far as that is known', () => {
  const [full] = toEvents([toRunningPipeline(aPipeline())], SENDER, REDACT).events;
  expect({ type: full!.type, ...full!.attributes, resource: 0 }).toEqual({
    type: 'cipipeline_resource_request',
    env: 'ci',
    service: 'git.example.com',
    provider_name: 'gitea',
    resource: 0,
  });
  const [bare] = toEvents(
    [toRunningPipeline(aPipeline())],
    { ...SENDER, env: undefined, service: undefined },
    REDACT,
  ).events;
  expect(Object.keys(bare!.attributes)).toEqual(['provider_name', 'resource']);
  assertEvents([full, bare], NOW);
});
