import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export interface RealPayload {
  event: string;
  payload: Record<string, unknown>;
}

/** Every webhook payload that GitHub's community collected, by event name and then as collected; fresh objects each time. */
export function realPayloads(): RealPayload[] {
  const path = createRequire(import.meta.url).resolve('@octokit/webhooks-examples');
  const events = JSON.parse(readFileSync(path, 'utf8')) as { name: string; examples: RealPayload['payload'][] }[];
  return events
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, examples }) => examples.map((payload) => ({ event: name, payload })));
}
