import { act } from './act.js';
import type { Platform } from './platform.js';

/**
 * The `exec` command of Gitea's and Forgejo's runners: act's words, but Gitea's keeps what a default was in main, and
 * cancel is no word of theirs.
 */
export const exec: Platform = {
  ...act,
  id: 'exec',
  detect: (env) => env['ACT_EXEC'] === 'true',
  jobStatus: { fresh: false, tellsCancel: false, wholeInComposite: false },
};
