import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KEY, TOKEN } from '../../support/builders.js';
import { takeFindings } from '../../support/assert-events.js';
import { type Fixture, fixtures } from '../../support/fixtures.js';
import { realPayloads } from '../../support/payloads.js';
import { type Api, type FakeJob, type Reply, startFakeJob, type Variables } from '../../support/runner.js';

const PASSWORD = 'pa55word-of-alice';
const RUNTIME = `head.${Buffer.from('{"JobID":9001}').toString('base64url')}.signature`;
const FIXTURES = fixtures();

interface Script {
  env: Variables;
  event: unknown;
  inputs: Variables;
  /** What later steps do to the environment, and what post is handed. */
  later: Variables;
  atPost: Variables;
  pass: number;
  api: Api;
  intake: readonly Reply[];
}

async function play({ env, event, inputs, later, atPost, pass, api, intake }: Script): Promise<FakeJob> {
  const job = startFakeJob({ env, event, api, intake });
  const step = job.step({ token: TOKEN, ...inputs });
  await step.main();
  Object.assign(job.env, later);
  job.clock.pass(pass);
  await step.post(atPost);
  return job;
}

/** The same runs each time; `PROPERTY_SEED=1 PROPERTY_RUNS=20 npm test -- properties` looks elsewhere, and further. */
const SEED = Number(process.env['PROPERTY_SEED'] ?? 20_261_120);
const runs = (count: number) => ({ seed: SEED, numRuns: count * Number(process.env['PROPERTY_RUNS'] ?? 1) });

/**
 * What stands in `test.failing` elsewhere would fail here as well: blank texts (events.test.ts, "an empty … is left out") and tabs. To be
 * taken out together with those.
 */
const tame = (raw: string): string => {
  const plain = raw.replaceAll('\t', ' ');
  // eslint-disable-next-line no-control-regex -- what is left of it is nothing
  return /[^\s\u0000-\u001f\u007f-\u009f]/.test(plain) ? plain : 'x';
};

const tamed = <T>(part: T): T => {
  if (typeof part === 'string') return tame(part) as T;
  if (Array.isArray(part)) return part.map(tamed) as T;
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([key, inner]) => [tame(key), tamed(inner as unknown)])) as T;
};

/** Text as an environment can hold it: well-formed, and without NUL. */
const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((raw) => tame(raw.replaceAll('\u0000', '')));

const json = fc.jsonValue().map(tamed);

const odd = fc.constantFrom(
  '',
  'true',
  'false',
  'null',
  '0',
  '1',
  '2',
  '-1',
  '1e999',
  '{}',
  '[]',
  'refs/heads/',
  'refs/tags/v1',
  'refs/pull/1/merge',
  'a'.repeat(40),
  'ab'.repeat(32),
  'x'.repeat(5_000),
  '日本語😀'.repeat(200),
  'a\nb\r\nc',
  'key:value',
  'url:http://host:80/?a=b#c',
  '::error::x',
  'a ##[error]b',
  `\u001b[31mred`,
  'https://git.example.com/acme/shop',
  `https://alice:${PASSWORD}@git.example.com/acme/shop`,
  `team:${KEY}`,
  `the key ${KEY} and the token ${TOKEN}`,
  '<script>alert(1)</script> | [x](y)',
  '2026-11-20T09:15:30Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  'failure',
  'cancelled',
);

const value = fc.oneof({ arbitrary: odd, weight: 3 }, { arbitrary: text, weight: 1 });

const solid = value.map((raw) => tame(raw));

const VARIABLES = [
  ...new Set(FIXTURES.flatMap(({ env }) => Object.keys(env))),
  ...[
    'ACTIONS_RUNTIME_TOKEN',
    'DATADOG_API_KEY',
    'DATADOG_SITE',
    'DD_API_KEY',
    'DD_SITE',
    'DD_ENV',
    'DD_SERVICE',
    'DD_TAGS',
  ],
  ...['DD_CI_PIPELINE_NAME', 'DD_CI_JOB_NAME', 'DD_PIPELINE_FILE', 'GITHUB_STEP_SUMMARY', 'GITHUB_EVENT_PATH'],
];

/** All but key and token, which must be ours to be recognised. */
const INPUTS = [
  'site',
  'intake-url',
  'level',
  'needs',
  'status',
  'name',
  'job-name',
  'stage',
  'steps',
  'start',
  'tags',
  'measures',
].concat([
  'parameters',
  'env',
  'service',
  'provider-name',
  'partial-retry',
  'parent-pipeline-id',
  'parent-pipeline-url',
  'timeout',
  'fail-on-error',
  'dry-run',
  'summary',
  'job-status',
  'matrix',
  'check-run-id',
]);

/** Parts of addresses and of paths, and what an earlier step of ours left: nobody has a credential there. */
const PLAIN = [
  'GITHUB_REPOSITORY',
  'GITHUB_RUN_ID',
  'GITHUB_RUN_NUMBER',
  'GITHUB_STEP_SUMMARY',
  'GITHUB_EVENT_PATH',
  'DD_PIPELINE_FILE',
];
/** A URL for a line of key:value, which loses its scheme and then its credential is not known (events.test.ts). */
const SPLIT = ['parameters'];
const HAS_SECRET = new RegExp([KEY, TOKEN, PASSWORD].join('|'));

/** Some of these set to anything, some gone. */
const some = (names: readonly string[], most: number): fc.Arbitrary<Variables> =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), fc.option(value, { freq: 5, nil: undefined })), {
      maxLength: most,
      selector: ([name]) => name,
    })
    .map((pairs) =>
      Object.fromEntries(
        pairs.filter(([name, raw]) => ![...PLAIN, ...SPLIT].includes(name) || !HAS_SECRET.test(raw ?? '')),
      ),
    );

const fixture = fc.constantFrom(...FIXTURES);

/** A payload with one to three of its parts replaced by anything. */
const mutated = (event: Fixture['event']): fc.Arbitrary<unknown> => {
  const replacement = fc.oneof(solid, json, fc.constant(null));
  return fc.array(fc.tuple(fc.nat(), replacement), { minLength: 1, maxLength: 3 }).map((changes) => {
    const copy = structuredClone(event);
    for (const [at, part] of changes) {
      const places = placesIn(copy);
      const [parent, key] = places[at % places.length] ?? [];
      if (parent && key !== undefined) parent[key] = part;
    }
    return copy;
  });
};

type Place = [parent: Record<string, unknown>, key: string];

function placesIn(node: unknown): Place[] {
  if (typeof node !== 'object' || node === null) return [];
  const parent = node as Record<string, unknown>;
  const own = Object.keys(parent).map((key): Place => [parent, key]);
  // A part may be replaced by one that has none.
  return own.flatMap(([, key]) => [[parent, key] as Place, ...placesIn(parent[key])]);
}

const api: fc.Arbitrary<unknown> = fc.oneof(json, fc.constant({ message: `no ${KEY}` }));

const intake: fc.Arbitrary<Reply[]> = fc.array(
  fc.record({
    status: fc.constantFrom(200, 202, 202, 202, 204, 302, 400, 401, 403, 408, 413, 429, 500, 503),
    body: fc.constantFrom(
      '',
      '{"data":null}',
      '{"errors":["no"]}',
      '{"errors":[{"detail":{}},null,7]}',
      '<html>',
      `you sent ${KEY}`,
    ),
  }),
  { maxLength: 6 },
);

/** An API that answers every path alike. */
const anyPath = (body: unknown, status: number): Api => new Proxy({}, { get: () => ({ status, body }) });

/** Nothing thrown (else we were not here), everything valid, nothing secret anywhere. */
function checkJob(job: FakeJob): void {
  expect(takeFindings()).toEqual([]);
  const everything = job.everything();
  for (const secret of [KEY, TOKEN, RUNTIME, PASSWORD]) {
    const at = everything.indexOf(secret);
    expect(at < 0 ? '' : everything.slice(Math.max(0, at - 100), at + 100)).toBe('');
  }
  expect(job.sockets.open).toBe(0);
  // A runner obeys a command at the start of a line, in the old form anywhere.
  for (const line of job.words.flatMap(({ kind, text: said }) =>
    kind === 'info' || kind === 'group' ? said.split('\n') : [],
  )) {
    expect(line).not.toMatch(/^\s*::|##\[/);
  }
}

const CALM = { inputs: {}, later: {}, atPost: {}, pass: 1_000, api: {}, intake: [] };

describe('nothing throws, whatever is sent is valid, and no secret leaves', () => {
  test('whatever the environment and the inputs, from main to post', async () => {
    const script = fixture.chain(({ env, event }) =>
      fc.record({
        env: some(VARIABLES, 8).map((changes) => ({ ...env, ACTIONS_RUNTIME_TOKEN: RUNTIME, ...changes })),
        event: fc.constant(event),
        inputs: some(INPUTS, 6),
        later: some(VARIABLES, 4),
        atPost: some(INPUTS, 4),
        pass: fc.constantFrom(-3_600_000, 0, 1_000, 3_600_000),
        api: fc.tuple(api, fc.constantFrom(200, 200, 403, 404, 500)).map(([body, status]) => anyPath(body, status)),
        intake,
      }),
    );
    await fc.assert(
      fc.asyncProperty(script, async (one) => checkJob(await play(one))),
      runs(150),
    );
  });

  test('whatever stands in the event file', async () => {
    const script = fixture.chain(({ env, event }) =>
      fc.record({
        ...constants(CALM),
        env: fc.constant(env),
        event: fc.oneof({ arbitrary: mutated(event), weight: 8 }, json, fc.string()),
      }),
    );
    await fc.assert(
      fc.asyncProperty(script, async (one) => checkJob(await play(one))),
      runs(150),
    );
  });

  test('whatever the API answers', async () => {
    const shape = fc.record(
      {
        sha: fc.oneof(solid, json),
        message: fc.oneof(solid, json),
        author: fc.oneof(fc.record({ name: solid, email: solid, date: solid }, { requiredKeys: [] }), json),
        commit: json,
        status: solid,
        conclusion: solid,
        steps: fc.oneof(
          fc.array(fc.record({ name: solid, conclusion: solid, number: fc.nat() }, { requiredKeys: [] })),
          json,
        ),
        jobs: fc.oneof(fc.array(json), json),
      },
      { requiredKeys: [] },
    );
    const script = fixture.chain(({ env, event }) =>
      fc.record({
        ...constants(CALM),
        env: fc.constant({ ...env, ACTIONS_RUNTIME_TOKEN: RUNTIME, GITHUB_RUN_ATTEMPT: '2' }),
        event: fc.constant(event),
        api: shape.map((body) => anyPath(body, 200)),
      }),
    );
    await fc.assert(
      fc.asyncProperty(script, async (one) => checkJob(await play(one))),
      runs(120),
    );
  });
});

/** Each value as it is. */
function constants<T extends object>(values: T): { [K in keyof T]: fc.Arbitrary<T[K]> } {
  return Object.fromEntries(Object.entries(values).map(([key, one]) => [key, fc.constant(one)])) as {
    [K in keyof T]: fc.Arbitrary<T[K]>;
  };
}

test('every payload that GitHub ever collected makes a running pair and a final pair', async () => {
  const { env } = FIXTURES.find(({ platform, name }) => platform === 'github' && name === 'push')!;
  for (const { event: name, payload } of realPayloads()) {
    const job = await play({ ...CALM, env: { ...env, GITHUB_EVENT_NAME: name }, event: payload });
    checkJob(job);
    expect([name, job.accepted.length, job.said('warning', 'fail')]).toEqual([name, 4, []]);
  }
});

/** What people may write and servers may send without meaning harm: no event may be lost for it. */
describe('no event is lost', () => {
  const harmless = (job: FakeJob) => {
    checkJob(job);
    expect(job.said('warning', 'fail').filter((words) => words.includes('is not valid'))).toEqual([]);
    expect(job.accepted).toHaveLength(4);
  };

  test('whatever words people choose', async () => {
    const words = [
      'name',
      'job-name',
      'tags',
      'measures',
      'parameters',
      'env',
      'service',
      'provider-name',
      'parent-pipeline-id',
      'matrix',
    ];
    const script = fixture.chain(({ env, event }) =>
      fc.record({
        ...constants(CALM),
        env: some(['GITHUB_WORKFLOW', 'GITHUB_ACTOR', 'RUNNER_NAME', 'GITHUB_WORKSPACE', 'DD_TAGS', 'DD_ENV'], 4).map(
          (changes) => ({
            ...env,
            ...changes,
          }),
        ),
        event: fc.constant(event),
        inputs: some(words, 5),
      }),
    );
    await fc.assert(
      fc.asyncProperty(script, async (one) => harmless(await play(one))),
      runs(120),
    );
  });

  test('whatever is missing from the payload', async () => {
    const script = fixture.chain(({ env, event }) =>
      fc.record({
        ...constants(CALM),
        env: fc.constant(env),
        event: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }).map((places) => {
          const copy = structuredClone(event);
          for (const at of places) {
            const all = placesIn(copy);
            const [parent, key] = all[at % all.length] ?? [];
            if (parent && key !== undefined) parent[key] = at % 2 === 0 ? null : undefined;
          }
          return copy;
        }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(script, async (one) => harmless(await play(one))),
      runs(120),
    );
  });
});
