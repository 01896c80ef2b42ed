import { expect, test } from '@jest/globals';
import type { CiEvent, Resource } from '../../viewer/run/event.js';
import { said } from '../support/process-log.js';
import { replayJobs } from '../support/replay.js';
import { runObserve } from '../support/replay-observe.js';

// Ids of Forgejo's runs hold their start: whoever compares two replays gives both the same now.
process.env['TEST_NOW'] ??= `${Date.now()}`;

function toResources(events: readonly CiEvent[], level: string): Resource[] {
  return events.map(({ attributes }) => attributes.resource).filter((resource) => resource.level === level);
}

/** The final job of each job of a situation. */
async function finalJobs(name: string): Promise<Resource[]> {
  const { jobs } = await replayJobs(name);
  return jobs.flatMap(({ post }) => toResources(post.events, 'job'));
}

test.concurrent.each(['forgejo/schedule', 'forgejo/schedule-runner-at-localhost'])(
  '%s: address and default branch are those of the run, for the event tells none',
  async (name) => {
    const [job] = await finalJobs(name);
    expect(job!.git).toMatchObject({
      repository_url: 'http://127.0.0.1:3100/acme/shop.git',
      default_branch: 'main',
    });
    expect(job!.url).toMatch(/^http:\/\/127\.0\.0\.1:3100\/acme\/shop\/actions\/runs\/\d+$/);
  },
);

test.concurrent(
  'a job that observes from a schedule of Forgejo computes the ids that the jobs themselves do',
  async () => {
    const of = 'forgejo/scenario-b1-recipe';
    const runId = 17;
    const [{ stage }, other] = await Promise.all([
      runObserve(of, { from: 'forgejo/schedule-runner-at-localhost', runId, isScheduled: true }),
      finalJobs(of),
    ]);
    const observed = toResources(stage.events, 'job').map(({ id }) => id);
    expect(observed.sort()).toEqual(other.map(({ id }) => id).sort());
  },
);

test.concurrent.each(['d8-composite', 'd9-nested-composite'])(
  'forgejo/scenario-%s: jobs have the name and the id of their row, though the composite action hides the matrix',
  async (name) => {
    const of = `forgejo/scenario-${name}`;
    const jobs = await finalJobs(of);
    expect(jobs.map((job) => job.name)).toEqual(['build (20)', 'build (24)', 'report']);
    const { stage } = await runObserve(of, {
      from: 'forgejo/workflow_dispatch',
      runId: name.startsWith('d8') ? 28 : 30,
    });
    const observed = toResources(stage.events, 'job');
    expect(jobs.map(({ id, url }) => [id, url])).toEqual(observed.map(({ id, url }) => [id, url]));
  },
);

test.concurrent('forgejo/scenario-b2-recipe-one-fails: links go to the page of the job and its attempt', async () => {
  const jobs = await finalJobs('forgejo/scenario-c2-rerun-all-jobs-of-recipe');
  const page = 'http://127.0.0.1:3100/acme/shop/actions/runs/15/jobs';
  expect(jobs.map(({ url }) => url)).toEqual([
    `${page}/0/attempt/2`,
    `${page}/1/attempt/2`,
    `${page}/2/attempt/3`,
    `${page}/3/attempt/3`,
  ]);
});

test.concurrent('forgejo/scenario-c4-rerun-one-job-pipeline-by-job: names the attempt before', async () => {
  const { jobs } = await replayJobs('forgejo/scenario-c4-rerun-one-job-pipeline-by-job');
  const [pipeline] = toResources(jobs[0]!.post.events, 'pipeline');
  expect(pipeline!.previous_attempt).toMatchObject({ url: pipeline!.url, id: expect.any(String) as unknown });
  expect(pipeline!.previous_attempt!.id).not.toBe(pipeline!.unique_id);
});

test.concurrent('forgejo/scenario-d1-workflow-dispatch: an observed run tells what it was started with', async () => {
  const { stage } = await runObserve('forgejo/scenario-d1-workflow-dispatch', {
    from: 'forgejo/workflow_dispatch',
    runId: 20,
  });
  expect(toResources(stage.events, 'pipeline')[0]!.parameters).toEqual({
    dry: 'true',
    note: 'héllo: "x"\nline 2',
    region: 'us',
  });
});

test.concurrent("forgejo/scenario-d7-pull-request-fork: a fork's wait for an approval is no queue", async () => {
  const { stage } = await runObserve('forgejo/scenario-d7-pull-request-fork', {
    from: 'forgejo/workflow_dispatch',
    runId: 27,
  });
  expect(toResources(stage.events, 'pipeline')[0]!.queue_time).toBeUndefined();
});

test.concurrent('gitea/push: a message has no line feed at its end', async () => {
  const [job] = await finalJobs('gitea/push');
  expect(job!.git!.message).toMatch(/\S$/);
});

test.concurrent('gitea/push.runner-1.0.8: the machine has the name that the server tells', async () => {
  const [job] = await finalJobs('gitea/push.runner-1.0.8');
  expect(job!.node!.name).toBe('runner-old');
});

test.concurrent('gitea/private.permissions-empty: a 404 names the permission to grant', async () => {
  const { jobs } = await replayJobs('gitea/private.permissions-empty');
  const notices = jobs.flatMap(({ main, post }) => [...said('notice', main), ...said('notice', post)]);
  expect(notices.filter((text) => text.includes('(404)'))).toEqual([
    "The server's API refused a read (404), so details are missing; `permissions: actions: read` in the workflow allows it.",
  ]);
});
