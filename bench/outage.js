// `npm run bench:outage`: jobs on one runner's disk while the intake is down and then flaky, some of them killed: what is lost (nothing
// may be), what arrives twice, and what it costs the jobs. Needs `npm run build` before. Fails where something is lost or held up.
// @ts-check
import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startJob } from '../viewer/runner/runner.js';

const JOBS = Number(process.env['BENCH_JOBS'] ?? 200);
const SEED = Number(process.env['BENCH_SEED'] ?? 16);
const KEY = '0123456789abcdef0123456789abcdef';
const TIMEOUT = 2;
/** Milliseconds that a process of a busy machine takes besides its network. */
const SLACK = 1_500;
const AT_ONCE = 2;
const KILLED = 1 / 6;
const UNAVAILABLE = 0.3;
const CUT = 0.05;

/** @param {number} seed numbers from [0, 1), always the same ones (mulberry32) */
const createRandom = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};

/** An intake that may be away, and that may be flaky; it knows what it has accepted, and whether its answer got away. */
function createIntake() {
  const random = createRandom(SEED);
  /** @type {Map<string, boolean[]>} by event; true: its answer was cut off */
  const accepted = new Map();
  let isFlaky = false;
  const server = createServer(async (message, response) => {
    const chunks = [];
    for await (const chunk of message) chunks.push(chunk);
    const dice = isFlaky ? random() : 1;
    if (dice < UNAVAILABLE) return void response.writeHead(503).end('{"errors":["busy"]}');
    const isCut = dice < UNAVAILABLE + CUT;
    const isTaken = !isCut || random() < 0.5;
    if (isTaken) {
      for (const { attributes } of JSON.parse(Buffer.concat(chunks).toString()).data) {
        const { unique_id: id = attributes.resource.id, status } = attributes.resource;
        if (status !== 'running') accepted.set(id, [...(accepted.get(id) ?? []), isCut]);
      }
    }
    if (isCut) message.socket.destroy();
    else response.writeHead(202).end('{"data":null}');
  });
  let port = 0;
  return {
    accepted,
    url: () => `http://127.0.0.1:${port}`,
    /** @param {{ flaky: boolean }} how */
    async start({ flaky }) {
      isFlaky = flaky;
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      port = /** @type {import('node:net').AddressInfo} */ (server.address()).port;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/**
 * @typedef {object} Played
 * @property {string[]} ids of its final events
 * @property {boolean} killed
 * @property {number} added milliseconds
 * @property {number} worst milliseconds of its longer phase
 */

/**
 * @param {number} number
 * @param {{ url: string, folder?: string | undefined, kill?: number | undefined }} options kill: milliseconds after which post is killed
 */
async function play(number, { url, folder, kill }) {
  const sha = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';
  const env = {
    GITHUB_ACTIONS: 'true',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_RUN_ID: `${number}`,
    GITHUB_RUN_NUMBER: `${number}`,
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_JOB: 'build',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_SHA: sha,
    GITHUB_WORKFLOW: 'CI',
    GITHUB_ACTOR: 'ada',
    DD_PIPELINE_UNDELIVERED_DIR: folder,
    DD_PIPELINE_TIMEOUT: `${TIMEOUT}`,
  };
  const inputs = { 'api-key': KEY, 'intake-url': url, 'job-status': 'success', matrix: 'null', summary: 'false' };
  const job = await startJob({ env, event: {} });
  const step = job.step({ inputs });
  const main = await step.main();
  const post = await step.post(kill === undefined ? {} : { timeout: kill });
  await job.end();
  if (main.code !== 0 || (post.code !== 0 && !post.timedOut)) throw new Error(main.stdout + post.stdout + post.stderr);
  const ids = [main.outputs['pipeline-id'] ?? '', main.outputs['job-id'] ?? ''];
  return { ids, killed: post.timedOut, ms: main.ms + post.ms, worst: Math.max(main.ms, post.ms) };
}

/** @param {string} folder @returns {Promise<string[]>} ids of the events in all whole files */
async function readIds(folder) {
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
  return texts.flatMap((text) => {
    const [json = '', signature] = text.split('\n');
    if (signature?.length !== 64) return [];
    return JSON.parse(json).data.map(
      (/** @type {any} */ { attributes: { resource } }) => resource.unique_id ?? resource.id,
    );
  });
}

/** Lets 16 minutes pass for the claims of the killed jobs, on a machine that was started anew. @param {string} folder */
async function passTime(folder) {
  for (const name of await readdir(folder)) {
    const [, base, time, uptime] = /^(.*\.claim)-(\d+)-(\d+)$/.exec(name) ?? [];
    if (base)
      await rename(join(folder, name), join(folder, `${base}-${Number(time) - 16 * 60_000}-${Number(uptime) + 1e9}`));
  }
}

/** @param {number[]} list */
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? NaN;
/** @param {number} ms */
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;

const folder = await mkdtemp(join(tmpdir(), 'outage-'));
const intake = createIntake();
await intake.start({ flaky: false });
const url = intake.url();

/** @type {number[]} */
const plain = [];
/** @type {number[]} */
const guarded = [];
for (let number = 1; number <= 12; number += 1) {
  const pairs = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) => play(10_000 + number * 10 + index, { url })),
  );
  plain.push(...pairs.map(({ ms }) => ms));
  const others = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) => play(20_000 + number * 10 + index, { url, folder })),
  );
  guarded.push(...others.map(({ ms }) => ms));
}
const usual = median(plain);
intake.accepted.clear();
await intake.stop();

const random = createRandom(SEED + 1);
/** @type {Awaited<ReturnType<typeof play>>[]} */
const played = [];
/** @type {Set<string>} */
const written = new Set();
let most = 0;
let isUp = false;
let next = 1;
const worker = async () => {
  while (next <= JOBS) {
    const number = next;
    next += 1;
    if (number > JOBS / 2 && !isUp) {
      isUp = true;
      await intake.start({ flaky: true });
    }
    const span = number > JOBS / 2 ? 600 : TIMEOUT * 1000;
    const [isKilled, when] = [random() < KILLED, random() * span];
    played.push(await play(number, { url, folder, kill: isKilled ? Math.max(1, when) : undefined }));
    const ids = await readIds(folder);
    ids.forEach((id) => written.add(id));
    most = Math.max(most, ids.length / 2);
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, worker));

await passTime(folder);
let extra = 0;
for (; (await readdir(folder)).length > 0 && extra < 40; extra += 1) {
  await play(30_000 + extra, { url, folder });
}
const left = (await readdir(folder)).length;
await intake.stop();
await rm(folder, { recursive: true });

const killed = played.filter((job) => job.killed);
const mustArrive = played.flatMap((job) => job.ids.filter((id) => !job.killed || written.has(id)));
const lost = mustArrive.filter((id) => !intake.accepted.has(id));
const repeats = [...intake.accepted.values()].flatMap((answers) => answers.slice(0, -1));
const total = [...intake.accepted.values()].flat().length;
const cut = repeats.filter(Boolean).length;
const whole = played.filter((job) => !job.killed);
const [down, flaky] = [whole.filter((_, index) => index < whole.length / 2), whole.slice(Math.ceil(whole.length / 2))];
const worst = Math.max(...whole.map((job) => job.worst));

console.log(
  `${JOBS} jobs, ${AT_ONCE} at a time, the first ${JOBS / 2} without an intake, seed ${SEED}, Node ${process.version}`,
);
console.log(
  `killed in post                       ${killed.length}, of which ${killed.filter(({ ids }) => ids.some((id) => !written.has(id) && !intake.accepted.has(id))).length} before their file was written`,
);
console.log(`most files that waited               ${most}; left in the end: ${left}, after ${extra} more jobs`);
console.log(`final events lost                    ${lost.length} of ${mustArrive.length}`);
console.log(
  `accepted more than once              ${repeats.length} of ${total} (${((100 * repeats.length) / total).toFixed(1)} %): ${cut} whose answer was cut off, ${repeats.length - cut} whose sender was killed after the answer`,
);
console.log(`a job without a folder, all well     ${seconds(usual)}; with one ${seconds(median(guarded))}`);
for (const [name, jobs] of /** @type {const} */ ([
  ['down', down],
  ['flaky', flaky],
])) {
  const added = jobs.map(({ ms }) => ms - usual);
  console.log(
    `time added per job, intake ${name.padEnd(10)}${seconds(median(added))} median, ${seconds(Math.max(...added))} worst`,
  );
}
console.log(`the longest phase                    ${seconds(worst)} with a timeout of ${TIMEOUT} s`);
if (lost.length > 0 || left > 0 || worst > TIMEOUT * 1000 + SLACK) process.exitCode = 1;
