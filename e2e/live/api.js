// @ts-check

/**
 * A run as Gitea's API tells it, as far as it is read here.
 * @typedef {object} Run
 * @property {number} id
 * @property {string} path `<file>@<ref>`
 * @property {string} html_url
 * @property {string} head_sha
 * @property {string} status
 * @property {string} [conclusion]
 * @property {string} started_at
 * @property {string} completed_at
 */

/**
 * @typedef {object} Job
 * @property {number} id
 * @property {string} name
 * @property {string} html_url
 * @property {number} run_attempt up to 1.26 the job's own count, 0 for one that never ran
 * @property {string} status
 * @property {string} [conclusion]
 * @property {string} created_at
 * @property {string} started_at
 * @property {string} completed_at
 * @property {{ name: string, status: string, conclusion?: string }[] | null} steps
 */

/** @typedef {ReturnType<typeof createApi>} Api */

/**
 * @param {string} url the server's
 * @param {string} token
 */
export function createApi(url, token) {
  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   */
  const ask = async (method, path, body) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
    return text;
  };
  return {
    ask,
    /**
     * @param {string} path
     * @returns {Promise<any>}
     */
    get: async (path) => JSON.parse(await ask('GET', path)),
  };
}
