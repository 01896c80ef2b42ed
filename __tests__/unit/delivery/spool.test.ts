import { describe, expect, test } from '@jest/globals';
import type { Event } from '../../../src/events/schema.js';
import { openSpool } from '../../../src/delivery/spool.js';
import { createDeadline } from '../../../src/runner/deadline.js';
import type { Config } from '../../../src/runner/inputs.js';
import type { Answer, Folder, Http, Runner } from '../../../src/runner/runner.js';
import type { Session } from '../../../src/runner/session.js';
import { aConfig, aPipelineEvent, END, KEY } from '../../support/builders.js';
import { aClock, type Clock, NOW } from '../../support/clock.js';
import { aFolder } from '../../support/folder.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const ACCEPTED: Answer = { status: 202, headers: {}, body: '' };
const OTHER_KEY = 'fedcba9876543210fedcba9876543210';
const NONE = { sent: 0, refused: 0, expired: 0, left: 0, foreign: 0 };

/** The final pipeline of a run. */
const ended = (name: string): Event => aPipelineEvent({ name, status: 'success', end: END });

/** A runner's disk, on which jobs come and go. */
function aDisk({ clock = aClock(), others = [] as string[] } = {}) {
  const files = new Map<string, string>();
  const bodies: string[] = [];
  let ids = 0;
  const job = async (config: Partial<Config> = {}, override: Partial<Folder> = {}) => {
    const runner: Partial<Runner> = {
      now: clock.now,
      uuid: () => `id-${(ids += 1)}`,
      openFolder: (path) => Promise.resolve({ ...aFolder({ path, files, clock, others }), ...override }),
    };
    const session = { runner: runner as Runner, config: aConfig({ undeliveredDir: '/spool', ...config }) };
    const spool = await openSpool(session as Session);
    /** Writes events as a job whose delivery fails does. */
    const leave = (...events: Event[]): string | undefined => {
      const held = spool.add(events);
      clock.pass(1_000);
      return held.release();
    };
    const resend = (
      post: Http['post'] = () => Promise.resolve(ACCEPTED),
      limits: { seconds?: number; time?: number } = {},
    ) =>
      spool.resend({
        intake: {
          post: (request) => {
            bodies.push(request.body.toString());
            return post(request);
          },
          base: 'https://api.datadoghq.eu',
          key: KEY,
          sleep: clock.sleep,
          now: clock.now,
          random: () => 0,
          debug: (text) => debug.push(text),
        },
        deadline: createDeadline(limits.seconds ?? 5, clock.clock),
        time: limits.time,
      });
    const debug: string[] = [];
    return { spool, leave, resend, debug };
  };
  const names = (): string[] => [...files.keys()].map((path) => path.replace('/spool/', '')).sort();
  const sent = (): string[] =>
    bodies
      .flatMap((body) => (JSON.parse(body) as { data: Event[] }).data)
      .map(({ attributes }) => attributes.resource.name);
  return { job, files, names, sent, bodies, clock };
}

const answering = (status: number, headers: Answer['headers'] = {}): Http['post'] => {
  const body = status === 202 ? '' : '{"errors":["no"]}';
  return () => Promise.resolve({ status, headers, body });
};

describe('what earlier jobs left', () => {
  test('is sent oldest first, one file after the other, as it was written, and removed', async () => {
    const disk = aDisk();
    const { leave } = await disk.job();
    ['first', 'second', 'third'].forEach((name) => leave(ended(name)));
    let open = 0;
    const { resend } = await disk.job();
    const resent = await resend(async () => {
      expect((open += 1)).toBe(1);
      await Promise.resolve();
      open -= 1;
      return ACCEPTED;
    });
    expect(resent).toEqual({ ...NONE, sent: 3 });
    expect(disk.bodies).toEqual(['first', 'second', 'third'].map((name) => JSON.stringify({ data: [ended(name)] })));
    expect(disk.names()).toEqual([]);
  });

  test('and what the intake refuses is removed, too: it would be refused again', async () => {
    const disk = aDisk();
    const { leave } = await disk.job();
    ['bad', 'good'].forEach((name) => leave(ended(name)));
    const { resend, debug } = await disk.job();
    const resent = await resend(({ body }) =>
      body.includes('"bad"') ? answering(400)({} as never) : Promise.resolve(ACCEPTED),
    );
    expect(resent).toEqual({ ...NONE, sent: 1, refused: 1 });
    expect(disk.names()).toEqual([]);
    expect(debug).toEqual(['a payload of an earlier job: 400 no']);
  });

  test.each([
    ['401', answering(401), 1],
    ['403', answering(403), 1],
    ['a page', () => Promise.resolve({ status: 200, headers: {}, body: '<html>' }), 1],
    ['429 and an hour to wait', answering(429, { 'retry-after': '3600' }), 1],
  ] as [string, Http['post'], number][])(
    'stays where the intake answers %s, and no other is tried',
    async (_, post, requests) => {
      const disk = aDisk();
      const { leave } = await disk.job();
      ['a', 'b', 'c'].forEach((name) => leave(ended(name)));
      const before = disk.names();
      expect(await (await disk.job()).resend(post)).toEqual({ ...NONE, left: 3 });
      expect(disk.bodies).toHaveLength(requests);
      expect(disk.names()).toEqual(before);
    },
  );

  test('stays where no time is left', async () => {
    const disk = aDisk();
    const { leave } = await disk.job();
    ['a', 'b', 'c'].forEach((name) => leave(ended(name)));
    const slow: Http['post'] = () => {
      disk.clock.pass(3_000);
      return Promise.resolve(ACCEPTED);
    };
    expect(await (await disk.job()).resend(slow)).toEqual({ ...NONE, sent: 2, left: 1 });
    expect(disk.sent()).toEqual(['a', 'b']);
    expect(disk.names()).toHaveLength(1);
  });
});

describe('files that are too old', () => {
  const leaveOld = async (hours: number) => {
    const disk = aDisk();
    (await disk.job()).leave(ended('old'));
    disk.clock.pass(hours * HOUR);
    return disk;
  };

  test('are removed unsent, by the clock of the intake', async () => {
    const disk = await leaveOld(18.1);
    expect(await (await disk.job()).resend(undefined, { time: disk.clock.now() })).toEqual({ ...NONE, expired: 1 });
    expect([disk.sent(), disk.names()]).toEqual([[], []]);
  });

  test('are sent where only the clock of this machine says so', async () => {
    const disk = await leaveOld(500);
    expect(await (await disk.job()).resend(undefined, { time: NOW + HOUR })).toEqual({ ...NONE, sent: 1 });
  });

  test('are sent where the intake tells no time: it knows best what it takes', async () => {
    expect(await (await (await leaveOld(20)).job()).resend()).toEqual({ ...NONE, sent: 1 });
  });
});

describe('a file that a job holds', () => {
  const hold = async (clock?: Clock) => {
    const disk = aDisk(clock ? { clock } : {});
    const { spool } = await disk.job();
    spool.add([ended('mine')]);
    return disk;
  };

  test('is sent by no other', async () => {
    const disk = await hold();
    disk.clock.pass(14 * MINUTE);
    expect(await (await disk.job()).resend()).toEqual(NONE);
    expect(disk.names()).toHaveLength(1);
  });

  test('is sent when that job must be dead', async () => {
    const disk = await hold();
    disk.clock.pass(16 * MINUTE);
    expect(await (await disk.job()).resend()).toEqual({ ...NONE, sent: 1 });
    expect(disk.names()).toEqual([]);
  });

  test.each([-48 * HOUR, 48 * HOUR])('is sent by no other when the wall clock is set by %d ms', async (jump) => {
    const disk = await hold();
    disk.clock.setWall(NOW + jump);
    expect(await (await disk.job()).resend()).toEqual(NONE);
    disk.clock.pass(16 * MINUTE);
    expect(await (await disk.job()).resend()).toEqual({ ...NONE, sent: 1 });
  });

  test('is sent by one of two that find it at once', async () => {
    const disk = aDisk();
    (await disk.job()).leave(ended('one'));
    const jobs = [await disk.job(), await disk.job()];
    const resent = await Promise.all(jobs.map(({ resend }) => resend()));
    expect(resent.map(({ sent }) => sent).sort()).toEqual([0, 1]);
    expect(disk.sent()).toEqual(['one']);
  });

  test('is sent by nobody who finds it taken after reading it', async () => {
    const disk = aDisk();
    (await disk.job()).leave(ended('one'));
    const late = await disk.job({}, { rename: () => undefined });
    expect(await late.resend()).toEqual(NONE);
    expect(disk.sent()).toEqual([]);
  });
});

describe('what is not ours', () => {
  test('is left alone and counted: other accounts, other intakes, forged ones, garbage, links', async () => {
    const disk = aDisk({ others: ['a-link', 'a-pipe', `datadog-00000000-${NOW}-x.json`] });
    (await disk.job({ apiKey: OTHER_KEY })).leave(ended('of another account'));
    (await disk.job({ intake: 'https://proxy.example.com' })).leave(ended('for another intake'));
    const elsewhere = (await disk.job({ intake: 'https://other.example.com' })).leave(ended('for an intake, renamed'))!;
    const own = (await disk.job()).leave(ended('ours'))!;
    const text = disk.files.get(own)!;
    const forged = (name: string, content: string): void => void disk.files.set(own.replace(/id-\d+/, name), content);
    forged('changed', text.replace('"ours"', '"theirs"'));
    forged('unsigned', `${JSON.stringify({ data: [ended('unsigned')] })}\n`);
    forged('half', text.slice(0, text.length / 2));
    forged('longer', `${text}more\n`);
    forged('empty', '');
    forged('renamed', disk.files.get(elsewhere)!);
    forged('large', 'x'.repeat(8 * 1024 * 1024 + 1));
    disk.files.set('/spool/notes.txt', 'mine');
    disk.files.set('/spool/datadog-old.json', '{"data":[]}');
    const before = disk.names();
    expect(await (await disk.job()).resend()).toEqual({ ...NONE, sent: 1, foreign: 15 });
    expect(disk.sent()).toEqual(['ours']);
    expect(disk.names()).toEqual(before.filter((name) => !own.endsWith(name)));
  });

  test('no file holds a key', async () => {
    const disk = aDisk();
    (await disk.job()).leave(ended('ours'));
    expect(JSON.stringify([...disk.files])).not.toContain(KEY);
  });
});

describe('limits', () => {
  const fill = async (disk: ReturnType<typeof aDisk>, count: number, size = 1, key = KEY): Promise<void> => {
    const { leave } = await disk.job({ apiKey: key });
    const [, owner] = /datadog-([0-9a-f]{8})/.exec(leave(ended('one'))!)!;
    disk.files.clear();
    for (let index = 0; index < count; index += 1)
      disk.files.set(`/spool/datadog-${owner}-${disk.clock.now()}-${index}.json`, 'x'.repeat(size));
  };

  test.each([
    ['files', 1_000, 1],
    ['bytes', 9, 7.5 * 1024 * 1024],
  ])('a folder that is full takes no more %s', async (_, count, size) => {
    const disk = aDisk();
    await fill(disk, count, size);
    const { spool } = await disk.job();
    expect(() => spool.add([ended('one more')])).toThrow('it is full: 1000 files, or 64 MiB');
    disk.files.delete(`/spool/${disk.names()[0]}`);
    expect(spool.add([ended('one more')])).toHaveProperty('release');
  });

  test.each<[string, number, number, string, number]>([
    ['what is too old to be sent', 1_000, 1, KEY, 19 * HOUR],
    ['what another account left', 1_000, 1, OTHER_KEY, 0],
    ['what no job has written', 1, 100 * 1024 * 1024, KEY, 0],
  ])('%s takes no place', async (_, count, size, key, passed) => {
    const disk = aDisk();
    await fill(disk, count, size, key);
    disk.clock.pass(passed);
    expect((await disk.job()).spool.add([ended('one more')])).toHaveProperty('release');
  });

  test('a payload that no job would read is not written', async () => {
    const disk = aDisk();
    const { spool } = await disk.job();
    const add = (): unknown => spool.add([ended('x'.repeat(8 * 1024 * 1024))]);
    expect(add).toThrow(/^the payload has \d+ bytes, more than 8388608$/);
    expect(disk.names()).toEqual([]);
  });
});

test('a disk that takes nothing is told', async () => {
  const write = (): never => {
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };
  const { spool } = await aDisk().job({}, { write });
  expect(() => spool.add([ended('one')])).toThrow('no space left on device');
});
