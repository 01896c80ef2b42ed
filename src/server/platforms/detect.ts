import type { Runner } from '../../runner/runner.js';
import { act } from './act.js';
import { exec } from './exec.js';
import { forgejo } from './forgejo.js';
import { gitea } from './gitea.js';
import { github } from './github.js';
import type { Platform, PlatformKind } from './platform.js';

/** In the order of detection: Forgejo also says it is Gitea, and all say they are GitHub. */
export const PLATFORMS: readonly PlatformKind[] = [forgejo, gitea, exec, act, github];

/** The server of an environment, or the one with this id, and the runner with its variables under GitHub's names. */
export function openPlatform(raw: Runner, kinds = PLATFORMS, id?: string): { platform: Platform; runner: Runner } {
  const isMeant = (kind: PlatformKind): boolean => (id === undefined ? kind.detect(raw.env) : kind.id === id);
  const kind = kinds.find(isMeant) ?? github;
  const env = kind.env(raw.env);
  return { platform: kind.bind(env), runner: { ...raw, env } };
}
