import * as z from 'zod/mini';
import { parseJson } from '../model/json.js';

const Claims = z.object({ JobID: z.optional(z.number()), TaskID: z.optional(z.number()) });

/**
 * Claims of Gitea's and Forgejo's runtime token (services/actions/auth.go), not verified: the numbers of job and task.
 */
export function readClaims(env: Readonly<Record<string, string | undefined>>): z.infer<typeof Claims> {
  const [, claims = ''] = (env['ACTIONS_RUNTIME_TOKEN'] ?? '').split('.');
  return parseJson(Buffer.from(claims, 'base64url').toString(), Claims) ?? {};
}
