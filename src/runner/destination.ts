import { parseSite, SITE_NAMES } from '../model/site.js';
import { readLogs } from './log-inputs.js';
import type { Reader } from './reader.js';

/** Where events and logs go, and where people see them: a site, unless `intake-url` names an intake of its own. */
export function readDestination(read: Reader) {
  const variables = ['DATADOG_SITE', 'DD_SITE'];
  const ownIntake = read.raw('intake-url');
  const effect = 'Nothing is sent';
  const wanted = `one of ${SITE_NAMES.join(', ')}`;
  const given = read.value('site', parseSite, { wanted, variables, effect: ownIntake ? undefined : effect });
  const written = read.raw('site', variables);
  const site = written ? given : parseSite('us1');
  const intake = read.value('intake-url', parseIntakeUrl, { wanted: 'an http(s) URL', effect, mayHide: true });
  if (site && !site.supported) {
    read.problem({
      what: `Datadog may show nothing of what is sent to ${site.name}`,
      why: 'Datadog does not support CI Visibility on its government sites',
      fix: 'Use another site, or ask Datadog whether this has changed.',
    });
  }
  if (hasUserInfo(ownIntake)) {
    read.problem({
      what: 'The user name and password in `intake-url` are not used',
      why: 'a credential in a URL ends up in logs',
      fix: 'Take them out of the URL; the key travels in the DD-API-KEY header.',
    });
  }
  const hasDestination = Boolean(ownIntake || read.raw('site'));
  // Behind an intake of the user's own stands the site that is written, if any.
  const app = ownIntake && !written ? '' : (site?.app ?? '');
  const own = ownIntake ? (intake ?? '') : undefined;
  return { intake: own ?? site?.api ?? '', app, ...readLogs(read, own, site), hasDestination };
}

/** The address without a credential; undefined if it is no http(s) URL. */
export function parseUrl(raw: string): string | undefined {
  if (!URL.canParse(raw)) return undefined;
  const url = new URL(raw);
  url.username = url.password = '';
  return /^https?:$/.test(url.protocol) ? url.href : undefined;
}

function hasUserInfo(raw: string): boolean {
  return URL.canParse(raw) && Boolean(new URL(raw).username || new URL(raw).password);
}

function parseIntakeUrl(raw: string): string | undefined {
  return parseUrl(raw)
    ?.replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .replace(/\/api\/v2\/(ci\/pipeline|cilogs)$/, '');
}
