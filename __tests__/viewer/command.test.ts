import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PageData } from '../../viewer/run/record.js';
import { checkHistory } from '../../viewer/run/history.js';
import { readLog } from '../../viewer/server/log-file.js';
import { toCurl } from '../../src/delivery/undelivered.js';
import { checkModel } from '../support/datadog-model.js';
import { aJob, aPipeline, at } from '../support/viewer.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Ending {
  code: number;
  stdout: string;
  stderr: string;
}

function start(...args: string[]): Promise<Ending> {
  return new Promise((resolve) => {
    const env = { ...process.env, CI: 'true' };
    const child = execFile(process.execPath, args, { cwd: ROOT, env, maxBuffer: 64e6 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'viewer-'));
});
afterAll(() => rm(folder, { recursive: true }));

const dataOf = (page: string): PageData =>
  JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/.exec(page)![1]!) as PageData;

const toEvents = (...resources: ReturnType<typeof aJob>[]) =>
  resources.map((resource) => ({ type: 'cipipeline_resource_request' as const, attributes: { resource } }));

describe('a log', () => {
  const payload = JSON.stringify({ data: toEvents(aPipeline({ end: at(9) }), aJob('a', [1, 8])) });
  const names = (text: string): string[] =>
    readLog(text, 'run.log').map((record) =>
      record.kind === 'event'
        ? `${record.event.attributes.resource.name}${record.isAccepted ? '' : ' refused'}`
        : record.kind,
    );

  test.each<[string, string]>([
    ['as the runner writes it', `::group::Datadog (dry run): …\n${payload}\n::endgroup::\n`],
    ['as a server gives it', `2026-11-26T04:30:37.9201564Z ##[group]Datadog (dry run)\r\n${at(10)} ${payload}\r\n`],
    ['as act prints it', `[CI/build]   | \u001b[32m${payload}\u001b[0m\n[CI/build] done`],
    ['that is one payload', JSON.stringify(JSON.parse(payload), undefined, 2)],
  ])('%s is read', (_, text) => expect(names(text)).toEqual(['CI', 'a']));

  test('of what was not delivered is read, with the command around it', () => {
    expect(names(toCurl((JSON.parse(payload) as { data: never[] }).data, 'https://api.datadoghq.com'))).toEqual([
      'CI',
      'a',
    ]);
  });

  test('is checked by the time of its lines, or its own: an old log is not too old', () => {
    expect(names(payload.replaceAll(/20\d\d-/g, '2021-'))).toEqual(['CI', 'a']);
    expect(names(`2031-01-01T00:00:00Z ${payload}`)).toEqual(['CI refused', 'a refused']);
  });

  test('with a payload that was cut says where', () => {
    expect(readLog(`one\n${payload.slice(0, -9)}\n`, 'run.log')).toMatchObject([
      { kind: 'refused', what: 'run.log', problems: [expect.stringContaining('line 2 ')] },
    ]);
  });

  test('without payloads is none', () => expect(names('nothing\n{"data":1}\n{"x":[]}')).toEqual([]));
});

describe('npm run view', () => {
  test('explains itself', async () => {
    const { code, stdout } = await start('viewer/view.js', '--help');
    expect(code).toBe(0);
    for (const option of ['--port', '--host', '--fail', '--html', '--no-open', 'LOG']) expect(stdout).toContain(option);
  });

  test('writes what a log holds as one page', async () => {
    const log = join(folder, 'run.log');
    await writeFile(log, JSON.stringify({ data: toEvents(aPipeline({ end: at(9) })) }));
    const html = join(folder, 'page.html');
    const { code, stdout } = await start('viewer/view.js', log, '--html', html);
    expect([code, stdout]).toEqual([0, expect.stringContaining('run.log: 1 events')]);
    const { records, isLive } = dataOf(await readFile(html, 'utf8'));
    expect([isLive, records]).toMatchObject([false, [{ kind: 'event', source: 'run.log' }]]);
  });

  test.each<[string, string[], RegExp]>([
    ['an option that is none', ['--nope'], /^Unknown option '--nope'/],
    ['a file that is none', ['/nowhere/run.log', '--html', 'x'], /ENOENT/],
    ['a failure that is none', ['--fail', 'gently'], /'gently' is no failure/],
    ['refused', ['--fail', 'refused'], /would close the page too/],
  ])('says in a line what is wrong with %s', async (_, args, words) => {
    const { code, stderr } = await start('viewer/view.js', '--port', '0', ...args);
    expect([code, stderr.trim()]).toEqual([1, expect.stringMatching(words)]);
    expect(stderr).not.toContain('    at ');
  });
});

describe('npm run demo', () => {
  test('explains itself', async () => {
    const { code, stdout } = await start('viewer/demo.js', '--help');
    expect([code, stdout]).toEqual([0, expect.stringContaining('--json')]);
  });

  let text: Ending;
  let json: Ending;
  beforeAll(async () => {
    const html = join(folder, 'demo.html');
    [text, json] = await Promise.all([start('viewer/demo.js', '--html', html), start('viewer/demo.js', '--json')]);
  });

  test('where CI is set ends by itself, and leaves a page with five runs and nothing wrong', async () => {
    const html = join(folder, 'demo.html');
    const { code, stdout } = text;
    expect([code, stdout]).toEqual([0, expect.stringContaining('demo.html')]);
    expect(stdout).not.toMatch(/\{"|problems/);
    const { records } = dataOf(await readFile(html, 'utf8'));
    const events = records.flatMap((record) => (record.kind === 'event' ? [record.event] : []));
    const pipelines = events.flatMap(({ attributes: { resource } }) =>
      resource.level === 'pipeline' && resource.end ? [`${resource.name} ${resource.status}`] : [],
    );
    expect(pipelines).toEqual(['CI success', 'CI error', 'CI success', 'Deploy canceled', 'Release error']);
    expect(events.flatMap(checkModel)).toEqual([]);
    expect(checkHistory(events)).toEqual([]);
    expect(JSON.stringify(events)).toContain('3 of 412 tests failed');
  });

  test('with --json prints payloads alone, which the viewer reads', () => {
    const { code, stdout } = json;
    const lines = stdout.trim().split('\n');
    expect([code, lines.every((line) => line.startsWith('{"data":['))]).toEqual([0, true]);
    expect(readLog(stdout, 'x').every((record) => record.kind === 'event' && record.isAccepted)).toBe(true);
  });
});
