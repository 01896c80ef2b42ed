import { act } from './act.js';
import type { PlatformKind } from './platform.js';

/**
 * The `exec` command of Gitea's and Forgejo's runners: act's words, but Gitea's keeps what a default was in main, and
 * cancel is no word of theirs.
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
