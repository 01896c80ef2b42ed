import type { ApiAnswer, Get } from '../runner/runner.js';

/** Bytes of an answer: a hundred jobs with a hundred steps each are half of that. */
const LONGEST_ANSWER = 8 * 1024 * 1024;

/**
 * GETs through @actions/github, which is loaded at the first one: most jobs need none. Without a token they are those
 * of anybody.
 */
export function createGet(token: string, baseUrl: string): Get {
  const silent = { debug: noop, info: noop, warn: noop, error: noop };
  const options = { baseUrl, log: silent, ...(token ? {} : { authStrategy: withoutToken }) };
  const load = async () => (await import('@actions/github')).getOctokit(token || 'none', options);
  let loaded: ReturnType<typeof load> | undefined;
  return async (path, timeout) => {
    const octokit = await (loaded ??= load());
    try {
      // Octokit's own reading takes four times as long, since it looks for numbers of any size, and hands over half an
      // answer as text.
      const request = { signal: AbortSignal.timeout(timeout), parseSuccessResponseBody: false };
      const answer = await octokit.request(`GET ${path}`, { request });
      return {
        status: answer.status,
        headers: answer.headers,
        body: await readJson(answer.data as AsyncIterable<Uint8Array>),
      };
    } catch (error) {
      const answer = toAnswer(error);
      if (answer) return answer;
      throw error;
    }
  };
}

/** Throws on what is too long, no JSON, or not whole because the connection died. */
async function readJson(body: AsyncIterable<Uint8Array>): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LONGEST_ANSWER) throw new Error(`the answer is longer than ${LONGEST_ANSWER} bytes`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
}

/** Octokit throws on every status from 400. */
function toAnswer(error: unknown): ApiAnswer | undefined {
  if (!(error instanceof Error) || !('response' in error) || !error.response) return undefined;
  const { status, headers, data } = error.response as {
    status: number;
    headers: Record<string, unknown>;
    data: unknown;
  };
  return { status, headers, body: data };
}

/** Octokit's way to say that requests carry no credential; @actions/github takes no empty token. */
function withoutToken(): { hook: (request: (options: unknown) => unknown, options: unknown) => unknown } {
  return { hook: (request, options) => request(options) };
}

function noop(): void {}
