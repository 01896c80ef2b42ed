import type { ObserveSession } from '../observed/run.js';
import { createDeadline } from '../runner/deadline.js';
import type { Log } from '../runner/log.js';
import type { Http, Runner } from '../runner/runner.js';
import { bound, followClock } from '../server/shared-get.js';
import { openPatientApi } from './api.js';

/** Seconds that a look may spend on the network where the input `timeout` says nothing. */
const DEFAULT_TIMEOUT = 300;

/** Reads may take this share of the time; what was read is still to be sent. */
const READING = 0.9;

/** A read that fails so often is left to the next look. */
const MOST_TRIES = 5;

/** Requests on their way at once: GitHub's secondary limit begins at 100, of all who use the token. */
const REQUESTS = 10;

/** What many runs are read and sent with: a session, a client of the same server with another log, and their end. */
export type LookSession = ReturnType<typeof openLook>;

/** The session with the time, the tries and the connections that many runs take, and the server's clock. */
export function openLook(given: ObserveSession) {
  const { runner: own, config } = given;
  const seconds = config.timeout ?? DEFAULT_TIMEOUT;
  const reading = createDeadline(seconds * READING, own.clock);
  const { now, watch } = followClock(own.now);
  const http = shareHttp(own);
  const runner: Runner = {
    ...own,
    now,
    createGet: (...where) => watch(bound(own.createGet(...where), REQUESTS)),
    createHttp: http.create,
    // The same commit in the same words, whatever this job has checked out.
    readCommitObject: () => Promise.resolve(undefined),
  };
  const open = openPatientApi({ ...given, runner }, reading);
  const client = open(MOST_TRIES);
  const session: ObserveSession = {
    ...given,
    runner,
    // A name is one pipeline's, and what earlier jobs left is sent once, not with each run.
    config: { ...config, name: undefined, undeliveredDir: undefined },
    deadline: createDeadline(seconds, own.clock),
    reading,
    patient: client,
    server: client,
  };
  return { session, open: (log: Log) => open(MOST_TRIES, log), close: http.close };
}

/** The same sockets for everything that is sent. */
function shareHttp({ createHttp }: Runner) {
  let opened: Promise<Http> | undefined;
  return {
    create: async () => ({ ...(await (opened ??= createHttp())), close: () => Promise.resolve() }),
    close: async () => (await opened?.catch(() => undefined))?.close(),
  };
}
