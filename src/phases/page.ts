import { toDatadogUrl } from '../model/site.js';
import type { Session } from '../runner/session.js';

/** Says where in Datadog a run is to be seen, where it is there; returns that page. */
export function tellPage(url: string, isShown: boolean, { config, log }: Pick<Session, 'config' | 'log'>) {
  const page = config.app && isShown ? toDatadogUrl(config, url) : undefined;
  if (page) log.info(`Datadog: ${page}`);
  return page;
}
