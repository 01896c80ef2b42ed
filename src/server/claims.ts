import * as s from '../model/shape.js';
import { parseJson } from '../model/json.js';

const Claims = s.object({ JobID: s.optional(s.number), TaskID: s.optional(s.number) });

/**
 * The claims that Gitea and Forgejo put into the runtime token (services/actions/auth.go): read, not verified, for the
 * job's numbers only.
 */
export function readClaims(env: Readonly<Record<string, string | undefined>>): s.Shaped<typeof Claims> {
  const [, claims = ''] = (env['ACTIONS_RUNTIME_TOKEN'] ?? '').split('.');
  return parseJson(Buffer.from(claims, 'base64url').toString(), Claims) ?? {};
}
