import { describe, expect, test } from '@jest/globals';
import type { RunRef } from '../../../src/model/run.js';
import { github } from '../../../src/server/platforms/github.js';
import type { PlatformKind } from '../../../src/server/platforms/platform.js';
import { NOW } from '../../support/clock.js';
import {
  ago,
  aListedJob,
  aListedRun,
  aLookRun,
  type ARepository,
  GITHUB,
  toGitHub,
} from '../../support/look-github.js';
import type { Variables } from '../../support/runner.js';
import {
  ForgejoThen,
  GiteaThen,
  toText,
  type Look,
  type LookOptions,
  pipelinesOf,
  recordedAt,
  takeLook,
} from '../../support/look.js';

/** Three looks at what a Forgejo server recorded, each with what it is to do. */
async function threeLooks(options: readonly LookOptions[] = []): Promise<{ looks: Look[]; server: ForgejoThen }> {
  const server = new ForgejoThen();
  const looks: Look[] = [];
  for (const [index, time] of ['04:31:50', '04:35:30', '04:44:40'].entries()) {
    const now = recordedAt(time);
    const env = server.begin(now, 1000 + index);
    const { refused = [], ...given } = options[index] ?? {};
    server.refused = refused;
    const look = await takeLook(env, now, { server: server.answer, ...given });
    server.end(look.said('fail').length > 0 ? 'failure' : 'success');
    looks.push(look);
  }
  return { looks, server };
}

/** The runs of the recording: all ended within the looks' time, one of them twice. */
const RUNS = (({ lists }) => [...lists.runs, ...lists['workflow']!].map(({ id }) => `${id as number}`))(
  new ForgejoThen(),
);
const ALL = [...RUNS, '17'].sort();

/** The pipelines that were sent must be all that there are, each whole in the end, and with one content. */
function expectAll(looks: readonly Look[], most = 1): void {
  const pipelines = pipelinesOf(looks);
  expect(pipelines.map(({ run }) => run).sort()).toEqual(ALL);
  expect(pipelines.filter(({ events }) => events.length > most).map(({ run }) => run)).toEqual([]);
  expect(pipelines.filter(({ events }) => events.at(-1)!.includes('incomplete:jobs'))).toEqual([]);
}

const DOWN = { status: 503, body: '' };
const BROKEN = { status: 500, body: { message: 'broken' } };

describe('three looks at the recorded lists of Forgejo', () => {
  test('lose no run and double none', async () => {
    const { looks } = await threeLooks();
    expect(looks.map((look) => look.said('fail'))).toEqual([[], [], []]);
    expectAll(looks);
    // Each but the first begins with the start of the one before.
    expect(looks.map(({ outputs }) => outputs['runs'])).toEqual(['25', '24', '12']);
  });

  test('send what a look left undelivered with the next one', async () => {
    const accepted = { status: 202 };
    const { looks } = await threeLooks([{}, { intake: [accepted, accepted, DOWN] }]);
    expect(looks.map((look) => look.said('fail').length)).toEqual([0, 1, 0]);
    expect(looks[1]!.said('fail')[0]).toMatch(/^This look left something out \(\d+ runs were not delivered/);
    expect(Number(looks[1]!.outputs['runs'])).toBeLessThan(12);
    expectAll(looks);
  });

  test.each([
    ['a run', /\/actions\/runs\/9\d$/, 1],
    ['the list of runs', /\/actions\/runs\?limit/, 1],
    // Without them there are pipelines without jobs, which the next look makes whole.
    ['the list of tasks', /\/actions\/tasks\?limit=50&page=2/, 2],
    ['the list of looks', /workflow_id=datadog/, 1],
  ])('read %s again that one of them could not', async (_, path, most) => {
    const { looks } = await threeLooks([{}, { refused: [[path, BROKEN]] }]);
    expect(looks.map((look) => look.said('fail').length)).toEqual([0, 1, 0]);
    expectAll(looks, most);
  });

  test.each([
    ['three hours behind', -3],
    ['three hours ahead', 3],
    ['two days ahead', 48],
  ])('lose nothing on a runner whose clock is %s', async (_, hours) => {
    const off = hours * 3_600_000;
    const { looks } = await threeLooks([{ off }, {}, { off }]);
    expect(looks.map((look) => look.said('fail'))).toEqual([[], [], []]);
    expectAll(looks);
  });

  test('read again what only the times of jobs could not be read of', async () => {
    const server = new ForgejoThen();
    const take = async (time: string, id: number, answer = server.answer): Promise<Look> => {
      const env = server.begin(recordedAt(time), id);
      const look = await takeLook(env, recordedAt(time), { server: answer });
      server.end(look.said('fail').length > 0 ? 'failure' : 'success');
      return look;
    };
    let lists = 0;
    // Once to find runs, and after that for their jobs.
    const first = await take('04:35:30', 1000, (path) =>
      /actions\/tasks.*page=1$/.test(path) && (lists += 1) > 1 ? BROKEN : server.answer(path),
    );
    expect(first.said('fail')).toMatchObject([expect.stringContaining("acme/shop can't be read")]);
    expect(lists).toBeGreaterThan(1);
  });

  test('find a run that was run again though it is far down in the list', async () => {
    const { looks } = await threeLooks();
    const last = pipelinesOf(looks.slice(2)).map(({ run }) => run);
    expect(last).toContain('17');
  });
});

const OWN = aLookRun(900, 1, { status: 'in_progress', conclusion: null, updated_at: ago(0) });
/** A look half an hour ago, and one after it that failed. */
const BEFORE = [aLookRun(880, 20, { conclusion: 'failure' }), aLookRun(870, 30)];

/** A scheduled look on GitHub. */
async function lookAt(repositories: Record<string, ARepository>, options: LookOptions = {}): Promise<Look> {
  return takeLook(GITHUB, NOW, { server: toGitHub(repositories), ...options });
}

const runsOf = (look: Look): string[] => pipelinesOf([look]).map(({ run }) => run);

describe('a look on GitHub', () => {
  const ci = aListedRun(890, [15, 10]);

  test('reports what ended since the start of the last look that succeeded, and a little before', async () => {
    const before = [aListedRun(868, [40, 31]), aListedRun(867, [40, 33])];
    const look = await lookAt({ 'acme/ops': { runs: [OWN, ci, ...BEFORE, ...before] } });
    expect(runsOf(look)).toEqual(['890', '868']);
    expect(look.outputs).toMatchObject({ runs: '2' });
    expect(look.outputs['pipeline-id']).toBeUndefined();
    expect(look.said('fail')).toEqual([]);
    expect(look.summary()).toContain('2 sent, 0 of them of other repositories');
  });

  test('sends the logs of what ended since the last look, and those of the time before not once more', async () => {
    const runs = [OWN, ci, ...BEFORE, aListedRun(868, [40, 31])];
    const jobs = { 890: [aListedJob('new', [15, 10])], 868: [aListedJob('old', [40, 31])] };
    const logs = Object.fromEntries(
      Object.values(jobs).map(([job]) => [
        `https://api.github.com/repos/acme/ops/actions/jobs/${job!['id'] as number}/logs`,
        { chunks: [`log of ${job!['name'] as string}\n`] },
      ]),
    );
    const look = await lookAt({ 'acme/ops': { runs, jobs } }, { inputs: { logs: 'all' }, logs });
    expect(runsOf(look).sort()).toEqual(['868', '890']);
    expect(look.logItems.map(({ message }) => message)).toEqual(['log of new']);
    expect(look.said('warning')).toEqual([]);
  });

  test('reaches back an hour the first time', async () => {
    const runs = [OWN, ci, aListedRun(860, [70, 59]), aListedRun(850, [70, 61])];
    expect(runsOf(await lookAt({ 'acme/ops': { runs } }))).toEqual(['890', '860']);
  });

  test('reaches back 18 hours at most, and says what it leaves out', async () => {
    const runs = [OWN, aListedRun(860, [1070, 1060]), aListedRun(850, [1100, 1085]), aLookRun(800, 1500)];
    const look = await lookAt({ 'acme/ops': { runs } });
    expect(runsOf(look)).toEqual(['860']);
    // Nobody looked for so long that the last look is not looked for either.
    expect(runsOf(await lookAt({ 'acme/ops': { runs } }, { inputs: { since: ago(2000) } }))).toEqual(['860']);
    const cut = await lookAt({ 'acme/ops': { runs } }, { inputs: { since: ago(2000) } });
    expect(cut.said('warning')).toMatchObject([
      expect.stringMatching(/^Runs that ended before \S+ are not sent to Datadog/),
    ]);
    expect(cut.said('fail')).toEqual([]);
  });

  test('takes the time that is asked for', async () => {
    const runs = [OWN, ci, aListedRun(860, [70, 59])];
    expect(runsOf(await lookAt({ 'acme/ops': { runs } }, { inputs: { since: ago(12) } }))).toEqual(['890']);
  });

  test('reports the attempts of a run that ended since, also where it goes on', async () => {
    const third = aListedRun(890, [8, 0], {
      run_attempt: 3,
      status: 'in_progress',
      conclusion: null,
      created_at: ago(90),
    });
    const attempts = {
      '890/2': aListedRun(890, [20, 15], { run_attempt: 2, created_at: ago(90) }),
      '890/1': aListedRun(890, [90, 80], { created_at: ago(90), conclusion: 'failure' }),
    };
    const look = await lookAt({ 'acme/ops': { runs: [OWN, third, ...BEFORE], attempts } });
    expect(pipelinesOf([look]).map(({ events }) => /attempts\/\d/.exec(events[0]!)?.[0])).toEqual(['attempts/2']);
  });

  test('finds a run that was created up to three days before the window', async () => {
    const again = aListedRun(700, [15, 10], { created_at: ago(60 * 70), run_attempt: 2 });
    const runs = [OWN, ci, ...BEFORE, ...[1, 2, 3].map((n) => aListedRun(800 - n, [600, 590])), again];
    expect(runsOf(await lookAt({ 'acme/ops': { runs } }))).toEqual(['890', '700']);
  });

  test.each([
    ['this action', 'acme/datadog-pipeline-events@v1'],
    ['observe in a closing job', 'acme/datadog-pipeline-events/observe@v1'],
  ])('passes over a run that reports itself with %s, unless the pipeline alone is wanted', async (_, uses) => {
    const jobs = { 890: [aListedJob('build', [15, 10], [uses])] };
    const look = await lookAt({ 'acme/ops': { runs: [OWN, ci, ...BEFORE], jobs } });
    expect(runsOf(look)).toEqual([]);
    expect(look.said('info')).toContainEqual(expect.stringContaining('1 report themselves'));
    const alone = await lookAt({ 'acme/ops': { runs: [OWN, ci, ...BEFORE], jobs } }, { inputs: { jobs: 'false' } });
    expect(alone.accepted.map(({ attributes: { resource } }) => resource.level)).toEqual(['pipeline']);
  });

  test.each([
    ['CI', ['890']],
    ['ci.yml', ['890']],
    ['.github/workflows/ci.yml', ['890']],
    ['!CI', ['891']],
    ['!ci.yml', ['891']],
    ['*, but not !Night*', ['890']],
    ['Other', []],
  ])('reports of the workflows only %s', async (lines, expected) => {
    const workflows = lines.replace(', but not ', '\n');
    const nightly = aListedRun(891, [15, 10], { name: 'Nightly', path: '.github/workflows/nightly.yml' });
    const look = await lookAt({ 'acme/ops': { runs: [OWN, nightly, ci, ...BEFORE] } }, { inputs: { workflows } });
    expect(runsOf(look)).toEqual(expected);
  });

  test('closes its own run where it has other jobs and no input says otherwise', async () => {
    const jobs = {
      900: [
        { ...aListedJob('datadog', [1, 0]), conclusion: null, status: 'in_progress', runner_name: 'me' },
        aListedJob('test', [1, 0.5]),
      ],
    };
    const look = await lookAt({ 'acme/ops': { runs: [OWN, ci, ...BEFORE], jobs } }, { env: { RUNNER_NAME: 'me' } });
    expect(runsOf(look)).toEqual(['900']);
  });

  test.each([
    ['its own run', /runs\/900$/, 'Nothing is sent to Datadog'],
    ['the last look', /workflows\/datadog.yml/, 'Nothing is sent to Datadog'],
    ['a run', /runs\/890\/attempts\/1\/jobs/, 'This look left something out (1 runs'],
    ['the list', /acme\/ops\/actions\/runs\?/, "This look left something out (acme/ops can't be read)"],
  ])('fails where it can not read %s', async (_, path, what) => {
    const healthy = toGitHub({ 'acme/ops': { runs: [OWN, ci, ...BEFORE] } });
    const server = (asked: string): ReturnType<typeof healthy> =>
      path.test(asked) ? { status: 500, body: {} } : healthy(asked);
    const look = await takeLook(GITHUB, NOW, { server });
    expect(look.said('fail')).toMatchObject([expect.stringContaining(what)]);
  });

  test('reports the other runs where this action breaks on one, and fails', async () => {
    const breaking: PlatformKind = {
      ...github,
      bind(env) {
        const platform = github.bind(env);
        const runPage = (run: RunRef): string => {
          if (run.id === '891') throw new TypeError('no page');
          return platform.runPage(run);
        };
        return { ...platform, runPage };
      },
    };
    const runs = [OWN, aListedRun(891, [15, 10]), ci, ...BEFORE];
    const look = await lookAt({ 'acme/ops': { runs } }, { platforms: [breaking] });
    expect(runsOf(look)).toEqual(['890']);
    expect(look.said('fail')).toMatchObject([expect.stringContaining('this action failed (no page)')]);
  });

  test('passes over a run whose file shows that it reports itself, also where its jobs can not be read', async () => {
    const file = Buffer.from('jobs: { build: { steps: [{ uses: acme/datadog-pipeline-events@v1 }] } }');
    const healthy = toGitHub({ 'acme/ops': { runs: [OWN, ci, ...BEFORE] } });
    const server = (path: string): ReturnType<typeof healthy> => {
      if (path.includes('attempts/1/jobs')) return { status: 500, body: {} };
      const isFile = path.includes('/contents/');
      return isFile
        ? {
            status: 200,
            body: { type: 'file', encoding: 'base64', size: file.length, content: file.toString('base64') },
          }
        : healthy(path);
    };
    const look = await takeLook(GITHUB, NOW, { server });
    expect(runsOf(look)).toEqual([]);
  });

  test('reaches back 18 hours also where other workflows were started more often since the last look', async () => {
    const others = Array.from({ length: 50 }, (_, index) =>
      aListedRun(880 - index, [1090 - index, 1080 - index], { event: 'schedule' }),
    );
    const healthy = toGitHub({ 'acme/ops': { runs: [OWN, aListedRun(860, [1070, 1060])] } });
    const pages = [others, [aLookRun(800, 1500)]];
    const server = (path: string): ReturnType<typeof healthy> => {
      const [, page] = /workflows\/datadog.yml\/.*&page=(\d)/.exec(path) ?? [];
      const workflow_runs = page && (pages[Number(page) - 1] ?? []);
      return workflow_runs ? { status: 200, body: { workflow_runs } } : healthy(path);
    };
    const look = await takeLook(GITHUB, NOW, { server });
    expect(runsOf(look)).toEqual(['860']);
    expect(look.said('warning')).toMatchObject([expect.stringContaining('are not sent to Datadog')]);
  });

  test('sends what earlier jobs left once, not with each run', async () => {
    const runs = [OWN, aListedRun(891, [15, 10]), ci, ...BEFORE];
    const look = await lookAt(
      { 'acme/ops': { runs } },
      { env: { DD_PIPELINE_UNDELIVERED_DIR: '/spool' }, left: { '/spool/other.json': '{}' } },
    );
    expect(runsOf(look)).toEqual(['891', '890']);
    expect(look.said('info').filter((text) => text.includes('of earlier jobs'))).toEqual([
      'Datadog: undelivered events of earlier jobs: 1 not written with this key for this intake and left alone.',
    ]);
  });

  test.each<[string, Variables]>([
    ['no key', { 'api-key': '' }],
    ['an unknown site', { site: 'datadog.example' }],
    ['an unusable time', { since: 'yesterday' }],
    ['repositories of which no line is one', { repositories: 'https://github.com/acme/shop' }],
  ])('sends nothing and fails with %s, so that the next look begins where it began', async (_, inputs) => {
    const look = await lookAt({ 'acme/ops': { runs: [OWN, ci, ...BEFORE] } }, { inputs });
    expect(look.requests).toEqual([]);
    expect([...look.said('notice'), ...look.said('warning')]).toContainEqual(expect.stringMatching(/^Nothing is sent/));
    expect(look.said('fail')).toMatchObject([expect.stringContaining('This look left everything out')]);
  });

  test('asks no more where the rate limit is nearly used up, and fails', async () => {
    const healthy = toGitHub({ 'acme/ops': { runs: [OWN, ci, ...BEFORE] } });
    const server = (path: string): ReturnType<typeof healthy> => {
      const answer = healthy(path);
      const isLate = path.includes('/ops/actions/runs?');
      return answer && 'status' in answer && isLate
        ? { ...answer, headers: { ...answer.headers, 'x-ratelimit-remaining': '40' } }
        : answer;
    };
    const look = await takeLook(GITHUB, NOW, { server });
    expect(look.said('fail')).toMatchObject([expect.stringContaining('rate limit is nearly used up')]);
    expect(look.reads.filter((path) => path.includes('/890/'))).toEqual([]);
  });
});

describe('a look at several repositories', () => {
  const run = aListedRun(890, [15, 10]);
  const secret = { name: 'Takeover', head_branch: 'project-x' };
  const repositories = {
    'acme/ops': { runs: [OWN, run, ...BEFORE] },
    'acme/secret-plan': {
      runs: [aListedRun(70, [14, 9], secret), aListedRun(71, [14, 9], { ...secret, conclusion: 'failure' })],
    },
    'acme/old': { runs: [aListedRun(60, [14, 9])], parts: { archived: true } },
    'acme/empty': { runs: [aListedRun(61, [14, 9])], parts: { empty: true } },
    'acme/idle': { runs: [aListedRun(62, [14, 9])], parts: { has_actions: false } },
    'other/shop': { runs: [aListedRun(50, [14, 9]), aLookRun(49, 12)] },
  };

  test('reports those of an owner and those that are named, without the idle ones', async () => {
    const look = await lookAt(repositories, { inputs: { repositories: 'acme/*\nother/shop\nacme/ops' } });
    // The own workflow of another repository is not this one.
    expect(runsOf(look).sort()).toEqual(['49', '50', '70', '71', '890']);
    expect(look.said('fail')).toEqual([]);
    const urls = look.accepted.map(({ attributes: { resource } }) => resource['git']?.repository_url);
    expect([...new Set(urls)].sort()).toEqual(
      ['acme/ops', 'acme/secret-plan', 'other/shop'].map((one) => `https://github.com/${one}.git`),
    );
  });

  test('names no run of another repository, whatever happens', async () => {
    const broken = toGitHub(repositories);
    const server = (path: string): ReturnType<typeof broken> =>
      path.includes('runs/71/attempts/1/jobs') ? { status: 500, body: {} } : broken(path);
    const inputs = { repositories: 'acme/*' };
    const looks = [
      await takeLook(GITHUB, NOW, { server, inputs }),
      await takeLook(GITHUB, NOW, { server, inputs: { ...inputs, 'dry-run': 'true' } }),
      await takeLook(GITHUB, NOW, { server, inputs, intake: [{ status: 503, body: '' }] }),
      await takeLook(GITHUB, NOW, { server, inputs, intake: [{ status: 400, body: '{"errors":["Bad"]}' }] }),
    ];
    const shown = looks.map((look) => JSON.stringify([look.words, look.summary(), look.outputs])).join('\n');
    expect(shown).toContain('acme/ops');
    expect(shown).not.toMatch(/secret-plan|Takeover|project-x/);
    expect(looks[0]!.said('fail')).toMatchObject([expect.stringContaining("1 runs can't be read")]);
    expect(looks[0]!.said('info')).toContainEqual(expect.stringContaining('2 of them of other repositories'));
  });

  test('names what can not be read once, by the line that names it', async () => {
    const look = await lookAt(repositories, { inputs: { repositories: 'acme/gone\nacme/ops\nnobody/*' } });
    expect(look.said('fail')).toMatchObject([
      expect.stringContaining(
        "This look left something out (acme/gone, nobody/* can't be read): the server answered 404.",
      ),
    ]);
    expect(runsOf(look)).toEqual(['890']);
  });
});

describe('three looks at the recorded lists of Gitea', () => {
  async function threeLooksAt(server: GiteaThen, intakes: readonly LookOptions[] = []): Promise<Look[]> {
    const looks: Look[] = [];
    for (const [index, time] of ['04:10:00', '04:16:30', '04:37:00'].entries()) {
      const now = recordedAt(time);
      const env = server.begin(now, 1000 + index);
      looks.push(await takeLook(env, now, { server: server.answer, ...intakes[index] }));
      server.end(looks.at(-1)!.said('fail').length > 0 ? 'failure' : 'success');
    }
    return looks;
  }
  const all = new GiteaThen().lists.runs.map(({ id }) => `${id as number}`).sort();

  test('lose no run and double none', async () => {
    const looks = await threeLooksAt(new GiteaThen());
    expect(looks.map((look) => look.said('fail'))).toEqual([[], [], []]);
    const pipelines = pipelinesOf(looks);
    expect(pipelines.map(({ run }) => run).sort()).toEqual(all);
    expect(pipelines.filter(({ events }) => events.length > 1)).toEqual([]);
  });

  test('send what one of them left undelivered with the next one', async () => {
    const looks = await threeLooksAt(new GiteaThen(), [{}, { intake: [{ status: 503, body: '' }] }]);
    expect(looks.map((look) => look.said('fail').length)).toEqual([0, 1, 0]);
    expect(looks[1]!.accepted).toEqual([]);
    expect(
      pipelinesOf(looks)
        .map(({ run }) => run)
        .sort(),
    ).toEqual(all);
  });

  test.each([
    ['by the address of its task, which has its id', 'http://127.0.0.1:3000/acme/app/actions/runs/95'],
    ['by its number, where the address of its task has that', 'http://127.0.0.1:3000/acme/app/actions/runs/87'],
  ])('find a run of days ago that was run again %s', async (_, url) => {
    const server = new GiteaThen();
    server.size = 10;
    const days = 40 * 3_600_000;
    const old = server.lists.runs.filter(({ id }) => (id as number) <= 116);
    for (const run of old) {
      for (const name of ['started_at', 'completed_at']) run[name] = toText(Date.parse(run[name] as string) - days);
    }
    const [from, to] = ['04:30:00', '04:30:40'].map((time) => toText(recordedAt(time)));
    const again = server.lists.runs.find(({ id }) => id === 95)!;
    Object.assign(again, { started_at: from, completed_at: to, run_attempt: 2 });
    const task = { run_number: again['run_number'], url, status: 'success', created_at: from, run_started_at: from };
    server.lists.tasks.unshift({ ...server.lists.tasks[0], ...task, id: 500, name: 'build', updated_at: to });
    const looks = await threeLooksAt(server);
    expect(looks.map((look) => look.said('fail'))).toEqual([[], [], []]);
    expect(pipelinesOf(looks.slice(2)).map(({ run }) => run)).toContain('95');
  });
});
