import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { expect } from '@jest/globals';
import type { CiEvent, Resource } from '../../viewer/run/event.js';
import { checkHistory } from '../../viewer/intake/rules.js';
import type { StageResult, Variables } from '../../viewer/runner/runner.js';
import { BUNDLES, KEY, RUNTIME_TOKEN, TOKEN, withJob } from './process.js';
import { faultsOf } from './process-checks.js';
import { said } from './process-log.js';
import { recordedTime, shifted, type Situation, situation, toShift } from './replay.js';
import { type Answers, find, startRecordedServer } from './replay-server.js';

/** A run as `observe` reported it, in the words of the tables; what is usual is left out. */
export interface ToldRun {
  name: string;
  /** `success 04:18:41-04:18:49`, on the recording's clock. */
  run: string;
  partial?: true;
  jobs: Record<string, string>;
  /** Who waited for whom, by names; of those that waited for somebody. */
  needs?: Record<string, string[]>;
  /** Of an expected value: what it may say more of that, or not. */
  mayNeed?: Record<string, string[]>;
}

interface Observed extends ToldRun {
  warnings: string[];
}

export interface Look {
  /** The situation whose job observes; default: the observed situation's own first job. */
  from?: string;
  /** `run-id`; default: whatever the event says. */
  runId?: number;
  attempt?: number;
  /** As the server answered while the observing job ran, which is one of the run's own. */
  isClosing?: boolean;
  /** The observing job keeps its own payload, which tells no repository, and its own run is answered too. */
  isScheduled?: boolean;
}

const MANIFEST = parse(readFileSync(new URL('../../observe/action.yml', import.meta.url), 'utf8')) as {
  inputs: Record<string, { default?: string }>;
};

/** What `observe` says of a run, against what the server answered after the end of a situation. */
export async function observeRecorded(name: string, look: Look = {}): Promise<Observed> {
  const { stage, shift } = await runObserve(name, look);
  const resources = stage.events.map(({ attributes }) => attributes.resource);
  return { ...toTold(resources, shift), warnings: said('warning', stage) };
}

/** Runs `observe` against what the server answered after the end of a situation. */
export async function runObserve(
  name: string,
  { from = name, runId, attempt, isClosing = false, isScheduled = false }: Look = {},
): Promise<{ stage: StageResult & { events: CiEvent[] }; shift: number }> {
  const given = situation(name);
  const shift = toShift(given);
  const observer = toObserver(from, given, isScheduled ? undefined : runId);
  const server = await startRecordedServer(given, shift);
  try {
    return await withJob(
      { fixture: { env: observer.env, event: shifted(observer.event, shift) }, api: server.api },
      async ({ job, intake }) => {
        server.answer({ ...observer.main, ...(isClosing ? {} : given.after) }, {});
        const defaults = Object.fromEntries(
          Object.entries(MANIFEST.inputs).map(([key, { default: text = '' }]) => [key, toValue(text)]),
        );
        const meant = {
          ...(runId === undefined ? {} : { 'run-id': `${runId}` }),
          ...(attempt === undefined ? {} : { attempt: `${attempt}` }),
        };
        const step = job.step({
          ...BUNDLES,
          main: 'observe',
          inputs: { ...defaults, 'api-key': KEY, 'intake-url': intake.url, ...meant },
        });
        const result = await step.main();
        expect(faultsOf(result, { code: 0, secrets: [KEY, TOKEN, RUNTIME_TOKEN], kept: [] })).toEqual([]);
        expect(checkHistory(intake.events, { allowOrphans: false })).toEqual([]);
        return { stage: { ...result, events: [...intake.events] }, shift };
      },
    );
  } finally {
    await server.close();
  }
}

/** Another job of that server and repository, which started later; its own run is none that is asked for. */
function toObserver(
  from: string,
  observed: Situation,
  runId: number | undefined,
): { env: Variables; event: unknown; main: Answers } {
  const { env: shared, event, jobs = [] } = situation(from);
  const env = { ...shared, ...jobs[0]?.env };
  const answers = { env: { ...env, GITHUB_TOKEN: TOKEN, FORGEJO_TOKEN: TOKEN }, event, main: jobs[0]?.main ?? {} };
  if (runId === undefined) return answers;
  const path = Object.keys(observed.after ?? {}).find((one) => one.endsWith(`/runs/${runId}`)) ?? '';
  const { repository } = find(observed.after ?? {}, path)?.[1] as { repository: { full_name: string } };
  return {
    main: {},
    env: { ...answers.env, GITHUB_REPOSITORY: repository.full_name, GITHUB_RUN_ID: '9000' },
    event: { ...event, repository },
  };
}

function toValue(text: string): string {
  return { '${{ github.token }}': TOKEN, '${{ job.check_run_id }}': '' }[text] ?? text;
}

function toTold(resources: readonly Resource[], shift: number): ToldRun {
  const pipeline = resources.find(({ level }) => level === 'pipeline');
  if (!pipeline) throw new Error('observe has reported no pipeline');
  const word = ({ status, start, end }: Resource): string =>
    `${status} ${recordedTime(start, shift)}${end === undefined ? '' : `-${recordedTime(end, shift)}`}`;
  const jobs = resources.filter(({ level }) => level === 'job');
  // Inner jobs of two calls have the same name: in the order of their starts, the second is `inner #2`.
  const names = new Map<string, string>();
  for (const { id, name } of [...jobs].sort((a, b) => (a.start < b.start ? -1 : 1))) {
    const same = [...names.values()].filter((one) => one.split(' #')[0] === name).length;
    names.set(id!, same === 0 ? name : `${name} #${same + 1}`);
  }
  const nameOf = ({ id }: Resource): string => names.get(id!)!;
  const needs = jobs.flatMap((job): [string, string[]][] => {
    const ids = job.dependencies ?? [];
    return ids.length > 0 ? [[nameOf(job), ids.map((id) => names.get(id) ?? `nobody reports under ${id}`).sort()]] : [];
  });
  return {
    name: pipeline.name,
    run: word(pipeline),
    ...(pipeline.partial_retry ? { partial: true as const } : {}),
    jobs: Object.fromEntries(jobs.map((job) => [nameOf(job), word(job)])),
    ...(needs.length > 0 ? { needs: Object.fromEntries(needs) } : {}),
  };
}

/** What was told, as far as the expected values say something about it: of a job that never ran the server tells no times. */
export function settleRun({ name, run, partial, jobs, needs }: ToldRun, wanted: ToldRun): ToldRun {
  const { mayNeed } = wanted;
  const cut = (job: string, word: string): string =>
    wanted.jobs[job]?.includes(' ') === false ? word.split(' ')[0]! : word;
  const isOpen = ([job, names]: [string, string[]]): boolean => names.every((one) => mayNeed?.[job]?.includes(one));
  const settled = Object.entries(needs ?? {}).filter((entry) => !isOpen(entry));
  return {
    name,
    run,
    ...(partial ? { partial } : {}),
    jobs: Object.fromEntries(Object.entries(jobs).map(([job, word]) => [job, cut(job, word)])),
    ...(settled.length > 0 ? { needs: Object.fromEntries(settled) } : {}),
    ...(mayNeed ? { mayNeed } : {}),
  };
}
