import type { Env } from '../../runner/runner.js';
import { act } from './act.js';
import { exec } from './exec.js';
import { forgejo } from './forgejo.js';
import { gitea } from './gitea.js';
import { github } from './github.js';
import type { Platform } from './platform.js';

/** In the order of detection: Forgejo also says it is Gitea, and all say they are GitHub. */
export const PLATFORMS: readonly Platform[] = [forgejo, gitea, exec, act, github];

/** The first platform that knows itself in the environment. */
export function detectPlatform(env: Env): Platform {
  return PLATFORMS.find((platform) => platform.detect(env)) ?? github;
}
