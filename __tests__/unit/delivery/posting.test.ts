import { expect, test } from '@jest/globals';
import { postBody } from '../../../src/delivery/posting.js';
import { createDeadline } from '../../../src/runner/deadline.js';
import { KEY } from '../../support/builders.js';
import { aClock } from '../../support/clock.js';

/** The wait between an answer with these headers and the next try, in milliseconds. */
async function waitAfter(status: number, headers: Record<string, string>): Promise<number[]> {
  const { now, clock } = aClock();
  const waits: number[] = [];
  const answers = [
    { status, headers, body: '' },
    { status: 202, headers: {}, body: '{}' },
  ];
  const intake = {
    post: () => Promise.resolve(answers.shift()!),
    base: 'https://intake.example.com',
    key: KEY,
    sleep: (milliseconds: number) => Promise.resolve(void waits.push(milliseconds)),
    now,
    random: () => 0,
    debug: () => undefined,
  };
  await postBody(Buffer.from('{}'), { intake, deadline: createDeadline(20, clock), url: intake.base });
  return waits;
}

test.each<[string, number, Record<string, string>, number]>([
  ['Retry-After', 429, { 'retry-after': '3' }, 3_000],
  ['Retry-After with an error of its own', 503, { 'retry-after': '7' }, 7_000],
  ["Datadog's own header", 429, { 'x-ratelimit-reset': '4' }, 4_000],
  ['Retry-After before the other', 429, { 'retry-after': '2', 'x-ratelimit-reset': '9' }, 2_000],
  ["Datadog's own header on another error is about something else", 500, { 'x-ratelimit-reset': '9' }, 250],
  ['a malformed one does not hide the other', 429, { 'retry-after': 'soon', 'x-ratelimit-reset': '4' }, 4_000],
  ['a malformed one of the other kind', 429, { 'x-ratelimit-reset': '4s' }, 250],
])('the intake names a time: %s', async (_, status, headers, wait) => {
  expect(await waitAfter(status, headers)).toEqual([wait]);
});
