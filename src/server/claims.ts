import * as s from '../model/shape.js';
import { parseJson } from '../model/json.js';

const Claims = s.object({ JobID: s.optional(s.number), TaskID: s.optional(s.number) });

/**
 * Claims of Gitea's and Forgejo's runtime token (services/actions/auth.go), not verified: the numbers of job and task.
 */
export function readClaims(env: Readonly<Record<string, string | undefined>>): s.Shaped<typeof Claims> {
  const [, claims = ''] = (env['ACTIONS_RUNTIME_TOKEN'] ?? '').split('.');
  return parseJson(Buffer.from(claims, 'base64url').toString(), Claims) ?? {};
}
