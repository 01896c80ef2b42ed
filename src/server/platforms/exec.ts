import { act } from './act.js';
import type { PlatformKind } from './platform.js';

/**
 * `exec` of Gitea's and Forgejo's runners: act's words, but Gitea's keeps defaults as in main, and none says cancel.
 */
export const exec: PlatformKind = {
  ...act,
  id: 'exec',
  detect: (env) => env['ACT_EXEC'] === 'true',
  bind: (env) => ({
    ...act.bind(env),
    id: 'exec',
    jobStatus: { fresh: false, tellsCancel: false, wholeInComposite: false },
  }),
};
