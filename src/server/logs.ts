import { toHeader } from '../model/headers.js';
import { toCauseChain } from '../model/problem.js';
import { isPassing } from '../model/retry.js';
import { USER_AGENT } from '../model/version.js';
import type { Deadline } from '../runner/deadline.js';
import type { Http, Incoming, Runner } from '../runner/runner.js';
import { OTHER_TOKEN, type Unread } from './client.js';
import type { Endpoint } from './platforms/platform.js';
import { noteRemaining, type RateLimit } from './rate-limit.js';

/** What logs are read with. */
export interface LogReading extends Pick<Http, 'get'>, Pick<Runner, 'sleep'> {
  /** Base URL of the server's API, and the token for it; empty: there is none. */
  apiUrl: string;
  token: string;
  deadline: Deadline;
  limit: RateLimit;
  debug(text: string): void;
}

/** Waits before another try, in milliseconds. */
const WAITS = [500, 2_000];

/** Where a log can't be read, the server's answer to the first request says why. */
const FIXES: Readonly<Record<number, string>> = {
  401: OTHER_TOKEN,
  403: 'Give the token `actions: read` (`permissions:` of this workflow).',
  404: 'The server has no such log (any more).',
  410: 'The server keeps logs for some time only.',
};

const SPENT = 'Observe later, or with `logs: failed`.';

/** A job's log as a stream; why it can't be read where it can't. */
export async function openLog({ path }: Endpoint, reading: LogReading): Promise<Incoming['body'] | Unread> {
  const { apiUrl, token, deadline, limit, sleep, debug } = reading;
  if (!token || !apiUrl) return { why: 'there is no token to read it with', fix: FIXES[401] };
  if (limit.spent) return { why: 'the rate limit of the token is nearly used up', fix: SPENT };
  let unread: Unread = { why: 'no time was left to read it', fix: '`timeout` gives it more seconds.' };
  for (let tries = 0; deadline.remaining() > 0; tries += 1) {
    const opened = await tryOnce(`${apiUrl}${path}`, reading);
    if (!('why' in opened)) return opened;
    unread = opened;
    const wait = WAITS[tries];
    const isFinal = unread.status !== undefined && !isPassing(unread.status);
    if (isFinal || wait === undefined || wait >= deadline.remaining()) break;
    debug(`log: ${unread.why}; next try in ${wait} ms`);
    await sleep(wait);
  }
  return unread;
}

async function tryOnce(url: string, { get, token, deadline, limit }: LogReading): Promise<Incoming['body'] | Unread> {
  const read = (from: string, headers = {}): Promise<Incoming> =>
    get({
      url: from,
      headers: { 'user-agent': USER_AGENT, ...headers },
      timeout: Math.max(1, Math.round(deadline.remaining())),
    });
  try {
    const answer = await read(url, { authorization: `token ${token}`, accept: '*/*' });
    noteRemaining(answer.headers, limit);
    const target = toTarget(answer, url);
    // The file lies on another host, which must not see the token; its own address lets it be read.
    const { status, body } = target ? await read(target) : answer;
    return status === 200 ? body : { why: `the server answered ${status}`, status, fix: FIXES[status] };
  } catch (error) {
    return { why: toCauseChain(error) };
  }
}

/** Where an answer leads, one step and never from https to less (GitHub REST docs, "Download job logs"). */
function toTarget({ status, headers }: Incoming, from: string): string | undefined {
  const location = toHeader(headers, 'location');
  if (status < 301 || status > 308 || !location || !URL.canParse(location, from)) return undefined;
  const target = new URL(location, from);
  const isAllowed = target.protocol === 'https:' || target.protocol === new URL(from).protocol;
  return isAllowed ? target.href : undefined;
}
