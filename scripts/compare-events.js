// `node scripts/compare-events.js OLD_DIST [NEW_DIST]`: whether two builds send the same events and give the same outputs, over all fixtures
// and all recordings. Times of the clock, versions, ports and paths may differ; differences of texts are listed, and do not count.
// @ts-check
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

/** @typedef {{ stage: string, events: unknown[], outputs: unknown, texts: Record<string, string> }} Stage */
/** @typedef {{ began: number, shift: number, stages: Stage[], failed?: string }} Played */
/** @typedef {Record<string, Played>} Records */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const JEST = join(ROOT, 'node_modules/jest/bin/jest.js');
const EXAMPLES = 3;
const NOW = `${Date.now()}`;

const [oldDist, newDist = 'dist'] = process.argv.slice(2);
if (oldDist === undefined) throw new Error('usage: node scripts/compare-events.js OLD_DIST [NEW_DIST]');
const folder = mkdtempSync(join(tmpdir(), 'compare-'));
try {
  const [before, after] = await Promise.all([record(oldDist, 'old'), record(newDist, 'new')]);
  process.exitCode = report(before, after);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Plays all situations with the bundles of one build.
 * @param {string} dist
 * @param {string} name
 * @returns {Promise<Records>}
 */
async function record(dist, name) {
  const file = join(folder, `${name}.json`);
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      JEST,
      '--testMatch=<rootDir>/scripts/compare-events.test.ts',
      // Several jobs of a situation wait for each other, and on a busy machine for more.
      '--testTimeout=300000',
      // A process of post waits far more than it computes.
      '--maxConcurrency=8',
    ],
    {
      cwd: ROOT,
      env: { ...process.env, TEST_DIST: resolve(dist), TEST_RECORDS: file, TEST_NOW: NOW },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const code = await new Promise((ended) => child.on('close', ended));
  if (code !== 0) throw new Error(`${dist} could not be played:\n${said}`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * @param {Records} before
 * @param {Records} after
 */
function report(before, after) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  /** @type {Map<string, string[]>} */
  const texts = new Map();
  let different = 0;
  for (const name of names) {
    const [old, own] = [toComparable(before[name]), toComparable(after[name])];
    const found = [...differences(old.sent, own.sent), ...faults(before[name]), ...faults(after[name])];
    if (found.length > 0) {
      different += 1;
      console.log([`DIFFERENT ${name}`, ...found.map((line) => `  ${line}`)].join('\n'));
    }
    for (const text of textDifferences(old.texts, own.texts)) texts.set(text, [...(texts.get(text) ?? []), name]);
  }
  const sorted = [...texts].sort(([, one], [, other]) => other.length - one.length);
  console.log(`${sorted.length} differences of texts, which do not count`);
  for (const [text, where] of sorted) {
    const more = where.length > EXAMPLES ? `, and ${where.length - EXAMPLES} more` : '';
    console.log(`${where.length} x ${text}\n    in ${where.slice(0, EXAMPLES).join('; ')}${more}`);
  }
  console.log(`${names.length} situations: ${names.length - different} same, ${different} different`);
  return different > 0 || names.length === 0 ? 1 : 0;
}

/**
 * What fails on both sides is not the same, it is unknown.
 * @param {Played | undefined} played
 */
function faults(played) {
  return played?.stages?.length ? [] : [`: could not be played: ${played?.failed ?? 'nothing is recorded'}`];
}

/**
 * @param {Played | undefined} played
 * @returns {{ sent: unknown[], texts: string[] }}
 */
function toComparable(played) {
  if (!played?.stages) return { sent: [], texts: [] };
  const { began, shift, stages } = played;
  /** @param {string} text */
  const settle = (text) =>
    text
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (time) => {
        const at = Date.parse(time);
        return at > began ? '<clock>' : new Date(at - shift).toISOString();
      })
      .replace(/(127\.0\.0\.1|localhost):\d+/g, '$1:<port>')
      .replace(/\/job-\w{6}/g, '/job-<random>')
      .replace(/\/(dd-[\da-f-]{36}|datadog-[\da-f-]{36}\.txt)/g, '/<run-time file>')
      .replace(/(\/datadog-|\/GITHUB_[A-Z_]+_)[\da-f-]{36}/g, '$1<random>')
      .replace(/\b(version:|datadog-pipeline-events[/ ]v?)\d+\.\d+\.\d+/gi, '$1<version>');
  /** @param {unknown} value @returns {unknown} */
  const deep = (value) => {
    if (typeof value === 'string') return settle(value);
    if (Array.isArray(value)) return value.map(deep);
    if (typeof value !== 'object' || value === null) return value;
    // How the action's own steps hand over to each other is no output.
    const own = Object.entries(value).filter(([key]) => !/^DD_PIPELINE_(REPORTED|RUNNING|INTAKE)$/.test(key));
    const entries = Object.fromEntries(own.map(([key, one]) => [key, deep(one)]));
    // The time in a queue until the clock's start is the clock's, too.
    return entries['start'] === '<clock>' && 'queue_time' in entries ? { ...entries, queue_time: '<clock>' } : entries;
  };
  return {
    sent: stages.map(({ stage, events, outputs }) => ({ stage, events: deep(events), outputs: deep(outputs) })),
    texts: stages.flatMap(({ texts }) =>
      Object.values(texts).flatMap((text) =>
        settle(text)
          .replace(/\b\d+(\.\d+)? ?m?s\b|\b\d+\.\d\b|\b\d{13}\b/g, '<time>')
          .split('\n'),
      ),
    ),
  };
}

/**
 * The places that differ, each with both values.
 * @param {unknown} one
 * @param {unknown} other
 * @param {string} [path]
 * @returns {string[]}
 */
function differences(one, other, path = '') {
  if (isDeepStrictEqual(one, other)) return [];
  if (
    typeof one !== 'object' ||
    typeof other !== 'object' ||
    !one ||
    !other ||
    Array.isArray(one) !== Array.isArray(other)
  )
    return [`${path}: ${JSON.stringify(one)} -> ${JSON.stringify(other)}`];
  const [old, own] = [/** @type {Record<string, unknown>} */ (one), /** @type {Record<string, unknown>} */ (other)];
  return [...new Set([...Object.keys(old), ...Object.keys(own)])].flatMap((key) =>
    differences(old[key], own[key], `${path}/${key}`),
  );
}

/**
 * Lines that only one of them has, side by side where each has as many.
 * @param {string[]} one
 * @param {string[]} other
 */
function textDifferences(one, other) {
  const gone = one.filter((line) => !other.includes(line));
  const fresh = other.filter((line) => !one.includes(line));
  const most = Math.max(gone.length, fresh.length);
  const pairs = Array.from({ length: most }, (_, index) => `- ${gone[index] ?? ''}\n    + ${fresh[index] ?? ''}`);
  return [...new Set(pairs)];
}
