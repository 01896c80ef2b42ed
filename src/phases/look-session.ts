import type { ObserveSession } from '../observed/run.js';
import { createDeadline } from '../runner/deadline.js';
import type { Log } from '../runner/log.js';
import type { Http, Runner } from '../runner/runner.js';
import { type Client, toGet } from '../server/client.js';
import { bound, followClock } from '../server/shared-get.js';
import { createRetryingClient } from '../server/with-retries.js';
import { speaking } from './api.js';

/** Seconds that a look may spend on the network where the input `timeout` says nothing. */
const DEFAULT_TIMEOUT = 300;

/** Reads may take this share of the time; what was read is still to be sent. */
const READING = 0.9;

/** A read that fails so often is left to the next look. */
const MOST_TRIES = 5;

/** Requests on their way at once: GitHub's secondary limit begins at 100, of all who use the token. */
const REQUESTS = 10;

/** Repositories and runs that are read side by side; what they ask shares the requests. */
interface Width {
  repositories: number;
  runs: number;
  requests: number;
}

export const WIDTH: Width = { repositories: 4, runs: 8, requests: REQUESTS };

/** What many runs are read and sent with. */
export interface LookSession {
  session: ObserveSession;
  /** A client of the same server that says what it says to another log. */
  open(log: Log): Client;
  /** Ends the sockets. */
  close(): Promise<void>;
}

/** The session with the time, the patience and the connections that many runs take, and the server's clock. */
export function openLook(given: ObserveSession, { requests }: Width): LookSession {
  const { runner, log, config } = given;
  const seconds = config.timeout ?? DEFAULT_TIMEOUT;
  const reading = createDeadline(seconds * READING, runner.clock);
  const shared = { deadline: reading, mostTries: MOST_TRIES, limit: { spent: false }, isJobToken: config.isJobToken };
  const raw = toGet(config.token, runner.env['GITHUB_API_URL'] ?? '', runner.createGet);
  const { get, now } = raw ? followClock(bound(raw, requests), runner.now) : { get: undefined, now: runner.now };
  const open = (log: Log): Client => createRetryingClient(get, { ...runner, now }, { ...shared, ...speaking(log) });
  const http = shareHttp(runner);
  const client = open(log);
  return {
    session: {
      ...given,
      // The same commit in the same words, whatever this job has checked out.
      runner: { ...runner, now, createHttp: http.create, readCommitObject: () => Promise.resolve(undefined) },
      // A name is one pipeline's, and what earlier jobs left is sent once, not with each run.
      config: { ...config, name: undefined, undeliveredDir: undefined },
      deadline: createDeadline(seconds, runner.clock),
      reading,
      patient: client,
      server: client,
    },
    open,
    close: http.close,
  };
}

/** The same sockets for everything that is sent. */
function shareHttp({ createHttp }: Runner): { create: Runner['createHttp']; close(): Promise<void> } {
  let opened: Promise<Http> | undefined;
  return {
    create: async (env) => ({ ...(await (opened ??= createHttp(env))), close: () => Promise.resolve() }),
    close: async () => (await opened?.catch(() => undefined))?.close(),
  };
}
