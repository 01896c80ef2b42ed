import { describe, expect, test } from '@jest/globals';
import { toSummary } from '../../../src/pipeline/summary.js';
import { createRedactor } from '../../../src/model/text.js';
import { aConfig, aJob, aReport, aRun, END, KEY } from '../../support/builders.js';

const REDACT = createRedactor([KEY]);
const end = { time: END, status: 'success' as const, tests: '' };

test('what was reported, how it ended, and where to see it', () => {
  const lines = toSummary(aReport(), end, REDACT).split('\n');
  expect(lines[4]).toBe('| CI | build | success | 300.0 |');
  expect(lines[6]).toMatch(
    /^\[This run in Datadog\]\(https:\/\/app\.datadoghq\.eu\/ci\/pipeline-executions\?query=[^ )]+\)$/,
  );
});

test('a page of tests has a link of its own', () => {
  const tests = 'https://app.datadoghq.eu/ci/test-runs?query=x';
  const links = toSummary(aReport(), { ...end, tests }, REDACT)
    .split('\n')
    .slice(6);
  expect(links).toEqual([expect.stringMatching(/^\[This run/), '', `[Tests of this run in Datadog](${tests})`, '']);
});

test('a closing job does not stand beside the status and time of its whole pipeline', () => {
  const lines = toSummary(aReport({ role: 'closing' }), end, REDACT).split('\n');
  expect(lines.slice(2, 5)).toEqual([
    '| pipeline | status | seconds |',
    '| --- | --- | --- |',
    '| CI | success | 300.0 |',
  ]);
});

test('one of several jobs took its own time, not that of its run', () => {
  const jobStart = new Date(Date.parse(END) - 5_000).toISOString();
  const lines = toSummary(aReport({ role: 'member', jobStart }), end, REDACT).split('\n');
  expect(lines[4]).toBe('| CI | build | success | 5.0 |');
});

/** What Markdown and HTML show for the text of a cell: the references resolved, nothing else taken for markup. */
const shown = (cell: string): string =>
  cell.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

describe('text from outside is nothing but text', () => {
  test.each<[string, string]>([
    ['a link', '[click](https://evil.example)'],
    ['a bare link', 'https://evil.example www.evil.example'],
    ['a picture', '![x](https://evil.example/x.png)'],
    ['HTML', '<img src=x onerror=alert(1)> &lt;b&gt; <!--'],
    ['another column', 'a | b | c'],
    ['emphasis', '**a** _b_ ~~c~~ `d`'],
    ['a person and an issue', '@alice #12 alice/repo#3'],
    ['mathematics', '$x$ $$y$$'],
    ['an emoji', ':tada:'],
    ['escapes', '\\| \\[a\\]'],
  ])('%s', (_, name) => {
    const summary = toSummary(aReport({ run: aRun({ name }), job: aJob({ name }) }), end, REDACT);
    const row = summary.split('\n')[4]!;
    const cells = row.split('|').map((cell) => cell.trim());
    expect(cells).toHaveLength(6);
    expect(cells[1]).not.toMatch(/[[\]()<>`*_~|@$!\\:]/);
    expect(shown(cells[1]!)).toBe(name);
    expect(shown(cells[2]!)).toBe(name);
  });

  test('on one line, and of a sane length', () => {
    const name = `a\n\n# b\u0007${'😀'.repeat(500)}`;
    const lines = toSummary(aReport({ run: aRun({ name }) }), end, REDACT).split('\n');
    expect(lines).toHaveLength(8);
    expect(shown(lines[4]!).length).toBeLessThan(200);
  });

  test('without a credential', () => {
    const name = `${KEY} https://alice:pa55word@host`;
    expect(toSummary(aReport({ run: aRun({ name }) }), end, REDACT)).not.toMatch(/0123456789abcdef|pa55word/);
  });
});

// No site, no page in Datadog: an intake-url beside an unknown site.
test('no link where there is no page', () => {
  expect(toSummary(aReport({ config: aConfig({ app: '' }) }), end, REDACT)).not.toContain('](/');
});

test('no part of a credential, wherever a name is cut', () => {
  const name = `${'x'.repeat(80)}${KEY}`;
  expect(toSummary(aReport({ run: aRun({ name }) }), end, REDACT)).not.toContain(KEY.slice(0, 10));
});
