import { expect } from '@jest/globals';
import type { CiEvent, Resource } from '../../viewer/run/event.js';
import type { Failures } from '../../viewer/intake/failure.js';
import { type Intake, startIntake } from '../../viewer/intake/intake.js';
import { type Job, startJob, type StageResult, type Variables } from '../../viewer/runner/runner.js';
import { fixtures } from './fixtures.js';
import { faultsAt, faultsOf } from './process-checks.js';
import { type Facts, toMainInputs, toPostInputs, toRunner } from './process-inputs.js';

/** What nobody may see. */
export const KEY = '5ec4e7ab0123456789abcdef0123457e';
export const TOKEN = 'ghs_notARealToken0123456789abcdefghijkl';
/** As Gitea and Forgejo make it: its claims name job, task and run. */
export const JOB_NUMBER = 8801;
export const RUNTIME_TOKEN = [
  { alg: 'HS256', typ: 'JWT' },
  { JobID: JOB_NUMBER, TaskID: 9901, RunID: 4401 },
  'signature-of-nobody',
]
  .map((part) => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url'))
  .join('.');

/** Nothing listens there. */
export const NO_API = 'http://127.0.0.1:2';

/** The node that the processes run on; .ci/run gives each of those that are supported. */
export const NODE = process.env['TEST_NODE'] ?? process.execPath;

/** The bundles that run, where they are others than this repository's; scripts/compare-events.js gives them. */
export const BUNDLES = process.env['TEST_DIST'] === undefined ? {} : { dist: process.env['TEST_DIST'] };

/** `job.check_run_id`, where a server has one. */
export const CHECK_RUN_ID = '40000000001';

/** How `job.status` reads at the end. */
export type Word = 'success' | 'failure' | 'cancelled';

export interface JobSetting {
  /** A fixture by `platform/name`, or what takes its place. */
  fixture?: string | { env: Variables; event?: unknown };
  /** Over the fixture's variables. */
  env?: Variables;
  /** Over the fixture's payload; null: no event file. */
  event?: unknown;
  /** Default: a healthy one of this job alone; `fail` tells how it fails. */
  intake?: Intake;
  fail?: Failures;
  /** Base URL of the server's API; default: nothing listens there. */
  api?: string;
  matrix?: unknown;
  /** Used by a composite action. */
  composite?: boolean;
  node?: string;
  /** What else must not show. */
  secrets?: string[];
  /** Secrets stand in texts of the run, which main hands over to post as they are. */
  mayKeep?: boolean;
}

export interface UseSetting {
  /** What the workflow writes below `with:`, beside `api-key` and `intake-url`. */
  inputs?: Variables;
  /** What post gets instead, right or wrong. */
  postInputs?: Variables;
  ended?: Word;
}

export interface StageSetting {
  env?: Variables;
  /** The exit code that it has to end with; default 0. */
  code?: number;
  /** It will wait for the network more than it computes, so it need not wait for the others. */
  idle?: boolean;
  /** The milliseconds after which it has to be killed. */
  killed?: number;
}

export interface Stage extends StageResult {
  /** What arrived during this stage, accepted or not, each event once. */
  events: CiEvent[];
}

export interface Use {
  main(setting?: StageSetting): Promise<Stage>;
  post(setting?: StageSetting): Promise<Stage>;
}

export interface OpenJob {
  job: Job;
  intake: Intake;
  /** One `uses:` of the action. */
  use(setting?: UseSetting): Use;
  /** Checks the intake, and ends everything. */
  close(): Promise<void>;
}

export interface Pair {
  main: Stage;
  post: Stage;
}

const slots: (() => void)[] = [];
let free = 2;

/** Two processes at a time: more would only wait for each other. */
async function inSlot<T>(work: () => Promise<T>): Promise<T> {
  if (free > 0) free -= 1;
  else await new Promise<void>((next) => slots.push(next));
  try {
    return await work();
  } finally {
    const next = slots.shift();
    if (next) next();
    else free += 1;
  }
}

/** A job on the runner that the fixture's variables belong to; every stage is checked for what must never happen. */
export async function openJob(setting: JobSetting = {}): Promise<OpenJob> {
  const { env: variables, event: payload } =
    typeof setting.fixture === 'object' ? setting.fixture : fixture(setting.fixture);
  const event = setting.event === undefined ? payload : setting.event;
  const intake =
    setting.intake ?? (await startIntake({ key: KEY, ...(setting.fail === undefined ? {} : { fail: setting.fail }) }));
  const token = variables['GITHUB_TOKEN'] ?? TOKEN;
  const secrets = [KEY, token, RUNTIME_TOKEN, ...(setting.secrets ?? [])];
  const kept = setting.mayKeep ? secrets : [KEY, token];
  const runner = toRunner(variables);
  const job = await startJob({
    env: {
      ...variables,
      ACTIONS_RUNTIME_TOKEN: RUNTIME_TOKEN,
      GITHUB_API_URL: setting.api ?? NO_API,
      ...(setting.composite ? { GITHUB_ACTION_PATH: '/actions/composite' } : {}),
      ...setting.env,
    },
    node: setting.node ?? NODE,
    ...(event === null ? {} : { event }),
  });

  const run = async (
    stage: () => Promise<StageResult>,
    { code = 0, idle = false, killed }: StageSetting,
  ): Promise<Stage> => {
    const before = intake.requests.length;
    const result = await (idle ? stage() : inSlot(stage));
    expect(result.timedOut).toBe(killed !== undefined);
    const checked = killed === undefined ? result : { ...result, code, timedOut: false, stderr: '' };
    expect(faultsOf(checked, { code, secrets, kept })).toEqual([]);
    const elements = intake.requests.slice(before).flatMap((request) => request.elements);
    const events = [...new Map(elements.map((element) => [JSON.stringify(element), element])).values()];
    return { ...result, events };
  };

  return {
    job,
    intake,
    use({ inputs = {}, postInputs = {}, ended = 'success' } = {}) {
      const written = { 'api-key': KEY, 'intake-url': intake.url, ...inputs };
      const inside = Boolean(setting.composite && runner.narrowsComposites);
      const facts = (word: Word): Facts => ({
        // A cancel that falls between two steps is a success for a runner without a word for it.
        jobStatus: inside || (word === 'cancelled' && !runner.saysCancelled) ? 'success' : word,
        matrix: inside ? undefined : setting.matrix,
        checkRunId: runner.hasCheckRunId ? CHECK_RUN_ID : '',
        workflowRef: runner.hasWorkflowRef ? (variables['GITHUB_WORKFLOW_REF'] ?? '') : '',
        token,
      });
      const atEnd = toPostInputs(written, runner, { main: facts('success'), post: facts(ended) });
      const step = job.step({ ...BUNDLES, inputs: toMainInputs(written, facts('success')) });
      return {
        main: (stage = {}) => run(() => step.main({ env: stage.env ?? {} }), stage),
        post: (stage = {}) =>
          run(
            () =>
              step.post({
                inputs: { ...atEnd, ...postInputs },
                env: stage.env ?? {},
                ...(stage.killed === undefined ? {} : { timeout: stage.killed }),
              }),
            stage,
          ),
      };
    },
    async close() {
      await Promise.all([job.end(), intake.close()]);
      expect(faultsAt(intake, secrets)).toEqual([]);
    },
  };
}

/** Does something with a job, and ends it whatever happens. */
export async function withJob<T>(setting: JobSetting, work: (open: OpenJob) => Promise<T>): Promise<T> {
  const open = await openJob(setting);
  let result: T;
  try {
    result = await work(open);
  } catch (error) {
    await open.close().catch(() => undefined);
    throw error;
  }
  await open.close();
  return result;
}

/** One use of the action in a job: main, then post. */
export function runJob({
  main,
  post,
  ...setting
}: JobSetting & UseSetting & { main?: StageSetting; post?: StageSetting } = {}): Promise<Pair> {
  return withJob(setting, async ({ use }) => {
    const step = use(setting);
    return { main: await step.main(main), post: await step.post(post) };
  });
}

/** Main alone, of a job whose server is not asked. */
export function runMain(setting: JobSetting & UseSetting & { main?: StageSetting } = {}): Promise<Stage> {
  return withJob(setting, ({ use }) =>
    use({ ...setting, inputs: { token: '', ...setting.inputs } }).main(setting.main),
  );
}

/** A running pair and a final pair of the same pipeline and job: what every report comes to, whatever steps are told of beside them. */
export function expectPairs({ main, post }: Pair, status = 'success'): { running: Resource[]; final: Resource[] } {
  const [running, final] = [pairOf(main), pairOf(post)];
  expect(running.map((resource) => [resource.level, resource.status])).toEqual([
    ['pipeline', 'running'],
    ['job', 'running'],
  ]);
  expect(final.map((resource) => [resource.level, resource.status])).toEqual([
    ['pipeline', status],
    ['job', status],
  ]);
  expect(final.map(toIdentity)).toEqual(running.map(toIdentity));
  return { running, final };
}

function pairOf({ events }: Stage): Resource[] {
  return events.map((event) => event.attributes.resource).filter(({ level }) => level !== 'step');
}

/** Who a resource is, and when it began. */
function toIdentity({ level, unique_id, id, pipeline_unique_id, name, start }: Resource) {
  return { level, id: unique_id ?? id, pipeline: pipeline_unique_id, name, start };
}

/** A fixture by `platform/name`, as fresh objects. */
export function fixture(name = 'github/push'): { env: Variables; event: Record<string, unknown> } {
  const found = fixtures().find((one) => `${one.platform}/${one.name}` === name);
  if (!found) throw new Error(`There is no fixture ${name}`);
  return found;
}
