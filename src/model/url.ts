/** An http(s) address without user, query, hash and slashes at its end; undefined for anything else. */
export function toBaseUrl(raw: string | undefined): string | undefined {
  if (!raw || !URL.canParse(raw)) return undefined;
  const { protocol, host, pathname } = new URL(raw);
  return /^https?:$/.test(protocol) ? `${protocol}//${host}${pathname.replace(/\/+$/, '')}` : undefined;
}

/** A server's public address, in that of a repository's page as events and answers tell it. */
export function toServerUrl(
  repository: { html_url?: string | undefined; full_name?: string | undefined } | undefined,
): string | undefined {
  const page = repository?.html_url?.replace(/\/+$/, '');
  const name = repository?.full_name;
  const isPage = page && name && page.toLowerCase().endsWith(`/${name.toLowerCase()}`);
  return isPage ? toBaseUrl(page.slice(0, -name.length - 1)) : undefined;
}

/** A repository's address as Datadog takes it, ending in `.git`; undefined where it is no http(s) URL with a path. */
export function toRepositoryUrl(raw: string): string | undefined {
  const base = toBaseUrl(raw);
  return base && new URL(base).pathname !== '/' ? `${base.replace(/\.git$/, '')}.git` : undefined;
}
