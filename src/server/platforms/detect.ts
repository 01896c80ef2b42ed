import type { Env, Runner } from '../../runner/runner.js';
import { act } from './act.js';
import { exec } from './exec.js';
import { forgejo } from './forgejo.js';
import { gitea } from './gitea.js';
import { github } from './github.js';
import type { Platform } from './platform.js';

/** In the order of detection: Forgejo also says it is Gitea, and all say they are GitHub. */
export const PLATFORMS: readonly Platform[] = [forgejo, gitea, exec, act, github];

/** The first platform that knows itself in the environment. */
export function detectPlatform(env: Env, platforms = PLATFORMS): Platform {
  return platforms.find((platform) => platform.detect(env)) ?? github;
}

/** The runner with its variables under the names by which all other code reads them. */
export function translateEnv(runner: Runner, platforms = PLATFORMS): Runner {
  return { ...runner, env: detectPlatform(runner.env, platforms).env(runner.env) };
}
