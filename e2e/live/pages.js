// @ts-check
import { differ } from './differ.js';

/**
 * Everybody who may read the repository may see the pages, and they are about these runs.
 * @param {import('./repository.js').Attempt[]} attempts
 * @param {import('../../viewer/run/event.js').CiEvent[]} events
 */
export async function checkPages(attempts, events) {
  const pages = new Set(events.flatMap(({ attributes }) => attributes.resource.url ?? []));
  const problems = [];
  for (const page of pages) {
    const { status, url } = await fetch(page);
    const isTheirs = attempts.some(({ run }) => `${url}/`.startsWith(`${run.html_url}/`));
    problems.push(...differ(page, status, 200), ...(isTheirs ? [] : [`${page} leads to ${url}`]));
  }
  return problems;
}
