import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/browser.js';
import { startViewer, type Viewer } from '../../viewer/server/server.js';
import { aJob, aPipeline, aStep, at, post } from '../support/viewer.js';

let browser: Browser;
let viewer: Viewer;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  viewer = await startViewer();
  page = await open({});
});
afterEach(async () => {
  await page.context().close();
  await viewer.close();
  expect(complaints).toEqual([]);
});

/** A page whose errors, refused loads and dialogs are noted. */
async function open(options: Parameters<Browser['newContext']>[0]): Promise<Page> {
  complaints = [];
  const context = await browser.newContext({ viewport: { width: 1400, height: 800 }, locale: 'en-GB', ...options });
  const opened = await context.newPage();
  opened.on('pageerror', (error) => complaints.push(String(error)));
  opened.on('console', (message) => complaints.push(message.text()));
  opened.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  return opened;
}

const run = (name: string): Locator => page.getByRole('navigation').getByRole('link', { name });
const row = (name: string): Locator => page.getByRole('row', { name, exact: false });
const details = (): Locator => page.getByRole('complementary');
const selected = (): Promise<string> => page.locator('.row.selected .name').innerText();

/** A run with a failed job, its steps, and jobs that waited for others. */
const failing = () => [
  aJob('build', [5, 80]),
  aJob('lint', [5, 40]),
  aJob('test', [90, 250], {
    status: 'error',
    dependencies: ['job build'],
    queue_time: 8000,
    error: { type: 'Step failed', message: 'expected 12.34, got 12.35', domain: 'user' },
  }),
  aStep('test', 'Install', [90, 120]),
  aStep('test', 'Test', [120, 249], { status: 'error' }),
  aJob('report', [255, 262], { dependencies: ['job test', 'job lint'] }),
  aPipeline({ end: at(265), status: 'error', error: { message: 'test failed' }, tags: ['team:payments'] }),
];

test('says what to do while nothing has come', async () => {
  await page.goto(viewer.url);
  await expectText(page.locator('body'), 'Nothing has come yet');
  await expectText(page.locator('body'), `intake-url: ${viewer.url}`);
});

test('shows a run as it starts, changes and ends, without a reload', async () => {
  await page.goto(viewer.url);
  await post(viewer.url, [aPipeline(), aJob('build', [1])]);
  await expectText(run('CI'), 'Running');
  await row('build').waitFor();
  await post(viewer.url, [aPipeline({ tags: ['team:payments'] })]);
  await page.getByRole('tab', { name: 'Events (2)' }).click();
  await expectText(page.getByRole('list', { name: 'What changed' }), 'team:payments');
  await post(viewer.url, [aJob('build', [1, 61]), aPipeline({ end: at(62), tags: ['team:payments'] })]);
  await expectText(run('CI'), 'Success');
  await expectText(run('CI'), '1m 02s');
  await expectText(details(), 'Events (3)');
  await expectText(details(), 'running → success');
});

test('connects again to a server that was away, and shows what that one has', async () => {
  await page.goto(viewer.url);
  await post(viewer.url, [aPipeline({ name: 'Old', end: at(5) })]);
  await run('Old').waitFor();
  await viewer.close();
  await expectText(page.getByRole('status'), 'Not connected');
  viewer = await startViewer({ port: viewer.port });
  await post(viewer.url, [aPipeline({ name: 'New', end: at(5) })]);
  await run('New').waitFor();
  expect(await run('Old').count()).toBe(0);
  await expectText(page.getByRole('status'), 'Live');
  // The browser tells of the connection that was refused meanwhile.
  complaints = complaints.filter((text) => !/ERR_(CONNECTION|INCOMPLETE)/.test(text));
});

test('shows why a run failed before all else, and where', async () => {
  await post(viewer.url, failing());
  await page.goto(viewer.url);
  const reason = page.getByRole('region', { name: 'Why it failed' });
  await expectText(reason, 'expected 12.34, got 12.35');
  await expectText(reason, 'Step failed');
  const [top, below] = [await reason.boundingBox(), await page.getByRole('treegrid').boundingBox()];
  expect(top!.y + top!.height).toBeLessThanOrEqual(below!.y);
  await reason.getByRole('button', { name: 'test' }).click();
  await becomes(selected, 'test');
  await expectText(details(), 'Queue time8.0s');
  await expectText(details(), 'Waited forbuild');
  await expectText(details(), 'Needed byreport');
});

test('draws bars by their times, queues before them, steps below failed jobs, and the critical path', async () => {
  await post(viewer.url, failing());
  await page.goto(viewer.url);
  await row('report').waitFor();
  expect(await page.locator('.row .name').allInnerTexts()).toEqual([
    'CI',
    'build',
    'lint',
    'test',
    'Install',
    'Test',
    'report',
  ]);
  const bar = async (name: string) => (await row(name).first().locator('.bar').boundingBox())!;
  const [build, tests, report] = [await bar('build'), await bar('test'), await bar('report')];
  expect(build.width / tests.width).toBeCloseTo(75 / 160, 1);
  expect(tests.x).toBeGreaterThan(build.x + build.width);
  const queue = (await row('test').first().locator('.queue').boundingBox())!;
  expect(Math.abs(queue.x + queue.width - tests.x)).toBeLessThan(2);
  expect(report.x).toBeGreaterThan(tests.x + tests.width);
  expect(await page.locator('.row:has(.bar.critical) .name').allInnerTexts()).toEqual(['build', 'test', 'report']);
  expect(await page.locator('.arrows path.critical').count()).toBe(2);
  await page.getByRole('button', { name: 'Critical path 4m 17s' }).click();
  await becomes(() => page.locator('.row.job .name').allInnerTexts(), ['build', 'test', 'report']);
});

test('names what Datadog would refuse, drop or show wrongly, each with what to do', async () => {
  await post(viewer.url, [aPipeline()]);
  await post(viewer.url, [aPipeline({ start: at(3) })]);
  await post(viewer.url, [aJob('bad', [20, 10])]);
  await post(viewer.url, [aJob('late', [5, 90], { dependencies: ['nobody'] })]);
  await post(viewer.url, [aPipeline({ end: at(60), git: { ...aPipeline().git!, default_branch: null } })]);
  await page.goto(viewer.url);
  const problems = page.locator('.problems').first();
  for (const text of [
    'end is before its start',
    'The start changed between events',
    'A dependency that no event tells of',
    'The pipeline is shorter than its jobs',
    'The default branch is not told',
  ]) {
    const item = problems.getByRole('listitem').filter({ hasText: text });
    expect([text, (await item.locator('.fix').innerText()).length > 20]).toEqual([text, true]);
  }
  await expectText(row('bad'), 'refused');
  await expectText(run('CI'), 'problems');
});

test('shows names from outside as text, whatever they hold', async () => {
  const hostile = `<img src=x onerror="alert(1)"><script>alert(2)</script>\u202e'"&amp;`;
  const shown = hostile.replace('\u202e', '\\u202e');
  await post(viewer.url, [
    aPipeline({
      name: hostile,
      end: at(9),
      status: 'error',
      tags: [`${hostile.slice(0, 20)}:${hostile}`],
      parameters: { [hostile]: hostile },
      error: { message: hostile, type: hostile.slice(0, 90) },
      git: { ...aPipeline().git!, branch: hostile, message: hostile },
    }),
    aJob(hostile, [1, 8], { pipeline_name: hostile, status: 'error', error: { message: hostile } }),
    aJob('__proto__', [1, 8], { pipeline_name: hostile, id: '__proto__', dependencies: ['constructor'] }),
  ]);
  const logs = [{ job_id: `job ${hostile}`, pipeline_unique_id: aPipeline().unique_id, message: hostile }];
  await fetch(`${viewer.url}/api/v2/cilogs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(logs),
  });
  await page.goto(viewer.url);
  await expectText(page.locator('h1'), shown);
  await page.keyboard.press('f');
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.getByRole('tab', { name: 'Log' }).click();
  await expectText(page.getByRole('log'), shown);
  expect(await page.locator('img, script:not([type]), .waterfall script').count()).toBe(0);
  await page.goto(`${viewer.url}/#run=${encodeURIComponent(hostile)}&part=${encodeURIComponent(hostile)}`);
  await row('__proto__').waitFor();
});

test('never makes a link of an address that is none of the web', async () => {
  viewer.store.add([
    {
      kind: 'event',
      time: Date.now(),
      status: 202,
      isAccepted: true,
      problems: [],
      event: {
        type: 'cipipeline_resource_request',
        attributes: { resource: aPipeline({ end: at(1), url: 'javascript:alert(1)' }) },
      },
    },
  ]);
  await page.goto(viewer.url);
  await run('CI').waitFor();
  const links = await page.locator('a').all();
  const addresses = await Promise.all(links.map((link) => link.getAttribute('href')));
  expect(addresses.filter((address) => !/^(#|\/save$|https?:)/.test(address ?? ''))).toEqual([]);
});

test('shows a thousand jobs with their steps by a few rows, from the first to the last', async () => {
  const names = Array.from({ length: 1000 }, (_, index) => `shard ${index + 1}`);
  const resources = names.flatMap((name, index) => [
    aJob(name, [5 + (index % 100), 120 + (index % 300)], index ? { dependencies: ['job shard 1'] } : {}),
    ...['Set up', 'Install', 'Test'].map((step, at) => aStep(name, step, [5 + (index % 100) + at, 9 + (index % 100)])),
  ]);
  await page.goto(viewer.url);
  for (let from = 0; from < resources.length; from += 1000)
    expect(await post(viewer.url, resources.slice(from, from + 1000))).toBe(202);
  await post(viewer.url, [aPipeline({ end: at(500) })]);
  await expectText(page.locator('.tools'), '1000 jobs');
  const rows = page.locator('.row');
  expect(await rows.count()).toBeLessThan(80);
  await page.keyboard.press('End');
  await row('shard 1000').waitFor();
  expect(await page.getByRole('treegrid').getAttribute('aria-rowcount')).toBe('1001');
  await page.keyboard.press('ArrowRight');
  await row('Install').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('shard 77');
  await becomes(() => page.locator('.row.job').count(), 19);
  expect(await page.locator('*').count()).toBeLessThan(2500);
});

test('is led by the keyboard alone', async () => {
  await post(viewer.url, [aPipeline({ unique_id: 'older', name: 'Older', start: at(-100), end: at(-50) })]);
  await post(viewer.url, failing());
  await page.goto(viewer.url);
  await row('report').waitFor();
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press('ArrowDown', 'j');
  await becomes(selected, 'lint');
  await press('f');
  await becomes(selected, 'test');
  const active = await page.getByRole('treegrid').getAttribute('aria-activedescendant');
  expect(await page.locator(`#${active!} .name`).innerText()).toBe('test');
  await press('ArrowLeft');
  await becomes(() => row('Install').count(), 0);
  await press('ArrowRight');
  await row('Install').waitFor();
  await press('End');
  await becomes(selected, 'report');
  await press('e');
  await page.getByRole('tab', { name: 'Events', selected: true }).waitFor();
  await press('/');
  await page.keyboard.type('lint');
  await becomes(() => page.locator('.row.job').count(), 1);
  await press('Escape', 'Escape');
  await becomes(() => page.locator('.row.job').count(), 4);
  await press('c');
  await becomes(() => page.locator('.row.job').count(), 3);
  await press('n');
  await expectText(page.locator('h1'), 'Older');
  await press('p');
  await expectText(page.locator('h1'), 'CI');
  await press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});

test('keeps focus and the open tab while events come in', async () => {
  await post(viewer.url, [aPipeline(), aJob('build', [1])]);
  await page.goto(viewer.url);
  await page.getByRole('tab', { name: 'Events' }).click();
  await post(viewer.url, [aPipeline({ tags: ['a:b'] })]);
  await page.getByRole('tab', { name: 'Events (2)' }).waitFor();
  await becomes(() => page.evaluate('document.activeElement.id'), 'tab-events');
});

test('in a narrow window, leads from the list to a run and back, and nothing is cut off', async () => {
  await page.setViewportSize({ width: 390, height: 800 });
  await post(viewer.url, failing());
  await page.goto(viewer.url);
  await run('CI').click();
  await expectText(page.locator('h1'), 'CI');
  expect(await page.getByRole('navigation').isVisible()).toBe(false);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  await page.getByRole('link', { name: 'Runs' }).click();
  await run('CI').waitFor();
});

test.each(['light', 'dark'] as const)('has enough contrast in %s', async (colorScheme) => {
  await page.context().close();
  page = await open({ colorScheme });
  await post(viewer.url, failing());
  await page.goto(viewer.url);
  await row('report').waitFor();
  /** Contrast of text and ground by WCAG 2.2, of the pairs that the style sheet uses. */
  const contrasts = await page.evaluate(`(() => {
    const styles = getComputedStyle(document.documentElement);
    const light = (name) => {
      const hex = styles.getPropertyValue('--' + name).trim().slice(1);
      const [r, g, b] = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const pairs = ['text', 'muted', 'accent', 'success', 'error', 'canceled', 'running', 'skipped']
      .flatMap((text) => ['ground', 'panel'].map((ground) => [text, ground]));
    pairs.push(['error', 'error-soft'], ['text', 'error-soft'], ['warn', 'warn-soft'], ['text', 'accent-soft']);
    return pairs.map(([text, ground]) => {
      const [a, b] = [light(text), light(ground)].sort((x, y) => y - x);
      return [text, ground, (a + 0.05) / (b + 0.05)];
    });
  })()`);
  expect((contrasts as [string, string, number][]).filter(([, , contrast]) => !(contrast >= 4.5))).toEqual([]);
});

test('tells a status by sign and word, not by colour alone', async () => {
  await post(viewer.url, failing());
  await page.goto(viewer.url);
  await expectText(row('test').first(), 'failed');
  expect(await row('test').first().locator('.track').getAttribute('aria-label')).toBe('Failed, 2m 40s');
  const signs = await Promise.all((await page.locator('.row .sign').all()).map((sign) => sign.innerHTML()));
  expect(new Set(signs).size).toBe(2);
});

test('is saved as one file that shows the same and loads nothing', async () => {
  await post(viewer.url, failing(), '5ec4e7ab0123456789abcdef0123457e');
  const saved = await (await fetch(`${viewer.url}/save`)).text();
  expect(saved).not.toContain('5ec4e7ab');
  const folder = await mkdtemp(join(tmpdir(), 'page-'));
  try {
    const file = join(folder, 'page.html');
    await writeFile(file, saved);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    await expectText(page.getByRole('region', { name: 'Why it failed' }), 'expected 12.34, got 12.35');
    await row('report').waitFor();
    expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([pathToFileURL(file).href]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('never holds the key of a request', async () => {
  const key = '5ec4e7ab0123456789abcdef0123457e';
  await post(viewer.url, failing(), key);
  await page.goto(viewer.url);
  await row('report').waitFor();
  await page.getByRole('tab', { name: 'Events' }).click();
  expect(await page.content()).not.toContain(key);
  expect(JSON.stringify(viewer.store.records())).not.toContain(key);
});

async function expectText(locator: Locator, text: string): Promise<void> {
  await locator.filter({ hasText: text }).first().waitFor({ timeout: 15_000 });
}

/** The page is drawn anew with the next picture of the screen, so that what is read may still be as before. */
async function becomes(read: () => Promise<unknown>, expected: unknown): Promise<void> {
  let value = await read();
  for (let tries = 0; tries < 200 && !isDeepStrictEqual(value, expected); tries += 1) {
    await page.waitForTimeout(50);
    value = await read();
  }
  expect(value).toEqual(expected);
}
