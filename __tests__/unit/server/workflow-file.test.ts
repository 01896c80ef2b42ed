import { expect, test } from '@jest/globals';
import { parseWorkflowFile } from '../../../src/server/workflow-file.js';

test('a required job that is written many times counts once', async () => {
  expect((await parseWorkflowFile('jobs:\n  a: {}\n  b: { needs: [a, a, a] }\n'))?.jobs[1]?.needs).toEqual(['a']);
});
