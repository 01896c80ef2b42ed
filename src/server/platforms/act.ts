import { github } from './github.js';
import type { Platform } from './platform.js';

/**
 * nektos/act v0.2.87: GitHub's words on a machine of one's own; the run id is 1 unless `--env GITHUB_RUN_ID` gives
 * another.
 */
export const act: Platform = {
  ...github,
  id: 'act',
  detect: (env) => env['ACT'] === 'true',
  repeatsRunId: (env) => env['GITHUB_RUN_ID'] === '1',
  log: undefined,
  jobStatus: { fresh: true, tellsCancel: true, wholeInComposite: false },
};
