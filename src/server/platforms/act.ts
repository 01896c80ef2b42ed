import { github } from './github.js';
import type { PlatformKind } from './platform.js';

/**
 * nektos/act v0.2.87: GitHub's words on a machine of one's own, with run id 1 unless `--env GITHUB_RUN_ID` gives
 * another.
 */
export const act: PlatformKind = {
  ...github,
  id: 'act',
  detect: (env) => env['ACT'] === 'true',
  bind: (env) => ({
    ...github.bind(env),
    id: 'act',
    log: undefined,
    repeatsRunId: env['GITHUB_RUN_ID'] === '1',
    showsSummary: false,
    jobStatus: { fresh: true, tellsCancel: true, wholeInComposite: false },
  }),
};
