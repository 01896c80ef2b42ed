import { describe, expect, test } from '@jest/globals';
import { toGantt } from '../../../src/observed/gantt.js';

describe('the picture', () => {
  const bar = {
    name: 'a',
    status: 'success' as const,
    start: '2026-01-01T12:00:00.000Z',
    end: '2026-01-01T12:00:10.000Z',
  };

  test('has at most 50 bars, the longest ones, and says so', () => {
    const lines = toGantt(
      Array.from({ length: 80 }, (_, index) => ({
        ...bar,
        name: `job ${index}`,
        end: new Date(Date.parse(bar.end) + index).toISOString(),
      })),
    );
    expect(lines.filter((line) => line.includes('✓'))).toHaveLength(50);
    expect(lines.join('\n')).not.toContain('job 29 ');
    expect(lines).toContain('The 50 longest of 80 jobs.');
  });

  test('is not drawn where nothing ran', () => {
    expect(toGantt([{ ...bar, status: 'skipped' }])).toEqual([]);
  });
});
