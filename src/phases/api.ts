import type { Run } from '../model/run.js';
import type { Log } from '../runner/log.js';
import type { Session } from '../runner/session.js';
import { type Client, type ClientOptions, createClient, toGet } from '../server/client.js';
import type { Platform } from '../server/platforms/platform.js';
import { warnRefusal } from './warnings.js';

/** Whose API is asked, and whether a refused token is what a phase asks for. */
interface Api {
  run: Run;
  platform: Platform;
  apiUrl: string;
  expectsRefusal?: boolean;
}

/** The server's API as a job asks it with the token of the inputs. */
export function openApi({ run, platform, apiUrl, expectsRefusal }: Api, session: Session): Client {
  const { runner, config, log, deadline } = session;
  return createClient(toGet(config.token, apiUrl, runner.createGet), {
    deadline,
    isJobToken: config.isJobToken,
    hidesRefusals: platform.hidesRefusals && run.isPrivate,
    ...speaking(log, expectsRefusal),
  });
}

/** A client's log, in which what the server refuses is said. */
export function speaking(log: Log, expectsRefusal = false): Pick<ClientOptions, 'log' | 'onRefusal'> {
  return { log, onRefusal: (refusal) => (expectsRefusal && refusal.refusesToken) || warnRefusal(refusal, log) };
}
