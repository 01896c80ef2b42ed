// No part of `npm test`: scripts/compare-events.js runs this once for each build, and compares what they recorded.
import { readdirSync, writeFileSync } from 'node:fs';
import { afterAll, test } from '@jest/globals';
import type { CiEvent } from '../viewer/run/event.js';
import type { StageResult } from '../viewer/runner/runner.js';
import { fixtures } from '../__tests__/support/fixtures.js';
import { runJob, type Pair, type Word } from '../__tests__/support/process.js';
import { startServer } from '../__tests__/support/process-api.js';
import { replayJobs, situation } from '../__tests__/support/replay.js';
import { type Look, runObserve } from '../__tests__/support/replay-observe.js';

/** What a process sent, left to its runner and said. */
interface Recorded {
  stage: string;
  events: CiEvent[];
  outputs: Pick<StageResult, 'code' | 'outputs' | 'exported' | 'paths'>;
  texts: Pick<StageResult, 'stdout' | 'stderr' | 'summary'>;
}

/** Milliseconds by which recorded times are moved; younger times than `began` are the clock's. */
interface Played {
  began: number;
  shift: number;
  stages: Recorded[];
}

type Play = () => Promise<Omit<Played, 'began'>>;

const LIVE = new URL('../__tests__/fixtures/live/', import.meta.url);
const records: Record<string, Played | { failed: string }> = {};

function toRecorded(stage: string, result: StageResult & { events: CiEvent[] }): Recorded {
  const { events, code, outputs, exported, paths, stdout, stderr, summary } = result;
  return { stage, events, outputs: { code, outputs, exported, paths }, texts: { stdout, stderr, summary } };
}

function toStages({ main, post }: Pair, job = ''): Recorded[] {
  return [toRecorded(`${job}main`, main), toRecorded(`${job}post`, post)];
}

/** Each fixture without a server to ask, and with one that tells how the job ends: in each way for a push, in turn for the rest. */
function ofFixtures(): [string, Play][] {
  const endings: Word[] = ['success', 'failure', 'cancelled'];
  return fixtures().flatMap((fixture, index): [string, Play][] => {
    const name = `${fixture.platform}/${fixture.name}`;
    const alone = { fixture, inputs: { token: '', status: '${{ job.status }}' }, post: { idle: true } };
    return [
      [`${name}, no server`, async () => ({ shift: 0, stages: toStages(await runJob(alone)) })],
      ...(fixture.name === 'push' ? endings : [endings[index % 3]!]).map((ended): [string, Play] => [
        `${name}, ${ended}`,
        async () => {
          const server = await startServer(fixture.env, { ended });
          try {
            const pair = await runJob({ fixture, ended, api: server.api, post: { idle: true } });
            return { shift: 0, stages: toStages(pair) };
          } finally {
            await server.close();
          }
        },
      ]),
    ];
  });
}

/** Each situation's jobs; where the server refused a token, as of a public and of a private repository. */
function ofReplays(): [string, Play][] {
  return live().flatMap((name) => {
    const { jobs = [] } = situation(name);
    if (jobs.length === 0) return [];
    return [false, ...(jobs.some(({ refused }) => refused) ? [true] : [])].map((isPrivate): [string, Play] => [
      `live/${name}${isPrivate ? ', private' : ''}`,
      async () => {
        const { jobs, shift } = await replayJobs(name, { isPrivate });
        return { shift, stages: jobs.flatMap((job, index) => toStages(job, `${index} ${job.recorded.key} `)) };
      },
    ]);
  });
}

/** Each run, and each of its attempts, that was recorded after its end; `workflow_run` has an observing job of its own. */
function ofObserve(): [string, Play][] {
  return live().flatMap((name) => {
    const { after = {}, env } = situation(name) as { after?: object; env?: Record<string, string> };
    const looks: Look[] = Object.keys(after).flatMap((path) => {
      const [, runId, attempt] = /\/runs\/(\d+)(?:\/attempts\/(\d+))?$/.exec(path) ?? [];
      if (runId === undefined) return [];
      return [{ from: toObserver(name), runId: Number(runId), ...(attempt ? { attempt: Number(attempt) } : {}) }];
    });
    if (env?.['GITHUB_EVENT_NAME'] === 'workflow_run') looks.push({});
    if (name.includes('observe-closing')) looks.push({ isClosing: true });
    return looks.map(({ from, ...rest }): [string, Play] => [
      `live/${name}, observe ${JSON.stringify(rest)}`,
      async () => {
        const { stage, shift } = await runObserve(name, from === undefined ? rest : { from, ...rest });
        return { shift, stages: [toRecorded('observe', stage)] };
      },
    ]);
  });
}

function live(): string[] {
  const paths = readdirSync(LIVE, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.json'));
  return paths.map((path) => path.replaceAll('\\', '/').slice(0, -'.json'.length)).sort();
}

/** Another job of that server. */
function toObserver(name: string): string {
  if (name.startsWith('gitea/'))
    return name.includes('gitea-1.26') ? 'gitea/gitea-1.26.push' : 'gitea/workflow_dispatch';
  return name.includes('v15') ? 'forgejo/v15-push' : 'forgejo/workflow_dispatch';
}

test.concurrent.each([...ofReplays(), ...ofObserve(), ...ofFixtures()])('%s', async (name, play) => {
  const began = Date.now();
  try {
    records[name] = { began, ...(await play()) };
  } catch (error) {
    records[name] = { failed: String(error) };
  }
});

afterAll(() => writeFileSync(process.env['TEST_RECORDS']!, JSON.stringify(records)));
