import { describe, expect, test } from '@jest/globals';
import type { CiEvent, Resource } from '../../viewer/run/event.js';
import { type Expect, type Fixture, fixtures } from '../support/fixtures.js';
import { expectPairs, type Pair, runJob, type Word } from '../support/process.js';
import { startServer } from '../support/process-api.js';
import { said } from '../support/process-log.js';

/** A job whose server answers, which every runner's default inputs lead to. */
async function reportWithServer(fixture: Fixture, ended: Word): Promise<Pair> {
  const server = await startServer(fixture.env, { ended });
  try {
    return await runJob({ fixture, ended, api: server.api });
  } finally {
    await server.close();
  }
}

/** The pipeline event's fields that `expect` tells of, in the words of `expect`. */
function toExpected({ attributes }: CiEvent) {
  const { provider_name, service, resource } = attributes;
  const { name, pipeline_id, url, is_manual, parameters, previous_attempt } = resource;
  return {
    provider_name,
    service,
    name,
    pipeline_id,
    url,
    is_manual,
    parameters,
    previous_attempt_url: previous_attempt?.url,
  };
}

/** The values of all tags, behind the colon. */
function values({ tags }: Resource): string[] {
  return (tags ?? []).map((tag) => tag.slice(tag.indexOf(':') + 1));
}

function fromExpect({
  provider_name,
  service,
  name,
  pipeline_id,
  url,
  is_manual,
  parameters,
  previous_attempt_url,
}: Expect) {
  return { provider_name, service, name, pipeline_id, url, is_manual, parameters, previous_attempt_url };
}

const all = fixtures();
const table = all.map((fixture) => [fixture.platform, fixture.name, fixture] as const);
const ids = new Map<string, string>();

// No server is asked: what is known then is what the environment and the payload tell.
test.concurrent.each(table)(
  '%s, %s: a running pair and a final pair of one pipeline, as expected',
  async (_platform, _name, fixture) => {
    const wanted = fixture.expect;
    const { main, post } = await runJob({ fixture, inputs: { token: '', status: '${{ job.status }}' } });
    const { running, final } = expectPairs({ main, post });

    for (const [pipeline, job] of [main.events, post.events]) {
      expect(toExpected(pipeline!)).toEqual(fromExpect(wanted));
      expect(job!.attributes).toMatchObject({ provider_name: wanted.provider_name, service: wanted.service });
    }
    for (const resource of [...running, ...final]) {
      expect(values(resource)).toEqual(expect.arrayContaining(wanted.tags));
      expect(new URL(resource.url!).host).toBe(wanted.public_host);
    }
    for (const { git } of running) expect(git ?? null).toEqual(wanted.git);
    // Where nobody could tell the commit, the end names whoever started the run.
    const assumed = {
      ...wanted.git_ref,
      author_name: fixture.env['GITHUB_ACTOR'],
      author_email: expect.stringMatching(/.@./) as unknown,
    };
    for (const { git } of final) expect(git).toEqual(wanted.git ?? assumed);
    expect(running[0]!.parent_pipeline?.url?.startsWith(wanted.parent_page ?? '')).toBe(wanted.parent_page && true);

    const [pipeline, job] = running;
    expect(main.outputs).toEqual({
      'pipeline-id': pipeline!.unique_id,
      'pipeline-start': pipeline!.start,
      'job-id': job!.id,
      'job-start': job!.start,
      'partial-retry': `${pipeline!.partial_retry}`,
      // The intake is not said to be a site's.
      'datadog-url': '',
      'tests-url': '',
    });
    expect(post.outputs).toEqual({});
    const showsSummary = fixture.platform === 'github' || fixture.env['GITEA_ACTIONS_CAPABILITIES'] !== undefined;
    expect(post.summary.startsWith('### ✓ ')).toBe(showsSummary);
    expect([...said('error', main, post), ...said('warning', main, post)]).toEqual([]);
    ids.set(
      `${wanted.public_host} ${fixture.env['GITHUB_RUN_ID']} ${fixture.env['GITHUB_RUN_ATTEMPT']}`,
      pipeline!.unique_id!,
    );
  },
);

test('the pipelines of different runs have different ids', () => {
  expect(new Set(ids.values()).size).toBe(ids.size);
});

describe('a job that does not succeed', () => {
  const pushes = all
    .filter(({ platform, name }) => name === 'push' && !platform.includes('-'))
    .map((fixture) => [fixture.platform, fixture] as const);

  test.concurrent.each(pushes)('%s: a failure arrives as error, with a reason', async (_platform, fixture) => {
    const { final } = expectPairs(await reportWithServer(fixture, 'failure'), 'error');
    for (const resource of final)
      expect(resource.error).toMatchObject({ message: expect.stringMatching(/./) as unknown });
    for (const resource of final) expect(resource.tags).toContain('conclusion:failure');
  });

  test.concurrent.each(pushes)('%s: a cancel arrives as canceled, without an error', async (_platform, fixture) => {
    const { final } = expectPairs(await reportWithServer(fixture, 'cancelled'), 'canceled');
    for (const resource of final) expect(resource).not.toHaveProperty('error');
    for (const resource of final) expect(resource.tags).toContain('conclusion:cancelled');
  });
});
