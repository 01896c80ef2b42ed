import { describe, expect, test } from '@jest/globals';
import { parseRuntimeFile, toRuntimeLines } from '../../../src/runner/runtime-file.js';

const NOTHING = { tags: [], measures: [], parameters: {}, error: {}, steps: [], unusable: [] };

describe('a line of the run-time file', () => {
  test.each([
    ['tag.team=payments', { tags: ['team:payments'] }],
    ['tag.url=https://example.com/?a=b', { tags: ['url:https://example.com/?a=b'] }],
    ['tag.a.b=c', { tags: ['a.b:c'] }],
    ['measure.bundle_kb=812.5', { measures: ['bundle_kb:812.5'] }],
    ['measure.small=-1.5e-3', { measures: ['small:-1.5e-3'] }],
    ['parameter.region=eu', { parameters: { region: 'eu' } }],
    ['error.message=Quota exceeded', { error: { message: 'Quota exceeded' } }],
    ['error.type=Quota', { error: { type: 'Quota' } }],
    ['error.domain=provider', { error: { domain: 'provider' } }],
    ['tag.crlf=yes\r', { tags: ['crlf:yes'] }],
    ['\ufefftag.bom=yes', { tags: ['bom:yes'] }],
    ['tag.umlaut=größer 🚀', { tags: ['umlaut:größer 🚀'] }],
    ['parameter.text<<END\none\r\ntwo\nEND', { parameters: { text: 'one\ntwo' } }],
    ['error.message<<X\na=b\n\nc\nX\ntag.after=yes', { error: { message: 'a=b\n\nc' }, tags: ['after:yes'] }],
    ['status=failure', { status: 'failure' }],
    ['status=success\nstatus= Cancelled ', { status: 'Cancelled' }],
    ['step.Build=2026-11-20T10:15:40+01:00', { steps: [{ name: 'Build', time: '2026-11-20T09:15:40.000Z' }] }],
    ['step.a.b c=1795166140.5', { steps: [{ name: 'a.b c', time: '2026-11-20T09:15:40.500Z' }] }],
    [
      'step.A=1795166140\nstep.A=1795166140\nstep.=1795166141',
      {
        steps: [
          { name: 'A', time: '2026-11-20T09:15:40.000Z' },
          { name: 'A', time: '2026-11-20T09:15:40.000Z' },
          { name: '', time: '2026-11-20T09:15:41.000Z' },
        ],
      },
    ],
    ['error.step=A\nstep.A=1795166140', { failedStep: 'A', steps: [{ name: 'A', time: '2026-11-20T09:15:40.000Z' }] }],
    ['', {}],
    ['\n  \n', {}],
  ])('%j counts', (text, added) => {
    expect(parseRuntimeFile(text)).toEqual({ ...NOTHING, ...added });
  });

  test.each([
    ['hello', 'line 1 is not name=value'],
    [
      '\n\nteam=payments',
      'line 3 (team) has a name that does not begin with tag., measure., parameter., error. or step., and is not status',
    ],
    [
      'tag.=x',
      'line 1 (tag.) has a name that does not begin with tag., measure., parameter., error. or step., and is not status',
    ],
    ['tag.team=', 'line 1 (tag.team) has no value'],
    ['tag.a:b=c', 'line 1 (tag.a:b) has a colon in its key'],
    ['measure.kb=12 KB', 'line 1 (measure.kb) has a value that is no number'],
    ['measure.kb=0x10', 'line 1 (measure.kb) has a value that is no number'],
    ['measure.kb=Infinity', 'line 1 (measure.kb) has a value that is no number'],
    ['error.domain=mine', 'line 1 (error.domain) is none of provider, user, unknown'],
    [
      'error.stack=x',
      'line 1 (error.stack) has a name that does not begin with tag., measure., parameter., error. or step., and is not status',
    ],
    ['step.A=soon', 'line 1 (step.A) has no time in RFC 3339 or in seconds since 1970'],
    ['step.A=', 'line 1 (step.A) has no time in RFC 3339 or in seconds since 1970'],
    ['step.A=1795166140000', 'line 1 (step.A) has no time in RFC 3339 or in seconds since 1970'],
    ['step.A=1795166140\nstep.B=1795166139', 'line 2 (step.B) has a time before that of the line before it'],
    [`${'step.A=1795166140\n'.repeat(100)}step.B=1795166140`, 'line 101 (step.B) comes after 100 steps'],
    ['step.A=1795166140\nerror.step=B', 'error.step names B, which no step. line begins'],
    ['status=great', "line 1 (status) is no job's status, as ${{ job.status }} gives it"],
    ['status=', "line 1 (status) is no job's status, as ${{ job.status }} gives it"],
    ['tag.open<<END\nnever closed', 'line 1 opens END, which never comes'],
  ])('%j is named with its number', (text, why) => {
    expect(parseRuntimeFile(text).unusable[0]).toBe(why);
  });

  test('is one step too many, which ends the last one all the same', () => {
    const { steps } = parseRuntimeFile(`${'step.A=1795166140\n'.repeat(100)}step.B=1795166141\nstep.C=1795166142\n`);
    expect(steps).toHaveLength(101);
    expect(steps.at(-1)).toEqual({ name: '', time: '2026-11-20T09:15:41.000Z' });
  });

  test('ends a step only where one goes on, so that thousands of them cost nothing', () => {
    const { steps } = parseRuntimeFile(`${'step.=1795166140\n'.repeat(1000)}step.A=1795166140\nstep.=1795166141\n`);
    expect(steps.map(({ name }) => name)).toEqual(['A', '']);
  });

  test('that is bad does not cost the good ones', () => {
    expect(parseRuntimeFile('bad\ntag.good=yes\nmeasure.x=y\ntag.last=too')).toMatchObject({
      tags: ['good:yes', 'last:too'],
      unusable: [expect.any(String), expect.any(String)],
    });
  });
});

// Searched for one by one, they took minutes: more than any test is given.
test('heredocs that are never closed cost no search through the whole file', () => {
  expect(parseRuntimeFile('a<<b\n'.repeat(200_000)).unusable).toHaveLength(200_000);
});

test('what `update/` writes is whole behind a line without an end', () => {
  expect(parseRuntimeFile(`tag.x=1${toRuntimeLines({ tags: ['a:b'], measures: [], parameters: {} })}`).tags).toEqual([
    'x:1',
    'a:b',
  ]);
});

test('what `update/` writes is what the file gives back', () => {
  const added = {
    tags: ['team:payments', 'url:https://a/?b=c:d'],
    measures: ['kb:1.5'],
    parameters: { region: 'eu=1' },
  };
  expect(parseRuntimeFile(toRuntimeLines(added))).toEqual({ ...NOTHING, ...added });
});
