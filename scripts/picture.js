// The README's picture, from the demo: `npm run picture` makes it, `-- --check` makes it again and compares.
// @ts-check
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MADE_UP } from '../viewer/demo/commit.js';
import { playObserved } from '../viewer/demo/observed.js';
import { playOne } from '../viewer/demo/one.js';
import { CANCELLED, FAILED, playSeveral, RETRIED } from '../viewer/demo/several.js';
import { runIdOf } from '../viewer/run/run.js';
import { startViewer } from '../viewer/server/server.js';
import { launchBrowser } from './browser.js';
import { toPng } from './png.js';

/** @typedef {import('../viewer/run/record.js').StoredRecord} StoredRecord */

const FILE = fileURLToPath(new URL('../docs/pictures/viewer.png', import.meta.url));
const MOST_BYTES = 150_000;
const LEAST_SHARE = 0.97;
/** Two pixels are the same if no channel differs by more: smoothed edges of letters differ between versions. */
const TOLERANCE = 24;

/** The clock of the picture; runs begin so many seconds before it, and last so many. */
const NOW = Date.parse('2026-03-14T10:00:00Z');
/** @type {Record<string, { ago: number, lasts: number }>} by the run's number */
const TIMES = {
  20000000004: { ago: 640, lasts: 552 },
  20000000003: { ago: 1900, lasts: 312 },
  '20000000002/attempts/2': { ago: 3300, lasts: 184 },
  20000000002: { ago: 4100, lasts: 402 },
  20000000001: { ago: 5200, lasts: 96 },
};

/** @returns {Promise<StoredRecord[]>} what the demo sends, at the times of the picture */
async function play() {
  const viewer = await startViewer();
  const stage = { commit: MADE_UP, intake: viewer.url };
  await playOne(stage);
  await playSeveral(RETRIED, stage, await playSeveral(FAILED, stage));
  await playSeveral(CANCELLED, stage);
  await playObserved(stage);
  await viewer.close();
  return move(viewer.store.records());
}

/**
 * Moves and stretches each run, so that its times are the same whenever and however fast it was played.
 * @param {StoredRecord[]} records
 */
function move(records) {
  const events = records.flatMap((record) => (record.kind === 'event' ? [record] : []));
  /** @type {Map<string | undefined, (time: string) => string>} */
  const movers = new Map();
  for (const { event } of events) {
    const { level, url, start, end } = event.attributes.resource;
    if (level !== 'pipeline' || end === undefined) continue;
    const key = Object.keys(TIMES).find((number) => url?.includes(number));
    const { ago, lasts } = TIMES[key ?? ''] ?? { ago: 0, lasts: 0 };
    const [from, to] = [Date.parse(start), Date.parse(end)];
    const factor = (lasts * 1000) / (to - from);
    movers.set(runIdOf(event), (time) => new Date(NOW - ago * 1000 + (Date.parse(time) - from) * factor).toISOString());
  }
  for (const record of events) {
    const { resource } = record.event.attributes;
    const mover = movers.get(runIdOf(record.event));
    if (!mover) throw new Error('A run of the demo has no end');
    resource.start = mover(resource.start);
    if (resource.end !== undefined) resource.end = mover(resource.end);
    record.time = Date.parse(resource.end ?? resource.start);
  }
  return records;
}

/** @param {StoredRecord[]} records */
async function draw(records) {
  const folder = await mkdtemp(join(tmpdir(), 'picture-'));
  const viewer = await startViewer();
  await viewer.close();
  await writeFile(join(folder, 'page.html'), viewer.page.render({ records, isLive: false, now: NOW }));
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({
      bypassCSP: true, // for the fonts alone, which are those of the reader's system elsewhere
      viewport: { width: 1280, height: 742 },
      deviceScaleFactor: 1.5,
      colorScheme: 'light',
      locale: 'en-GB',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
    });
    await page.goto(pathToFileURL(join(folder, 'page.html')).href);
    await page.addStyleTag({ content: ":root { --sans: 'Inter'; --mono: 'DejaVu Sans Mono'; }" });
    await page.keyboard.press('f');
    await page.getByRole('row', { name: 'deploy / smoke-test' }).waitFor();
    await page.evaluate('document.fonts.ready');
    const shot = await page.screenshot({ animations: 'disabled' });
    return toPng(await read(shot, await browser.newPage()));
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
}

/**
 * Compares size and pixels.
 * @param {Buffer} before
 * @param {Buffer} now
 */
async function check(before, now) {
  const browser = await launchBrowser();
  const page = await browser.newPage();
  const [one, other] = [await read(before, page), await read(now, page)];
  await browser.close();
  const sizes = [one, other].map(({ width, height }) => `${width} x ${height}`);
  if (sizes[0] !== sizes[1]) throw new Error(`The picture is ${sizes[0]}, made again it is ${sizes[1]}`);
  let same = 0;
  for (let at = 0; at < one.pixels.length; at += 4) {
    const isSame = [at, at + 1, at + 2].every(
      (index) => Math.abs((one.pixels[index] ?? 0) - (other.pixels[index] ?? 0)) <= TOLERANCE,
    );
    if (isSame) same += 1;
  }
  const share = same / (one.width * one.height);
  console.log(`${(share * 100).toFixed(2)} % of the pixels are the same`);
  if (share < LEAST_SHARE) throw new Error('The picture shows another page than the demo makes: run "npm run picture"');
}

/** In the browser, which knows PNG: a function of its own page, in text, for it has other globals. */
const READ = `async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  let text = '';
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return { width: image.width, height: image.height, pixels: btoa(text) };
}`;

/**
 * @param {Buffer} png
 * @param {import('playwright-core').Page} page any
 * @returns {Promise<{ width: number, height: number, pixels: Buffer }>}
 */
async function read(png, page) {
  const address = JSON.stringify(`data:image/png;base64,${png.toString('base64')}`);
  /** @type {{ width: number, height: number, pixels: string }} */
  const { pixels, ...size } = await page.evaluate(`(${READ})(${address})`);
  return { ...size, pixels: Buffer.from(pixels, 'base64') };
}

const picture = await draw(await play());
if (picture.length > MOST_BYTES) throw new Error(`The picture has ${picture.length} bytes, more than ${MOST_BYTES}`);
if (process.argv.includes('--check')) await check(readFileSync(FILE), picture);
else writeFileSync(FILE, picture);
console.log(`${picture.length} bytes`);
