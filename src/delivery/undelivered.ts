import type { Event } from '../events/schema.js';
import { toInertJson } from '../model/text.js';
import { toEndpoint } from './intake.js';

/** The word that ends the payload in the command; JSON on one line never is this line. */
const END = 'END_OF_PAYLOAD';

/** A command for a POSIX shell that sends the events later, with the key in `$DD_API_KEY`. */
export function toCurl(events: readonly Event[], base: string): string {
  const url = toEndpoint(base).replaceAll("'", '%27');
  return [
    `curl -X POST '${url}' -H "DD-API-KEY: $DD_API_KEY" -H 'Content-Type: application/json' ` +
      `--data-binary @- <<'${END}'`,
    toInertJson({ data: events }),
    END,
  ].join('\n');
}
