import { describe, expect, test } from '@jest/globals';
import { createRedactor } from '../../../src/model/text.js';
import { type Ended, type SummaryJob, type Told, toSummary } from '../../../src/pipeline/summary.js';
import { KEY } from '../../support/builders.js';
import { type Page, toPages } from '../../support/page.js';

const REDACT = createRedactor([KEY]);
const RUN = 'https://git.example.com/acme/shop/actions/runs/4401';
const PAGE = 'https://app.datadoghq.eu/ci/pipeline-executions?query=a%20b&index=cipipeline';
const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1, 12, 0, seconds)).toISOString();

const aRow = (name: string, [from, to]: [number, number], parts: Partial<SummaryJob> = {}): SummaryJob => ({
  name,
  url: `${RUN}/jobs/${from}`,
  status: 'success',
  start: at(from),
  end: at(to),
  ...parts,
});

const anEnded = (parts: Partial<Ended> = {}): Ended => ({
  name: 'CI',
  status: 'success',
  start: at(0),
  end: at(300),
  jobs: [aRow('build', [0, 300])],
  url: RUN,
  ...parts,
});

const aTold = (parts: Partial<Told> = {}): Told => ({ events: 'all', pipeline: true, elsewhere: false, ...parts });

const FAILED = anEnded({
  status: 'error',
  end: at(420),
  reason: 'Failed: test (20)\nStep "npm test" failed',
  jobs: [
    aRow('build', [0, 60]),
    aRow('test (20)', [60, 180], { status: 'error', reason: 'Step "npm test" failed\nExit code 1' }),
    aRow('docs', [0, 0], { status: 'skipped', url: undefined }),
    aRow('lint', [0, 0], { start: undefined, end: undefined }),
    aRow('deploy', [180, 420], { status: 'canceled' }),
  ],
  notes: ['Jobs that an earlier attempt ran are not shown.'],
});

const HOSTILE: Record<string, string> = {
  'a link': '[click](https://evil.example)',
  'a bare link': 'https://evil.example www.evil.example evil@evil.example',
  'a picture': '![x](https://evil.example/x.png)',
  HTML: '<img src=x onerror=alert(1)> &lt;b&gt; <!-- </summary><script>alert(1)</script>',
  'another column': 'a | b | c',
  emphasis: '**a** _b_ ~~c~~ `d` ``` e',
  'a person and an issue': '@alice #12 alice/repo#3',
  mathematics: '$x$ $$y$$',
  'an emoji': ':tada:',
  escapes: '\\| \\[a\\] \\',
  'a list': '- [ ] a',
  'a heading below': '===',
  'a footnote': '[^1]',
};
const MANY = Array.from({ length: 10_000 }, (_, index) =>
  aRow(`${'<&|😀'.repeat(60)} ${index}`, [0, index], {
    status: 'error',
    url: `https://git.example.com/${'a&'.repeat(400)}`,
    reason: '&|#@'.repeat(2_000),
  }),
);

const TEXTS = {
  failed: toSummary(FAILED, aTold({ page: PAGE }), REDACT),
  good: toSummary(anEnded(), aTold({ page: PAGE }), REDACT),
  skipped: toSummary(anEnded({ status: 'skipped', jobs: [] }), aTold(), REDACT),
  canceled: toSummary(anEnded({ status: 'canceled', end: at(9) }), aTold({ events: 'some' }), REDACT),
  undelivered: toSummary(anEnded(), aTold({ events: 'none', pipeline: false }), REDACT),
  dry: toSummary(anEnded(), aTold({ events: 'dry run', pipeline: false }), REDACT),
  elsewhere: toSummary(anEnded(), aTold({ elsewhere: true }), REDACT),
  large: toSummary(anEnded({ status: 'error', reason: 'x\n'.repeat(10_000), jobs: MANY }), aTold(), REDACT),
  ...Object.fromEntries(
    Object.entries(HOSTILE).map(([kind, name]) => [
      kind,
      toSummary(
        anEnded({
          name,
          status: 'error',
          reason: `${name}\n${name}`,
          jobs: [aRow(name, [0, 1], { status: 'error', reason: name }), aRow(name, [1, 2], { stage: name })],
        }),
        aTold({ page: PAGE }),
        REDACT,
      ),
    ]),
  ),
};
const drawn = toPages(Object.values(TEXTS));
const pages: Record<string, Page> = Object.fromEntries(Object.keys(TEXTS).map((kind, index) => [kind, drawn[index]!]));

describe('a failed run', () => {
  const { headings, paragraphs, links, rows, pictures, elements } = pages['failed']!;

  test('tells how it ended and how long it took, and the first reason', () => {
    expect(headings).toEqual(['✗ CI failed in 7 m 00 s']);
    expect(paragraphs[0]).toBe('Failed: test (20)\nStep "npm test" failed');
    expect(elements).toEqual(expect.arrayContaining(['blockquote', 'br']));
  });

  test('has its jobs with signs, links, durations and reasons, the failed ones first', () => {
    expect(rows).toEqual([
      ['', 'job', 'duration', 'why'],
      ['✗', 'test (20)', '2 m 00 s', 'Step "npm test" failed Exit code 1'],
      ['✓', 'build', '1 m 00 s', ''],
      ['–', 'docs', '', ''],
      ['✓', 'lint', '', ''],
      ['⊘', 'deploy', '4 m 00 s', ''],
    ]);
    expect(links).toContainEqual(['test (20)', `${RUN}/jobs/60`]);
    expect(links.map(([text]) => text)).not.toContain('docs');
  });

  test('says that it was delivered, with its page there and here, and what is not shown', () => {
    expect(paragraphs[1]).toBe('Reported to Datadog. · This run in Datadog · This run here');
    expect(links.slice(0, 2)).toEqual([
      ['This run in Datadog', PAGE],
      ['This run here', RUN],
    ]);
    expect(paragraphs[2]).toBe('Jobs that an earlier attempt ran are not shown.');
  });

  test('is drawn', () => {
    expect(pictures).toEqual([
      [
        expect.objectContaining({ text: '✓ build', fill: 'green', from: 0, to: 0.14 }),
        expect.objectContaining({ text: '✗ test (20)', fill: 'red', from: 0.14, to: 0.43 }),
        expect.objectContaining({ text: '⊘ deploy', fill: 'grey', from: 0.43, to: 1 }),
      ],
    ]);
  });
});

test.each([
  ['good', '✓ CI succeeded in 5 m 00 s', 'Reported to Datadog. · This run in Datadog · This run here'],
  ['skipped', '– CI was skipped', 'Reported to Datadog. · This run here'],
  [
    'canceled',
    '⊘ CI was canceled after 9 s',
    'Only a part of it reached Datadog; the log of this job says why. · This run here',
  ],
  [
    'undelivered',
    '✓ CI succeeded in 5 m 00 s',
    'Not delivered to Datadog. The log of this job says why. · This run here',
  ],
  ['dry', '✓ CI succeeded in 5 m 00 s', 'Dry run: nothing was sent to Datadog. · This run here'],
  ['elsewhere', '✓ CI succeeded in 5 m 00 s', 'Reported to the intake that intake-url names. · This run here'],
])('%s: the heading and what became of it', (kind, heading, told) => {
  expect(pages[kind]!.headings).toEqual([heading]);
  expect(pages[kind]!.paragraphs[0]).toBe(told);
});

test('a page of tests has a link of its own where the run is in Datadog', () => {
  const tests = 'https://app.datadoghq.eu/ci/test-runs?query=x';
  const shown = (page?: string): string => toSummary(anEnded({ tests }), aTold({ page }), REDACT);
  expect([shown(PAGE), shown()].map((text) => text.includes(`[Tests of this run in Datadog](${tests})`))).toEqual([
    true,
    false,
  ]);
});

test('a run without jobs has no table, and a run of one job no picture', () => {
  expect([pages['skipped']!.rows, pages['good']!.pictures]).toEqual([[], []]);
});

const OURS = ['a', 'blockquote', 'br', 'code', 'h3', 'p', 'pre', 'table', 'tbody', 'td', 'th', 'thead', 'tr'];

describe('text from outside is nothing but text', () => {
  test.each(Object.entries(HOSTILE))('%s', (kind, name) => {
    const { headings, paragraphs, rows, links, elements } = pages[kind]!;
    expect(headings).toEqual([`✗ ${name} failed in 5 m 00 s`]);
    expect(paragraphs[0]).toBe(`${name}\n${name}`);
    expect(rows.slice(1)).toEqual([
      ['✗', name, '1 s', name],
      ['✓', name, '1 s', ''],
    ]);
    expect(elements.filter((element) => !OURS.includes(element))).toEqual([]);
    expect(links.filter(([, address]) => address.includes('evil'))).toEqual([]);
    expect(links).toHaveLength(4);
  });

  test('people, issues and emoji are hidden from those who look for them in the text', () => {
    const text = (kind: string): string => pages[kind]!.html.replace(/<pre>[^]*/, '');
    expect(text('a person and an issue')).not.toMatch(/@\w|#\d/);
    expect(text('an emoji')).not.toContain(':tada:');
  });

  test('on one line, and of a sane length', () => {
    const name = `a\n\n# b\u0007${'😀'.repeat(500)}`;
    const lines = toSummary(anEnded({ name }), aTold(), REDACT).split('\n');
    expect(lines[0]!.length).toBeLessThan(300);
    expect(lines).toHaveLength(8);
  });

  test.each([
    ['it is no address of a page', 'javascript:alert(1)'],
    ['it is far too long', `https://git.example.com/${'a'.repeat(1_000)}`],
  ])('a link is none where %s', (_, url) => {
    expect(toSummary(anEnded({ url, jobs: [] }), aTold(), REDACT)).not.toContain('](');
  });

  test('a job is not linked to the page of its run', () => {
    const jobs = [aRow('build', [0, 1], { url: RUN })];
    expect(toSummary(anEnded({ jobs }), aTold(), REDACT)).toContain('| build |');
  });

  test('a link holds what would end it', () => {
    const url = `${RUN}/a) | [b](https://evil.example) <c> "d" \\ \`e\` &copy;`;
    expect(toSummary(anEnded({ url, jobs: [] }), aTold(), REDACT)).toContain(
      `[This run here](${RUN}/a%29%20%7c%20%5bb%5d%28https://evil.example%29%20%3cc%3e%20%22d%22%20%5c%20%60e%60%20&amp;copy;)`,
    );
  });
});

test('ten thousand jobs fit what servers take, and what is left out is said', () => {
  expect(Buffer.byteLength(TEXTS.large)).toBeLessThan(1024 * 1024);
  expect(pages['large']!.rows).toHaveLength(201);
  expect(pages['large']!.paragraphs).toContain('Shown are 200 of 10000 jobs.');
  expect(pages['large']!.paragraphs).toContain('The picture shows the 50 longest of 10000 jobs.');
  expect(pages['large']!.pictures[0]).toHaveLength(50);
  expect(pages['large']!.paragraphs[0]!.split('\n')).toHaveLength(5);
});

describe('without a credential', () => {
  test.each([
    ['as it is', `${KEY} https://alice:pa55word@host`],
    ['where a name is cut', `${'x'.repeat(80)}${KEY}`],
  ])('%s', (_, name) => {
    const jobs = [aRow(name, [0, 1], { url: `https://git.example.com/${KEY}` }), aRow('b', [1, 2], { stage: name })];
    const summary = toSummary(anEnded({ name, reason: name, jobs, url: `https://x/${KEY}` }), aTold(), REDACT);
    expect(summary).not.toMatch(/0123456789|pa55word/);
  });
});
