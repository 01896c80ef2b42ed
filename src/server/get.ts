import { USER_AGENT } from '../model/version.js';
import type { Get, Load } from '../runner/runner.js';

/** GETs below an API's base URL; without a token those of anybody. */
export function createGet(token: string, baseUrl: string, load: Load): Get {
  const headers = {
    // GitHub answers nobody without a name (REST docs, "User agent required").
    'user-agent': USER_AGENT,
    accept: 'application/vnd.github+json',
    ...(token ? { authorization: toAuthorization(token) } : {}),
  };
  return async (path, timeout) => {
    const answer = await load({ url: `${baseUrl}${path}`, headers, timeout });
    return { ...answer, body: toBody(answer) };
  };
}

/** GitHub takes its own tokens by either word, and the JWT of an app only so (REST docs, "Authenticating"). */
function toAuthorization(token: string): string {
  return `${token.split('.').length === 3 ? 'bearer' : 'token'} ${token}`;
}

/** JSON throughout; a page that stands in the place of a refusal is a text. */
function toBody({ status, body }: { status: number; body: string }): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch (error) {
    if (status < 300) throw error;
    return body;
  }
}
