import type { ApiAnswer, Get } from './server.js';

/** GETs through @actions/github, which is loaded at the first one: most jobs need none. */
export function createGet(token: string, baseUrl: string): Get {
  const silent = { debug: noop, info: noop, warn: noop, error: noop };
  return async (path, timeout) => {
    const { getOctokit } = await import('@actions/github');
    const octokit = getOctokit(token, { baseUrl, log: silent });
    try {
      const answer = await octokit.request(`GET ${path}`, { request: { signal: AbortSignal.timeout(timeout) } });
      return { status: answer.status, headers: answer.headers, body: answer.data as unknown };
    } catch (error) {
      const answer = toAnswer(error);
      if (answer) return answer;
      throw error;
    }
  };
}

/** Octokit throws on every status from 400. */
function toAnswer(error: unknown): ApiAnswer | undefined {
  if (!(error instanceof Error) || !('response' in error) || !error.response) return undefined;
  const { status, headers, data } = error.response as { status: number; headers: Record<string, unknown>; data: unknown };
  return { status, headers, body: data };
}

function noop(): void {}
