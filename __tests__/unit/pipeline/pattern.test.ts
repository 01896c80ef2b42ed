import { describe, expect, test } from '@jest/globals';
import { createFinders } from '../../../src/pipeline/pattern.js';
import type { FileJob } from '../../../src/server/workflow-file.js';

const job = (key: string, parts: Partial<FileJob> = {}): FileJob => ({
  key,
  needs: [],
  hasMatrix: false,
  steps: [],
  ...parts,
});

describe('which job of the file a name belongs to', () => {
  const jobs = [
    job('build', { hasMatrix: true }),
    job('build-docs'),
    job('test', { name: 'Test on ${{ matrix.os }} with ${{ matrix.node }}', hasMatrix: true }),
    job('lint', { name: 'Lint' }),
    job('any', { name: '${{ inputs.name }}' }),
    job('fix', { name: 'Fix', hasMatrix: true }),
    job('twin-a', { name: 'Twin ${{ matrix.a }}' }),
    job('twin-b', { name: 'Twin ${{ matrix.b }}' }),
    job('format', { name: "${{ format('Shard {0}', matrix.n) }} of many", hasMatrix: true }),
    job('same-a', { name: 'Same' }),
    job('same-b', { name: 'Same' }),
  ];
  const { findJob: find } = createFinders({ jobs });

  test.each([
    ['build (20, ubuntu)', 'build'],
    ['build', 'build'],
    ['build-docs', 'build-docs'],
    ['Test on ubuntu with 20', 'test'],
    ['Lint', 'lint'],
    ['Fix (3)', 'fix'],
    ['something else', 'any'],
    ['Twin 1', undefined],
    ['Shard 7 of many', 'format'],
    ['Same', undefined],
    ['build (a / b)', 'build'],
  ])('%s', (name, key) => {
    expect(find(name)?.job.key).toBe(key);
  });

  test.each([
    ['a name of more gaps than people write', [job('evil', { name: 'a${{ x }}'.repeat(21) })]],
    [
      'more names with gaps than people write',
      Array.from({ length: 201 }, (_, index) => job(`evil-${index}`, { name: `${index} a\${{ x }}` })),
    ],
  ])('%s: none with gaps counts, all others do', (_, evil) => {
    const { findJob: findAmong } = createFinders({
      jobs: [...evil, job('fine', { name: 'Fine ${{ x }}' }), job('plain')],
    });
    expect([findAmong('a'.repeat(500)), findAmong('Fine 1'), findAmong('plain')?.job.key]).toEqual([
      undefined,
      undefined,
      'plain',
    ]);
  });
});
