import type { Run } from '../model/run.js';
import type { Deadline } from '../runner/deadline.js';
import type { Log } from '../runner/log.js';
import type { Get } from '../runner/runner.js';
import type { Session } from '../runner/session.js';
import { type Client, type ClientOptions, createClient } from '../server/client.js';
import type { Platform } from '../server/platforms/platform.js';
import { createRetryingClient } from '../server/with-retries.js';
import { warnRefusal } from './warnings.js';

/** The server's API as a job asks it with the token of the inputs; a refusal of that may be what it asks for. */
export function openApi(
  { run, platform, apiUrl, expectsRefusal }: { run: Run; platform: Platform; apiUrl: string; expectsRefusal?: boolean },
  session: Session,
): Client {
  const { config, log, deadline } = session;
  return createClient(openGet(session, apiUrl), {
    deadline,
    isJobToken: config.isJobToken,
    hidesRefusals: platform.hidesRefusals && run.isPrivate,
    ...speaking(log, expectsRefusal),
  });
}

/** The same API for who has time until a deadline: clients by the number of tries, all with one rate limit. */
export function openPatientApi(session: Session, deadline: Deadline): (mostTries: number, log?: Log) => Client {
  const { runner, config, log: own } = session;
  const get = openGet(session, runner.env['GITHUB_API_URL'] ?? '');
  const shared = { deadline, limit: { spent: false }, isJobToken: config.isJobToken };
  return (mostTries, log = own) => createRetryingClient(get, runner, { ...shared, mostTries, ...speaking(log) });
}

function openGet({ runner, config: { token } }: Session, apiUrl: string): Get | undefined {
  return token && apiUrl ? runner.createGet(token, apiUrl) : undefined;
}

/** A client's log, in which what the server refuses is said. */
export function speaking(log: Log, expectsRefusal = false): Pick<ClientOptions, 'log' | 'onRefusal'> {
  return { log, onRefusal: (refusal) => (expectsRefusal && refusal.refusesToken) || warnRefusal(refusal, log) };
}
