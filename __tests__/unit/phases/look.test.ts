import { describe, expect, test } from '@jest/globals';
import { ForgejoThen, type Look, type LookOptions, pipelinesOf, recordedAt, takeLook } from '../../support/look.js';

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

  test('find a run that was run again though it is far down in the list', async () => {
    const { looks } = await threeLooks();
    const last = pipelinesOf(looks.slice(2)).map(({ run }) => run);
    expect(last).toContain('17');
  });
});
