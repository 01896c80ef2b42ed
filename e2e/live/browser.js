// @ts-check

/** @typedef {Awaited<ReturnType<typeof signIn>>} Browser */

/**
 * What only the pages can do. Gitea has no token against forged requests any more; a request without an `Origin` is no browser's.
 * @param {string} url the server's
 * @param {{ name: string, password: string }} user
 */
export async function signIn(url, { name, password }) {
  const response = await fetch(`${url}/user/login`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ user_name: name, password }),
  });
  if (response.status !== 303) throw new Error(`signing in: ${response.status}`);
  // The session's cookie comes twice, the second time as that of a user.
  const cookies = new Map(response.headers.getSetCookie().map((line) => [line.split('=')[0], line.split(';')[0]]));
  const headers = { cookie: [...cookies.values()].join('; ') };
  return {
    /**
     * Presses a button of a page.
     * @param {string} address
     */
    async press(address) {
      const { ok, status } = await fetch(address, { method: 'POST', headers });
      if (!ok) throw new Error(`POST ${address}: ${status}`);
    },
  };
}
