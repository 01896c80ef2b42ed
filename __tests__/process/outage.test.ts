import { execFile, execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { Failures } from '../../viewer/intake/failure.js';
import { type Intake, startIntake } from '../../viewer/intake/intake.js';
import type { Variables } from '../../viewer/runner/runner.js';
import { aRun, github, observe } from '../support/observe.js';
import { KEY, NODE, openJob, type Stage, type StageSetting } from '../support/process.js';
import { said } from '../support/process-log.js';

const OTHER_KEY = '07e1a9b30123456789abcdef01234567';
const TIMEOUT = 2;
/** Machines are slow now and then. */
const SLACK = 4_000;

/** A runner that keeps its disk: jobs come one after the other, each with a run of its own, and share a folder and an intake. */
async function onRunner(work: (runner: ReturnType<typeof aRunner>) => Promise<void>): Promise<void> {
  const disk = mkdtempSync(join(tmpdir(), 'disk-'));
  const intake = await startIntake();
  try {
    await work(aRunner(join(disk, 'spool'), intake));
    expect(intake.problems).toEqual([]);
  } finally {
    await intake.close();
    rmSync(disk, { recursive: true });
  }
}

interface OneJob {
  fail?: Failures;
  inputs?: Variables;
  env?: Variables;
  post?: StageSetting;
  node?: string;
}

function aRunner(folder: string, intake: Intake) {
  let runs = 0;
  return {
    folder,
    intake,
    names: () => (existsSync(folder) ? readdirSync(folder).sort() : []),
    /** Names of the pipelines that were accepted in the end, in their order. */
    accepted: () =>
      intake.events
        .map(({ attributes: { resource } }) => resource)
        .filter(({ level, status }) => level === 'pipeline' && status !== 'running')
        .map(({ name }) => name),
    /** One job whose pipeline has that name. */
    async run(name: string, { fail, inputs = {}, env = {}, post, node }: OneJob = {}): Promise<Stage> {
      await intake.setFail(fail);
      runs += 1;
      const open = await openJob({
        // It is there for all jobs.
        intake: { ...intake, close: () => Promise.resolve() },
        env: { GITHUB_RUN_ID: `${7000 + runs}`, DD_PIPELINE_UNDELIVERED_DIR: folder, ...env },
        ...(node ? { node } : {}),
        secrets: [OTHER_KEY],
        mayKeep: true,
      });
      const step = open.use({
        inputs: { token: '', name, timeout: `${TIMEOUT}`, ...inputs },
      });
      try {
        await step.main({ idle: true });
        return await step.post({ idle: true, ...post });
      } finally {
        await open.close();
      }
    },
  };
}

const line = ({ stdout }: Pick<Stage, 'stdout'>): string | undefined =>
  /Datadog: undelivered events of earlier jobs: .*/.exec(stdout)?.[0];

test.concurrent('the next job sends what the last ones could not, oldest first, and says how many', () =>
  onRunner(async ({ run, names, accepted, folder }) => {
    const first = await run('first', { fail: 'refused' });
    expect(said('warning', first)).toEqual([expect.stringContaining(`It is also in ${join(folder, names()[0]!)}`)]);
    await run('second', { fail: 403 });
    expect([names().length, accepted()]).toEqual([2, []]);
    const third = await run('third');
    expect(line(third)).toBe('Datadog: undelivered events of earlier jobs: 2 sent.');
    expect(accepted()).toEqual(['third', 'first', 'second']);
    expect([names(), said('warning', third), said('notice', third)]).toEqual([[], [], []]);
    expect(line(await run('fourth'))).toBeUndefined();
  }),
);

test.concurrent(
  'a job that is killed while it sends loses nothing, and its file is left alone as long as it may live',
  () =>
    onRunner(async ({ run, names, accepted, folder }) => {
      await run('killed', { fail: 'silent', post: { killed: 1_500 } });
      expect(names()).toEqual([expect.stringMatching(/\.claim-\d+-\d+$/)]);
      expect(line(await run('soon after'))).toBeUndefined();
      expect(accepted()).toEqual(['soon after']);
      const [name] = names();
      // A quarter of an hour later, on a machine that was started anew.
      const [, base, time, uptime] = /^(.*)\.claim-(\d+)-(\d+)$/.exec(name!)!;
      // By the machine's clock, which goes on from process to process.
      expect(Math.abs(Number(uptime) - process.hrtime()[0])).toBeLessThan(300);
      renameSync(join(folder, name!), join(folder, `${base}.claim-${Number(time) - 16 * 60_000}-999999999999`));
      expect(line(await run('later'))).toMatch(/: 1 sent\.$/);
      expect([accepted(), names()]).toEqual([['soon after', 'later', 'killed'], []]);
    }),
);

test.concurrent('only what is ours is sent; the rest is left alone, opened by nobody, and counted in one line', () =>
  onRunner(async ({ run, names, accepted, folder }) => {
    await run('ours', { fail: 'refused' });
    const [own] = names();
    await run('of another account', { fail: 'refused', inputs: { 'api-key': OTHER_KEY } });
    await run('for another intake', { fail: 'refused', inputs: { 'intake-url': 'http://127.0.0.1:2' } });
    const text = readFileSync(join(folder, own!), 'utf8');
    const beside = (name: string): string => join(folder, own!.replace(/[\w-]{8}\.json$/, `${name}.json`));
    writeFileSync(beside('forged00'), text.replace('"ours"', '"theirs"'));
    writeFileSync(beside('unsigned'), text.split('\n')[0]!);
    writeFileSync(beside('half0000'), text.slice(0, 700));
    writeFileSync(beside('large000'), '');
    truncateSync(beside('large000'), 100 * 1024 * 1024);
    symlinkSync(join(folder, own!), beside('link0000'));
    execFileSync('mkfifo', [beside('pipe0000')]);
    mkdirSync(beside('folder00'));
    writeFileSync(join(folder, 'garbage'), 'garbage');
    const before = names();
    const next = await run('next');
    expect(line(next)).toBe(
      'Datadog: undelivered events of earlier jobs: 1 sent, 10 not written with this key for this intake and left alone.',
    );
    expect(accepted()).toEqual(['next', 'ours']);
    expect(names()).toEqual(before.filter((name) => name !== own));
    expect([said('warning', next), said('notice', next)]).toEqual([[], []]);
    expect(next.ms).toBeLessThan(TIMEOUT * 1_000 + SLACK);
  }),
);

test.concurrent('two jobs at once send each file once', () =>
  onRunner(async ({ run, names, accepted, intake }) => {
    const waiting = ['a', 'b', 'c', 'd'];
    for (const name of waiting) await run(name, { fail: 'refused' });
    await intake.setFail(undefined);
    await Promise.all([run('left'), run('right')]);
    expect([names(), accepted().sort()]).toEqual([[], [...waiting, 'left', 'right']]);
  }),
);

test.concurrent('a job waits no longer than its timeout, however much lies there and however slow the intake is', () =>
  onRunner(async ({ run, names, folder }) => {
    await run('waits', { fail: 'refused' });
    const [own] = names();
    for (let index = 0; index < 20; index += 1) {
      copyFileSync(join(folder, own!), join(folder, own!.replace('.json', `-${index}.json`)));
    }
    const slow = await run('next', { fail: { mode: 'slow', ms: 400 }, inputs: { timeout: '4' } });
    expect(line(slow)).toMatch(/\d+ left for the next job\.$/);
    expect([names().length > 0, said('warning', slow)]).toEqual([true, []]);
    expect(slow.ms).toBeLessThan(4_000 + SLACK);
  }),
);

test.concurrent('an intake that asks to wait is asked no more', () =>
  onRunner(async ({ run, names, intake }) => {
    for (const name of ['a', 'b']) await run(name, { fail: 'refused', inputs: { timeout: '1' } });
    const before = intake.requests.length;
    const busy = { status: 429, headers: { 'retry-after': '60' }, when: isOf('a') };
    expect(line(await run('next', { fail: busy }))).toMatch(/: 2 left for the next job\.$/);
    expect([intake.requests.length - before, names().length]).toEqual([3, 2]);
  }),
);

const isOf =
  (name: string) =>
  ({ attributes: { resource } }: Intake['events'][number]): boolean =>
    resource.level === 'pipeline' && resource.name === name;

test.concurrent('a full disk fails no job, is told, and leaves no half of a file', () =>
  onRunner(async ({ run, names, accepted, folder }) => {
    const bin = mkdtempSync(join(tmpdir(), 'bin-'));
    const small = join(bin, 'node');
    // No file may be larger than 4 KiB: what a write does at the end of a disk.
    writeFileSync(small, `#!/bin/bash\n[[ $1 == */post/* ]] && ulimit -f 4\nexec '${NODE}' "$@"\n`, { mode: 0o755 });
    const inputs = { tags: Array.from({ length: 30 }, (_, index) => `t${index}:${'x'.repeat(200)}`).join('\n') };
    const setting = { inputs, node: small };
    try {
      mkdirSync(folder);
      const well = await run('full', setting);
      expect(said('notice', well)).toEqual([expect.stringMatching(/`undelivered-dir` can't be used \(.*EFBIG/)]);
      expect(accepted()).toEqual(['full']);
      const down = await run('lost', { ...setting, fail: 'refused' });
      expect(said('warning', down)).toEqual([expect.stringMatching(/`undelivered-dir` can't be used \(.*EFBIG/)]);
      expect(names()).toEqual([]);
    } finally {
      rmSync(bin, { recursive: true });
    }
  }),
);

describe('the folder', () => {
  test.concurrent('that a later step names counts no more: main read the variable', () =>
    onRunner(async ({ run, names, folder }) => {
      await run('job', { fail: 'refused', post: { env: { DD_PIPELINE_UNDELIVERED_DIR: join(folder, 'elsewhere') } } });
      expect(names()).toEqual([expect.stringMatching(/^datadog-.*\.json$/)]);
    }),
  );

  test.concurrent('is not touched in a dry run', () =>
    onRunner(async ({ run, names, accepted }) => {
      await run('waits', { fail: 'refused' });
      await run('dry', { inputs: { 'dry-run': 'true' } });
      expect([names().length, accepted()]).toEqual([1, []]);
    }),
  );

  test.concurrent('is emptied by observe, too, after its own events', () =>
    onRunner(async ({ run, names, folder, intake }) => {
      await run('waits', { fail: 'refused', inputs: { 'api-key': KEY } });
      await intake.setFail(undefined);
      const observed = await observe(github(aRun(), []), {
        inputs: { 'intake-url': intake.url },
        env: { DD_PIPELINE_UNDELIVERED_DIR: folder },
      });
      expect(line(observed)).toMatch(/: 1 sent\.$/);
      expect(names()).toEqual([]);
    }),
  );
});

describe('by hand', () => {
  const [, command = ''] = /^```sh\n([\s\S]*?)^```/m.exec(readFileSync('docs/network.md', 'utf8')) ?? [];

  const shell = (env: Variables) =>
    promisify(execFile)('sh', ['-c', command], { env: { PATH: process.env['PATH'], DD_API_KEY: KEY, ...env } });

  test.concurrent('the command of docs/network.md sends what waits, and removes what has arrived', () =>
    onRunner(async ({ run, names, accepted, folder, intake }) => {
      for (const name of ['a', 'b']) await run(name, { fail: 'refused' });
      const env = { DD_PIPELINE_UNDELIVERED_DIR: folder, INTAKE: intake.url };
      await expect(shell(env)).rejects.toThrow('Failed to connect');
      expect(names()).toHaveLength(2);
      await intake.setFail(undefined);
      await shell(env);
      expect([names(), accepted()]).toEqual([[], ['a', 'b']]);
      expect(intake.requests.map(({ headers }) => headers['dd-api-key'])).toEqual([KEY, KEY]);
    }),
  );
});

test.concurrent('debug lines stand in the log where the runner asks for them', () =>
  onRunner(async ({ run }) => {
    const post = await run('job', { fail: [500], env: { DD_PIPELINE_DEBUG: 'true' } });
    expect(post.stdout).toMatch(/^Datadog debug: /m);
    expect(post.stdout).not.toContain('::debug::');
  }),
);
