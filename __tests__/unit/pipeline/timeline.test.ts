import { describe, expect, test } from '@jest/globals';
import { toTimeline } from '../../../src/pipeline/timeline.js';
import { toPages } from '../../support/page.js';

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1, 12, 0, seconds)).toISOString();
const aBar = (name: string, [from, to]: [number, number], parts = {}) => ({
  name,
  status: 'success' as const,
  start: at(from),
  end: at(to),
  ...parts,
});

const NAMES = ['build (20, ubuntu)', 'done', 'section x', 'a:crit, 0, 1', '%%{init: {}}%%', 'x;y#z', '```', '日本'];

/** What the pictures show of each of these; drawn in one go, for a browser's globals take a while to make. */
const [several, plain, named, short] = toPages(
  [
    [
      aBar('deploy / push', [60, 100], { stage: 'deploy', status: 'canceled' }),
      aBar('build', [0, 40]),
      aBar('deploy / plan', [50, 60], { stage: 'deploy' }),
      aBar('test', [40, 50], { status: 'error' }),
      aBar('notify', [90, 100], { status: 'blocked' }),
    ],
    [aBar('a', [0, 1]), aBar('b', [1, 2])],
    NAMES.map((name, index) => aBar(name, [index, 100])),
    [aBar('a', [0, 1000]), aBar('b', [500, 500])],
  ].map((bars) => toTimeline(bars, 'CI').join('\n')),
).map(({ pictures }) => pictures[0]!);

describe('the picture', () => {
  test('has green for success, red for a failure and grey for a cancel, and every job beside those of its own workflow', () => {
    expect(several).toEqual([
      { text: '✓ build', section: 'CI', fill: 'green', from: 0, to: 0.4 },
      { text: '✗ test', section: 'CI', fill: 'red', from: 0.4, to: 0.5 },
      { text: '⊘ notify', section: 'CI', fill: 'grey', from: 0.9, to: 1 },
      { text: '✓ deploy / plan', section: 'deploy', fill: 'green', from: 0.5, to: 0.6 },
      { text: '⊘ deploy / push', section: 'deploy', fill: 'grey', from: 0.6, to: 1 },
    ]);
  });

  test('has no sections where no workflow is called', () => {
    expect(plain!.map(({ section }) => section)).toEqual(['', '']);
  });

  test('shows names as they are, but for what means something to Mermaid', () => {
    expect(named!.map(({ text }) => text)).toEqual([
      '✓ build (20, ubuntu)',
      '✓ done',
      '✓ section x',
      '✓ a crit, 0, 1',
      '✓ init',
      '✓ x y z',
      '✓ unnamed',
      '✓ 日本',
    ]);
    expect(named!.map(({ fill }) => fill)).toEqual(NAMES.map(() => 'green'));
  });

  test('shows a job of no length too', () => {
    expect(short![1]).toMatchObject({ text: '✓ b', from: 0.5 });
  });

  test('has at most 50 bars, the longest ones, and says so', () => {
    const bars = Array.from({ length: 80 }, (_, index) => aBar(`job ${index}`, [0, 10 + index]));
    const lines = toTimeline(bars, 'CI');
    expect(lines.filter((line) => line.includes('✓'))).toHaveLength(50);
    expect(lines.join('\n')).not.toContain('job 29 ');
    expect(lines).toContain('The picture shows the 50 longest of 80 jobs.');
  });

  test.each([
    ['nothing ran', [aBar('a', [0, 1], { status: 'skipped' }), aBar('b', [0, 1], { status: 'skipped' })]],
    ['there is one job', [aBar('a', [0, 1])]],
  ])('is not drawn where %s', (_, bars) => {
    expect(toTimeline(bars, 'CI')).toEqual([]);
  });
});
