import { describe, expect, test } from '@jest/globals';
import { createGraph, type Graph } from '../../../src/observed/graph.js';
import { parseWorkflowFile } from '../../../src/server/workflow-file.js';

describe('the graph', () => {
  const graph = async (text: string, called: Record<string, string> = {}): Promise<Graph> => {
    const files = await Promise.all(
      Object.entries(called).map(async ([uses, inner]) => [uses, (await parseWorkflowFile(inner))!] as const),
    );
    return createGraph({ file: (await parseWorkflowFile(text))!, called: new Map(files) });
  };

  test('who needs a job of a matrix needs all its jobs, who needs a call all inner jobs, at any depth', async () => {
    const { needsOf, groupsOf, callOf, isFirst } = await graph(
      'jobs:\n  a: { strategy: { matrix: { n: [1, 2] } } }\n  call: { needs: a, uses: ./mid.yml, strategy: { matrix: { r: [eu, us] } } }\n  end: { needs: call }\n',
      {
        './mid.yml': 'jobs:\n  inner: { uses: ./low.yml }\n  after: { needs: inner }\n',
        './low.yml': 'jobs:\n  x: {}\n  y: { needs: x }\n',
      },
    );
    const names = [
      'a (1)',
      'a (2)',
      'call (eu) / inner / x',
      'call (eu) / inner / y',
      'call (eu) / after',
      'call (us) / inner / x',
      'end',
    ];
    const waitedFor = (name: string): string[] =>
      names.filter((other) => groupsOf(other).some((group) => needsOf(name).includes(group)));
    expect(Object.fromEntries(names.map((name) => [name, waitedFor(name)]))).toEqual({
      'a (1)': [],
      'a (2)': [],
      'call (eu) / inner / x': ['a (1)', 'a (2)'],
      'call (eu) / inner / y': ['call (eu) / inner / x'],
      'call (eu) / after': ['call (eu) / inner / x', 'call (eu) / inner / y'],
      'call (us) / inner / x': ['a (1)', 'a (2)'],
      end: names.slice(2, 6),
    });
    expect([
      callOf('call (eu) / inner / x'),
      callOf('a (1)'),
      isFirst('a (1)'),
      isFirst('end'),
      isFirst('unknown'),
    ]).toEqual(['call (eu)', undefined, true, false, false]);
  });

  test('a call comes before a job whose name may be anything, whether it ran or was skipped', async () => {
    const { callOf, groupsOf, needsOf } = await graph(
      "jobs:\n  build: { name: '${{ matrix.os }}', strategy: { matrix: { os: [a] } } }\n  call: { uses: ./x.yml, needs: build }\n  region: { uses: ./x.yml, strategy: { matrix: { r: [eu] } } }\n",
      { './x.yml': 'jobs:\n  inner: {}\n' },
    );
    expect(
      ['a', 'call / inner', 'call', 'region (eu) / inner'].map((name) => [callOf(name), groupsOf(name), needsOf(name)]),
    ).toEqual([
      [undefined, ['["build"]'], []],
      ['call', ['["call"]', '["call","inner"]'], ['["build"]']],
      [undefined, ['["call"]'], ['["build"]']],
      ['region (eu)', ['["region"]', '["region (eu)","inner"]'], []],
    ]);
  });

  test('a job of a matrix within a call of a matrix is no skipped call', async () => {
    const { callOf, groupsOf, needsOf } = await graph(
      "jobs:\n  pre: {}\n  ci: { name: 'ci ${{ matrix.v }}', needs: pre, strategy: { matrix: { v: [a] } }, uses: ./l.yml }\n  un: { strategy: { matrix: { v: [a] } }, uses: ./l.yml }\n",
      { './l.yml': 'jobs:\n  zero: {}\n  one: { needs: zero, strategy: { matrix: { n: [1] } } }\n' },
    );
    expect(['ci a / one (1)', 'un (a) / one (1)'].map((name) => [callOf(name), groupsOf(name), needsOf(name)])).toEqual(
      [
        ['ci a', ['["ci"]', '["ci a","one"]'], ['["ci a","zero"]']],
        ['un (a)', ['["un"]', '["un (a)","one"]'], ['["un (a)","zero"]']],
      ],
    );
  });

  test('a name of people’s own with a slash in it is no call', async () => {
    const { callOf, knows } = await graph('jobs:\n  lint: { name: lint / format }\n');
    expect([callOf('lint / format'), knows('lint / format')]).toEqual([undefined, true]);
  });
});
